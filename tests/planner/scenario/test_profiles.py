"""Two sets of weights per profile, never mixed; the calibrated one only where it stood higher."""

import pytest

from planner import PlannerError
from planner.model.calibration import Calibration
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.scenario.merge import merged_scenario, scenario_from_profile
from planner.scenario.profiles import calibrated, default_weights, profile, profiles


@pytest.mark.parametrize("id_", profiles())
def test_the_default_is_the_set_that_stood_higher_on_choices_not_seen(id_):
    found = calibrated().get(id_)
    better = found is not None and Calibration.model_validate(found["calibration"]).beats_assumed
    assert default_weights(id_) == ("calibrated" if better else "assumed")
    assert scenario_from_profile(id_).weights == default_weights(id_)


@pytest.mark.parametrize("id_", calibrated())
def test_the_sets_are_not_mixed(id_):
    one, other = (merged_scenario({"profile": id_, "weights": w}, "test") for w in ("calibrated", "assumed"))
    kept = set(one.calibration.kept)
    assert {c.basis for i, c in one.criteria.items() if i not in kept} == {"calibrated"}
    assert {one.criteria[i].basis for i in kept} <= {"assumption"}
    assert "calibrated" not in {c.basis for c in other.criteria.values()}
    assert other.calibration is None
    assert one.gates == other.gates
    held = {criteria()[i].branch for i in kept}
    assert {b: w.basis for b, w in one.branches.items()} == {
        b: "assumption" if b in held else "calibrated" for b in one.branches
    }


@pytest.mark.parametrize("id_", calibrated())
def test_what_is_kept_has_about_the_share_that_the_profile_assumes(id_):
    one, other = (bind(merged_scenario({"profile": id_, "weights": w}, "test")) for w in ("calibrated", "assumed"))
    for kept in one.scenario.calibration.kept:
        assert one.weights[kept] == pytest.approx(other.weights[kept], abs=0.01)


@pytest.mark.parametrize("id_", calibrated())
def test_a_weight_lies_in_its_interval_or_beside_it_by_rounding(id_):
    plan = bind(merged_scenario({"profile": id_, "weights": "calibrated"}, "test"))
    for criterion, weight in plan.weights.items():
        interval = plan.scenario.criteria[criterion].interval
        if interval is not None:
            assert interval[0] <= interval[1]
            assert interval[0] - 1.5 <= 100 * weight <= interval[1] + 1.5


def test_a_scenario_that_sets_weights_and_names_no_set_was_written_over_the_assumed_one():
    old = merged_scenario({"profile": "field-datacentre", "branches": {"grid": {"weight": 50.0}}}, "test")
    assert old.weights == "assumed"
    place = {"name": "A", "lat": 36.0, "lon": 140.0}
    for silent in ({"gates": {}}, {"places": [place]}):
        assert merged_scenario({"profile": "field-datacentre", **silent}, "test").weights == "calibrated"


def test_a_number_changed_by_hand_is_an_assumption_without_an_interval():
    table = {"profile": "field-datacentre", "weights": "calibrated", "criteria": {"port_km": {"weight": 99.0}}}
    found = merged_scenario(table, "test").criteria["port_km"]
    assert (found.basis, found.interval) == ("assumption", None)


def test_a_profile_without_choices_has_no_calibrated_set():
    with pytest.raises(PlannerError, match="no calibrated weights"):
        profile("gx4-host-area", "calibrated")


def test_a_calibration_of_ones_own_stands_for_the_whole_set():
    shipped = merged_scenario({"profile": "field-datacentre", "weights": "calibrated"}, "test").model_dump(mode="json")
    one = {"weight": 1.0, "basis": "calibrated", "source": "Ours."}
    table = {
        "profile": "field-datacentre",
        "weights": "calibrated",
        "calibration": shipped["calibration"],
        "branches": {"access": one},
        "criteria": {"port_km": one},
    }
    found = bind(merged_scenario(table, "test"))
    assert found.weights == {"port_km": 1.0}
