import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import BENT, problem, problems

from planner import PlannerError
from planner.decision.breakeven import break_even_of, unit_per_point
from planner.decision.problem import Problem


def is_inside(scores, here, top):
    return (np.delete(scores, here) > scores[here] + 1e-9).sum() < top


def inside_at(any_problem, j, weights, here, top):
    """Whether the site is inside at each weight of criterion j, the others keeping their proportions."""
    others = np.delete(any_problem.weights, j)
    sets = np.insert(np.outer(1 - weights, others / others.sum()), j, weights, axis=1)
    scores = 100 * sets @ any_problem.least.T
    return (scores > scores[:, [here]] + 1e-9).sum(axis=1) < top


@settings(max_examples=150)
@given(problems(), st.data())
def test_the_weight_needed_is_where_brute_force_finds_the_first_crossing(any_problem, data):
    n, m = any_problem.least.shape
    here, top = data.draw(st.integers(0, n - 1)), data.draw(st.integers(1, n - 1))
    site = any_problem.sites.index[here]
    found = break_even_of(any_problem, site, top)
    grid = np.linspace(0, 1, 2001)
    for j in range(m):
        now, needed = any_problem.weights[j], found.table["weight_needed"].iloc[j]
        flipped = grid[inside_at(any_problem, j, grid, here, top) != found.inside]
        if np.isnan(needed):
            assert len(flipped) == 0 or np.abs(flipped - now).min() < 1e-9
            continue
        if len(flipped):
            assert abs(needed - now) <= np.abs(flipped - now).min() + 1e-9
        beyond = needed + np.sign(needed - now) * 1e-5 if needed != now else None
        sides = np.array([needed, beyond] if beyond is not None else [needed, now - 1e-5, now + 1e-5])
        sides = sides[(sides >= 0) & (sides <= 1)]
        assert (inside_at(any_problem, j, sides, here, top) != found.inside).any()


@settings(max_examples=150)
@given(problems(), st.data())
def test_the_value_needed_is_where_the_site_crosses(any_problem, data):
    n, m = any_problem.least.shape
    here, top = data.draw(st.integers(0, n - 1)), data.draw(st.integers(1, n - 1))
    found = break_even_of(any_problem, any_problem.sites.index[here], top)
    for j in range(m):
        needed = found.table["value_needed"].iloc[j]
        step = -1e-4 if found.inside else 0.0
        ends = [0.0, 1.0] if np.isnan(needed) else [needed / 100 + step]
        for value in ends:
            least = any_problem.least.copy()
            least[here, j] = value
            crossed = is_inside(100 * least @ any_problem.weights, here, top) != found.inside
            assert crossed != np.isnan(needed)
        if not np.isnan(needed) and abs(needed - found.table["value_now"].iloc[j]) > 0.1:
            least[here, j] = needed / 100 + (1e-4 if found.inside else -1e-4)
            assert is_inside(100 * least @ any_problem.weights, here, top) == found.inside


def test_a_bent_value_function_is_inverted_and_an_unknown_told_what_it_needs():
    bent = problem([[0.5, 0.5], [0.9, 0.5]], [1, 1], functions=[BENT, BENT])
    assert break_even_of(bent, "s0", 1).table.loc["c0", "value_needed"] == pytest.approx(
        90
    )  # 0.9 lies between 60 and 100
    unknown = Problem(
        bent.sites, bent.least, bent.most, np.full((2, 2), np.nan), bent.weights, bent.functions, bent.criteria
    )
    row = break_even_of(unknown, "s0", 1).table.loc["c0"]
    assert row["value_needed"] == pytest.approx(90)
    assert np.isnan(row["change"])


def test_what_cannot_cross_says_so():
    far = problem([[1, 1], [0, 0]], [9, 1])
    table = break_even_of(far, "s1", 1).table
    assert table["value_needed"].isna().all()
    assert table["weight_needed"].isna().all()
    assert break_even_of(far, "s1", 2).rival is None


def test_a_site_that_is_not_ranked_is_one_sentence():
    with pytest.raises(PlannerError, match="not among the ranked"):
        break_even_of(problem([[1, 1], [0, 0]], [1, 1]), "elsewhere", 1)


@given(problems())
def test_one_point_costs_its_units_whatever_the_site(any_problem):
    assume((any_problem.weights > 0).all())
    assert unit_per_point(any_problem).to_numpy() == pytest.approx(1 / any_problem.weights)
