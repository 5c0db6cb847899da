import functools
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import tiny_country

from geodata import GeodataError, LayerSpec, Store
from geodata.errors import IntegrityError, LayerMissingError, SourceError
from geodata.files.writing import replacing
from geodata.store import store
from geodata.store.fetch import Mirror


@pytest.fixture
def fresh(tmp_path, mirror):
    return Store(tmp_path / "data", tiny_country.build(mirror))


def test_everything_is_built_and_then_left_alone(fresh, mirror):
    first = {o.layer_id: o.outcome for o in fresh.pull(mirror=mirror)}
    assert set(first.values()) == {"built"}
    assert "land_mesh_500m" not in first
    assert {o.outcome for o in fresh.pull(mirror=mirror)} == {"unchanged"}
    assert all(found == [] for found in fresh.check().values())


def test_a_layer_brings_its_inputs(fresh, mirror):
    assert [o.layer_id for o in fresh.pull(["settlement"], mirror=mirror)] == [
        "municipalities",
        "land_mesh_1km",
        "municipal_statistics",
        "settlement",
    ]


def test_an_absent_layer_names_the_pull_command(fresh):
    with pytest.raises(LayerMissingError, match="planner data pull municipalities"):
        fresh.layer("municipalities")


def test_an_unknown_layer_lists_the_known_ones(fresh):
    with pytest.raises(GeodataError, match="candidate_sites"):
        fresh.layer("nonsense")


def test_a_changed_file_is_refused_and_nothing_is_left(fresh, mirror, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(mirror, broken)
    (broken / "files" / "UpdatedPub150.csv").write_text("other", "utf-8")
    with pytest.raises(IntegrityError, match="sha256 expected"):
        fresh.pull(["ports"], mirror=broken)
    assert not fresh.pulled("ports")
    assert list((fresh.root / "files").iterdir()) == []


def test_a_file_that_the_mirror_lacks_is_named_and_the_rest_is_pulled(fresh, mirror, tmp_path):
    thin = tmp_path / "thin"
    shutil.copytree(mirror, thin)
    (thin / "files" / "UpdatedPub150.csv").unlink()
    outcomes = {o.layer_id: o for o in fresh.pull(mirror=thin)}
    assert outcomes["ports"].outcome == "unavailable"
    assert "UpdatedPub150.csv" in outcomes["ports"].message
    assert outcomes["municipalities"].outcome == "built"
    assert fresh.layer("ports").origin == "embedded"


def test_a_file_without_address_asks_for_a_mirror(fresh):
    with pytest.raises(SourceError, match="--mirror"):
        fresh.pull(["expressway_joints"])


@pytest.mark.parametrize("stage", ["files", "layers", "current"])
def test_a_pull_killed_at_any_moment_leaves_a_store_that_works(fresh, mirror, monkeypatch, stage):
    fresh.pull(["ports"], mirror=mirror)
    old = fresh.layer("ports")
    whole = replacing

    def killed(target):
        if stage in target.parts or target.name == stage:
            raise KeyboardInterrupt
        return whole(target)

    monkeypatch.setattr(store, "replacing", killed)
    monkeypatch.setattr("geodata.store.shelf.replacing", killed)
    monkeypatch.setattr("geodata.store.fetch.replacing", killed)
    monkeypatch.setattr(store, "REVISION", "next")
    with pytest.raises(KeyboardInterrupt):
        fresh.pull(["ports", "municipalities"], mirror=mirror)
    assert fresh.layer("ports").frame.equals(old.frame)
    monkeypatch.undo()
    fresh.pull(mirror=mirror)
    assert all(found == [] for found in fresh.check().values())


def test_a_damaged_layer_without_its_files_is_found_and_says_what_to_do(fresh, mirror):
    fresh.pull(["ports"], mirror=mirror)
    path = next((fresh.root / "layers" / "ports").glob("*.parquet"))
    path.write_bytes(b"not parquet")
    shutil.rmtree(fresh.root / "files")
    with pytest.raises(GeodataError, match="planner data pull ports"):
        fresh.layer("ports")
    assert fresh.check()["ports"]
    fresh.pull(["ports"], mirror=mirror)
    assert fresh.check()["ports"] == []


def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    target = tmp_path / "result.txt"
    target.write_text("old", "utf-8")

    def fill_the_disk():
        with replacing(target) as temporary:
            temporary.write_text("half", "utf-8")
            raise OSError(28, "No space left on device")

    with pytest.raises(SourceError, match="No space left"):
        fill_the_disk()
    assert [p.name for p in tmp_path.iterdir()] == ["result.txt"]
    assert target.read_text("utf-8") == "old"


def test_a_folder_that_is_no_mirror_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"MANIFEST\.csv"):
        Mirror(tmp_path)


def test_a_manifest_cannot_leave_its_folder(tmp_path):
    (tmp_path / "MANIFEST.csv").write_text(f"path,sha256\n../secret,{'0' * 64}\n", "utf-8")
    with pytest.raises(SourceError, match="leaves the folder"):
        Mirror(tmp_path)


def test_the_version_follows_the_content(tiny, fresh, mirror):
    fresh.pull(["ports"], mirror=mirror)
    assert fresh.layer("ports").version == tiny.layer("ports").version
    assert tiny.layer("settlement").version != tiny.layer("land_mesh_1km").version


@pytest.fixture
def publisher(mirror):
    """A web server of the tiny country's files on this machine."""
    handler = functools.partial(QuietHandler, directory=str(mirror / "files"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def from_the_network(fresh, layer_id, url):
    spec = fresh.specs[layer_id].model_dump()
    files = [{**file, "url": f"{url}/{file['name']}"} for file in spec["files"]]
    return Store(fresh.root, {**fresh.specs, layer_id: LayerSpec.model_validate({**spec, "files": files})})


def test_a_layer_comes_from_its_publisher_verified(fresh, publisher, tiny):
    store = from_the_network(fresh, "ports", publisher)
    assert [o.outcome for o in store.pull(["ports"])] == ["built"]
    assert store.layer("ports").frame.equals(tiny.layer("ports").frame)


def test_what_was_downloaded_is_not_downloaded_again(fresh, publisher, monkeypatch):
    from_the_network(fresh, "ports", publisher).pull(["ports"])
    shutil.rmtree(fresh.root / "layers")
    monkeypatch.setattr("geodata.store.store.fetch", lambda *_: pytest.fail("downloaded again"))
    assert [o.outcome for o in from_the_network(fresh, "ports", publisher).pull(["ports"])] == ["built"]


def test_an_unreachable_publisher_is_one_sentence(fresh, publisher):
    with pytest.raises(SourceError, match=r"could not be downloaded.*--mirror"):
        from_the_network(fresh, "ports", f"{publisher}/absent").pull(["ports"])
    assert not fresh.pulled("ports")
