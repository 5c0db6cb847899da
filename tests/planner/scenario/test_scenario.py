import json
from pathlib import Path

import pytest

from planner import PlannerError, load_scenario, scenario_from_profile
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.scenario.merge import merged_scenario
from planner.scenario.profiles import profiles
from planner.scenario.scenario import Scenario

SCHEMA = Path(__file__).parents[3] / "docs" / "scenario.schema.json"


@pytest.mark.parametrize("profile", profiles())
def test_every_profile_binds_and_its_weights_sum_to_1(profile):
    plan = bind(scenario_from_profile(profile))
    assert sum(plan.weights.values()) == pytest.approx(1)
    assert set(plan.weights) <= set(plan.criteria)


@pytest.mark.parametrize("profile", profiles())
def test_every_number_of_a_profile_says_where_it_is_from(profile):
    scenario = scenario_from_profile(profile)
    for part in [*scenario.branches.values(), *scenario.criteria.values(), *scenario.gates.values()]:
        assert part.source


def test_type_2_asks_30_ha_in_total_within_10_km():
    scenario = scenario_from_profile("gx2-datacentre")
    gate = scenario.gates["land_30ha_within_10km"]
    criterion = bind(scenario).criteria[gate.criterion]
    assert (gate.at_least, gate.basis) == (30, "reported")
    assert (criterion.reach_m, criterion.unit, criterion.measure) == (10_000, "ha", "sum_within")


def test_one_reach_per_layer_and_column_in_a_profile():
    for profile in profiles():
        reaches = {}
        for criterion in bind(scenario_from_profile(profile)).criteria.values():
            if criterion.measure == "sum_within":
                reaches.setdefault((criterion.layers, criterion.column), set()).add(criterion.reach_m)
        assert all(len(reach) == 1 for reach in reaches.values())


def test_a_number_of_the_user_is_an_assumption():
    table = {"profile": "gx2-datacentre", "gates": {"land_30ha_within_10km": {"at_least": 50.0}}}
    scenario = merged_scenario(table, "test")
    assert scenario.gates["land_30ha_within_10km"].basis == "assumption"
    same = merged_scenario({"profile": "gx2-datacentre"}, "test")
    assert same.gates["land_30ha_within_10km"].basis == "reported"


def test_a_value_function_of_another_kind_replaces_the_whole():
    points = {"kind": "piecewise", "points": [[0.0, 0.0], [1.0, 1.0]]}
    table = {"profile": "gx3-decarbonised-park", "criteria": {"available_ha": {"value": points}}}
    assert merged_scenario(table, "test").criteria["available_ha"].value.kind == "piecewise"


def test_equal_scenarios_have_equal_hashes():
    assert scenario_from_profile("gx2-datacentre").digest() == scenario_from_profile("gx2-datacentre").digest()
    assert (
        scenario_from_profile("gx2-datacentre", kind="mesh").digest()
        != scenario_from_profile("gx2-datacentre").digest()
    )


def test_a_scenario_survives_its_json():
    scenario = scenario_from_profile("gx2-datacentre", prefectures=["01"])
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('profile = "nonsense"', "gx2-datacentre"),
        ("x = 1", "expected `profile"),
        ("profile = ", "expected TOML"),
        ('profile = "gx2-datacentre"\n[criteria.grid_275kv_km]\nweight = -1', "criteria.grid_275kv_km.weight"),
        ('profile = "gx2-datacentre"\n[criteria.grid_275kv_km]\nreach = 3', "criteria.grid_275kv_km.reach"),
        ('profile = "gx2-datacentre"\n[candidates]\nkind = "moon"', "candidates.kind"),
        ('profile = "gx2-datacentre"\n[branches.power]\nweight = inf', "branches.power.weight"),
        ('profile = "gx2-datacentre"\nown = 3', "own"),
    ],
)
def test_a_file_that_does_not_fit_is_one_sentence(tmp_path, content, says):
    path = tmp_path / "scenario.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(PlannerError, match=says):
        load_scenario(path)


def test_cp932_and_absent_files_are_one_sentence(tmp_path):
    path = tmp_path / "scenario.toml"
    path.write_bytes('profile = "表"'.encode("cp932"))
    with pytest.raises(PlannerError, match="UTF-8"):
        load_scenario(path)
    with pytest.raises(PlannerError, match="cannot be read"):
        load_scenario(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"criteria": {"nonsense": {"weight": 1.0, "basis": "assumption"}}}, "nonsense"),
        ({"candidates": {"prefectures": ["99"]}}, "01 to 47"),
        (
            {
                "gates": {
                    "g": {"title": {"ja": "x", "en": "x"}, "criterion": "no", "at_least": 1, "basis": "assumption"}
                }
            },
            "gate g",
        ),
        ({"criteria": {"metro_km": {"value": {"kind": "linear", "worst": 300.0, "best": 50.0}}}}, "contradict"),
    ],
)
def test_what_the_catalogue_does_not_know_is_named(table, says):
    with pytest.raises(PlannerError, match=says):
        bind(merged_scenario({"profile": "gx2-datacentre", **table}, "test"))


def test_the_json_schema_is_current():
    current = json.loads(SCHEMA.read_text("utf-8")) == Scenario.model_json_schema()
    assert current, "docs/scenario.schema.json is stale: run `make docs`"


@pytest.mark.parametrize("criterion", criteria().values(), ids=list(criteria()))
def test_a_criterion_explains_itself(criterion):
    for text in (criterion.title, criterion.why, criterion.caveat):
        assert len(text.ja) >= 4
        assert len(text.en) >= 4
    assert criterion.unit


def test_a_user_cannot_call_an_invented_threshold_published():
    table = {"gates": {"land_30ha_within_10km": {"at_least": 500.0, "basis": "published"}}}
    gate = merged_scenario({"profile": "gx2-datacentre", **table}, "test").gates["land_30ha_within_10km"]
    assert gate.basis == "assumption"


def test_a_scenario_file_that_calls_a_number_published_can_still_be_read():
    table = {
        "gates": {"land_30ha_within_10km": {"at_least": 30.0, "basis": "published", "source": "GX戦略地域 公募要領"}}
    }
    gate = merged_scenario({"profile": "gx2-datacentre", **table}, "test").gates["land_30ha_within_10km"]
    assert (gate.basis, gate.source) == ("published", "GX戦略地域 公募要領")


def test_a_reported_number_needs_its_source():
    with pytest.raises(PlannerError, match="a published, reported or calibrated number needs its source"):
        merged_scenario(
            {"profile": "gx2-datacentre", "branches": {"grid": {"basis": "reported", "source": ""}}}, "test"
        )


def test_a_profile_is_named_with_or_without_field():
    one, other = (scenario_from_profile(id_) for id_ in ("field-shipbuilding", "shipbuilding"))
    assert one == other
    assert other.profile == "field-shipbuilding"
    with pytest.raises(PlannerError, match="expected one of"):
        scenario_from_profile("gx2")
