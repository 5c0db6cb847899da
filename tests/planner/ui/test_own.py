"""A visitor's files: once by content, apart from each other, gone when taken away."""

import gc

import pytest

from planner.errors import PlannerError
from planner.ui.own import OwnFiles, recent


def test_a_file_is_kept_under_a_harmless_name_in_a_folder_of_its_content():
    own = OwnFiles()
    kept = own.keep("../../工業 用水<x>.csv", b"1")
    assert kept.path.name == "工業_用水_x_.csv"
    assert kept.path.parent.parent == own.folder
    assert own.keep("../../工業 用水<x>.csv", b"1") == kept
    assert own.keep("../../工業 用水<x>.csv", b"2").path != kept.path


@pytest.mark.parametrize("name", ["", ".", "..", "...", "/", "x" * 500 + ".csv"])
def test_any_name_is_kept_inside_the_folder(name):
    own = OwnFiles()
    kept = own.keep(name, b"1")
    assert kept.path.is_file()
    assert kept.path.parent.parent == own.folder


def test_a_file_is_read_once_and_so_is_its_error():
    own, calls = OwnFiles(), []
    good, bad = own.keep("a.csv", b"1"), own.keep("b.csv", b"2")

    def read(path):
        calls.append(path)
        if path == bad.path:
            raise PlannerError("{path}: no.", path=path)
        return path.read_bytes()

    for _ in range(3):
        assert own.read(good.path, ("x",), lambda: read(good.path)) == b"1"
        with pytest.raises(PlannerError) as caught:
            own.read(bad.path, ("x",), lambda: read(bad.path))
    assert calls == [good.path, bad.path]
    assert own.shown(str(caught.value)) == "b.csv: no."


def test_a_file_taken_away_leaves_nothing():
    own = OwnFiles()
    kept = own.keep("a.csv", b"1")
    own.sites.append(kept)
    own.read(kept.path, ("x",), lambda: 1)
    own.results["r"] = own.measured["m"] = 1
    own.forget(kept)
    assert (own.sites, own.readings, own.results, own.measured) == ([], {}, {}, {})
    assert not kept.path.exists()


def test_only_the_last_results_are_held():
    held = {}
    for number in range(9):
        assert recent(held, str(number), lambda number=number: number) == number
    assert list(held) == ["5", "6", "7", "8"]


def test_the_folder_goes_with_the_session():
    own = OwnFiles()
    folder = own.keep("a.csv", b"1").path.parents[1]
    assert folder.is_dir()
    del own
    gc.collect()
    assert not folder.exists()
