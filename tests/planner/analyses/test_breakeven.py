from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import analyses
from planner.analyses import Words
from planner.analyses.breakeven import exchange_sentence
from planner.decision.breakeven import break_even_of
from planner.decision.problem import problem_of

TABLES = st.lists(
    st.tuples(st.floats(0, 400), st.floats(0, 400), st.floats(0, 400)).map(sorted), min_size=3, max_size=12
)


def test_breakeven_agrees_with_ranking_again(result):
    """At the weight said to be needed the site is exactly at the line of the top ten."""
    site = str(result.table.index[result.table["rank"].eq(12)][0])
    table = analyses.breakeven(result, site, 10, "en").table
    assert table["value_needed"].notna().any()
    criterion = table["weight_needed"].sub(table["weight_now"]).abs().idxmin()
    share = table.loc[criterion, "weight_needed"]
    problem = problem_of(result)
    j = list(problem.criteria).index(criterion)
    others = [w for k, w in enumerate(problem.weights) if k != j]
    weights = problem.weights * (1 - share) / sum(others)
    weights[j] = share
    scores = pd.Series(problem.with_weights(weights).scores, index=problem.sites.index)
    assert (scores > scores[site] + 1e-9).sum() == 9


def test_one_point_is_told_in_the_unit_of_each_criterion(result):
    units = pd.Series({"metro_km": 12.5, "available_ha": 5.0})
    assert exchange_sentence(units, Words(result, "en")) == (
        "1 point = 12.5 km (Distance from Tokyo and Osaka) = 5 ha (Available industrial land within 10 km)."
    )


def with_bounds(result, id_, rows):
    """The first sites of a result with other bounds of one criterion, and the points of these bounds."""
    low, value, high = np.array(rows).T
    sites = pd.DataFrame(result.table[result.table["status"].eq("ranked")].head(len(rows)))
    low, value, high = (part[: len(sites)] for part in (low, value, high))
    criterion = result.criteria[id_]
    points = 100 * criterion.weight * criterion.value.interval(low, high)[0]
    changed = {f"low_{id_}": low, f"value_{id_}": value, f"high_{id_}": high, f"contribution_{id_}": points}
    return replace(
        result,
        table=sites.assign(**changed),
        about=result.about,
    )


@settings(max_examples=60, deadline=None)
@given(rows=TABLES, k=st.integers(0, 5))
def test_the_value_shown_as_present_is_the_measured_one_on_a_plateau(result, rows, k):
    id_ = [id_ for id_, c in result.criteria.items() if c.weight > 0][k]
    other = with_bounds(result, id_, rows)
    problem = problem_of(other)
    j, function = list(problem.criteria).index(id_), result.criteria[id_].value
    table = other.table.loc[problem.sites.index]
    low, value, high = (table[f"{side}_{id_}"].to_numpy() for side in ("low", "value", "high"))
    proven = problem.proven[:, j]
    level = function(value) <= problem.least[:, j]
    assert (proven[level] == value[level]).all()
    assert ((low <= proven) & (proven <= high)).all()
    assert function(proven) == pytest.approx(problem.least[:, j])


def test_a_site_beyond_the_best_anchor_is_told_its_measured_distance(result):
    less = {id_: c.value.knots()[0][0] for id_, c in result.criteria.items() if c.weight > 0 and c.direction == "less"}
    id_, best = next((id_, float(best)) for id_, best in less.items() if best > 0)
    near = with_bounds(result, id_, [(0.0, 0.2 * best, 0.3 * best)] * 3)
    site = str(near.table.index[0])
    assert break_even_of(problem_of(near), site, 1).table.loc[id_, "value_now"] == 0.2 * best
