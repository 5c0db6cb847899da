import sqlite3
from contextlib import closing

import pytest

from geodata.errors import FormatError, phrase
from geodata.files import opening
from geodata.files.databases import columns_of_table, database


@pytest.fixture
def path(tmp_path):
    with closing(sqlite3.connect(tmp_path / "d #1?.sqlite")) as made, made:
        made.execute("CREATE TABLE t (a, b, c AS (a + b))")
        made.execute("INSERT INTO t VALUES (1, 2)")
        made.execute("CREATE VIEW v AS SELECT a FROM t")
        made.execute("CREATE VIRTUAL TABLE r USING rtree(id, x0, x1)")
    return tmp_path / "d #1?.sqlite"


def test_a_database_is_read_and_never_written(path):
    with database(path, "d", phrase("a database")) as opened:
        assert opened.execute("SELECT a, b, c FROM t").fetchall() == [(1, 2, 3)]
    with (
        pytest.raises(FormatError, match="a database, found a broken one"),
        database(path, "d", phrase("a database")) as opened,
    ):
        opened.execute("INSERT INTO t VALUES (1, 2)")


def test_only_what_a_table_stores_are_its_columns(path):
    with database(path, "d", phrase("a database")) as opened:
        assert columns_of_table(opened, "t") == {"a", "b"}
        assert [columns_of_table(opened, name) for name in ("v", "r", "none")] == [set(), set(), set()]


def test_a_truncated_database_is_said(path):
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(FormatError, match="a truncated file"), database(path, "d", phrase("a database")):
        pass


def test_a_database_may_be_larger_than_what_is_unpacked_or_held(path, monkeypatch):
    monkeypatch.setattr(opening, "MAX_BYTES", 1_000)
    with opening.opened(path) as members:
        assert [member.path for member in members] == [path]
    other = path.rename(path.with_suffix(".csv"))
    with pytest.raises(FormatError, match="at most"), opening.opened(other):
        pass
