"""Sheets and text tables as rows of texts, bounded."""

import io

import pandas as pd

from ...errors import FormatError, phrase
from ...files.opening import Member, decoded
from ..report import Report
from .headings import Rows
from .sheets import MOST_COLUMNS, MOST_ROWS, sheets

TEXT_TABLES, WORKBOOKS = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SAMPLE = 5_000


def grids(member: Member, report: Report) -> list[Rows]:
    """Rows of each visible sheet or of the CSV; other members give none, and an old workbook is refused."""
    if member.suffix in TEXT_TABLES:
        return [_text_rows(member, report)]
    if member.suffix in WORKBOOKS or member.suffix == ".xls":
        _refuse_old_excel(member, report)
        return sheets(member, report)
    return []


def _refuse_old_excel(member: Member, report: Report) -> None:
    with member.path.open("rb") as stream:
        old = stream.read(len(_OLD_EXCEL)) == _OLD_EXCEL
    if old or member.suffix == ".xls":
        raise FormatError(
            report.file,
            expected="an Excel workbook (.xlsx)",
            found=phrase("one of Excel 97 (.xls)")
            if member.suffix == ".xls"
            else phrase("one of Excel 97 (.xls) or with a password"),
            remedy="Open it in Excel, save it as .xlsx without a password and choose that file.",
        )


def _text_rows(member: Member, report: Report) -> Rows:
    text, report.encoding = decoded(member.path.read_bytes(), report.file)
    separator = _separator(text, member.suffix)
    try:
        table = pd.read_csv(
            io.StringIO(text),
            header=None,
            dtype="str",
            keep_default_na=False,
            sep=separator,
            names=range(_width(text, separator)),
            skip_blank_lines=True,
        )
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
    rows: Rows = table.fillna("").to_numpy().tolist()
    return rows


def _separator(text: str, suffix: str) -> str:
    head = text[:_SAMPLE]
    if suffix == ".tsv":
        return "\t"
    return max(",", "\t", ";", key=head.count)


def _width(text: str, separator: str) -> int:
    widest = max((line.count(separator) for line in text.splitlines()[:_SAMPLE]), default=0) + 1
    return min(widest, MOST_COLUMNS)
