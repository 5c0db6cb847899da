"""Text tables of known publishers: decoded strictly, cells as text, columns checked."""

from io import StringIO
from pathlib import Path

import pandas as pd

from ..errors import FormatError, phrase


def read_text(path: Path, *, encoding: str, name: str | None = None) -> str:
    """Decode a whole file strictly: a wrong encoding is an error, never mojibake."""
    try:
        return path.read_bytes().decode(encoding)
    except OSError as error:
        raise FormatError(
            name or path, expected="a file", found=error.strerror or "none", remedy="Check the path."
        ) from error
    except UnicodeDecodeError as error:
        raise FormatError(
            name or path,
            expected=phrase("text in {encoding}", encoding=encoding),
            found=phrase("a byte that is not {encoding} at position {start}", encoding=encoding, start=error.start),
            remedy="The file may be another edition or a broken copy.",
        ) from error


def read_csv(path: Path, *, columns: set[str], encoding: str = "utf-8-sig", name: str | None = None) -> pd.DataFrame:
    """CSV as text cells (empty = missing) with at least `columns`."""
    label = name or path
    try:
        table = pd.read_csv(
            StringIO(read_text(path, encoding=encoding, name=name)), dtype="str", keep_default_na=False, na_values=[""]
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise FormatError(label, expected="a CSV table", found=str(error), remedy="Check the file.") from error
    require_columns(table, columns, label)
    return table


def require_columns(table: pd.DataFrame, columns: set[str], label: Path | str) -> None:
    """FormatError naming the columns that are absent."""
    if absent := sorted(columns - set(table.columns)):
        raise FormatError(
            label,
            expected=phrase("columns {known}", known=", ".join(sorted(columns))),
            found=phrase("no {known}", known=", ".join(absent)),
            remedy="The publisher may have changed the layout.",
        )


def numbers(column: pd.Series) -> pd.Series:
    """Float64 of a text or mixed column; whatever is not a number is unknown."""
    return pd.to_numeric(column, errors="coerce").astype("float64")
