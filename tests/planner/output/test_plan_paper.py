"""The paper of a plan in three forms, whole and for publication; the same plan gives the same bytes."""

import io
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest

from planner.context.area import area_of
from planner.context.field_cluster import field_answer
from planner.context.plan_evidence import filled
from planner.fields.field import field_of
from planner.output import document
from planner.output.document import Document, Section
from planner.output.plan_paper import case_of, plan_needs, plan_paper, plot_of
from planner.plans.plan import Investment, read_plan

DAY = date(2026, 11, 28)
PLAN = Path(__file__).parents[1] / "plans" / "files" / "format-1.plan.json"


@pytest.fixture(scope="module")
def plan(tiny):
    held = read_plan(PLAN).model_copy(update={"prefectures": ("08",)})
    return filled(tiny, held, DAY)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_paper_holds_every_part(tiny, plan, language):
    paper = plan_paper(tiny, plan, language, DAY)
    titles = [section.title for section in paper.sections]
    assert len(titles) == len(set(titles)) >= 10
    assert document.pdf(paper, language).startswith(b"%PDF")
    said = "\n".join(section.table.to_string() for section in paper.sections)
    assert "甲社" in said
    assert "需要がある" in said


def test_nothing_private_stands_in_what_is_published(tiny, plan):
    paper = plan_paper(tiny, plan, "ja", DAY, public=True)
    whole = "\n".join([*paper.notes, *(s.table.to_string() + " ".join(s.notes) for s in paper.sections)])
    assert "甲社" not in whole
    assert "新工場" not in whole
    book = openpyxl.load_workbook(io.BytesIO(document.excel(paper)))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    assert "甲社" not in cells
    text = "\n".join(
        cell.text
        for table in docx.Document(io.BytesIO(document.word(paper))).tables
        for row in table.rows
        for cell in row.cells
    )
    assert "甲社" not in text


def test_the_same_plan_is_the_same_paper(tiny, plan):
    first, second = (plan_paper(tiny, plan, "ja", DAY) for _ in range(2))
    assert first.digest == second.digest
    assert document.pdf(first, "ja") == document.pdf(second, "ja")


def test_a_call_that_is_over_is_shown_as_over(tiny, plan):
    paper = plan_paper(tiny, plan, "en", DAY)
    schemes = next(s for s in paper.sections if s.title == "Schemes of support").table
    over = schemes[schemes["Match"].str.startswith("over")]
    assert len(over)
    assert over["Status (as of)"].str.contains("over|ended").all()


def test_each_investment_is_matched_by_itself(tiny, plan):
    """50 (100m yen) pass the least investment of the tax on bold investment, 10 do not."""
    small = Investment(title="小", capex_oku=10, size="mid", roi_pct=20)
    large = Investment(title="大", capex_oku=50, size="mid", roi_pct=20)
    paper = plan_paper(tiny, plan.model_copy(update={"investments": (small, large)}), "en", DAY)
    rows = next(s for s in paper.sections if s.title == "Schemes by investment").table.set_index("Investment")
    assert "bold investment" in rows.loc["小", "does not fit"]
    assert "bold investment" in rows.loc["大", "fits"]
    public = plan_paper(tiny, plan.model_copy(update={"investments": (small, large)}), "en", DAY, public=True)
    rows = next(s for s in public.sections if s.title == "Schemes by investment").table
    assert rows["Investment"].tolist() == ["#1", "#2"]


def test_the_largest_investment_stands_for_size_and_plot(tiny, plan):
    answer = field_answer(tiny, field_of("semiconductor-fab"), area_of(tiny, "08"))
    assert case_of(plan, answer).capex_oku == 50
    assert plan_needs(plan, answer).names == ("新工場",)
    assert pd.isna(plot_of(plan).area_ha)


HOSTILE = Document(
    "=1+1",
    ("#raw(1) <script>",),
    (
        Section("a/b[c]:*?", (), pd.DataFrame({"=x": ["=HYPERLINK(1)", "@a", "#let x = 1"], "b": ["1", "2", "3"]})),
        Section("a/b[c]:*?", (), pd.DataFrame({"x": ["y"]})),
        Section("a" * 40, ("note",), pd.DataFrame()),
    ),
    "0" * 64,
)


def test_texts_are_texts_in_every_form():
    book = openpyxl.load_workbook(io.BytesIO(document.excel(HOSTILE)))
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 4
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    assert document.pdf(HOSTILE, "ja").startswith(b"%PDF")
    word = docx.Document(io.BytesIO(document.word(HOSTILE)))
    assert word.tables[0].rows[1].cells[0].text == "=HYPERLINK(1)"
