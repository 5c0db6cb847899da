import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.imports.report import Report
from geodata.imports.tables.columns import columns_of
from geodata.imports.tables.headings import body_rows, find_heading

ESTATES = columns_of("estates")
PLOT = ["敦賀市", "北団地", "1.5"]
HEAD = ["市町村名", "団地名", "分譲可能面積(ha)"]
WORDS = ["合計", "小計", "総計", "計", "県計", "敦賀市計", "合 計", "合計（3団地）", "小計 2件", "計（敦賀市）", "平均"]


def rows_below(rows):
    report = Report("x", "y")
    heading = find_heading(rows, ESTATES, required={"name"})
    assert heading is not None
    return body_rows(rows, heading, report), report


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=4), st.integers(0, 1), st.integers(1, 3))
def test_no_total_is_a_row_wherever_it_stands(words, column, plots):
    totals = [[word if n == column else "" for n in range(2)] + ["9"] for word in words]
    body, report = rows_below([HEAD, *[PLOT] * plots, *totals, PLOT])
    assert body == [PLOT] * (plots + 1)
    assert sum(problem.count for problem in report.problems) == len(words)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_town_above_holds_for_the_blank_rows_below_and_is_said(sizes):
    rows = [[f"町{n}" if k == 0 else "", f"団地{n}-{k}", "1"] for n, size in enumerate(sizes) for k in range(size)]
    body, report = rows_below([HEAD, *rows])
    assert [row[0] for row in body] == [f"町{n}" for n, size in enumerate(sizes) for _ in range(size)]
    assert sum(problem.count for problem in report.problems) == len(rows) - len(sizes)


def test_a_blank_town_right_of_the_name_or_in_another_prefecture_stays_blank():
    body, _ = rows_below([["団地名", "市町村名"], ["北", "敦賀市"], ["南", ""]])
    assert body[1] == ["南", ""]
    body, _ = rows_below([["都道府県", "市町村名", "団地名"], ["福井県", "敦賀市", "北"], ["石川県", "", "南"]])
    assert body[1] == ["石川県", "", "南"]


@pytest.mark.parametrize("upper", ["面積", "面積(ha)", "面積（㎡）"])
def test_a_word_below_a_heading_names_its_column(upper):
    heading = find_heading(
        [["市町村名", "団地名", upper, ""], ["", "", "全体", "分譲可能"]], ESTATES, required={"name"}
    )
    assert heading is not None
    assert {n: column.name for n, column in heading.named.items()}.items() >= {2: "total_ha", 3: "available_ha"}.items()
