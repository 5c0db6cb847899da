"""`planner data kinds | check | import` as a user runs them."""

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from commands import run
from office_files import ESTAT, geojson_zip, ksj_frame

from geodata import Store
from planner import evaluate, scenario_from_profile


def test_kinds_name_licence_and_template():
    kinds = json.loads(run("data", "kinds", "--json").stdout)
    assert set(kinds) >= {
        "ksj_a33",
        "tso_capacity",
        "estates",
        "estat",
        "road_network",
        "demand_room",
        "prefecture_table",
    }
    assert kinds["ksj_l05"]["redistributable"] == "no"
    assert kinds["tso_capacity"]["licence"] == "all rights reserved"
    assert "estates" in run("data", "kinds").stdout


def test_check_reports_and_stores_nothing(tmp_path):
    path = geojson_zip(ksj_frame("ksj_a33"), tmp_path)
    done = run("data", "check", path, "--as", "ksj_a33", "--json", data_dir=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["rows_kept"] == 3
    assert report["columns"]["A33_002"] == "zone_class"
    assert not (tmp_path / "data" / "imports").exists()


def test_import_keeps_a_layer_that_a_scenario_ranks_with(tmp_path):
    path = geojson_zip(ksj_frame("ksj_a33"), tmp_path)
    arguments = ("--as", "ksj_a33", "--layer", "slides", "--complete", "--date", "2024")
    done = run("data", "import", path, *arguments, data_dir=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert "use it in" in done.stdout
    assert "slides" in Store(tmp_path / "data").specs
    assert "slides" in run("data", "list", data_dir=tmp_path / "data").stdout
    (tmp_path / "s.toml").write_text(SCENARIO, "utf-8")
    ranked = run("rank", "--scenario", tmp_path / "s.toml", "--out", tmp_path / "x.csv", data_dir=tmp_path / "data")
    assert ranked.returncode == 0, ranked.stderr
    metadata = json.loads((tmp_path / "x.csv.metadata.json").read_text("utf-8"))
    lock = next(lock for lock in metadata["layers"] if lock["id"] == "slides")
    assert (lock["origin"], lock["reference_date"]) == ("imported", "2024")


SCENARIO = """
profile = "gx2-datacentre"
[candidates]
prefectures = ["18"]
[own.slides]
branch = "land"
title = {ja = "土砂", en = "Slides"}
unit = "%"
measure = "share_pct"
layers = ["slides"]
direction = "less"
value = {kind = "linear", worst = 50, best = 0}
why = {ja = "x", en = "x"}
caveat = {ja = "x", en = "x"}
[criteria.slides]
weight = 100
basis = "assumption"
"""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "{file}"], "--as KIND"),
        (["check", "{file}", "--as", "nonsense"], "expected one of"),
        (["check", "nothing.zip", "--as", "ksj_a33"], "Check the path"),
        (["check", "{file}", "--as", "ksj_a29"], "A29_001"),
        (["import", "{file}", "--as", "ksj_a33", "--layer", "ports"], "catalogue has a layer"),
        (["import", "{file}", "--as", "ksj_a33", "--layer", "Bad Name"], "small letters"),
        (["sample", "nonsense", "--layer", "q", "--prefectures", "18"], "expected one of"),
    ],
)
def test_what_does_not_fit_is_one_sentence(tmp_path, arguments, says):
    path = geojson_zip(ksj_frame("ksj_a33"), tmp_path)
    done = run("data", *(a.format(file=path) for a in arguments), data_dir=tmp_path / "data")
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_estat_is_checked_from_cp932(tmp_path):
    (tmp_path / "e.csv").write_bytes(ESTAT.encode("cp932"))
    done = run("data", "check", tmp_path / "e.csv", "--as", "estat")
    assert done.returncode == 0, done.stderr
    assert "cp932" in done.stdout


def zones(folder, lon, lat):
    """A file of landslide zones around a place, as the publisher writes it."""
    frame = ksj_frame("ksj_a33").head(1)
    around = gpd.GeoDataFrame(frame, geometry=[shapely.box(lon - 0.05, lat - 0.05, lon + 0.05, lat + 0.05)], crs=6668)
    folder.mkdir()
    return geojson_zip(around, folder)


def test_zones_of_two_prefectures_become_gates_of_every_profile_and_the_rest_is_not_checked(tmp_path):
    data = tmp_path / "data"
    listed = evaluate(scenario_from_profile("gx3-decarbonised-park"), Store(data)).result().table
    for code in ("17", "18"):
        site = listed[listed["pref_code"].eq(code)].iloc[0]
        path = zones(tmp_path / code, site["lon"], site["lat"])
        done = run("data", "import", path, "--as", "ksj_a33", "--covers", code, "--complete", data_dir=data)
        assert done.returncode == 0, done.stderr
        assert "a gate of every profile, for the prefectures 17" in done.stdout.replace("\n", " ")
    for profile in ("gx3-decarbonised-park", "field-semiconductor-fab"):
        out = tmp_path / f"{profile}.csv"
        ranked = run("rank", "--profile", profile, "--out", out, data_dir=data)
        assert ranked.returncode == 0, ranked.stderr
        table = pd.read_csv(out, dtype={"pref_code": "str", "site_id": "str"}).set_index("site_id")
        gate = table["gate_outside_landslide_zones"]
        here = table["pref_code"].isin(["17", "18"])
        assert (gate[here] == "fail").any()
        assert (gate[here] == "pass").any()
        assert (gate[~here] == "unknown").all()
        assert (table["gate_outside_flood_zones"] == "unknown").all()
        inside = table.index[here & (table["value_landslide_pct"] == 100)]
        assert len(set(table.loc[inside, "pref_code"])) == 2
        assert not (gate[inside] == "pass").any()
        said = [run("explain", out, id_, "--lang", "en").stdout for id_ in (inside[0], table.index[~here][0])]
        assert "Not checked: Share in flood zones, Share in tsunami zones." in said[0].replace("\n", " ")
        assert "Share in landslide zones." in said[1].replace("\n", " ")


def test_a_place_for_a_file_of_ones_own_is_not_pulled_and_another_file_needs_a_name(tmp_path):
    pulled = run("data", "pull", "flood_zones", data_dir=tmp_path)
    assert pulled.returncode == 2
    assert "planner data import FILE --as KIND" in pulled.stderr.replace("\n", " ")
    unnamed = run("data", "import", tmp_path / "x.csv", "--as", "estates", data_dir=tmp_path)
    assert unnamed.returncode == 2
    assert "--layer ID" in unnamed.stderr
