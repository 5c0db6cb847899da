import pandas as pd
import pytest

from planner import PlannerError, evaluate, load_scenario
from planner.explain.reasons import explain
from planner.measure.own import own_layer, read_own

SCENARIO = """
profile = "gx3-decarbonised-park"
weights = "assumed"
[candidates]
prefectures = ["17", "18"]
[layers.water]
path = "{path}"
title = {{ja = "工業用水", en = "Industrial water"}}
reference_date = "2026-04"
status = "estimated"
inventory = "{inventory}"
[own.water_km]
branch = "land"
title = {{ja = "工業用水までの距離", en = "Distance to industrial water"}}
unit = "km"
measure = "nearest_km"
layers = ["water"]
direction = "less"
value = {{kind = "linear", worst = 40, best = 2}}
why = {{ja = "水が要る", en = "Water is needed"}}
caveat = {{ja = "量は見ていない", en = "Not the amount"}}
[criteria.water_km]
weight = 100
basis = "assumption"
"""
ROWS = "name,lon,lat,m3_per_day\nA,136.22,36.06,5000\nB,136.6,36.5,12000\n"


def scenario(tmp_path, text=SCENARIO, inventory="complete", rows=ROWS):
    (tmp_path / "water.csv").write_text(rows, "utf-8")
    (tmp_path / "s.toml").write_text(text.format(path=tmp_path / "water.csv", inventory=inventory), "utf-8")
    return load_scenario(tmp_path / "s.toml")


def test_a_layer_of_the_users_own_changes_the_ranking_and_carries_its_passport(embedded, tmp_path):
    result = evaluate(scenario(tmp_path), embedded).result()
    assert result.table["value_water_km"].notna().all()
    assert result.table["contribution_water_km"].max() > 0
    lock = next(lock for lock in result.layers if lock.id == "water")
    assert (lock.origin, lock.status, lock.reference_date) == ("own", "estimated", "2026-04")
    line = next(x for x in explain(result, result.table.index[0], "ja").lines if x.criterion == "water_km")
    assert "利用者のデータ" in line.source


def test_what_the_user_calls_partial_is_an_upper_bound(embedded, tmp_path):
    whole = evaluate(scenario(tmp_path), embedded).measurements
    part = evaluate(scenario(tmp_path, inventory="partial"), embedded).measurements
    assert (part.low["water_km"] == 0).all()
    assert (whole.low["water_km"] > 0).any()


def test_another_content_is_another_version(embedded, tmp_path):
    first = evaluate(scenario(tmp_path), embedded).measurements.values["water_km"]
    second = evaluate(scenario(tmp_path, rows="name,lon,lat\nC,137.0,37.0\n"), embedded).measurements.values["water_km"]
    assert not first.equals(second)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("water]", "ports]"), "the catalogue has a layer of this name"),
        (("[own.water_km]", "[own.port_km]"), "the catalogue has a criterion of this name"),
        (('layers = ["water"]', 'layers = ["nowhere"]'), "neither in the catalogue, nor imported, nor in"),
        (('branch = "land"', 'branch = "dispersion"'), "has no weight"),
        (('direction = "less"', 'direction = "more"'), "contradict"),
        (
            ('measure = "nearest_km"', 'measure = "sum_within"\nreach_m = 5000\ncolumn = "nothing"'),
            "no field 'nothing'",
        ),
        (('measure = "nearest_km"', 'measure = "sum_within"\nreach_m = 5000\ncolumn = "name"'), "expected numbers"),
        (
            ('measure = "nearest_km"', 'measure = "admin_value"\nby = "pref_code"\ncolumn = "m3_per_day"'),
            "no field 'pref_code'",
        ),
        (('measure = "nearest_km"', 'measure = "mesh_value"\ncolumn = "m3_per_day"'), "no field 'mesh_code'"),
    ],
)
def test_what_does_not_fit_is_one_sentence(embedded, tmp_path, change, says):
    text = SCENARIO.replace('layers = ["water"]', 'layers = ["ports"]') if change[1] == "ports]" else SCENARIO
    text = text.replace(*change)
    with pytest.raises(PlannerError, match=says):
        evaluate(scenario(tmp_path, text), embedded)


@pytest.mark.parametrize(("rows", "says"), [("name,lon,lat\nA,36,140\n", "swapped"), ("name\nA\n", "lon and lat")])
def test_a_bad_file_is_one_sentence(embedded, tmp_path, rows, says):
    with pytest.raises(PlannerError, match=says):
        evaluate(scenario(tmp_path, rows=rows), embedded)


def test_a_relative_path_starts_from_the_scenario_file(embedded, tmp_path, monkeypatch):
    made = scenario(tmp_path, SCENARIO.replace("{path}", "water.csv"))
    monkeypatch.chdir("/")
    assert evaluate(made, embedded).measurements.values["water_km"].notna().all()


def test_the_hash_does_not_know_the_folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert scenario(tmp_path / "a").digest() == scenario(tmp_path / "b").digest()


def test_what_was_not_read_is_told_and_stands_in_the_passport(embedded, tmp_path):
    rows = "name,経度,緯度,容量\nA,136度13分12秒,36.06,5000\n"
    evaluation = evaluate(scenario(tmp_path, rows=rows), embedded)
    (report,) = evaluation.reports
    assert (report.file, report.rows_kept) == ("water.csv", 1)
    assert any("degrees, minutes and seconds" in sentence for sentence in report.sentences())
    layer = own_layer("water", scenario(tmp_path, rows=rows).layers["water"], read_own(tmp_path / "water.csv"))
    assert [(step.action, step.count) for step in layer.steps] == [("repaired", 1)]
    assert "度分秒" in layer.steps[0].note.ja


def test_a_workbook_whose_rows_name_their_town_is_a_layer(tiny, tmp_path):
    towns = tiny.layer("municipalities")
    path = tmp_path / "water.xlsx"
    pd.DataFrame({"名称": ["A"], "所在地": [towns.frame["name"].iloc[0]], "日量": [5.0]}).to_excel(path, index=False)
    read = read_own(path, towns)
    assert read.geometry == "point"
    assert read.frame["日量"].to_list() == [5.0]
    assert towns.frame.geometry.iloc[0].contains(read.frame.geometry.iloc[0])
