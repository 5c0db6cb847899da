import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.files.opening import opened
from geodata.imports.report import Report
from geodata.imports.tables.grids import grids


def rows_of(folder, text):
    path = folder / "t.csv"
    path.write_text(text, "utf-8")
    report = Report(path.name, "y")
    with opened(path) as members:
        return grids(members[0], report)[0], report


@settings(max_examples=20, deadline=None)
@given(number=st.integers(1_000, 99_999_999), sign=st.sampled_from(["", "-", "▲", "△"]))
def test_a_comma_of_thousands_without_quotes_is_no_separator(tmp_path_factory, number, sign):
    rows, report = rows_of(tmp_path_factory.mktemp("t"), f"都道府県,求人\n福井県,5\n石川県,{sign}{number:,}\n")
    assert rows[2] == ["石川県", f"{sign}{number:,}"]
    assert [(problem.action, problem.rows) for problem in report.problems] == [("repaired", (3,))]


@pytest.mark.parametrize("row", ["福井県,1,234,567", "福井県,100,200,300"])
def test_a_row_that_can_be_put_together_in_two_ways_is_left_out_and_said(tmp_path, row):
    rows, report = rows_of(tmp_path, f"都道府県,求人,求職\n{row}\n")
    assert len(rows) == 1
    assert [problem.action for problem in report.problems] == ["rejected"]


def test_other_rows_stay_as_they_are(tmp_path):
    text = "都道府県,男,女\n福井県,100,200\n石川県,1,2\n"
    rows, report = rows_of(tmp_path, text)
    assert rows == [line.split(",") for line in text.splitlines()]
    assert not report.problems
