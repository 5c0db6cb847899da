import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
from importing import read, told, written

from geodata import imports
from geodata.errors import FormatError
from geodata.imports import Options
from geodata.imports.tables import address_dictionary

NEW = """CREATE TABLE records (_pos INTEGER PRIMARY KEY, "id" INTEGER, "name" TEXT, "nameIndex" TEXT, "x" REAL, "y" REAL,
    "level" INTEGER, "priority" INTEGER, "note" TEXT, "parentId" INTEGER, "siblingId" INTEGER)"""
OLD = """CREATE TABLE node (id INTEGER NOT NULL, name VARCHAR(256) NOT NULL, name_index VARCHAR(256) NOT NULL, x FLOAT, y FLOAT,
    level SMALLINT, priority SMALLINT, note TEXT, parent_id INTEGER, PRIMARY KEY (id))"""
LAYOUTS = {
    "address_node.sqlite": (
        NEW,
        "INSERT INTO records VALUES (:id, :id, :name, '', :x, :y, :level, 1, :note, :above, 0)",
    ),
    "address.db": (OLD, "INSERT INTO node VALUES (:id, :name, '', :x, :y, :level, 1, :note, :above)"),
}
NONE = 999.9
TREE = [
    (1, 0, 1, "神奈川県", 139.6, 35.4, "lasdec:140007/jisx0401:14"),
    (2, 1, 3, "横浜市", 139.6, 35.4, "geoshape_city_id:14100A1956/jisx0402:14100"),
    (3, 2, 4, "港北区", 139.63, 35.52, "geoshape_city_id:14109A1968/jisx0402:14109/postcode:2220000"),
    (4, 3, 5, "新横浜", 139.61, 35.51, ""),
    (5, 4, 6, "一丁目", 139.612, 35.511, "aza_id:0010001"),
    (6, 5, 7, "2番", 139.613, 35.512, ""),
    (7, 1, 2, "足柄上郡", NONE, NONE, None),
    (8, 7, 3, "山北町", 139.08, 35.36, "jisx0402:14364/jisx0402:14300"),
    (9, 8, 5, "大字世附", 139.01, 35.40, ""),
    (10, 9, 6, "字東", 139.02, 35.41, ""),
    (11, 10, 6, "沢", 139.03, 35.42, ""),
    (12, 8, 5, ".", NONE, NONE, "cn:世附"),
    (13, 12, 6, "向原", 139.09, 35.37, ""),
    (14, 8, 5, "谷ケ", NONE, NONE, ""),
]


def dictionary(folder, name="address_node.sqlite", tree=TREE):
    create, insert = LAYOUTS[name]
    with closing(sqlite3.connect(folder / name)) as database, database:
        database.execute(create)
        keys = ("id", "above", "level", "name", "x", "y", "note")
        database.executemany(insert, [dict(zip(keys, node, strict=True)) for node in tree])
    return folder / name


