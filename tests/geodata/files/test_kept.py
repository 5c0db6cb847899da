import pytest
from damage import flipped, swapped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import GeodataError, IntegrityError
from geodata.files.kept import keep, kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200), key=st.text(max_size=9), seed=st.integers(0, 2**32))
def test_what_was_kept_comes_back_and_one_flipped_bit_never_does(tmp_path, content, key, seed):
    path = tmp_path / "x.kept"
    keep(path, key, content)
    assert kept(path, key) == content
    flipped(path, seed)
    with pytest.raises(IntegrityError):
        kept(path, key)


def test_a_neighbours_file_is_not_used(tmp_path):
    first, second = tmp_path / "a.kept", tmp_path / "b.kept"
    keep(first, "a", b"same")
    keep(second, "b", b"same")
    swapped(first, second)
    for path, key in ((first, "a"), (second, "b")):
        with pytest.raises(IntegrityError):
            kept(path, key)


@pytest.mark.parametrize("length", [0, 5, 20, 47, 50])
def test_a_file_cut_short_is_not_used(tmp_path, length):
    path = tmp_path / "x.kept"
    keep(path, "key", b"content")
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(IntegrityError):
        kept(path, "key")


def test_nothing_kept_is_no_damage_and_a_folder_is(tmp_path):
    assert kept(tmp_path / "x.kept", "key") is None
    (tmp_path / "x.kept").mkdir()
    with pytest.raises(GeodataError, match="cannot be read"):
        kept(tmp_path / "x.kept", "key")
