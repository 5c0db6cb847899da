"""Tables about industry: what is no sector, country or cell is told by row; an empty cell is unknown, never 0."""

import numpy as np
import pytest
from importing import read, told, written

from geodata.errors import GeodataError
from geodata.imports.tables.industry import corporate_number_fits, prefecture_code

KINDS = ("sector_table", "firms", "transactions", "trade", "input_output", "ax_hubs")


def test_sectors_of_prefectures_and_municipalities(tiny, tmp_path):
    text = "地域コード,産業中分類,従業者数\n08000,28 電子部品・デバイス,1200\n08201,E,300\n8202,e,\n08201,99x,5\n"
    found = read(written(tmp_path, text), "sector_table", tiny)
    rows = found.layer.frame.set_index(["area_code", "sector"])["employees"]
    assert rows.to_dict() == pytest.approx(
        {("08", "28"): 1200, ("08201", "E"): 300, ("08202", "E"): np.nan}, nan_ok=True
    )
    assert "found '99x', rows 4" in told(found)
    assert "it stays unknown" in told(found)


@pytest.mark.parametrize("said", ["E09 食料品製造業", "09食料品", "０９", "e09", "09"])
def test_a_group_is_read_with_and_without_its_division(said, tiny, tmp_path):
    found = read(written(tmp_path, f"地域コード,産業中分類,従業者数\n08201,{said},5\n"), "sector_table", tiny)
    assert found.layer.frame["sector"].tolist() == ["09"]


@pytest.mark.parametrize("total", ["00 製造業計", "E00 製造業", "合計", "09a"])
def test_a_total_is_no_sector(total, tiny, tmp_path):
    text = f"地域コード,産業中分類,従業者数\n08201,{total},90\n08201,28,5\n"
    found = read(written(tmp_path, text), "sector_table", tiny)
    assert found.layer.frame["sector"].tolist() == ["28"]
    assert f"found '{total}', rows 1" in told(found)


def test_a_sector_that_comes_twice_is_rejected(tiny, tmp_path):
    found = read(
        written(tmp_path, "地域コード,産業中分類,従業者数\n08201,28,1\n08201,28,2\n08201,29,3\n"), "sector_table", tiny
    )
    assert found.layer.frame["sector"].tolist() == ["29"]
    assert "each sector of an area once" in told(found)


@pytest.mark.parametrize(
    ("number", "fits"), [("7000012050002", True), ("7000012050003", False), ("123", False), ("", False)]
)
def test_the_check_digit_of_a_corporate_number(number, fits):
    """7000012050002 is that of the National Tax Agency, as it publishes it."""
    assert corporate_number_fits(number) is fits


def test_firms_are_placed_and_a_wrong_number_is_blanked(tiny, tmp_path):
    text = (
        "法人番号,企業名,分野,工程,役割,市町村,最大販売先比率,非公開,100億宣言\n"
        "7000-0120-50002,甲社,造船,hull,中核,甲市,45%,,有\n"
        "123,乙社,造船,,供給,乙町,,はい,\n"
    )
    found = read(written(tmp_path, text), "firms", tiny)
    rows = found.layer.frame.set_index("name")
    assert rows["corporate_number"].to_dict() == {"甲社": "7000012050002", "乙社": ""}
    assert rows["private"].to_dict() == {"甲社": "no", "乙社": "yes"}
    assert rows.loc["甲社", "declared_10_billion"] == "yes"
    assert rows["customer_share_pct"].to_dict() == pytest.approx({"甲社": 45, "乙社": np.nan}, nan_ok=True)
    assert "13 digits" in told(found)


def test_a_transaction_without_a_partner_is_rejected(tiny, tmp_path):
    text = "売り手,買い手,売り手の都道府県,取引額\nA,B,茨城県,3億円\nC,,08,1\nD,E,火星,\n"
    found = read(written(tmp_path, text), "transactions", tiny)
    rows = found.layer.frame
    assert rows["supplier"].tolist() == ["A", "D"]
    assert rows["supplier_area"].tolist() == ["08", ""]
    assert rows["value_oku"].tolist() == pytest.approx([3, np.nan], nan_ok=True)
    assert "a prefecture by code or name" in told(found)


def test_trade_has_each_country_once(tiny, tmp_path):
    text = "品目名,相手国,輸入額,世界輸出額\n磁石,甲国,90,95\n磁石,乙国,10,\n磁石,丙国,1,1\n磁石,丙国,2,2\n"
    rows = read(written(tmp_path, text), "trade", tiny).layer.frame
    assert rows["country"].tolist() == ["甲国", "乙国"]
    assert rows["world_export_value"].tolist() == pytest.approx([95, np.nan], nan_ok=True)


def test_an_input_output_table_knows_accounts_and_takes_no_empty_cell_for_zero(tiny, tmp_path):
    text = (
        "from_region,投入元部門,to_region,投入先部門,値\narea,28,area,28,20\narea,生産額,area,28,100\nrest,28,area,28,\n"
        "area,従業者数,area,28,5\n"
    )
    found = read(written(tmp_path, text), "input_output", tiny)
    assert found.layer.frame["from_sector"].tolist() == ["28", "output", "employees"]
    assert "an empty cell is not 0" in told(found)


def test_hubs_are_placed(tiny, tmp_path):
    rows = read(written(tmp_path, "拠点名,市町村,参加工場数\nA,甲市,12\n"), "ax_hubs", tiny).layer.frame
    assert rows["plants"].tolist() == [12]
    assert rows["accuracy_m"].notna().all()


@pytest.mark.parametrize(("said", "code"), [("茨城県", "08"), ("茨城", "08"), ("8", "08"), ("０８", "08"), ("x", "")])
def test_a_prefecture_is_known_by_code_and_name(said, code):
    assert prefecture_code(said) == code


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_without_its_columns_is_refused(tiny, tmp_path, kind):
    with pytest.raises(GeodataError, match="heading"):
        read(written(tmp_path, "a,b\n1,2\n"), kind, tiny)
