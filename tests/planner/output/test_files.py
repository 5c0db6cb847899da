import csv
import json
import math
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import geopandas as gpd
import hostile_session
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from geodata.errors import GeodataError
from planner import PlannerError, evaluate, scenario_from_profile
from planner.explain.reasons import USERS, explain
from planner.output.files import read_result, write
from planner.output.formats import sidecar
from planner.scenario.merge import merged_scenario

FORMATS = [".geojson", ".parquet", ".gpkg", ".csv", ".xlsx"]


@pytest.fixture(scope="module")
def cells(tiny):
    return evaluate(scenario_from_profile("gx2-datacentre", kind="mesh", prefectures=["08"]), tiny)


@pytest.fixture
def plots(tiny, tmp_path):
    shapes = [shapely.box(140.0, 36.0, 140.01, 36.01), shapely.Polygon([(140.1, 36), (140.1, 36.1), (140.2, 36.1)])]
    path = tmp_path / "plots.geojson"
    names = ["=cmd()", '<img src=x onerror="alert(1)">']
    gpd.GeoDataFrame({"name": names}, geometry=shapes, crs=4326).to_file(path)
    return evaluate(scenario_from_profile("gx2-datacentre", kind="file", path=str(path)), tiny)


def said(result, site):
    """Every sentence about a site; the last digit of a float may differ between formats."""
    explanation = explain(result, site, "ja")
    lines = [(line.title, line.value, line.source, line.points and round(line.points, 9)) for line in explanation.lines]
    return explanation.headline, explanation.verdict, explanation.gates, lines


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_reads_back_and_explains_alike(cells, tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    write(cells, path)
    fresh, back = cells.result(), read_result(path)
    assert back.table.index.to_list() == fresh.table.index.to_list()
    for name in ("score", "completeness", "value_workforce", "contribution_connection_km"):
        pd.testing.assert_series_equal(back.table[name].astype(float), fresh.table[name], rtol=1e-9)
    assert back.about.scenario_sha256 == cells.plan.scenario.digest()
    site = fresh.table.index[3]
    assert said(back, site) == said(fresh, site)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_result_gives_the_same_bytes(cells, tmp_path, suffix):
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    write(cells, first)
    time.sleep(1.1)  # Excel writes seconds of the clock
    write(cells, second)
    assert first.read_bytes() == second.read_bytes()


def test_a_geopackage_has_the_same_bytes_at_any_time_and_beside_other_writers(cells, tmp_path):
    write(cells, tmp_path / "alone.gpkg")
    time.sleep(1.1)  # GDAL writes seconds and milliseconds of the clock
    paths = [tmp_path / f"{number}.gpkg" for number in range(6)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda path: write(cells, path), paths))
    assert {path.read_bytes() for path in paths} == {(tmp_path / "alone.gpkg").read_bytes()}


def test_a_geopackage_says_nothing_of_the_clock(cells, tmp_path):
    write(cells, tmp_path / "x.gpkg")
    assert f"{datetime.now(UTC):%Y-%m-%dT}".encode() not in (tmp_path / "x.gpkg").read_bytes()
    with closing(sqlite3.connect(tmp_path / "x.gpkg")) as book:
        assert book.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert book.execute("SELECT last_change FROM gpkg_contents").fetchall() == [("2000-01-01T00:00:00.000Z",)]


