import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import read, told, written
from office_files import ESTAT

from geodata import imports
from geodata.imports import Options


def table_of(tmp_path, text, kind="estat", name="t.csv"):
    (tmp_path / name).write_text(text, "utf-8")
    return opened(tmp_path / name, kind)


def opened(path, kind):
    found = imports.read(path, kind, Options(), lambda _: None)
    titles = {n: f.title.ja for n, f in found.layer.spec.fields.items() if n.startswith("value")}
    return found.layer.frame, titles, " ".join(found.report.sentences())


def workbook(path, rows, *merged):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


@pytest.mark.parametrize("mark", ["X", "***", "－", "…"])
def test_a_column_of_marks_alone_is_kept_as_unknown_and_said(tmp_path, mark):
    rows = f"市区町村コード,市区町村,総数【人】,うち外国人【人】\n18201,福井市,10,{mark}\n18202,敦賀市,20,{mark}\n"
    frame, titles, said = table_of(tmp_path, rows)
    assert titles == {"value_001": "総数【人】", "value_002": "うち外国人【人】"}
    assert frame["value_001"].to_list() == [10, 20]
    assert frame["value_002"].isna().all()
    assert "うち外国人【人】: every cell is a mark" in said


def test_headings_that_repeat_are_told_apart(tmp_path):
    frame, titles, said = table_of(tmp_path, "市区町村コード,世帯数,世帯数,世帯数\n18201,10,11,12\n18202,20,21,22\n")
    assert list(titles.values()) == ["世帯数", "世帯数 (2)", "世帯数 (3)"]
    assert frame["value_002"].to_list() == [11, 21]
    assert "世帯数 occurs again" in said


def test_a_prefecture_named_beside_another_ones_code_is_said_and_its_row_left_out(tmp_path):
    rows = "団体コード,都道府県名,市区町村名,人口\n18201,福井県,福井市,10\n18202,石川県,敦賀市,20\n01202,北海道,函館市,30\n"
    frame, _, said = table_of(tmp_path, rows)
    assert frame.set_index("area_code")["value_001"].to_dict() == {"18201": 10, "01202": 30}
    assert "expected the prefecture of the code beside it, found '石川県', rows 2" in said


def test_the_prefecture_where_people_came_from_is_a_label(tmp_path):
    rows = "地域コード,地域,前住地,移動者【人】\n" + "".join(
        f"{code},{name},{origin},{n}\n"
        for n, (code, name, origin) in enumerate(
            (code, name, origin)
            for code, name in (("18000", "福井県"), ("17000", "石川県"))
            for origin in ("東京都", "大阪府", "愛知県")
        )
    )
    frame, titles, _ = table_of(tmp_path, rows)
    assert len(frame) == 2
    assert sorted(title.split(" ")[1] for title in titles.values()) == ["大阪府", "愛知県", "東京都"]


def test_two_heading_rows_of_a_prefecture_table_make_one_title_each(tmp_path):
    rows = [["職業別", None, None, None], ["都道府県", "求人", None, "求職"], [None, "男", "女", "（人）"]]
    rows += [["北海道", 1, 2, 3], ["青森県", 4, 5, 6]]
    path = workbook(tmp_path / "t.xlsx", rows, "A2:A3", "B2:C2")
    frame, titles, _ = opened(path, "prefecture_table")
    assert list(titles.values()) == ["求人 男", "求人 女", "求職 （人）"]
    assert frame["value_002"].to_list() == [2, 5]


def test_words_and_years_above_and_below_the_heading_of_prefectures_count(tmp_path):
    rows = "番号,,求人,,求職,\n,都道府県,男,女,男,女\n,,2020,2020,2020,2021\n1,北海道,1,2,3,4\n2,青森県,5,6,7,8\n"
    frame, titles, said = table_of(tmp_path, rows, "prefecture_table")
    assert list(titles.values()) == ["求人 男 2020", "求人 女 2020", "求職 男 2020", "求職 女 2021"]
    assert frame["value_004"].to_list() == [4, 8]
    assert "Headings not used: 番号" in said


