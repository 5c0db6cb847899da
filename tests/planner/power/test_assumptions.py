"""Assumptions: in order, sourced, editable, and wide enough for the real cases that they name."""

import pandas as pd
import pytest
from pydantic import ValidationError

from geodata.errors import InvalidError
from planner.i18n import translator
from planner.model.sourced import SET_BY_USER
from planner.power.assumptions import LINE_KV, assumptions, written
from planner.power.demand import Demand
from planner.power.equipment import station_class
from planner.power.options import line_years

CASES = pd.read_csv("planner/power/cases.csv")


@pytest.mark.parametrize("case", CASES[CASES["kind"].eq("line")].to_dict("records"), ids=lambda case: case["case"])
def test_the_years_of_every_dated_line_lie_within_the_assumed_range(case):
    assumed = Demand().assumed
    low, high = (
        assumed["line_years.base"][end] + assumed["line_years.per_km"][end] * case["length_km"] for end in (0, 2)
    )
    assert low <= case["years"] <= high


@pytest.mark.parametrize("case", CASES[CASES["kind"].eq("station")].to_dict("records"), ids=lambda case: case["case"])
def test_the_years_of_every_dated_station_lie_within_the_assumed_range(case):
    low, _, high = Demand().assumed["station_years"]
    assert low <= case["years"] <= high


@pytest.mark.parametrize(
    ("top", "side", "published"), [(275.0, 66.0, (600.0, 1200.0)), (500.0, 154.0, (3000.0,)), (187.0, 66.0, (900.0,))]
)
def test_the_class_of_a_published_station_holds_what_it_supplies(top, side, published):
    low, _, high = station_class(Demand().assumed, top, side)
    assert all(low <= mw <= high for mw in published)


def test_every_assumption_is_said_in_japanese():
    t = translator("ja")
    untold = [row.id for row in written()[1].values() if row.source and t(row.source) == row.source]
    assert not untold
    assert all(f"line.{kv:g}.mva" in written()[1] for kv in LINE_KV)


def test_what_a_user_sets_is_called_an_assumption_of_the_user():
    own = assumptions({"detour": (1.0, 1.1, 1.2)})
    assert own["detour"] == (1.0, 1.1, 1.2)
    assert own.table["detour"].source == SET_BY_USER
    assert own.table["detour"].basis == "assumption"
    with pytest.raises(InvalidError, match="expected one of"):
        assumptions({"detuor": (1.0, 1.1, 1.2)})
    with pytest.raises(ValidationError, match="low <= middle"):
        assumptions({"detour": (1.3, 1.1, 1.2)})


def test_a_class_serves_the_voltages_above_it():
    assumed = assumptions()
    assert assumed.of_kv("station_ha", 187.0) == assumed["station_ha.154"]
    assert assumed.of_kv("line_cost", 77.0) == assumed["line_cost.66"]
    assert assumed.of_kv("least", 66.0, ".mw") is None


def test_a_longer_line_takes_longer():
    short, long = (line_years(Demand(), km) for km in (1.0, 30.0))
    assert all(a < b for a, b in zip(short, long, strict=True))
