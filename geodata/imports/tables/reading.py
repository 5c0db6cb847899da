"""A table of a known kind: every sheet with a heading that fits, in the units of our columns."""

import pandas as pd

from ...errors import FormatError, phrase
from ...files.opening import Member
from ..report import Report
from .columns import Columns
from .grids import grids
from .headings import Rows, headed, tables_of
from .units import converted


def split(member: Member, columns: Columns, report: Report) -> list[Rows]:
    """Every table of every sheet, those below one another apart."""
    required = {column.name for column in columns if column.required}
    return [part for rows in grids(member, report) for part in tables_of(rows, columns, required=required)]


def read_table(members: list[Member], columns: Columns, report: Report) -> pd.DataFrame:
    """Every sheet or CSV inside with a heading that fits, each in the units of its own headings, put together."""
    found = []
    for member in members:
        for rows in split(member, columns, report):
            table = headed(rows, columns, report)
            if table is not None:
                found.append(converted(table, columns, report))
    if not found:
        needed = ", ".join(c.headings[1] if len(c.headings) > 1 else c.headings[0] for c in columns if c.required)
        raise FormatError(
            report.file,
            expected=phrase("a table with a heading such as {needed}", needed=needed),
            found="none in the first rows",
            remedy="Keep the publisher's heading row, or use `planner data template`.",
        )
    whole = pd.concat(found, ignore_index=True)
    if whole.empty:
        raise FormatError(
            report.file, expected="rows below the heading", found="none with a name", remedy="Check the file."
        )
    return whole
