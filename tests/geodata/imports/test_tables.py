import numpy as np
import openpyxl
import pytest
from office_files import ESTAT, ESTATES, TSO_LINES, workbook

from geodata import GeodataError, Store, imports
from geodata.coverage import TEMPLATES, template
from geodata.imports import KINDS, Options


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("empty"))


def read(path, kind, store, **options):
    return imports.read(path, kind, Options(**options), lambda id_: store.layer(id_) if store.has(id_) else None)


def substation(store):
    frame = store.layer("substations").frame
    once = frame[~frame["name"].duplicated(keep=False) & frame["voltage_kv"].ge(275)]
    return once.iloc[0]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_capacity_tables_are_joined_by_name_and_voltage_and_the_rest_is_listed(tmp_path, store, encoding):
    known = substation(store)
    text = TSO_LINES.format(name=known["name"].removesuffix("変電所") + "変電所", kv=int(known["voltage_kv"]))
    (tmp_path / "kikan.csv").write_bytes(text.replace("−", "－").encode(encoding))
    found = read(tmp_path / "kikan.csv", "tso_capacity", store)
    frame = found.layer.frame
    assert frame["room_here_mw"].tolist() == [800]
    assert frame["equipment_mw"].tolist() == [1200]
    assert frame["geometry"].iloc[0].equals(known["geometry"])
    said = " ".join(found.report.sentences())
    assert "どこにもない変電所" in said
    assert "for generation" in said
    assert found.report.encoding == ("cp932" if encoding == "cp932" else "utf-8")
    assert not any("demand" in name for name in found.layer.spec.fields)


def test_capacity_columns_are_room_for_generation():
    assert "発電側" in KINDS["tso_capacity"].title.ja
    assert KINDS["tso_capacity"].redistributable == "no"


def test_demand_room_comes_from_bands_or_megawatts(tmp_path, store):
    known = substation(store)
    rows = f"name,band_mw,room_mw,lead_years,as_of,lon,lat\n{known['name']},201〜300,,5,2026-09,,\nX,,80,3,2026-09,136.2,36.0\nY,巨大,,3,2026-09,136.3,36.0\n"
    (tmp_path / "d.csv").write_text(rows, "utf-8")
    found = read(tmp_path / "d.csv", "demand_room", store)
    assert found.layer.frame["room_mw"].tolist()[:2] == [201, 80]
    assert np.isnan(found.layer.frame["room_mw"].iloc[2])
    assert found.layer.frame["lead_years"].tolist()[0] == 5
    assert any(p.column == "band_mw" and p.rows == (3,) for p in found.report.problems)


def test_estates_of_a_prefecture_are_mapped_with_units_and_checked(tmp_path, store, tiny):
    del store
    town = tiny.layer("municipalities").frame["name"].iloc[0]
    rows = [[town if cell == "福井市" else cell for cell in row] for row in ESTATES]
    found = read(workbook(rows, tmp_path / "list.xlsx"), "estates", tiny)
    frame = found.layer.frame
    assert frame["name"].tolist() == ["あさひ工業団地"]
    first = frame.iloc[0]
    assert (first["total_ha"], first["available_ha"], first["price_yen_m2"]) == (12.5, pytest.approx(3.3), 12800)
    assert (first["power_kv"], first["industrial_water_m3_day"], first["green_check"]) == (66, 7400, "meets_20_pct")
    assert first["position_method"] == "municipality"
    assert first["accuracy_m"] > 0
    said = " ".join(found.report.sentences())
    assert "ひかり産業団地" in said  # no municipality of this name: rejected, and said
    assert "m² divided by 10,000" in said


