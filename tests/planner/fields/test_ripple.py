"""The ripple of two regions by hand, round by round, and what a table must hold."""

import numpy as np
import pandas as pd
import pytest

from planner import PlannerError
from planner.fields.assumptions import assumptions
from planner.fields.ripple import AREA, REST, demand_of, economy_of, indicative_range, ripple

CELLS = [
    ("area", "m", "area", "m", 20.0),
    ("rest", "m", "area", "m", 30.0),
    ("area", "m", "rest", "m", 10.0),
    ("rest", "m", "rest", "m", 400.0),
    ("area", "output", "area", "m", 100.0),
    ("rest", "output", "rest", "m", 1000.0),
    ("area", "value_added", "area", "m", 50.0),
    ("rest", "value_added", "rest", "m", 590.0),
    ("area", "employees", "area", "m", 10.0),
]
COLUMNS = ["from_region", "from_sector", "to_region", "to_sector", "value"]


def table(cells=CELLS):
    return pd.DataFrame(cells, columns=COLUMNS)


def test_coefficients_by_hand():
    economy = economy_of(table())
    assert economy.coefficients == pytest.approx(np.array([[0.2, 0.01], [0.3, 0.4]]))
    assert economy.value_added == pytest.approx([0.5, 0.59])
    assert economy.employees == pytest.approx([0.1, np.nan], nan_ok=True)


def test_rounds_and_whole_by_hand():
    """A demand of 100 in the area: 100, then 20 and 30, then 4.3 and 18, …; the whole solves (I - A) x = (100, 0)."""
    economy = economy_of(table())
    found = ripple(economy, demand_of(economy, {"m": 100.0}))
    assert found.rounds[0] == pytest.approx([100, 0])
    assert found.rounds[1] == pytest.approx([20, 30])
    assert found.rounds[2] == pytest.approx([0.2 * 20 + 0.01 * 30, 0.3 * 20 + 0.4 * 30])
    determinant = 0.8 * 0.6 - 0.01 * 0.3
    assert found.output == pytest.approx([100 * 0.6 / determinant, 100 * 0.3 / determinant])
    assert found.rounds.sum(axis=0) == pytest.approx(found.output, rel=1e-4)
    assert found.within(AREA, economy.value_added) == pytest.approx(found.output[0] * 0.5)
    assert np.isnan(found.within(REST, economy.employees))


def test_value_added_of_both_regions_is_the_demand_where_nothing_is_imported():
    """What each column takes and its value added make up its output, so all of the demand becomes value added somewhere."""
    economy = economy_of(table())
    found = ripple(economy, demand_of(economy, {"m": 100.0}))
    whole = found.within(AREA, economy.value_added) + found.within(REST, economy.value_added)
    assert whole == pytest.approx(100)


def test_an_account_can_be_a_column():
    turned = [c if c[1] != "output" else (c[0], "m", c[2], "output", c[4]) for c in CELLS]
    assert economy_of(table(turned)).coefficients == pytest.approx(economy_of(table()).coefficients)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([c for c in CELLS if c[1] != "output"], "output of area m is missing"),
        ([c for c in CELLS if "rest" not in {c[0], c[2]}], "two regions"),
    ],
)
def test_a_table_that_lacks_something_is_refused(cells, words):
    with pytest.raises(PlannerError, match=words):
        economy_of(table(cells))


def test_sectors_that_take_more_than_they_make_are_refused():
    greedy = [(*c[:4], 150.0) if c[:4] == ("area", "m", "area", "m") else c for c in CELLS]
    economy = economy_of(table(greedy))
    with pytest.raises(PlannerError, match="take more than they make"):
        ripple(economy, demand_of(economy, {"m": 1.0}))


def test_an_unknown_sector_is_refused_with_the_list():
    with pytest.raises(PlannerError, match="expected one of m"):
        demand_of(economy_of(table()), {"x": 1.0})


def test_the_indicative_range_is_in_order_and_never_below_the_demand():
    found = indicative_range(assumptions(), 100.0)
    for low, middle, high in found.values():
        assert 0 <= low <= middle <= high
    assert found[AREA][0] >= 100
    assert all(row.basis in {"assumption", "published"} for row in assumptions().table.values())


def test_the_indicative_range_by_hand():
    """Low: 0.4 is bought, 5 % of it here and 35 % abroad, nothing comes back: 1 / (1 - 0.02) in the area."""
    assert indicative_range(assumptions(), 1.0)[AREA][0] == pytest.approx(1 / (1 - 0.4 * 0.05))
