"""Needs of planned investments: stated, by rate, or unknown, never 0."""

import numpy as np
import pandas as pd
import pytest

from planner.fields.needs import BY_RATE, KINDS, STATED, UNKNOWN, needs_of
from planner.skills.assumptions import assumptions
from planner.skills.industries import coefficient, industries

ROWS = pd.DataFrame(
    {
        "name": ["A", "B", "C"],
        "industry": ["datacentre", "半導体工場", "観光"],
        "size": ["300 MW", "", ""],
        "jobs": [np.nan, 1700.0, np.nan],
        "power_mw": [np.nan, 120.0, np.nan],
        "water_m3_day": [np.nan, 8000.0, np.nan],
        "site_ha": [12.0, np.nan, np.nan],
        "capex_oku": [np.nan, np.nan, np.nan],
    }
)


def test_each_need_is_stated_by_rate_or_unknown():
    how = pd.DataFrame(needs_of(ROWS).how, columns=KINDS, index=ROWS["name"])
    assert how.loc["A", ["power_mw", "land_ha", "water_m3_day"]].tolist() == [STATED, STATED, UNKNOWN]
    assert how.loc["A", "jobs"] == BY_RATE
    assert how.loc["B", ["power_mw", "water_m3_day", "jobs"]].tolist() == [STATED, STATED, STATED]
    assert set(how.loc["C"]) == {UNKNOWN}


def test_sums_leave_out_what_is_unknown_and_count_it():
    needs = needs_of(ROWS)
    assert needs.total("power_mw") == ((420.0, 420.0, 420.0), 1)
    assert needs.total("water_m3_day") == ((8000.0, 8000.0, 8000.0), 2)
    rate = coefficient(industries()["datacentre"], "MW", assumptions())
    low, middle, high = needs.total("jobs")[0]
    assert (low, middle, high) == pytest.approx(tuple(1700 + 300 * value for value in rate.values))


def test_a_rate_turns_workers_into_land_with_its_range_turned_round():
    rate = coefficient(industries()["semiconductor-fab"], "ha", assumptions())
    needs = needs_of(ROWS.iloc[[1]])
    if rate is None:
        assert needs.how[0, KINDS.index("land_ha")] == UNKNOWN
    else:
        low, middle, high = rate.values
        assert needs.ranges[0, KINDS.index("land_ha")] == pytest.approx([1700 / high, 1700 / middle, 1700 / low])


def test_workers_by_occupation_add_up_to_the_workers():
    needs = needs_of(ROWS.iloc[[1]])
    assert needs.occupations()["value"].sum() == pytest.approx(1700)


def test_without_projects_nothing_is_known():
    needs = needs_of(ROWS.iloc[:0])
    assert np.isnan(needs.total("jobs")[0]).all()
    assert needs.occupations()["value"].isna().all()
