"""Excel workbooks as rows of texts: what is shown on the sheet and nothing that is hidden, merged cells filled, bounded."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils.cell import get_column_letter

from ...files.opening import Member
from ...files.workbooks import MOST_COLUMNS, read_workbook
from ..report import Report
from .headings import HEADER_WITHIN, HIGHEST, Rows

_MOST_FILLED = 1_000_000
_TOLD = 6


@dataclass
class _Marks:
    """What a sheet says of its rows and cells beside their values; rows and columns count from 1."""

    hidden: set[int] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    wide: bool = False


def sheets(member: Member, report: Report) -> list[Rows]:
    """
    Rows of each visible sheet, blank ones left out.

    Hidden sheets and rows are named as skipped; a formula without a stored value stands as `=…`, so that nothing takes it
    for an empty cell. FormatError for a workbook that is broken or larger than MOST_ROWS.
    """
    found = read_workbook(member.path, label=report.file)
    hidden = [sheet["title"] for sheet in found if not sheet["visible"]]
    if hidden:
        report.note("Hidden sheets were not read: {known}.", known=", ".join(hidden[:_TOLD]))
    return [_rows(sheet, report) for sheet in found if sheet["visible"]]


def _rows(sheet: dict[str, Any], report: Report) -> Rows:
    marks = _Marks(
        set(sheet["hidden"]),
        {(row, column) for row, column in sheet["formulas"]},
        [(left, top, right, bottom) for left, top, right, bottom in sheet["merged"]],
        sheet["wide"],
    )
    texts: dict[int, list[str]] = dict(sheet["rows"])
    for row, column in sorted(marks.formulas):
        line = texts.setdefault(row, [])
        line.extend([""] * (column - len(line)))
        line[column - 1] = line[column - 1] or "="
    _fill_merged(texts, marks)
    _note(sheet["title"], texts, marks, report)
    return [line for row, line in sorted(texts.items()) if row not in marks.hidden]


def _fill_merged(texts: dict[int, list[str]], marks: _Marks) -> None:
    """Texts of merged cells for every row and, within the heading, every column they cover; numbers hold for one row only."""
    numbers, left_to_fill = sorted(texts), _MOST_FILLED
    for left, top, right, bottom in marks.merged:
        line = texts.get(top, [])
        text = line[left - 1] if left <= len(line) else ""
        if not text or re.match(r"[-▲△(]?\s*\d", text):
            continue
        covered = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)][:left_to_fill]
        left_to_fill -= len(covered)
        for row in covered:
            across = min(right, MOST_COLUMNS) if row <= HEADER_WITHIN + HIGHEST else left
            cells = texts[row]
            cells.extend([""] * (across - len(cells)))
            cells[left - 1 : across] = [cell or text for cell in cells[left - 1 : across]]


def _note(title: str, texts: dict[int, list[str]], marks: _Marks, report: Report) -> None:
    """Say what of a sheet was left out."""
    hidden = sorted(marks.hidden & set(texts))
    if hidden:
        report.note(
            "Sheet {title}: {n} hidden rows were not read ({known}).",
            title=title,
            n=len(hidden),
            known=", ".join(map(str, hidden[:_TOLD])),
        )
    cells = [f"{get_column_letter(column)}{row}" for row, column in sorted(marks.formulas)]
    if cells:
        report.note(
            "Sheet {title}: {n} formulas have no stored value ({known}): open the file in Excel and save it.",
            title=title,
            n=len(cells),
            known=", ".join(cells[:_TOLD]),
        )
    if marks.wide:
        report.note("Sheet {title}: columns after the {n}th were not read.", title=title, n=MOST_COLUMNS)
