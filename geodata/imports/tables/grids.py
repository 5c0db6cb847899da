"""Sheets and text tables as rows of texts, bounded."""

import io

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
    return rows


def _separator(text: str, suffix: str) -> str:
    head = text[:_SAMPLE]
    if suffix == ".tsv":
        return "\t"
    return max(",", "\t", ";", key=head.count)


def _width(text: str, separator: str) -> int:
    return max((line.count(separator) for line in text.splitlines()[:_SAMPLE]), default=0) + 1
