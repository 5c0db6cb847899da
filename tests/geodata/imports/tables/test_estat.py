import openpyxl
import pytest

from geodata import imports
from geodata.imports import Options


def read(tmp_path, text, kind="estat", name="t.csv"):
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
    frame, titles, said = read(tmp_path, rows)
    assert titles == {"value_001": "総数【人】", "value_002": "うち外国人【人】"}
    assert frame["value_001"].to_list() == [10, 20]
    assert frame["value_002"].isna().all()
    assert "うち外国人【人】: every cell is a mark" in said


def test_headings_that_repeat_are_told_apart(tmp_path):
    frame, titles, said = read(tmp_path, "市区町村コード,世帯数,世帯数,世帯数\n18201,10,11,12\n18202,20,21,22\n")
    assert list(titles.values()) == ["世帯数", "世帯数 (2)", "世帯数 (3)"]
    assert frame["value_002"].to_list() == [11, 21]
    assert "世帯数 occurs again" in said


def test_a_prefecture_named_beside_another_ones_code_is_said_and_its_row_left_out(tmp_path):
    rows = "団体コード,都道府県名,市区町村名,人口\n18201,福井県,福井市,10\n18202,石川県,敦賀市,20\n01202,北海道,函館市,30\n"
    frame, _, said = read(tmp_path, rows)
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
    frame, titles, _ = read(tmp_path, rows)
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
    frame, titles, said = read(tmp_path, rows, "prefecture_table")
    assert list(titles.values()) == ["求人 男 2020", "求人 女 2020", "求職 男 2020", "求職 女 2021"]
    assert frame["value_004"].to_list() == [4, 8]
    assert "Headings not used: 番号" in said


def test_a_column_without_a_heading_and_a_row_without_a_prefecture_are_said(tmp_path):
    frame, titles, said = read(tmp_path, "都道府県,求人,\n北海道,1,2\n,3,4\n", "prefecture_table")
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
    frame, titles, _ = read(tmp_path, '市区町村コード,人口\n18201,"1,234人"\n18202,200人\n')
    assert titles == {"value_001": "人口"}
    assert frame["value_001"].to_list() == [1234, 200]
