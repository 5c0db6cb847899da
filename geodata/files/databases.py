"""SQLite files of others: read alone and as they lie, nothing in them computed by what they bring along."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ..errors import FormatError, Phrase, phrase

HEAD = b"SQLite format 3\x00"
"""How a SQLite file begins."""
_LONGEST_VALUE = 2**20


@contextmanager
def database(path: Path, label: Path | str, expected: Phrase) -> Iterator[sqlite3.Connection]:
    """A SQLite file that cannot be written; FormatError (expected …) when it is broken, also while it is read."""
    if _cut(path):
        raise FormatError(label, expected=expected, found="a truncated file", remedy="Download it again.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            opened.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
            opened.execute("PRAGMA trusted_schema = OFF")
            yield opened
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the second: of a message of SQLite
        raise FormatError(
            label,
            expected=expected,
            found=phrase("a broken one ({error})", error=str(error)[:120]),
            remedy="Export it again.",
        ) from error


def columns_of_table(opened: sqlite3.Connection, table: str) -> set[str]:
    """Columns that a table stores, none when there is no table of this name: a view or a virtual table is none."""
    stored = opened.execute(
        "SELECT count(*) FROM sqlite_master WHERE name = ? AND type = 'table' AND sql NOT LIKE '%virtual%'", (table,)
    ).fetchone()
    named = opened.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return {name for (name,) in named} if stored[0] else set()


def _cut(path: Path) -> bool:
    """Whether a file ends before the last page that its head counts: SQLite would take what is missing for empty."""
    with path.open("rb") as stream:
        head = stream.read(100)
    counted = head[24:28] == head[92:96]
    size, pages = int.from_bytes(head[16:18]), int.from_bytes(head[28:32])
    return counted and path.stat().st_size < (2**16 if size == 1 else size) * pages
