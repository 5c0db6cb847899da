"""Sheets and text tables as rows of cells, bounded."""

import io

import openpyxl
import pandas as pd

from ...errors import FormatError, phrase
from ...files.opening import Member, decoded
from ..report import Report

MOST_ROWS, MOST_COLUMNS = 300_000, 400


def grids(member: Member, report: Report) -> list[list[list[object]]]:
    """Rows of each sheet or of the CSV; other members give none."""
    if member.suffix in {".csv", ".txt", ".tsv"}:
        text, report.encoding = decoded(member.path.read_bytes(), member.name)
        try:
            table = pd.read_csv(
                io.StringIO(text),
                header=None,
                dtype="str",
                keep_default_na=False,
                sep="\t" if member.suffix == ".tsv" else ",",
                names=range(_width(text)),
                skip_blank_lines=True,
            )
        except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
            raise FormatError(
                report.file, expected="a CSV table", found=str(error)[:120], remedy="Save it as CSV again."
            ) from error
        return [_bounded(table.fillna("").to_numpy().tolist(), report)]
    if member.suffix in {".xlsx", ".xlsm"}:
        try:
            book = openpyxl.load_workbook(member.path, read_only=True, data_only=True)
            return [
                _bounded(
                    [
                        ["" if c is None else c for c in row]
                        for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
                    ],
                    report,
                )
                for sheet in book.worksheets
            ]
        except Exception as error:
            raise FormatError(
                report.file,
                expected="an Excel workbook (.xlsx)",
                found=phrase("a broken one ({kind})", kind=type(error).__name__),
                remedy="Save it again.",
            ) from error
    return []


def _width(text: str) -> int:
    widest = max((line.count(",") + line.count("\t") for line in text.splitlines()[:5_000]), default=0) + 1
    return min(widest, MOST_COLUMNS)


def _bounded(rows: list[list[object]], report: Report) -> list[list[object]]:
    if len(rows) > MOST_ROWS:
        raise FormatError(
            report.file,
            expected=phrase("at most {MOST_ROWS:,} rows", MOST_ROWS=MOST_ROWS),
            found=phrase("{n:,}", n=len(rows)),
            remedy="Cut it to your area.",
        )
    return rows
