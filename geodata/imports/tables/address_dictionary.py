"""
Towns of a dictionary of jageocoder, a free geocoder of Japanese addresses: its tree of places, which lies in SQLite.

A dictionary of version 2.2 or newer holds the tree in `address_node.sqlite`, one of version 1 in `address.db`. Those of 2.0
and 2.1 hold it in pages of Cap'n Proto, which their own publisher gave up; they are refused.
"""

import re
import sqlite3

import numpy as np
import pandas as pd

from ...errors import FormatError, phrase
from ...files.databases import HEAD, columns_of_table, database
from ...files.opening import DATABASES, Member
from ..report import Report

MOST_NODES = 3_000_000
"""Nodes down to the town that are held: a million take about 700 MB."""

_ABOVE = {"records": "parentId", "node": "parent_id"}
"""Table of the tree and its column of the node above, of version 2.2 and of version 1."""
_COLUMNS = {"id", "name", "x", "y", "level", "note"}
_PAGES = re.compile(r"(^|/)address_node/(config\.json|page_\d+\.bin)$")
_WARD, _TOWN, _BLOCK = 4, 5, 6
"""Levels of jageocoder: of wards, of 大字 and towns, of 丁目 and 小字. Municipalities are 3."""
_DTYPES = {
    "id": "Int64",
    "above": "Int64",
    "level": "Int64",
    "name": "str",
    "lon": "float64",
    "lat": "float64",
    "muni_code": "str",
}
_NAMELESS = "."
_DEEPEST = 8
"""Steps from a 小字 up to the prefecture, and some more."""
_CHUNK = 100_000
_TITLE = phrase("a dictionary of jageocoder (address_node.sqlite or address.db)")


def is_dictionary(members: list[Member]) -> bool:
    """Whether the files are those of a dictionary, of whatever version."""
    return any(_PAGES.search(member.name) or _is_database(member) for member in members)


def _is_database(member: Member) -> bool:
    """Whether a file is called a database and begins as one; the Thumbs.db of a folder does not."""
    if member.suffix not in DATABASES:
        return False
    with member.path.open("rb") as stream:
        return stream.read(len(HEAD)) == HEAD


def dictionary_towns(members: list[Member], report: Report) -> pd.DataFrame:
    """
    Towns of every tree among the files: muni_code, name within the municipality, lon and lat (degrees), NaN where unknown.

    The code is that of the ward where there is one. FormatError when no file holds a tree of a known version, when one is
    broken, or when a tree has more than MOST_NODES nodes.
    """
    trees = [tree for member in members if _is_database(member) for tree in _trees(member, report)]
    if not trees:
        old = any(_PAGES.search(member.name) for member in members)
        raise FormatError(
            report.file,
            expected=_TITLE,
            found="one of version 2.0 or 2.1" if old else "another database",
            remedy="Bring the dictionary whose name ends in _v22.zip, or a newer one.",
        )
    report.note("The data of a dictionary have terms of their own: read its README before you hand anything on.")
    towns = pd.concat([_towns(tree) for tree in trees], ignore_index=True)
    report.rows_read += len(towns)
    return towns


def _trees(member: Member, report: Report) -> list[pd.DataFrame]:
    """The tree that a database holds, none when it holds other tables."""
    with database(member.path, report.file, _TITLE) as opened:
        tables = [t for t, above in _ABOVE.items() if {*_COLUMNS, above} <= columns_of_table(opened, t)]
        return [_nodes(opened, table, report) for table in tables]


def _nodes(opened: sqlite3.Connection, table: str, report: Report) -> pd.DataFrame:
    """Nodes down to the town by their id, with the node above, the level, the name, lon, lat and the code of a municipality's note."""
    rows = opened.execute(
        f"SELECT CAST(id AS INTEGER), CAST({_ABOVE[table]} AS INTEGER), CAST(level AS INTEGER),"  # noqa: S608  (names of ours)
        " CAST(substr(name, 1, 100) AS TEXT) AS name, CAST(x AS REAL), CAST(y AS REAL),"
        " CASE WHEN level <= ? THEN CAST(substr(note, 1, 400) AS TEXT) END AS note"
        f" FROM {table} WHERE level BETWEEN 1 AND ? LIMIT ?",
        (_WARD, _BLOCK, MOST_NODES + 1),
    )
    nodes = pd.concat([_typed([]), *map(_typed, iter(lambda: rows.fetchmany(_CHUNK), []))], ignore_index=True)
    if len(nodes) > MOST_NODES:
        raise FormatError(
            report.file,
            expected=phrase("at most {MOST_ROWS:,} rows", MOST_ROWS=MOST_NODES),
            found=phrase("{n:,}", n=len(nodes)),
            remedy="Cut it to your area.",
        )
    return nodes.drop_duplicates("id").set_index("id")


def _typed(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """Rows of a tree, of a note only the code of its municipality of today, which stands first."""
    frame = pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES)
    return frame.assign(muni_code=frame["muni_code"].str.extract(r"jisx0402:(\d{5})")[0])


def _towns(nodes: pd.DataFrame) -> pd.DataFrame:
    """The nodes below municipalities, each with its whole name there and the code of the nearest node above that has one."""
    towns = nodes[nodes["level"].ge(_TOWN) & nodes["name"].ne(_NAMELESS)]
    parts = nodes["name"].where(nodes["level"].ge(_TOWN) & nodes["name"].ne(_NAMELESS), "")
    names, codes, at = towns["name"].to_numpy(), towns["muni_code"].to_numpy(), towns["above"]
    for _ in range(_DEEPEST):
        names = parts.reindex(at).fillna("").to_numpy() + names
        codes = np.where(pd.isna(codes), nodes["muni_code"].reindex(at).to_numpy(), codes)
        at = nodes["above"].reindex(at)
    here = towns["lon"].abs().le(180) & towns["lat"].abs().le(90)  # 999.9 stands for none
    places = towns[["lon", "lat"]].where(here).reset_index(drop=True)
    return pd.DataFrame({"muni_code": codes, "name": names}).astype("str").assign(lon=places["lon"], lat=places["lat"])
