import dataclasses

import numpy as np
import pytest

from geodata.country import crs
from planner import evaluate, scenario_from_profile
from planner.context.nearest import measured_from, nearest_assets
from planner.explain.amounts import shown
from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.run import measure
from planner.model.result import known
from planner.scenario.criteria import criteria


def test_the_nearest_assets_are_the_nearest_and_absent_layers_say_so(embedded, tiny):
    found = nearest_assets(embedded, 136.2, 36.06, "en").set_index("kind")
    substations = embedded.layer("substations").frame
    km = (
        crs.geodesic_m(substations.geometry.map(lambda p: p.x), substations.geometry.map(lambda p: p.y), 136.2, 36.06)
        / 1000
    )
    assert found.loc["Substation of 275 kV and over", "km"] == pytest.approx(km.min(), abs=5e-4)
    assert np.isnan(found.loc["Station", "km"])
    assert found.loc["Station", "layer"] == "stations"
    assert nearest_assets(tiny, 140.1, 36.1, "ja")["km"].notna().sum() >= 6


def test_a_site_is_not_its_own_nearest_site(embedded):
    sites = embedded.layer("candidate_sites").frame
    first = sites.iloc[0]
    near = nearest_assets(embedded, first["geometry"].x, first["geometry"].y, "en", own_id=first["site_id"]).set_index(
        "kind"
    )
    assert near.loc["Candidate site", "name"] != first["name"]


def test_the_list_and_the_criterion_tell_the_same_distance(tiny):
    circle = {
        "lon": 140.05,
        "lat": 36.1,
        "radius_km": 2,
    }  # municipalities are measured over their ground, cells at a point
    candidates = load_candidates(CandidateChoice(kind="mesh", within=circle), tiny)
    measured = measure(candidates, [criteria()["port_km"], criteria()["station_km"]], tiny)
    for site, row in candidates.table.iterrows():
        near = nearest_assets(tiny, row["lon"], row["lat"], "en").set_index("kind")
        for kind, id_ in (("Port", "port_km"), ("Station", "station_km")):
            assert near.loc[kind, "km"] == pytest.approx(measured.values.loc[site, id_], abs=1e-9)
            assert near.loc[kind, "name"] == measured.nearest[id_].loc[site, "name"]


def test_a_distance_of_the_list_carries_both_accuracies_as_the_criterion_does(embedded):
    result = evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()
    for site, row in result.table.head(5).iterrows():
        near = nearest_assets(embedded, row["lon"], row["lat"], "en", off_m=row["site_accuracy_m"]).set_index("kind")
        for kind, id_ in (("Substation of 275 kV and over", "grid_275kv_km"), ("Port", "port_km")):
            of_criterion = dataclasses.replace(known(row, id_), nearest="")
            assert near.loc[kind, "distance"] == shown(of_criterion, "km", "en"), (site, kind)


def test_distances_of_a_municipality_say_that_they_start_at_a_point():
    assert "1点から" in measured_from("municipalities", "ja")
    assert "1点から" not in measured_from("sites", "ja")