def test_geojson_is_rfc_7946(plots, tmp_path):
    path = tmp_path / "x.geojson"
    write(plots, path)
    whole = json.loads(path.read_text("utf-8"), parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert "crs" not in whole
    for feature in whole["features"]:
        ring = feature["geometry"]["coordinates"][0]
        assert shapely.LinearRing(ring).is_ccw
        assert all(round(c, 6) == c for point in ring for c in point)
    table = plots.result().table
    unknown = [k for k, v in whole["features"][0]["properties"].items() if v is None]
    assert set(table.columns[table.iloc[0].map(lambda v: isinstance(v, float) and math.isnan(v))]) <= set(unknown)


def test_the_metadata_carry_hash_versions_licences_and_status(cells, tmp_path):
    path = tmp_path / "x.geojson"
    write(cells, path)
    metadata = json.loads(path.read_text("utf-8"))["metadata"]
    assert metadata["scenario_sha256"] == cells.plan.scenario.digest()
    assert {lock["id"] for lock in metadata["layers"] if lock["origin"] == "absent"} <= USERS
    for lock in (lock for lock in metadata["layers"] if lock["origin"] != "absent"):
        assert {"id", "version", "licence", "attribution", "reference_date", "status", "inventory"} <= set(lock)
    assert set(metadata["columns"]) == {"site_id", *cells.result().table.columns}
    assert metadata["criteria"]["available_ha"]["unit"] == "ha"
    assert metadata["scenario"]["gates"]["land_30ha_within_10km"]["basis"] == "reported"


def test_geoparquet_says_wgs84(cells, tmp_path):
    path = tmp_path / "x.parquet"
    write(cells, path)
    frame = gpd.read_parquet(path)
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    assert json.loads(pq.read_schema(path).metadata[b"geo"])["version"].startswith("1.")


def test_geopackage_has_one_layer_in_wgs84(cells, tmp_path):
    path = tmp_path / "x.gpkg"
    write(cells, path)
    frame = gpd.read_file(path, layer="sites")
    assert frame.crs.to_epsg() == 4326
    assert frame["pref_code"].str.len().eq(2).all()


def test_spreadsheets_take_no_name_for_a_formula(plots, tmp_path):
    write(plots, tmp_path / "x.csv")
    assert "'=cmd()" in (tmp_path / "x.csv").read_text("utf-8-sig")
    write(plots, tmp_path / "x.xlsx")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "x.xlsx")["sites"] for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "'=cmd()" in [cell.value for cell in cells]


