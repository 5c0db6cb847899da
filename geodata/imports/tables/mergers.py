"""The official table of mergers: e-Stat's 廃置分合等情報, whose reasons name the municipalities before and after."""

import re
from collections.abc import Iterator

import pandas as pd

from ...base import Text
from ...errors import FormatError
from ...files.opening import Member
from ...layer import FieldSpec
from ..report import Report
from .grids import grids
from .headings import HEADER_WITHIN, Rows, cell_of

_REASON = "改正事由"
_NAMED = re.compile(r"([^\s、，,・()]+?)\((\d{5})\)")
_SIDES = re.compile(r"(?<=\))\s*[がの]")
_OTHER = re.compile(r"一部|境界|分割|分立|分離")
_SPECS = {
    "name": FieldSpec(dtype="string", unit=None, title=Text(ja="旧市町村名", en="Former name")),
    "muni_code": FieldSpec(dtype="string", unit=None, title=Text(ja="現在のコード", en="Code of today")),
}


def mergers(members: list[Member], report: Report) -> tuple[pd.DataFrame, dict[str, FieldSpec]]:
    """Former names, each with the code that the place has after every later change; parts of municipalities are left out."""
    reasons = [reason for member in members for rows in grids(member, report) for reason in _reasons(rows)]
    changes = [change for reason in reasons for line in reason.splitlines() for change in _changes(line)]
    report.rows_read = len(reasons)
    if not changes:
        raise FormatError(
            report.file,
            expected="a column 改正事由 with codes, such as 石下町(08523)が水海道市(08211)に編入",
            found="none",
            remedy="Download 廃置分合等情報 from e-Stat as CSV.",
        )
    after = {old: new for _, old, new in changes if old != new}
    rows = [(name, _latest(new, after)) for name, _, new in changes]
    return pd.DataFrame(rows, columns=list(_SPECS), dtype="str").drop_duplicates(ignore_index=True), _SPECS


def _reasons(rows: Rows) -> Iterator[str]:
    header = next((n for n, row in enumerate(rows[:HEADER_WITHIN]) if _REASON in map(str.strip, row)), None)
    if header is not None:
        column = [cell.strip() for cell in rows[header]].index(_REASON)
        yield from dict.fromkeys(cell_of(row, column) for row in rows[header + 1 :])


def _changes(line: str) -> Iterator[tuple[str, str, str]]:
    """Name and code before, and code after, of each municipality that a line ends or renames."""
    sides = _SIDES.split(line.replace("（", "(").replace("）", ")"), maxsplit=1)
    if _OTHER.search(line) or len(sides) != 2:  # noqa: PLR2004  (before, after)
        return
    new = _NAMED.search(sides[1])
    for name, code in _NAMED.findall(sides[0]):
        yield name, code, new[2] if new else code


def _latest(code: str, after: dict[str, str]) -> str:
    """The code at the end of a chain of changes."""
    seen = {code}
    while (code := after.get(code, code)) not in seen:
        seen.add(code)
    return code