def test_a_column_without_a_heading_and_a_row_without_a_prefecture_are_said(tmp_path):
    frame, titles, said = table_of(tmp_path, "都道府県,求人,\n北海道,1,2\n,3,4\n", "prefecture_table")
    assert frame["value_001"].to_list() == [1]
    assert list(titles) == ["value_001"]
    assert "Column 3 has no heading" in said
    assert "expected a prefecture, rows 2" in said


@pytest.mark.parametrize(
    ("head", "cells", "expected", "unit"),
    [
        ("人口(人)", ['"1,234人"', "２００"], [1234, 200], "人"),
        ("人口", ['"1,234人"', "200 人"], [1234, 200], "人"),
        ("世帯", ["12世帯", "***"], [12, None], "世帯"),
        ("人口(千人)", ["12人", "34"], [None, 34], "千人"),
        ("人口", ["12人", "34世帯"], [None, None], None),
        ("増減【人】", ["▲1人", "(2)"], [-1, -2], "人"),
    ],
)
def test_a_number_may_carry_the_unit_of_its_column_and_no_other(tmp_path, head, cells, expected, unit):
    rows = f"都道府県,{head}\n北海道,{cells[0]}\n青森県,{cells[1]}\n"
    (tmp_path / "t.csv").write_text(rows, "utf-8")
    layer = imports.read(tmp_path / "t.csv", "prefecture_table", Options(), lambda _: None).layer
    assert [None if value != value else value for value in layer.frame["value_001"]] == expected  # noqa: PLR0124  (NaN)
    assert layer.spec.fields["value_001"].unit == unit


def test_a_series_whose_cells_carry_its_unit_is_one(tmp_path):
    frame, titles, _ = table_of(tmp_path, '市区町村コード,人口\n18201,"1,234人"\n18202,200人\n')
    assert titles == {"value_001": "人口"}
    assert frame["value_001"].to_list() == [1234, 200]


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
    assert frame["value_001"].drop("17").to_dict() == {"18": -1.2, "01": 5}
    assert np.isnan(frame.loc["17", "value_001"])  # 0.4 and 9 contradict each other
    assert frame.loc["18", "value_002"] == 3000
    assert np.isnan(frame.loc["17", "value_002"])
    said = " ".join(found.report.sentences())
    assert "架空県" in said
    assert "each prefecture once" in said


def test_estat_with_sub_codes_and_two_digit_areas(tmp_path, store):
    text = '"地域 コード","地域 補助コード","地域","時間軸 コード","時間軸","就業者数【千人】"\n"13","","東京都","2022000000","2022年","8000"\n"18000","","福井県","2022000000","2022年","420"\n'
    (tmp_path / "e.csv").write_text(text, "utf-8")
    frame = read(tmp_path / "e.csv", "estat", store).layer.frame
    assert frame.set_index("pref_code")["value_001"].to_dict() == {"13": 8000, "18": 420}


def test_prefecture_and_municipality_codes_in_two_columns_are_one_code(tmp_path, store):
    rows = "県名,都道府県コード,市町村,市町村コード,総数【人】\n福井県,18,福井市,201,10\n福井県,18,敦賀市,202,20\n北海道,1,札幌市,100,30\n"
    frame = read(written(tmp_path, rows), "estat", store).layer.frame
    assert frame.set_index("area_code")["value_001"].to_dict() == {"18201": 10, "18202": 20, "01100": 30}
    rows = "都道府県コード,市区町村コード,総数\n18,17201,10\n18,18202,20\n"
    found = read(written(tmp_path, rows), "estat", store)
    assert found.layer.frame["area_code"].to_list() == ["18202"]
    assert "prefecture beside it" in told(found)


