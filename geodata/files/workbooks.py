"""Excel workbooks, and result tables in Parquet, as the worker's process reads them within bounds."""

import json
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyarrow as pa

from ..errors import FormatError, Phrase, phrase
from .opening import MAX_UNPACKED, check_archive, open_archive, readable_size
from .process import ask
from .workbook import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS

__all__ = ["LONGEST_CELL", "MOST_COLUMNS", "MOST_ROWS", "read_table", "read_workbook"]

SECONDS, SECONDS_PER_MB = 20.0, 5.0
_LONGEST = 120.0
_MOST_TABLE_ROWS = 2_000_000
_MOST_BYTES = 250 * 2**20
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_TOO_LARGE: dict[str, Phrase] = {
    "rows": phrase("at most {MOST_ROWS:,} rows", MOST_ROWS=MOST_ROWS),
    "cells": phrase("a workbook of at most 4 million cells"),
    "parts": phrase("a workbook with fewer styles and names"),
    "text": phrase("cells of at most {n:,} characters, and not too many long ones", n=LONGEST_CELL),
}


def read_workbook(
    path: Path, *, label: Path | str | None = None, typed: bool = False, only: tuple[str, ...] | None = None
) -> list[dict[str, Any]]:
    """
    Sheets of a workbook, or those named `only`, with the fields of `workbook.Sheet`; a hidden one without its rows.

    Cells are texts as they read, or `typed`: numbers, truth values, texts and None. FormatError, naming `label`, when the
    workbook is broken, locked, of Excel 97 or too large.
    """
    shown = label or path
    _check(path, shown)
    with TemporaryDirectory(prefix="planner-read-") as folder:
        to = Path(folder) / "sheets.json"
        request = {"task": "workbook", "seconds": _seconds(path), "typed": typed, "only": only, "to": str(to)}
        answer = ask(request, title=phrase("an Excel (.xlsx)"), path=path, label=shown)
        if "large" in answer:
            raise FormatError(shown, expected=_TOO_LARGE[answer["large"]], found="more", remedy="Cut it to your area.")
        sheets: list[dict[str, Any]] = json.loads(to.read_text("utf-8"))
    return sheets


def read_table(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """Rows of a Parquet file without its shapes, and its metadata; FormatError when it is broken or too large."""
    readable_size(path, most=MAX_UNPACKED)
    with TemporaryDirectory(prefix="planner-read-") as folder:
        to = Path(folder) / "rows.arrow"
        request = {"task": "parquet", "seconds": _seconds(path), "most": _MOST_TABLE_ROWS, "to": str(to)}
        answer = ask(request, title=phrase("a Parquet"), path=path, label=path)
        if "large" in answer:
            raise FormatError(
                path,
                expected=phrase("at most {MOST_ROWS:,} rows", MOST_ROWS=_MOST_TABLE_ROWS),
                found="more",
                remedy="Cut it to your area.",
            )
        with pa.memory_map(str(to)) as source:
            return pa.ipc.open_file(source).read_all().to_pandas(), answer["metadata"]


def _seconds(path: Path) -> float:
    """Longest that a file of this size is read: a small one that takes longer does not end."""
    return min(SECONDS + SECONDS_PER_MB * path.stat().st_size / 2**20, _LONGEST)


def _check(path: Path, label: Path | str) -> None:
    """Refuse what is no workbook of today, or unpacks without end."""
    readable_size(path, label=label)
    with path.open("rb") as stream:
        old = stream.read(len(_OLD_EXCEL)) == _OLD_EXCEL
    if old or path.suffix.lower() == ".xls":
        raise FormatError(
            label,
            expected="an Excel workbook (.xlsx)",
            found=phrase("one of Excel 97 (.xls)")
            if path.suffix.lower() == ".xls"
            else phrase("one of Excel 97 (.xls) or with a password"),
            remedy="Open it in Excel, save it as .xlsx without a password and choose that file.",
        )
    try:
        with open_archive(path, label) as archive:
            check_archive(path, archive.infolist(), label=label, most=_MOST_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise FormatError(
            label,
            expected="an Excel workbook (.xlsx)",
            found=phrase("a broken one ({kind})", kind=type(error).__name__),
            remedy="Save it again.",
        ) from error
