"""Calibration on the tiny country: it finds what choices share, says how that holds, and learns nothing from chance."""

import numpy as np
import pandas as pd
import pytest

from planner import PlannerError
from planner.calibration import calibrate
from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.choices import RealChoices
from planner.measure.run import measure
from planner.model.calibration import Calibration
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.scenario.merge import merged_scenario


@pytest.fixture(scope="module")
def cells(tiny):
    found = load_candidates(CandidateChoice(kind="mesh"), tiny)
    return found.table.assign(near=measure(found, [criteria()["airport_km"]], tiny).values["airport_km"])


def choices(cells, picked, field="semiconductor"):
    rows = cells.loc[picked]
    table = pd.DataFrame(
        {
            "name": [f"P{n}" for n in range(len(rows))],
            "field": field,
            "lon": rows["lon"].to_numpy(),
            "lat": rows["lat"].to_numpy(),
            "accuracy_m": 0.0,
            "year": 2020.0,
        }
    )
    return RealChoices(table, 0, "made up")


@pytest.fixture(scope="module")
def near(cells, tiny):
    """Choices where the airport is near, of which nothing else is known."""
    nearest = cells["near"].nsmallest(60).sample(24, random_state=1).index
    return calibrate("field-semiconductor-fab", choices(cells, nearest), tiny, background=1_000)


def test_what_choices_share_gets_weight_and_the_scenario_can_be_ranked(near):
    plan = bind(merged_scenario(near, "test"))
    assert plan.scenario.weights == "calibrated"
    assert sum(plan.weights.values()) == pytest.approx(1)
    assumed = bind(merged_scenario({"profile": "field-semiconductor-fab", "weights": "assumed"}, "test"))
    assert plan.weights["airport_km"] > assumed.weights["airport_km"]


def test_it_says_where_it_comes_from(near):
    made = Calibration.model_validate(near["calibration"])
    assert (made.n, made.pooled_n, made.fields) == (24, 24, ("semiconductor",))
    assert made.background == 1_000
    assert made.held_out.column in criteria()
    assert all(low <= high for low, high in (c["interval"] for c in near["criteria"].values() if "interval" in c))


def test_the_same_choices_give_the_same_weights(near, cells, tiny):
    nearest = cells["near"].nsmallest(60).sample(24, random_state=1).index
    again = calibrate("field-semiconductor-fab", choices(cells, nearest), tiny, background=1_000)
    assert again["branches"] == near["branches"]
    assert again["criteria"] == near["criteria"]


def test_choices_at_random_have_an_area_of_a_half(cells, tiny):
    areas = [
        calibrate("field-semiconductor-fab", choices(cells, cells.sample(40, random_state=n).index), tiny)[
            "calibration"
        ]["held_out"]["fifths"]["area"]
        for n in range(3)
    ]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.1)


def test_what_cannot_be_calibrated_is_said(cells, tiny):
    some = choices(cells, cells.index[:5])
    with pytest.raises(PlannerError, match="its weights stay assumed"):
        calibrate("gx4-host-area", some, tiny)
    with pytest.raises(PlannerError, match="none of the fields shipbuilding"):
        calibrate("field-shipbuilding", some, tiny)
    far = choices(cells, cells.index[:5])
    far.table["lat"] = 25.0
    with pytest.raises(PlannerError, match="none lies near a cell"):
        calibrate("field-semiconductor-fab", far, tiny)
