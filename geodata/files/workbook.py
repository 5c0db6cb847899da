"""
Cells of an Excel workbook and what its sheets say of them. Called in the worker's process, so it imports nothing of ours.

Only rows, cells and merged ranges are looked at; openpyxl's objects for everything else on a sheet are never built.
"""

import json
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import IO, Any

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS

MOST_ROWS, MOST_COLUMNS = 300_000, 400
LONGEST_CELL = 32_767  # Excel's own limit
MOST_CHARACTERS = 100_000_000
MOST_TAGS = 16_000_000  # four for a cell with a value
MOST_OTHER_TAGS = 500_000  # styles, names and the like
MOST_MERGED = 20_000
_CHUNK = 2**20


class TooLargeError(Exception):
    """A workbook beyond one of the bounds; its text is the bound's name."""


@dataclass
class Sheet:
    """A sheet's values by row, and what it says of rows and cells; rows and columns count from 1."""

    title: str
    visible: bool
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    wide: bool = False


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """As openpyxl's, but shared texts are read without an object for each."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = list(_shared_texts(source))


def read(path: str, *, typed: bool, only: list[str] | None = None) -> list[dict[str, Any]]:
    """
    Sheets of a workbook as plain data, those named `only` or all.

    Values are texts as they read on the sheet, or, `typed`, numbers, truth values and texts. TooLargeError names the bound.
    """
    _check_tags(path)
    reader = _Reader(path, read_only=True, data_only=True, keep_links=False)
    reader.read()
    wanted = [sheet for sheet in reader.wb.worksheets if only is None or sheet.title in only]
    budget = _Budget()
    return [asdict(_sheet(sheet, typed=typed, budget=budget)) for sheet in wanted]


def _check_tags(path: str) -> None:
    """Refuse parts with more tags than their readers can hold, before any of them reads one."""
    cells = others = 0
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            of_cells = "worksheets/" in info.filename or "sharedStrings" in info.filename
            with archive.open(info) as part:
                while chunk := part.read(_CHUNK):
                    tags = chunk.count(b"<")
                    cells, others = (cells + tags, others) if of_cells else (cells, others + tags)
                    if cells > MOST_TAGS or others > MOST_OTHER_TAGS:
                        raise TooLargeError("cells" if cells > MOST_TAGS else "parts")


def _shared_texts(source: IO[bytes]) -> Iterator[str]:
    for _, element in ET.iterparse(source):  # noqa: S314  (expat bounds entities; the archive is bounded before)
        if _name(element) == "si":
            yield "".join(_texts_of(element))
            element.clear()


def _texts_of(element: ET.Element) -> Iterator[str]:
    """Plain text and texts of runs; readings (rPh) are left out."""
    for part in element:
        if _name(part) == "t":
            yield part.text or ""
        elif _name(part) == "r":
            yield from (inner.text or "" for inner in part if _name(inner) == "t")


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


@dataclass
class _Budget:
    """What is left for the texts of all cells: one long text may stand in many."""

    characters: int = MOST_CHARACTERS

    def take(self, value: Any) -> Any:
        if isinstance(value, str):
            self.characters -= len(value)
            if len(value) > LONGEST_CELL or self.characters < 0:
                raise TooLargeError("text")
        return value


def _sheet(sheet: Any, *, typed: bool, budget: _Budget) -> Sheet:
    found = Sheet(sheet.title, visible=sheet.sheet_state == "visible")
    if not found.visible and not typed:
        return found
    book = sheet.parent
    with sheet._get_source() as source:  # noqa: SLF001  (the sheet's own XML has no other name)
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,  # noqa: SLF001
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        for _, element in ET.iterparse(source):  # noqa: S314  (as above)
            name = _name(element)
            if name == "row":
                number, cells = parser.parse_row(element)
                _take_marks(element, number, found)
                _take_row(sheet, number, cells, found, typed=typed, budget=budget)
            elif name == "mergeCell" and len(found.merged) < MOST_MERGED:
                found.merged.append(range_boundaries(element.get("ref", "")))
            if name in {"row", "mergeCell", "conditionalFormatting", "dataValidation", "hyperlink", "ext", "col"}:
                element.clear()
    return found


def _take_row(  # noqa: PLR0913  (a row and where it goes)
    sheet: Any, number: int, cells: list[dict[str, Any]], found: Sheet, *, typed: bool, budget: _Budget
) -> None:
    held = [cell for cell in cells if cell["value"] is not None and cell["column"] <= MOST_COLUMNS]
    if not held:
        return
    line: list[Any] = [None if typed else ""] * max(cell["column"] for cell in held)
    for cell in held:
        value = cell["value"]
        if not typed or isinstance(value, date | time):
            value = _text(value, ReadOnlyCell(sheet, **cell).number_format)
        line[cell["column"] - 1] = budget.take(value)
    found.rows.append((number, line))
    if len(found.rows) > MOST_ROWS and not typed:
        raise TooLargeError("rows")


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


def _take_marks(row: ET.Element, number: int, found: Sheet) -> None:
    if row.get("hidden") in {"1", "true"}:
        found.hidden.append(number)
    for cell in row:
        left, top, _, _ = range_boundaries(cell.get("r", "A1"))
        found.wide |= left > MOST_COLUMNS
        parts = {_name(part): part.text for part in cell}
        if "f" in parts and not parts.get("v") and left <= MOST_COLUMNS and cell.get("t") != "str":
            found.formulas.append((top, left))


def write(sheets: list[dict[str, Any]], to: str) -> None:
    """The sheets as a JSON file."""
    with open(to, "w", encoding="utf-8") as sink:  # noqa: PTH123  (a name from the caller)
        json.dump(sheets, sink, ensure_ascii=False)