def test_estates_with_positions_keep_them_and_tsubo_becomes_square_metres(tmp_path, store):
    rows = "団地名,経度,緯度,総面積(ha),分譲可能面積(㎡),坪単価,緑地率\nA,136.2,36.0,30,52000,42300,10\nB,136.3,36.1,0.5,-,-,\n"
    (tmp_path / "e.csv").write_bytes(rows.encode("cp932"))
    frame = read(tmp_path / "e.csv", "estates", store).layer.frame
    assert frame["available_ha"].iloc[0] == pytest.approx(5.2)
    assert frame["price_yen_m2"].iloc[0] == pytest.approx(42300 / 3.305785)
    assert frame["green_check"].tolist() == ["check_by_law", "unknown"]
    assert np.isnan(frame["available_ha"].iloc[1])


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_estat_downloads_are_joined_by_code_and_marks_stay_unknown(tmp_path, store, encoding):
    (tmp_path / "FEH_00200532.csv").write_bytes(ESTAT.encode(encoding))
    found = read(tmp_path / "FEH_00200532.csv", "estat", store)
    frame = found.layer.frame.set_index("pref_code")
    assert frame.loc["18", "value_001"] == 123_400
    assert np.isnan(frame.loc["18", "value_002"])
    assert frame.loc["17", "value_002"] == 88_000
    titles = [f.title.ja for n, f in found.layer.spec.fields.items() if n.startswith("value")]
    assert any("専門的" in title for title in titles)
    assert found.layer.spec.fields["value_001"].unit == "人"


def test_a_table_by_prefecture_takes_names_codes_and_full_width_digits(tmp_path, store):
    rows = "都道府県,過不足（万人）,専門職\n福井県,－1.2,３，０００\n石川,0.4,-\n北海道,5,7\n架空県,1,2\n石川県,9,9\n"
    (tmp_path / "m.csv").write_text(rows, "utf-8")
    found = read(tmp_path / "m.csv", "prefecture_table", store)
    frame = found.layer.frame.set_index("pref_code")
    assert frame["value_001"].to_dict() == {"18": -1.2, "17": 0.4, "01": 5}
    assert frame.loc["18", "value_002"] == 3000
    assert np.isnan(frame.loc["17", "value_002"])
    said = " ".join(found.report.sentences())
    assert "架空県" in said
    assert "each prefecture once" in said


@pytest.mark.parametrize("name", ["demand_room", "estates", "prefecture_table"])
def test_every_template_is_read_by_its_kind(name):
    kind = next(k for k in KINDS.values() if k.template == name)
    assert name in TEMPLATES
    assert len(template(name).split(",")) >= 2
    assert kind.id == name


@pytest.mark.parametrize(
    ("kind", "content", "says"),
    [
        ("estates", "a,b\n1,2\n", "a heading such as"),
        ("tso_capacity", "x\n", "a heading such as"),
        ("estat", "a,b\n1,2\n", "地域 コード"),
        ("prefecture_table", "a,b\n1,2\n", "都道府県 in the first column"),
        ("demand_room", "name,as_of\nQ,2026\n", "at least one usable row"),
    ],
)
def test_another_table_is_one_sentence(tmp_path, store, kind, content, says):
    (tmp_path / "x.csv").write_text(content, "utf-8")
    with pytest.raises(GeodataError, match=says):
        read(tmp_path / "x.csv", kind, store)


def test_a_broken_workbook_is_one_sentence(tmp_path, store):
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04broken")
    with pytest.raises(GeodataError, match="a broken one"):
        read(tmp_path / "x.xlsx", "estates", store)


def test_units_that_cannot_be_are_noted(tmp_path, store):
    (tmp_path / "e.csv").write_text("団地名,経度,緯度,総面積(ha)\nA,136.2,36.0,250000\n", "utf-8")
    said = " ".join(read(tmp_path / "e.csv", "estates", store).report.sentences())
    assert "another unit" in said