@pytest.fixture(scope="module")
def hostile_sites(embedded, tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile") / "sites.geojson"
    path.write_text(hostile_session.collection("name"), "utf-8")
    scenario = {**hostile_session.scenario(), "candidates": {"kind": "file", "path": str(path)}}
    return evaluate(merged_scenario(scenario, "test"), embedded)


@pytest.mark.parametrize("suffix", FORMATS)
def test_hostile_texts_come_back_from_every_format_and_are_no_formula(hostile_sites, tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    write(hostile_sites, path)
    names = (result.table["name"].str.removeprefix("'") for result in (read_result(path), hostile_sites.result()))
    assert len(set(map(tuple, map(sorted, names)))) == 1
    if suffix == ".csv":
        cells = [cell for row in csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f" or cell.hyperlink]


def test_a_csv_has_its_metadata_beside_it(cells, tmp_path):
    write(cells, tmp_path / "x.csv")
    assert json.loads(sidecar(tmp_path / "x.csv").read_text("utf-8"))["software"].startswith("gx-cluster-planner")


def test_an_unknown_suffix_or_folder_is_one_sentence(cells, tmp_path):
    with pytest.raises(GeodataError, match=r"\.geojson"):
        write(cells, tmp_path / "x.shp")
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(GeodataError, match="cannot write there"):
        write(cells, tmp_path / "file" / "x.csv")


def test_a_failed_write_keeps_the_old_file(cells, tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_text("old", "utf-8")
    monkeypatch.setattr(
        pd.DataFrame, "to_csv", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(GeodataError, match="No space left"):
        write(cells, path)
    assert path.read_text("utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]


FULL = """
import json, resource, sys
from planner import cli
suffixes, folder, *command = sys.argv[1:]
write = cli.rank.write
def onto_a_full_disk(evaluation, path, language):
    limit = 20_000 if path.suffix == ".csv" else 5_000  # the table of a CSV fits, its passport does not
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        write(evaluation, path, language)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
cli.rank.write = onto_a_full_disk
for suffix in suffixes.split():
    sys.argv = ["planner", *command, f"{folder}/x{suffix}"]
    try:
        cli.main()
    except SystemExit as ended:
        print(suffix, ended.code, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files")
def test_on_a_full_disk_no_file_stays_and_the_command_says_one_sentence(tiny, tmp_path):
    options = ["--profile", "gx2-datacentre", "--prefectures", "17,18", "--data-dir", str(tiny.root), "--lang", "ja"]
    command = [sys.executable, "-c", FULL, " ".join(FORMATS), str(tmp_path), "rank", *options, "--out"]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert "Traceback" not in ended.stderr
    said = ended.stderr.replace("\n", " ")
    for suffix in FORMATS:
        told, _, said = said.partition(f"{suffix} 2")
        assert "空き容量" in told, ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("old", [True, False])
def test_a_csv_whose_passport_cannot_be_put_in_place_is_what_it_was(cells, tmp_path, old):
    path = tmp_path / "x.csv"
    sidecar(path).mkdir()
    if old:
        path.write_text("old", "utf-8")
    with pytest.raises(GeodataError, match="could not be written"):
        write(cells, path)
    assert (path.read_text("utf-8") == "old") if old else not path.exists()
    assert len(list(tmp_path.iterdir())) == 1 + old


def test_a_csv_and_a_passport_that_a_kill_left_of_two_results_are_not_read_together(cells, embedded, tmp_path):
    other = evaluate(scenario_from_profile("gx2-datacentre", prefectures=["18"]), embedded)
    write(cells, tmp_path / "x.csv")
    write(other, tmp_path / "y.csv")
    assert len(read_result(tmp_path / "x.csv").table) == len(cells.result().table)
    sidecar(tmp_path / "y.csv").replace(sidecar(tmp_path / "x.csv"))
    with pytest.raises(GeodataError, match="belong to another content of this file"):
        read_result(tmp_path / "x.csv")


def test_a_csv_whose_passport_is_older_than_its_hash_is_read(cells, tmp_path):
    write(cells, tmp_path / "x.csv")
    beside = json.loads(sidecar(tmp_path / "x.csv").read_text("utf-8"))
    del beside["content_sha256"]
    sidecar(tmp_path / "x.csv").write_text(json.dumps(beside), "utf-8")
    assert len(read_result(tmp_path / "x.csv").table) == len(cells.result().table)


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.geojson", b"{}"), ("x.parquet", b"PAR1"), ("x.csv", b"a,b\n1,2\n"), ("x.gpkg", b""), ("x.txt", b"")],
)
def test_something_else_is_not_a_result(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(GeodataError, match=name.replace(".", r"\.")):
        read_result(path)


def test_a_gate_unknown_everywhere_reads_back_and_explains(embedded, tmp_path):
    evaluation = evaluate(scenario_from_profile("gx2-datacentre", prefectures=["13"]), embedded)
    write(evaluation, tmp_path / "x.geojson")
    back = read_result(tmp_path / "x.geojson")
    assert back.table["margin_land_30ha_within_10km"].isna().all()
    assert explain(back, back.table.index[0], "ja").gates


@pytest.mark.parametrize(
    "content", ["[1, 2]", '{"features": 3, "metadata": 4}', '{"features": [], "metadata": {"criteria": {}}}']
)
def test_another_geojson_is_not_a_result(tmp_path, content):
    (tmp_path / "x.geojson").write_text(content, "utf-8")
    with pytest.raises(GeodataError, match="planner rank"):
        read_result(tmp_path / "x.geojson")


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_upper_bound_and_unknown_are_two_marks_in_every_format(cells, tmp_path, suffix):
    write(cells, tmp_path / f"x{suffix}")
    table = read_result(tmp_path / f"x{suffix}").table
    known = table["value_decarbonised_mw"].notna()
    assert np.isinf(table.loc[known, "high_decarbonised_mw"]).all()
    assert table.loc[~known, "high_decarbonised_mw"].isna().all()
    pd.testing.assert_series_equal(table["high_decarbonised_mw"], cells.result().table["high_decarbonised_mw"])


def test_excel_has_layers_criteria_and_gates_as_sheets_in_the_language_asked(cells, tmp_path):
    write(cells, tmp_path / "x.xlsx", "ja")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert {"sites", "columns", "layers", "criteria", "gates", "metadata"} <= set(book.sheetnames)
    assert book["columns"]["B2"].value == "地点の識別子。"


def test_no_folder_of_this_machine_is_in_a_file(plots, tmp_path):
    write(plots, tmp_path / "x.geojson")
    assert str(tmp_path) not in (tmp_path / "x.geojson").read_text("utf-8")


def test_a_repeated_id_in_a_file_is_said(plots, tmp_path):
    path = tmp_path / "x.csv"
    write(plots, path)
    head, first, *rest = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join([head, first, first, *rest]) + "\n", "utf-8-sig")
    with pytest.raises(PlannerError, match="once"):
        read_result(path)
