"""Whatever bytes come in, a parser gives a layer or one sentence."""

import random
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import ESTAT, ESTATES, TSO_LINES, geojson_zip, ksj_frame, shape_zip, workbook

from geodata import GeodataError, Store, imports
from geodata.imports import KINDS, Options

pytestmark = pytest.mark.fuzz


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "osm").mkdir()
    way = '<way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>'
    nodes = '<node id="1" lat="36.0" lon="136.2"/><node id="2" lat="36.01" lon="136.2"/>'
    with closing(sqlite3.connect(folder / "address.db")) as database, database:
        database.execute("CREATE TABLE node (id INTEGER PRIMARY KEY, name, x FLOAT, y FLOAT, level, note, parent_id)")
        database.execute("INSERT INTO node VALUES (1, '福井市', 136.2, 36.0, 3, 'jisx0402:18201', 0)")
        database.execute("INSERT INTO node VALUES (2, '大手', 136.2, 36.0, 5, '', 1)")
    return Store(folder / "data"), {
        "town_positions": [(folder / "address.db").read_bytes()],
        "ksj_a33": [
            shape_zip(ksj_frame("ksj_a33"), folder).read_bytes(),
            geojson_zip(ksj_frame("ksj_a33"), folder).read_bytes(),
        ],
        "tso_capacity": [TSO_LINES.format(name="新福井", kv=275).encode("cp932")],
        "estates": [workbook(ESTATES, folder / "e.xlsx").read_bytes(), "団地名,経度,緯度\nA,136,36\n".encode()],
        "estat": [ESTAT.encode()],
        "prefecture_table": ["都道府県,値\n福井県,1\n".encode()],
        "road_network": [f"<osm version='0.6'>{nodes}{way}</osm>".encode()],
    }


def broken(content, number):
    """Cut, flip, double or splice bytes."""
    dice = random.Random(number)  # noqa: S311  (not for secrets)
    data = bytearray(content)
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(data) or 1)
        match dice.randrange(4):
            case 0:
                del data[at : at + dice.randint(1, 40)]
            case 1:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 2:
                data[at:at] = dice.choice(
                    [b",", b"\n", b"<", b'"', b"\x00", b"\xff", "県".encode(), b"=cmd()", b"1e999"]
                )
            case _:
                data = data[: dice.randint(0, len(data))]
        if not data:
            return b"x"
    return bytes(data)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=st.integers(0, 10**9),
    kind=st.sampled_from(
        ["ksj_a33", "tso_capacity", "estates", "estat", "prefecture_table", "road_network", "town_positions"]
    ),
)
def test_a_broken_file_is_a_layer_or_one_sentence(seeds, tmp_path, number, kind):
    store, contents = seeds
    content = contents[kind][number % len(contents[kind])]
    suffix = {"ksj_a33": ".zip", "road_network": ".osm", "town_positions": ".db"}.get(
        kind, ".xlsx" if content[:2] == b"PK" else ".csv"
    )
    path = tmp_path / f"f{suffix}"
    path.write_bytes(broken(content, number))
    try:
        found = imports.read(path, kind, Options(), lambda id_: store.layer(id_) if store.has(id_) else None)
    except GeodataError:
        return
    assert found.report.rows_kept == len(found.layer.frame) > 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=400),
    kind=st.sampled_from(sorted(KINDS)),
    suffix=st.sampled_from([".zip", ".csv", ".xlsx", ".geojson", ".osm", ".graphml", ".gml", ".shp", ".gz", ""]),
)
def test_any_bytes_under_any_name(seeds, tmp_path, content, kind, suffix):
    store, _ = seeds
    path = tmp_path / f"f{suffix}"
    path.write_bytes(content)
    with pytest.raises(GeodataError):
        imports.read(path, kind, Options(), lambda id_: store.layer(id_) if store.has(id_) else None)
