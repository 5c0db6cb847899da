import os
import subprocess
import sys
import tempfile
import time

import pytest

from geodata.errors import SourceError
from geodata.files import writing
from geodata.files.writing import replacing, replacing_all, sweep, temporary_folder

DAY_S = 24 * 3600


@pytest.fixture(autouse=True)
def _next_run():
    writing.sweep.cache_clear()


@pytest.fixture
def gone():
    """Id of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left(folder, host, pid, age_s=0.0):
    path = folder / f".planner-{host}-{pid}-abc.parquet"
    path.write_text("half", "utf-8")
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_several_files_appear_together(tmp_path):
    first, second = tmp_path / "x.csv", tmp_path / "x.json"
    with replacing_all(first, second) as (one, other):
        one.write_text("1", "utf-8")
        other.write_text("2", "utf-8")
        assert not first.exists()
    assert names(tmp_path) == ["x.csv", "x.json"]


def test_where_one_is_refused_all_are_what_they_were(tmp_path):
    first, second, third = (tmp_path / name for name in ("new.csv", "old.csv", "folder"))
    second.write_text("old", "utf-8")
    third.mkdir()

    def write():
        with replacing_all(first, second, third) as temporaries:
            for temporary in temporaries:
                temporary.write_text("new", "utf-8")

    with pytest.raises(SourceError, match="folder: could not be written"):
        write()
    assert names(tmp_path) == ["folder", "old.csv"]
    assert second.read_text("utf-8") == "old"


@pytest.mark.skipif(os.name != "posix", reason="asks for a process by its id")
def test_the_next_write_sweeps_what_a_dead_process_left(tmp_path, gone):
    mine = left(tmp_path, writing._HOST, os.getpid(), 2 * DAY_S)
    left(tmp_path, writing._HOST, gone)
    (tmp_path / ".planner-of-somebody").write_text("", "utf-8")
    with replacing(tmp_path / "x.txt") as temporary:
        temporary.write_text("new", "utf-8")
    assert names(tmp_path) == sorted([mine.name, ".planner-of-somebody", "x.txt"])


def test_what_another_machine_writes_is_left_alone_for_a_day(tmp_path):
    fresh = left(tmp_path, "00000000", 1, DAY_S / 2)
    left(tmp_path, "00000000", 2, 2 * DAY_S)
    sweep(tmp_path)
    assert names(tmp_path) == [fresh.name]


@pytest.mark.skipif(os.name != "posix", reason="asks for a process by its id")
def test_the_folder_of_a_session_that_was_killed_is_swept(tmp_path, monkeypatch, gone):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    abandoned = tmp_path / f"planner-{writing._HOST}-{gone}-x"
    (abandoned / "upload").mkdir(parents=True)
    kept = temporary_folder()
    assert names(tmp_path) == [kept.name]


def test_a_process_killed_while_writing_leaves_nothing_after_the_next_run(tmp_path):
    code = "import os; from pathlib import Path; from geodata.files.writing import replacing\nwith replacing(Path('x.txt')): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 9
    assert len(names(tmp_path)) == 1
    sweep(tmp_path)
    assert names(tmp_path) == []