def zipped(path, *files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def towns_of(found):
    frame = found.layer.frame
    return {
        (code, name): (p.x, p.y)
        for code, name, p in zip(frame["muni_code"], frame["name"], frame.geometry, strict=True)
    }


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("packed", [False, True])
def test_towns_carry_their_whole_name_and_the_code_of_the_ward(tmp_path, store, name, packed):
    path = dictionary(tmp_path, name)
    if packed:
        readme = ("README.md", "terms")
        path = zipped(tmp_path / "d_v22.zip", readme, (name, path.read_bytes()), ("address.trie", "x"))
    found = read(path, "town_positions", store)
    assert towns_of(found) == {
        ("14109", "新横浜"): (139.61, 35.51),
        ("14109", "新横浜一丁目"): (139.612, 35.511),
        ("14364", "大字世附"): (139.01, 35.40),
        ("14364", "大字世附字東"): (139.02, 35.41),
        ("14364", "大字世附字東沢"): (139.03, 35.42),
        ("14364", "向原"): (139.09, 35.37),
    }
    assert found.report.rows_read == 7
    assert "1 rejected: expected a code, a name and a position, found '谷ケ'" in told(found)
    assert "terms of their own" in told(found)


def test_an_address_is_placed_to_the_town_of_the_dictionary_and_its_accuracy_said(tmp_path, tiny):
    towns = tiny.layer("municipalities").frame
    code, name = towns["muni_code"].iloc[0], towns["name"].iloc[0]
    inner = gpd.GeoSeries(towns["geometry"]).representative_point().iloc[0]
    tree = [
        (1, 0, 3, name, inner.x, inner.y, f"jisx0402:{code}"),
        (2, 1, 5, "港町", inner.x, inner.y, ""),
        (3, 2, 6, "一丁目", inner.x + 0.001, inner.y, ""),
    ]
    own = read(dictionary(tmp_path, tree=tree), "town_positions", tiny, layer_id="town_positions").layer
    found = imports.read(
        written(tmp_path, f"団地名,所在地\n甲,{name}港町1-23\n"),
        "estates",
        Options(),
        lambda id_: own if id_ == "town_positions" else tiny.layer(id_) if tiny.has(id_) else None,
    )
    assert found.layer.frame.geometry.iloc[0].x == pytest.approx(inner.x + 0.001)
    assert found.layer.frame["accuracy_m"].iloc[0] == 1_000
    assert "good to about 1 km" in told(found)


def test_dictionaries_of_several_prefectures_in_one_zip_are_put_together(tmp_path, store):
    other = [(1, 0, 3, "福井市", 136.2, 36.06, "jisx0402:18201"), (2, 1, 5, "大手", 136.22, 36.06, "")]
    parts = []
    for folder, tree in (("14", TREE), ("18", other)):
        (tmp_path / folder).mkdir()
        content = dictionary(tmp_path / folder, tree=tree).read_bytes()
        inner = zipped(tmp_path / f"{folder}.zip", ("address_node.sqlite", content))
        parts.append((inner.name, inner.read_bytes()))
    found = read(zipped(tmp_path / "both.zip", *parts), "town_positions", store)
    assert {code for code, _ in towns_of(found)} == {"14109", "14364", "18201"}


def test_a_table_beside_a_thumbs_db_is_still_a_table(tmp_path, store):
    table = ("t.csv", "市区町村コード,大字町丁目名,緯度,経度\n18201,大手,36.06,136.22\n")
    found = read(zipped(tmp_path / "t.zip", table, ("Thumbs.db", b"\xd0\xcf\x11\xe0")), "town_positions", store)
    assert set(towns_of(found)) == {("18201", "大手")}


def test_other_tables_of_a_dictionary_are_passed_over(tmp_path, store):
    with closing(sqlite3.connect(tmp_path / "aza_master.sqlite")) as database:
        database.execute("CREATE TABLE records (_pos INTEGER PRIMARY KEY, code TEXT, names TEXT)")
    both = [(p.name, p.read_bytes()) for p in (tmp_path / "aza_master.sqlite", dictionary(tmp_path))]
    assert len(read(zipped(tmp_path / "d.zip", *both), "town_positions", store).layer.frame) == 6
    with pytest.raises(FormatError, match="another database"):
        read(tmp_path / "aza_master.sqlite", "town_positions", store)


def test_pages_of_the_versions_between_are_refused_with_what_to_bring(tmp_path, store):
    path = zipped(tmp_path / "d_v21.zip", ("address_node/config.json", "{}"), ("address_node/page_000.bin", "x"))
    with pytest.raises(FormatError, match=r"found one of version 2\.0 or 2\.1\. Bring the dictionary .* _v22\.zip"):
        read(path, "town_positions", store)


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\x00 no database", b"cut"])
def test_a_broken_dictionary_is_one_sentence(tmp_path, store, damage):
    path = dictionary(tmp_path)
    path.write_bytes(path.read_bytes()[:5_000] if damage == b"cut" else damage)
    with pytest.raises(FormatError, match=r"a heading such as|a file with content|a truncated file|a broken one"):
        read(path, "town_positions", store)


@pytest.mark.parametrize(
    "create",
    [
        """CREATE VIEW records AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
            SELECT id, '甲' AS name, 139.0 AS x, 35.0 AS y, 5 AS level, '' AS note, 0 AS parentId FROM n""",
        "CREATE TABLE records (id, name, x, y, level, parentId, note AS (hex(zeroblob(900000000))))",
    ],
)
def test_a_tree_that_is_computed_is_none(tmp_path, store, create):
    with closing(sqlite3.connect(tmp_path / "address_node.sqlite")) as database:
        database.execute(create)
    with pytest.raises(FormatError, match="another database"):
        read(tmp_path / "address_node.sqlite", "town_positions", store)


def test_a_tree_without_root_ends(tmp_path, store):
    ring = [(1, 2, 5, "甲", 139.0, 35.0, ""), (2, 1, 5, "乙", 139.0, 35.0, "")]
    with pytest.raises(FormatError, match="at least one usable row"):
        read(dictionary(tmp_path, tree=ring), "town_positions", store)


def test_nodes_are_bounded(tmp_path, store, monkeypatch):
    monkeypatch.setattr(address_dictionary, "MOST_NODES", len(TREE) - 2)
    with pytest.raises(FormatError, match="at most 12 rows, found 13"):
        read(dictionary(tmp_path), "town_positions", store)


def test_a_dictionary_of_jageocoder_itself_is_read(tmp_path, store):
    with closing(sqlite3.connect(tmp_path / "address_node.sqlite")) as database, database:
        database.executescript(Path(__file__).with_name("jageocoder_2_2_1.sql").read_text(encoding="utf-8"))
    own = read(tmp_path / "address_node.sqlite", "town_positions", store)
    (tmp_path / "ours").mkdir()
    assert towns_of(own) == towns_of(read(dictionary(tmp_path / "ours"), "town_positions", store))
