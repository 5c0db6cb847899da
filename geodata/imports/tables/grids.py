"""Sheets and text tables as rows of texts, bounded."""

import io
import re

import pandas as pd

from ...errors import FormatError, phrase
from ...files.opening import TEXT_TABLES, WORKBOOKS, Member, decoded
from ...files.tables import check_csv
from ...files.workbooks import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS
from .. import cleaning
from ..report import Report
from .headings import Rows
from .sheets import sheets

_SAMPLE = 5_000
_THOUSANDS = re.compile(r"[-−－▲△▼(（]?\s*\d{1,3}")
_AFTER_COMMA = re.compile(r"\d{3}(\.\d+)?[)）]?")


def grids(member: Member, report: Report) -> list[Rows]:
    """Rows of each visible sheet or of the CSV, long texts cut; other members give none, an old workbook is refused."""
    if member.suffix in TEXT_TABLES:
        found = [_text_rows(member, report)]
    elif member.suffix in {*WORKBOOKS, ".xls"}:
        found = sheets(member, report)
    else:
        return []
    cleaning.note_long(sum(map(_cut_long, found)), report)
    return found


def _cut_long(rows: Rows) -> int:
    """Cut the texts of rows that are longer than a text may be; how many were."""
    count = 0
    for row in rows:
        for n, cell in enumerate(row):
            if len(cell) > cleaning.LONGEST_TEXT:
                row[n], count = cleaning.shortened(cell), count + 1
    return count


def _text_rows(member: Member, report: Report) -> Rows:
    check_csv(member.path, label=report.file)
    text, report.encoding = decoded(member.path.read_bytes(), report.file)
    separator = _separator(text, member.suffix)
    width = _width(text, separator)
    if width > MOST_COLUMNS:
        report.note("Columns after the {n}th were not read.", n=MOST_COLUMNS)
    try:
        table = pd.read_csv(
            io.StringIO(text),
            header=None,
            dtype="str",
            keep_default_na=False,
            sep=separator,
            names=range(width),
            skip_blank_lines=True,
        ).iloc[:, :MOST_COLUMNS]
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise FormatError(
            report.file, expected="a CSV table", found=str(error)[:120], remedy="Save it as CSV again."
        ) from error
    if len(table) > MOST_ROWS:
        raise FormatError(
            report.file,
            expected=phrase("at most {MOST_ROWS:,} rows", MOST_ROWS=MOST_ROWS),
            found=phrase("{n:,}", n=len(table)),
            remedy="Cut it to your area.",
        )
    if any(table[column].str.len().max() > LONGEST_CELL for column in table):
        raise FormatError(
            report.file,
            expected=phrase("cells of at most {n:,} characters, and not too many long ones", n=LONGEST_CELL),
            found="a longer one",
            remedy="Save it as CSV again.",
        )
    rows: Rows = table.fillna("").to_numpy().tolist()
    return _commas_restored(rows, report) if separator == "," else rows


def _commas_restored(rows: Rows, report: Report) -> Rows:
    """
    Rows in which a comma of thousands without quotes (福井,1,234) is no separator.

    Such a row has more cells than every row above it. It is put together where that can be done in one way, else left out.
    """
    width, whole, told = 0, list[list[str]](), pd.Series("", index=range(len(rows)))
    lost = told.copy()
    for n, row in enumerate(rows):
        filled = max((k + 1 for k, cell in enumerate(row) if cell), default=0)
        breaks = [k for k in range(1, filled) if _is_break(row, k)] if 0 < width < filled else []
        if not breaks:
            width = max(width, filled)
            whole.append(row)
        elif len(breaks) == filled - width:
            told[n] = ",".join(row[:filled])
            whole.append(_joined(row, breaks))
        else:
            lost[n] = ",".join(row[:filled])
    report.add("repaired", told.ne(""), "", "numbers with a comma of thousands in quotes", told)
    report.add("rejected", lost.ne(""), "", "numbers with a comma of thousands in quotes", lost)
    return whole


def _is_break(row: list[str], k: int) -> bool:
    """Whether a cell goes on with the number that the cell before it begins."""
    before = row[k - 1].strip()
    begins = _THOUSANDS.fullmatch(before) or re.fullmatch(r"\d{3}", before)
    return bool(begins and _AFTER_COMMA.fullmatch(row[k].strip()))


def _joined(row: list[str], breaks: list[int]) -> list[str]:
    joined: list[str] = []
    for k, cell in enumerate(row):
        if k in breaks:
            joined[-1] = f"{joined[-1]},{cell}"
        else:
            joined.append(cell)
    return joined


def _separator(text: str, suffix: str) -> str:
    head = text[:_SAMPLE]
    if suffix == ".tsv":
        return "\t"
    return max(",", "\t", ";", key=head.count)


def _width(text: str, separator: str) -> int:
    return max((line.count(separator) for line in text.splitlines()[:_SAMPLE]), default=0) + 1
