"""The firm's own places become a criterion."""

import numpy as np
import pytest

from planner import PlannerError, evaluate, load_scenario, scenario_from_profile
from planner.scenario.base import BASE_ID, read_place, read_places
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.scenario.merge import merged_scenario

PLACE = {"name": "本社工場", "lat": 36.02, "lon": 140.0}


def asked(**more):
    return merged_scenario({"profile": "field-datacentre", "candidates": {"kind": "mesh"}, **more}, "try")


def test_places_weigh_like_the_mean_of_their_branch():
    plan = bind(asked(places=[PLACE]))
    others = [
        c.weight
        for id_, c in plan.scenario.criteria.items()
        if c.weight > 0 and id_ != BASE_ID and criteria()[id_].branch == "access"
    ]
    assert plan.scenario.criteria[BASE_ID].weight == pytest.approx(np.mean(others))
    assert plan.weights[BASE_ID] > 0
    assert sum(plan.weights.values()) == pytest.approx(1)


def test_a_weight_of_the_users_own_stands():
    chosen = {BASE_ID: {"weight": 300, "basis": "assumption"}}
    assert bind(asked(places=[PLACE], criteria=chosen)).scenario.criteria[BASE_ID].weight == 300


def test_without_places_nothing_changes():
    plain, empty = scenario_from_profile("field-datacentre", kind="mesh"), asked(places=[])
    assert plain.digest() == empty.digest() != asked(places=[PLACE]).digest()
    with pytest.raises(PlannerError, match=BASE_ID):
        bind(asked(criteria={BASE_ID: {"weight": 1, "basis": "assumption"}}))


def test_minutes_run_over_the_roads_and_are_an_estimate_without_them(tiny, embedded):
    with_roads = evaluate(asked(places=[PLACE]), tiny).measurements
    near = with_roads.values[BASE_ID].idxmin()
    assert near.startswith("5440")
    assert with_roads.values[BASE_ID].min() < 5
    scenario = merged_scenario({"profile": "field-datacentre", "places": [PLACE]}, "try")
    bare = evaluate(scenario, embedded).measurements
    assert bare.values[BASE_ID].notna().all()
    assert (bare.low[BASE_ID] < bare.values[BASE_ID]).all()
    assert (bare.values[BASE_ID] < bare.high[BASE_ID]).all()


def test_a_scenario_file_names_places(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('profile = "field-datacentre"\n[[places]]\nname = "A"\nlat = 36.0\nlon = 140.0\n', "utf-8")
    assert load_scenario(path).places[0].name == "A"
    path.write_text('profile = "field-datacentre"\n[[places]]\nname = "A"\nlat = 140.0\nlon = 36.0\n', "utf-8")
    with pytest.raises(PlannerError, match="places"):
        load_scenario(path)


def test_a_place_is_a_name_and_a_position_in_japan():
    assert read_place("本社 = 35.1, 139.2").model_dump() == {"name": "本社", "lon": 139.2, "lat": 35.1}
    assert read_place("本社 = 139.2, 35.1") == read_place("本社 = 35.1, 139.2")
    assert read_places("A=36,140\n\nB=35,139\n") == {"A": (36.0, 140.0), "B": (35.0, 139.0)}
    for wrong in ("A", "=36,140", "A=36", "A=140,50", "A=x,y"):
        with pytest.raises(PlannerError, match="NAME=LAT,LON"):
            read_place(wrong)