def test_marks_in_a_column_leave_the_table_whole(tmp_path, store):
    rows = "地域コード,地域,総数【人】,うち女【人】\n18201,福井市,▲35,100 2)\n18202,敦賀市,X,△7\n18204,小浜市,12①,(9)\n"
    found = read(written(tmp_path, rows), "estat", store)
    frame = found.layer.frame.set_index("area_code")
    assert list(found.layer.spec.fields)[-2:] == ["value_001", "value_002"]
    assert frame["value_001"].to_list() == pytest.approx([-35, np.nan, np.nan], nan_ok=True)
    assert frame["value_002"].to_list() == [100, -7, -9]
    assert "12①" in told(found)


def test_values_that_contradict_each_other_are_unknown_and_the_area_is_named(tmp_path, store):
    rows = "地域コード,地域,総数【人】\n18201,福井市,5\n18201,福井市,7\n18202,敦賀市,3\n18202,敦賀市,3\n"
    found = read(written(tmp_path, rows), "estat", store)
    assert found.layer.frame["value_001"].to_list() == pytest.approx([np.nan, 3], nan_ok=True)
    assert "the first is 18201: 5, 7" in told(found)


def test_mesh_files_have_two_heading_rows(tmp_path, store):
    rows = "KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T001140001,T001140002\n,,,,　人口（総数）,　人口（男）\n54362222,0,,,120,60\n54362223,1,54362222,,*,*\n54362224,0,,,7,\n54362224,0,,,8,\n"
    found = read(written(tmp_path, rows, "tblT001140S5436.txt", "cp932"), "estat", store)
    frame = found.layer.frame
    assert frame["mesh_code"].to_list() == ["54362222", "54362223"]
    assert frame["t001140001"].to_list() == pytest.approx([120, np.nan], nan_ok=True)
    assert found.layer.spec.fields["t001140001"].title.ja == "人口（総数）"
    assert "each cell once" in told(found)


@pytest.mark.parametrize("first", ["01 北海道", "北　海　道", "1北海道", "０１_北海道", "1", "01.0"])
def test_prefectures_are_known_however_they_are_spaced_and_numbered(tmp_path, store, first):
    found = read(written(tmp_path, f"都道府県,値\n{first},5\n13 大阪府,6\n"), "prefecture_table", store)
    assert found.layer.frame[["pref_code", "value_001"]].to_numpy().tolist() == [["01", 5]]
    assert "13大阪府" in told(found)


def test_mesh_codes_that_cannot_be_are_refused_and_other_sizes_told(tmp_path, store):
    rows = "KEY_CODE,T1\n54364099,1\n543640991,2\n54368999,3\n99990000,4\n5436409,5\n"
    found = read(written(tmp_path, rows), "estat", store)
    assert found.layer.frame["mesh_code"].to_list() == ["54364099", "543640991"]
    assert "500 m (1)" in told(found)
    assert "a cell in Japan" in told(found)


@given(st.lists(st.tuples(st.sampled_from(["福井県", "18", "石川県"]), st.integers(0, 3)), min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_that_contradict_each_other_are_unknown_and_never_the_first(tmp_path, store, rows):
    text = "都道府県,値\n" + "".join(f"{name},{value}\n" for name, value in rows)
    values: dict[str, set[int]] = {}
    for name, value in rows:
        values.setdefault("17" if name == "石川県" else "18", set()).add(value)
    found = read(written(tmp_path, text), "prefecture_table", store)
    got = found.layer.frame.set_index("pref_code")["value_001"]
    for code, seen in values.items():
        assert np.isnan(got[code]) if len(seen) > 1 else got[code] == seen.pop()
    assert ("contradict" in told(found)) == got.isna().any()


def test_the_name_of_a_prefecture_beside_its_municipalities_is_no_series(tmp_path, store):
    rows = "都道府県コード,市区町村コード,都道府県,市区町村,人口\n18,201,福井県,福井市,10\n18,202,福井県,敦賀市,20\n"
    assert read(written(tmp_path, rows), "estat", store).layer.spec.fields["value_001"].title.ja == "人口"
