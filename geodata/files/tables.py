"""Text tables of known publishers: decoded strictly, cells as text, columns checked."""

import gzip
from io import StringIO
from pathlib import Path

import pandas as pd

from ..errors import FormatError, Phrase, phrase
from .opening import MAX_UNPACKED, readable_size

MOST_BYTES, MOST_CELLS = 100 * 2**20, 4_000_000
_MOST_COLUMNS = 5_000
_LONGEST_LINE = 4 * 2**20
_CHUNK = 2**20
_GZIP = b"\x1f\x8b"


def read_text(path: Path, *, encoding: str, name: str | None = None) -> str:
    """Decode a whole file strictly, gzip included: a wrong encoding is an error, never mojibake."""
    readable_size(path, label=name, most=MAX_UNPACKED)
    try:
        return _content(path, name or path).decode(encoding)
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


def _content(path: Path, label: Path | str) -> bytes:
    """The bytes of a file, unpacked where it is a gzip."""
    content = path.read_bytes()
    if not content.startswith(_GZIP):
        return content
    try:
        with gzip.open(path) as stream:
            content = stream.read(MAX_UNPACKED + 1)
    except (EOFError, gzip.BadGzipFile) as error:
        raise FormatError(
            label, expected="an ordinary gzip", found=str(error), remedy="The file may be truncated; pull it again."
        ) from error
    if len(content) > MAX_UNPACKED:
        raise _beyond(label, phrase("at most {n:,} bytes unpacked", n=MAX_UNPACKED), "more")
    return content


def check_csv(path: Path, *, label: Path | str | None = None, most_cells: int = MOST_CELLS) -> None:
    """
    Refuse a text table before it is parsed that has too many bytes, cells or columns, a line without end, or bytes of zero.

    The file is passed over once in chunks; separators within quotes count as cells, too.
    """
    shown = label or path
    readable_size(path, label=shown, most=MOST_BYTES if most_cells <= MOST_CELLS else MAX_UNPACKED)
    cells = line = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            cells += chunk.count(b",") + chunk.count(b"\t") + chunk.count(b"\n") + chunk.count(b"\r")
            if max(part.count(b",") + part.count(b"\t") for part in chunk.split(b"\n")) > _MOST_COLUMNS:
                raise _beyond(shown, phrase("at most {n:,} columns", n=_MOST_COLUMNS), "more")
            ends = [chunk.find(b"\n"), chunk.rfind(b"\n")]
            line = line + len(chunk) if ends[0] < 0 else max(line + ends[0], len(chunk) - ends[1] - 1)
            if b"\0" in chunk:
                raise _beyond(shown, phrase("text without bytes of zero"), "some")
            if cells > most_cells:
                raise _beyond(shown, phrase("at most {n:,} cells", n=most_cells), "more")
            if line > _LONGEST_LINE:
                raise _beyond(shown, phrase("lines of at most {n:,} bytes", n=_LONGEST_LINE), "a longer one")
            line = line if ends[0] < 0 else len(chunk) - ends[1] - 1


def _beyond(label: Path | str, expected: Phrase, found: str) -> FormatError:
    return FormatError(label, expected=expected, found=found, remedy="Check it, cut it or export it again.")


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