@pytest.mark.parametrize(
    "case",
    [
        ("分譲可能面積(㎡)", "3,000", "available_ha", 0.3),
        ("総面積(千㎡)", "120", "total_ha", 12.0),
        ("総面積(ha)", "-5", "total_ha", None),
        ("総面積(ha)", "A:2ha B:3ha", "total_ha", None),
        ("総面積", "20万㎡", "total_ha", 20.0),
        ("総面積(ha)", "約5町歩", "total_ha", None),
        ("単価(円/㎡)", "1万5千円", "price_yen_m2", None),
        ("単価", "約2.5万円/㎡", "price_yen_m2", 25_000.0),
        ("価格(円/坪)", "33,057.85", "price_yen_m2", 10_000.0),
        ("分譲価格(千円)", "12,000", "price_yen_m2", None),
        ("電力", "60,000V", "power_kv", 60.0),
    ],
)
def test_a_cell_is_one_number_in_its_unit_or_unknown_and_said(tmp_path, store, case):
    heading, cell, column, expected = case
    (tmp_path / "e.csv").write_text(f'団地名,経度,緯度,"{heading}"\nA,136.2,36.0,"{cell}"\n', "utf-8")
    found = read(tmp_path / "e.csv", "estates", store)
    value = found.layer.frame[column].iloc[0]
    if expected is None:
        assert np.isnan(value)
        assert any(p.column == column for p in found.report.problems)
    else:
        assert value == pytest.approx(expected)


def test_each_sheet_keeps_its_units_and_lost_rows_and_headings_are_listed(tmp_path, store):
    book = openpyxl.Workbook()
    for row in (
        ["団地名", "経度", "緯度", "分譲可能面積(㎡)", "謎の列"],
        ["A", 136.2, 36.0, 3000, 1],
        ["", 136.3, 36.0, 9, 1],
    ):
        book.active.append(row)
    second = book.create_sheet("b")
    for row in (
        ["", "", "", "面積（㎡）", ""],
        ["団地名", "経度", "緯度", "総面積", "分譲可能面積"],
        ["B", 136.4, 36.0, 20000, 9000],
    ):
        second.append(row)
    book.save(tmp_path / "e.xlsx")
    found = read(tmp_path / "e.xlsx", "estates", store)
    assert found.layer.frame["available_ha"].tolist() == pytest.approx([0.3, 0.9])
    assert found.layer.frame["total_ha"].iloc[1] == pytest.approx(2.0)
    assert (found.report.rows_read, found.report.rows_kept) == (3, 2)
    said = " ".join(found.report.sentences())
    assert "謎の列" in said
    assert "a name" in said


def test_capacity_is_never_joined_to_another_voltage_and_kilowatts_are_converted(tmp_path, store):
    known = substation(store)
    head = "変電所名,電圧(一次)(kV),設備容量(kW),空容量(当該設備)(kW)\n"
    rows = f"{known['name']},66,100000,50000\n{known['name']},{int(known['voltage_kv'])},100000,50000\n"
    (tmp_path / "t.csv").write_bytes((head + rows).encode("cp932"))
    found = read(tmp_path / "t.csv", "tso_capacity", store)
    assert found.layer.frame["room_here_mw"].tolist() == [50]
    assert found.layer.frame["voltage_kv"].tolist() == [known["voltage_kv"]]
    (tmp_path / "n.csv").write_bytes(f"変電所名,空容量(当該設備)(MW)\n{known['name']},5\nどこか,6\n".encode("cp932"))
    assert len(read(tmp_path / "n.csv", "tso_capacity", store).layer.frame) == 1
    (tmp_path / "z.csv").write_bytes("変電所名,空容量(当該設備)(MW)\nどこか,6\n".encode("cp932"))
    with pytest.raises(GeodataError, match="at least one usable row"):
        read(tmp_path / "z.csv", "tso_capacity", store)


def test_estat_with_sub_codes_and_two_digit_areas(tmp_path, store):
    text = '"地域 コード","地域 補助コード","地域","時間軸 コード","時間軸","就業者数【千人】"\n"13","","東京都","2022000000","2022年","8000"\n"18000","","福井県","2022000000","2022年","420"\n'
    (tmp_path / "e.csv").write_text(text, "utf-8")
    frame = read(tmp_path / "e.csv", "estat", store).layer.frame
    assert frame.set_index("pref_code")["value_001"].to_dict() == {"13": 8000, "18": 420}
