import shutil

import pytest
from damage import flipped, swapped

from geodata import Store
from geodata.errors import GeodataError


@pytest.fixture
def damageable(tiny, tmp_path):
    """A copy of two layers of the pulled country, with what one of them is made from, and what it says."""
    specs = {id_: tiny.specs[id_] for id_ in ("municipalities", "ports_listed", "ports")}
    assert {made_from for spec in specs.values() for made_from in spec.inputs} <= set(specs)
    for id_ in ("municipalities", "ports"):
        shutil.copytree(tiny.root / "layers" / id_, tmp_path / "layers" / id_)
    (tmp_path / "files").symlink_to(tiny.root / "files")
    said = []
    return Store(tmp_path, specs, said.append), said


def again(store):
    """The store as the next process opens it."""
    said = []
    return Store(store.root, store.specs, said.append), said


@pytest.mark.parametrize("seed", range(64))
def test_one_flipped_bit_changes_no_layer_and_a_word_is_said(damageable, tiny, seed):
    store, said = damageable
    paths = sorted((store.root / "layers" / "ports").iterdir())
    flipped(paths[seed % len(paths)], seed)
    layer = store.layer("ports")
    assert layer.frame.equals(tiny.layer("ports").frame)
    assert layer.version == tiny.layer("ports").version
    assert said
    healed, quiet = again(store)
    healed.layer("ports")
    healed.pull(["ports"])
    assert healed.check()["ports"] == []
    assert quiet == said[:0] or "names its version" in str(quiet[0])


@pytest.mark.parametrize("suffix", ["*.parquet", "*.json", "current"])
def test_two_layers_under_each_others_name_are_noticed(damageable, tiny, suffix):
    store, said = damageable
    ports, towns = (next((store.root / "layers" / id_).glob(suffix)) for id_ in ("ports", "municipalities"))
    swapped(ports, towns)
    for id_ in ("ports", "municipalities"):
        assert store.layer(id_).frame.equals(tiny.layer(id_).frame)
    assert len(said) >= 2


def test_a_layer_that_cannot_be_stored_again_is_used_all_the_same(damageable, tiny, monkeypatch):
    store, said = damageable
    flipped(next((store.root / "layers" / "ports").glob("*.parquet")), 1)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    assert store.layer("ports").frame.equals(tiny.layer("ports").frame)
    assert ["made again" in str(said[0]), "No space left" in str(said[1])] == [True, True]


def test_a_publishers_file_that_changed_on_disk_is_fetched_again(tiny, mirror, tmp_path):
    said = []
    store = Store(tmp_path, tiny.specs, said.append)
    store.pull(["ports"], mirror=mirror)
    flipped(store.file(store.spec("ports").files[0].sha256), 1)
    shutil.rmtree(store.root / "layers")
    store.pull(["ports"], mirror=mirror)
    assert store.layer("ports").frame.equals(tiny.layer("ports").frame)
    assert "fetched again" in str(said[0])


def test_a_layer_of_an_older_version_is_read_and_sealed_by_the_next_pull(damageable, mirror):
    store, _ = damageable
    note = next((store.root / "layers" / "ports").glob("*.json"))
    note.write_text('{"retrieved_at": "2026-01-01", "steps": []}', "utf-8")
    assert store.layer("ports").retrieved_at == "2026-01-01"
    assert "checksum" in store.check()["ports"][0]
    assert [o.outcome for o in store.pull(["ports"], mirror=mirror)][-1] == "built"
    assert store.check()["ports"] == []


def test_a_damaged_layer_and_a_damaged_file_end_in_one_sentence(damageable, tiny):
    store, _ = damageable
    (store.root / "files").unlink()
    shutil.copytree(tiny.root / "files", store.root / "files")
    flipped(next((store.root / "layers" / "ports").glob("*.parquet")), 1)
    flipped(store.file(store.spec("ports").files[0].sha256), 1)
    with pytest.raises(GeodataError, match="planner data pull ports"):
        store.layer("ports")
