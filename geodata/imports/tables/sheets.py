"""Excel workbooks as rows of texts: what is shown on the sheet and nothing that is hidden, merged cells filled, bounded."""

import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO, Any, TypeVar

import openpyxl
from openpyxl.utils.cell import get_column_letter, range_boundaries

from ...errors import FormatError, phrase
from ...files.opening import Member, check_archive
from ..report import Report
from .headings import HEADER_WITHIN, HIGHEST, Rows

MOST_ROWS, MOST_COLUMNS = 300_000, 400
_MOST_BYTES = 250 * 2**20
_CHUNK = 2**20
_MOST_TAGS = 16_000_000  # four for a cell with a value
_LAST_ROW = 1_048_576
_MOST_MERGED, _MOST_FILLED = 20_000, 1_000_000
_TOLD = 6
_Answer = TypeVar("_Answer")


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
    _bounded(member, report)
    book = _library(report, lambda: openpyxl.load_workbook(member.path, read_only=True, data_only=True))
    try:
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        if hidden:
            report.note("Hidden sheets were not read: {known}.", known=", ".join(hidden[:_TOLD]))
        return [_rows(sheet, report) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    finally:
        book.close()


def _bounded(member: Member, report: Report) -> None:
    """Refuse a workbook whose parts are larger than its readers can hold, before any of them reads it."""
    try:
        with zipfile.ZipFile(member.path) as archive:
            check_archive(member.path, archive.infolist(), label=report.file, most=_MOST_BYTES)
            tags = 0
            for info in archive.infolist():
                with archive.open(info) as part:
                    while tags <= _MOST_TAGS and (chunk := part.read(_CHUNK)):
                        tags += chunk.count(b"<")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _broken(report, error) from error
    if tags > _MOST_TAGS:
        raise FormatError(
            report.file, expected="a workbook of at most 4 million cells", found="more", remedy="Cut it to your area."
        )


def _library(report: Report, call: Callable[[], _Answer]) -> _Answer:
    """What openpyxl answers; a broken workbook makes it raise anything, each of which is one sentence."""
    try:
        return call()
    except Exception as error:
        raise _broken(report, error) from error


def _broken(report: Report, error: Exception) -> FormatError:
    return FormatError(
        report.file,
        expected="an Excel workbook (.xlsx)",
        found=phrase("a broken one ({kind})", kind=type(error).__name__),
        remedy="Save it again.",
    )


def _rows(sheet: Any, report: Report) -> Rows:
    marks = _library(report, lambda: _marks(sheet._get_source()))  # noqa: SLF001  (the sheet's own XML, the only place of these marks)
    texts = _library(report, lambda: _texts(sheet))
    if len(texts) > MOST_ROWS:
        raise FormatError(
            report.file,
            expected=phrase("at most {MOST_ROWS:,} rows", MOST_ROWS=MOST_ROWS),
            found="more",
            remedy="Cut it to your area.",
        )
    for row, column in sorted(marks.formulas):
        line = texts.setdefault(row, [])
        line.extend([""] * (column - len(line)))
        line[column - 1] = line[column - 1] or "="
    _fill_merged(texts, marks)
    _note(sheet.title, texts, marks, report)
    return [line for row, line in sorted(texts.items()) if row not in marks.hidden]


def _texts(sheet: Any) -> dict[int, list[str]]:
    """Texts of the rows that hold something, by row number."""
    sheet.reset_dimensions()
    found: dict[int, list[str]] = {}
    for row in sheet.iter_rows(max_row=_LAST_ROW, max_col=MOST_COLUMNS):
        held = next((cell for cell in row if cell.value is not None), None)
        if held is not None:
            found[held.row] = [_text(cell.value, cell.number_format) if cell.value is not None else "" for cell in row]
            if len(found) > MOST_ROWS:
                break
    return found


def _text(value: object, shown_as: str | None) -> str:
    """A cell as it reads: whole numbers without .0, dates in ISO form, shares that are shown as per cent as such."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if shown_as and "%" in shown_as:
            return f"{value * 100:.12g}%"
        return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004  (exact whole floats)
    return str(value).strip()


def _marks(source: IO[bytes]) -> _Marks:
    """Hidden rows, merged ranges and formulas without a stored value, from one pass over the sheet's XML."""
    marks = _Marks()
    with source:
        for _, element in ET.iterparse(source):  # noqa: S314  (expat bounds entities; the archive is bounded before)
            name = element.tag.rpartition("}")[2]
            if name == "row":
                _row_marks(element, marks)
                element.clear()
            elif name == "mergeCell" and len(marks.merged) < _MOST_MERGED:
                left, top, right, bottom = range_boundaries(element.get("ref", ""))
                marks.merged.append((left, top, right, bottom))
    return marks


def _row_marks(row: ET.Element, marks: _Marks) -> None:
    number = int(row.get("r", "0"))
    if row.get("hidden") in {"1", "true"}:
        marks.hidden.add(number)
    for cell in row:
        left, top, _, _ = range_boundaries(cell.get("r", "A1"))
        marks.wide |= left > MOST_COLUMNS
        parts = {part.tag.rpartition("}")[2]: part.text for part in cell}
        if "f" in parts and not parts.get("v") and left <= MOST_COLUMNS and cell.get("t") != "str":
            marks.formulas.add((top, left))


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
