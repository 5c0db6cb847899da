"""Need beside stock: covered, short or open by hand; an unknown stock covers nothing."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from planner.context.area import area_of
from planner.context.need_stock import COVERED, OPEN, SHORT, _line, frame, lines, measures
from planner.fields.needs import needs_of
from planner.plans.incentives import OVER, Case

PROJECTS = pd.DataFrame(
    {
        "name": ["A"],
        "industry": ["semiconductor-fab"],
        "jobs": [1700.0],
        "size": [""],
        "power_mw": [50.0],
        "site_ha": [20.0],
    }
)


@pytest.mark.parametrize(
    ("need", "unknown", "stock", "bound", "standing"),
    [
        ((10, 20, 30), 0, 30, "exact", COVERED),
        ((10, 20, 30), 0, 30, "at least", COVERED),
        ((10, 20, 30), 1, 30, "exact", OPEN),
        ((10, 20, 30), 0, 9, "exact", SHORT),
        ((10, 20, 30), 0, 9, "at least", OPEN),
        ((10, 20, 30), 0, 15, "exact", OPEN),
        ((10, 20, 30), 0, 900, "at most", OPEN),
        ((10, 20, 30), 0, 9, "at most", SHORT),
        ((10, 20, 30), 0, np.nan, "exact", OPEN),
        ((np.nan,) * 3, 0, 5, "exact", OPEN),
    ],
)
def test_a_line_by_hand(need, unknown, stock, bound, standing):
    assert _line("land_ha", "need", need, unknown, stock, bound, "x").standing == standing


def test_the_gap_of_a_stock_that_is_a_lower_bound_may_be_nothing():
    assert _line("land_ha", "need", (10, 20, 30), 0, 5, "at least", "x").gap == (0, 25)
    assert _line("land_ha", "need", (10, 20, 30), 0, 5, "exact", "x").gap == (5, 25)
    assert _line("land_ha", "need", (10, 20, 30), 0, 5, "at most", "x").gap == (5, 30)
    assert np.isnan(_line("land_ha", "need", (10, 20, 30), 0, np.nan, "exact", "x").gap).all()


def test_power_and_water_are_open_without_the_users_tables(tiny):
    found = {line.what: line for line in lines(tiny, area_of(tiny, "08"), needs_of(PROJECTS))}
    assert found["power_mw"].standing == found["water_m3_day"].standing == OPEN
    assert np.isnan(found["power_mw"].stock)
    assert found["power_mw"].need == (50, 50, 50)


def test_people_who_move_by_hand(tiny):
    """58,000 employed in 茨城, of whom 4 % change their work in a year, times the share of production workers."""
    found = {line.what: line for line in lines(tiny, area_of(tiny, "08"), needs_of(PROJECTS))}
    share = tiny.layer("prefecture_series").frame.set_index("pref_code").loc["08", "share_production_pct"]
    assert found["production"].stock == pytest.approx(58_000 * share / 100 * 0.04)


def test_measures_answer_what_is_not_covered_and_none_is_over(tiny):
    found = lines(tiny, area_of(tiny, "08"), needs_of(PROJECTS))
    told = measures(found, Case(plan="B"), date(2026, 11, 28))
    assert "power_mw" in told
    assert all(one.verdict != OVER for schemes in told.values() for one in schemes)
    assert set(frame(found)["what"]) >= {"power_mw", "land_ha", "jobs"}
