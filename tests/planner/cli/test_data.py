"""`planner data kinds | check | import` as a user runs them."""

import json

import pytest
from commands import run
from office_files import ESTAT, geojson_zip, ksj_frame

from geodata import Store


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
