"""Find the heading of a table, and which column is which; headings are matched, never positions."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from ..numbers import number_of
from ..report import Report
from .columns import Column, Columns

HEADER_WITHIN, HIGHEST = 12, 5
UNIT_END = re.compile(
    r"((百万|千|万)?(km2|m2|ha|坪|アール|ヘクタール)|円/坪|円/m2|千円|百万円|円|kv|kw|mw|%|m3/日|人|単位)+$"
)
_LONGEST = 300  # characters of a heading, those above it included
_REMARK = re.compile(r"\([^)]*\)|（[^）]*）|\[[^\]]*\]|【[^】]*】|[※*]\d*$|注\d*$")
_TOTAL = re.compile(
    r"(?:.*(?:合計|小計|総計|累計)|(?:.*[都道府県市区町村郡]|全国|全体|地域|地区|年度)?計|平均|total|subtotal)"
    r"(?:\([^)]*\)|[:：]?\d+(?:件|団地|地区|区画|箇所|か所|ヶ所)|[:：])*",
    re.IGNORECASE,
)
_NOTE = re.compile(r"[※*◆●■○]|[(\[【<]?(注|備考|出典|資料|参考|単位)")

Rows = list[list[str]]


@dataclass(frozen=True)
class Heading:
    """Heading rows first to last: for each column its texts from the lowest up, and the columns of ours that they name."""

    first: int
    last: int
    texts: tuple[tuple[str, ...], ...]
    named: dict[int, Column]

    def said(self, column: int) -> str:
        """Whole heading of a column, from the highest text down."""
        return " ".join(self.texts[column][::-1])


def find_heading(rows: Rows, columns: Columns, *, required: set[str]) -> Heading | None:
    """The heading of one to five rows that names most columns, all `required` ones among them; None when there is none."""
    best: Heading | None = None
    for first in range(min(HEADER_WITHIN, len(rows))):
        for last in range(first, min(first + HIGHEST, len(rows))):
            found = _heading(rows, first, last, columns)
            if required <= {c.name for c in found.named.values()} and (best is None or _better(found, best)):
                best = found
    return None if best is None else _extended(rows, best, columns)


@dataclass(frozen=True)
class Headed:
    """A table of texts, our columns alone; for each column its heading, and the texts around it that may hold its unit."""

    table: pd.DataFrame
    said: dict[str, str]
    units: dict[str, tuple[str, ...]]


def headed(rows: Rows, columns: Columns, report: Report) -> Headed | None:
    """The table below the heading; None without a heading that names the required columns."""
    heading = find_heading(rows, columns, required={c.name for c in columns if c.required})
    if heading is None:
        return None
    note_unused(heading, report)
    body = body_rows(rows, heading, report)
    report.rows_read += len(body)
    table = pd.DataFrame({column.name: [cell_of(row, n) for row in body] for n, column in heading.named.items()})
    nameless = table["name"].eq("")
    report.add("rejected", nameless, "name", "a name")
    said = {column.name: heading.said(n) for n, column in heading.named.items()}
    return Headed(table[~nameless].reset_index(drop=True), said, unit_texts(rows, heading))


def note_unused(heading: Heading, report: Report) -> None:
    """Say which headings name nothing of ours."""
    unused = [
        normalised(heading.said(n)) for n, texts in enumerate(heading.texts) if any(texts) and n not in heading.named
    ]
    if unused:
        report.note("Headings not used: {known}.", known=", ".join(unused[:12]))


def body_rows(rows: Rows, heading: Heading, report: Report) -> Rows:
    """Rows below the heading that hold something, without repeated headings and, said in the report, without totals."""
    body = [row for row in rows[heading.last + 1 :] if any(row) and not _repeats(row, heading)]
    marks = pd.Series([_total_mark(row, heading) for row in body], dtype="str")
    notes = pd.Series([_note_of(row, heading) for row in body], dtype="str")
    report.add("dropped", marks.ne(""), "", "rows that are no totals", marks)
    report.add("dropped", notes.ne(""), "", "rows that are no notes beside the table", notes)
    kept = [row for row, mark, note in zip(body, marks, notes, strict=True) if not mark and not note]
    return _towns_from_above(kept, heading, report)


def tables_of(rows: Rows, columns: Columns, *, required: set[str]) -> list[Rows]:
    """The tables that stand below one another on a sheet: each begins where a row names our columns in other words or units."""
    first = find_heading(rows, columns, required=required)
    if first is None:
        return [rows]
    keys = [(n, column.headings) for n, column in first.named.items() if column.name in required]
    starts, current = [0], first
    for n, row in enumerate(rows[first.last + 1 :], first.last + 1):
        if any(normalised(cell_of(row, at)) in headings for at, headings in keys) and not _repeats(row, current):
            found = _heading(rows, n, n, columns)
            if len(found.named) > 1 and required <= {column.name for column in found.named.values()}:
                starts.append(n)
                current = found
    return [rows[start:end] for start, end in pairwise([*starts, len(rows)])]


def unit_texts(rows: Rows, heading: Heading) -> dict[str, tuple[str, ...]]:
    """For each of our columns the texts that may hold its unit, nearest first; 単位：… above the table comes last."""
    above = [cell for row in rows[: heading.first] for cell in row if "単位" in cell]
    return {column.name: tuple(map(normalised, (*heading.texts[n], *above))) for n, column in heading.named.items()}


def cell_of(row: list[str], column: int) -> str:
    """A cell; empty where the row is shorter."""
    return row[column].strip() if column < len(row) else ""


def normalised(head: str) -> str:
    """Heading without brackets, spaces, line breaks and width: 空容量（当該設備）(MW) is 空容量当該設備mw."""
    wide = unicodedata.normalize("NFKC", head)
    return (
        re.sub(r"[\s()\[\]（）［］【】「」・:：]", "", wide).lower().replace("平方メートル", "m2").replace("平米", "m2")
    )


def matched(heads: list[list[str]], columns: Columns) -> dict[int, Column]:
    """Column number -> column; exact headings first, then those without their unit, then without what brackets add."""
    found: dict[int, Column] = {}
    for shorten in _SHORTENED:
        for n, names in enumerate(heads):
            texts = [shorten(name) for name in names if len(name) <= _LONGEST]
            column = next(
                (c for text in texts for c in columns if text in c.headings and c not in found.values()), None
            )
            if n not in found and column is not None:
                found[n] = column
    return found


def _without_unit(name: str) -> str:
    return UNIT_END.sub("", normalised(name))


_SHORTENED: tuple[Callable[[str], str], ...] = (
    normalised,
    _without_unit,
    lambda name: _without_unit(_REMARK.sub("", name)),
)


def _heading(rows: Rows, first: int, last: int, columns: Columns) -> Heading:
    texts = tuple(column_texts(rows, first, last))
    heads = [list(_joined(own)) for own in texts]
    return Heading(first, last, texts, matched(heads, columns))


def column_texts(rows: Rows, first: int, last: int) -> Iterator[tuple[str, ...]]:
    """For each column its texts from the lowest up; an upper text holds for the empty cells right of it."""
    levels = [[*rows[n]] for n in range(first, last + 1)]
    width = max(map(len, levels))
    carried = [_carried(level, width) for level in levels[:-1]]
    for n in range(width):
        own = [cell_of(level, n) for level in levels]
        lowest = max((k for k, text in enumerate(own) if text), default=None)
        if lowest is None:
            yield ()
            continue
        upper = [carried[k][n] for k in range(lowest)]
        yield tuple(text for text in dict.fromkeys([own[lowest], *upper[::-1]]) if text)


def _carried(level: list[str], width: int) -> list[str]:
    held, out = "", []
    for n in range(width):
        held = cell_of(level, n) or held
        out.append(held)
    return out


def _joined(texts: tuple[str, ...]) -> Iterator[str]:
    """Names that a column may have: its lowest text, that below the ones above it, and that before them (全体 below 面積)."""
    name = ""
    for text in texts:
        name = text + name
        yield name
    for upper in texts[1:]:
        yield texts[0] + _without_unit(upper)


def _better(found: Heading, best: Heading) -> bool:
    """More columns named; as many in fewer rows."""
    named, rows = len(found.named) - len(best.named), (found.last - found.first) - (best.last - best.first)
    return named > 0 or (named == 0 and rows < 0)


def _extended(rows: Rows, best: Heading, columns: Columns) -> Heading:
    """With the rows above and below that belong to the heading, such as one of units, as long as no column is lost."""
    first, last = best.first, best.last
    required = [n for n, c in best.named.items() if c.required or c.name == "name"]
    while last + 1 < len(rows) and last - first < HIGHEST - 1 and _is_unit_row(rows[last + 1], required, best):
        last += 1
    while first and last - first < HIGHEST - 1 and _is_upper_row(rows[first - 1]):
        first -= 1
    wider = _heading(rows, first, last, columns)
    texts = wider.texts + ((),) * (len(best.texts) - len(wider.texts))
    return Heading(first, last, texts, best.named)


def _is_unit_row(row: list[str], required: list[int], heading: Heading) -> bool:
    """Whether a row below has no name and no number: units or remarks of the headings."""
    named = any(cell_of(row, n) not in {"", *heading.texts[n]} for n in required)
    return bool(required) and any(row) and not named and not any(number_of(cell).how == "number" for cell in row)


def _is_upper_row(row: list[str]) -> bool:
    """Whether a row above says something of single columns: not a title in the first cell, and no numbers."""
    said = {cell for cell in row[1:] if cell}
    return bool(said - {row[0]}) and not any(number_of(cell).how == "number" for cell in row)


def _towns_from_above(body: Rows, heading: Heading, report: Report) -> Rows:
    """Rows in which a blank town, or prefecture, left of the name is that of the row above, as merged cells are saved."""
    at = {column.name: n for n, column in heading.named.items()}
    groups = [at[name] for name in ("prefecture", "municipality") if at.get(name, len(at)) < at.get("name", -1)]
    stated = [at[name] for name in ("address", "lon", "lat") if name in at]
    held, filled, out = dict[int, str](), list[str](), Rows()
    for row in body:
        whole, blank = list(row), True
        for n in groups:
            blank &= cell_of(row, n) in {"", held.get(n)}
            if cell_of(row, n):
                held[n] = cell_of(row, n)
            elif blank and held.get(n) and cell_of(row, at["name"]) and not any(cell_of(row, k) for k in stated):
                whole[n] = held[n]
            else:
                held.pop(n, None)
        filled.append("" if whole == row else whole[groups[-1]])
        out.append(whole)
    told = pd.Series(filled, dtype="str")
    report.add("repaired", told.ne(""), "municipality", "a town in every row (that of the row above was taken)", told)
    return out


def _repeats(row: list[str], heading: Heading) -> bool:
    """Whether a row is the heading again, as at the top of each printed page."""
    cells = [(cell_of(row, n), heading.texts[n]) for n in heading.named]
    return all(not cell or cell in texts for cell, texts in cells) and any(cell for cell, _ in cells)


def _total_mark(row: list[str], heading: Heading) -> str:
    """The word for a total in the name or in the first cell that holds something; a place so named has a position."""
    at = {column.name: n for n, column in heading.named.items()}
    if {"lon", "lat"} <= set(at) and cell_of(row, at["lon"]) and cell_of(row, at["lat"]):
        return ""
    first = next((cell for cell in row if cell.strip()), "")
    said = (first, cell_of(row, at["name"]) if "name" in at else "")
    words = [re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)) for cell in said]
    return next((word for word in words if _TOTAL.fullmatch(word)), "")


def _note_of(row: list[str], heading: Heading) -> str:
    """The text of a row that holds nothing but a note."""
    held = [cell.strip() for cell in row if cell.strip()]
    lone = len(held) == 1 and len(heading.named) > 1 and _NOTE.match(unicodedata.normalize("NFKC", held[0]))
    return held[0] if lone else ""
