import numpy as np
import pytest
from hypothesis import given
from problems import problem, problems

from planner.decision.influence import balanced, dominance, influence, stakeholder_ranks


@given(problems())
def test_dominance_agrees_with_brute_force(any_problem):
    least = any_problem.least
    found = dominance(any_problem)
    for i, site in enumerate(any_problem.sites.index):
        dominators = [
            other
            for k, other in enumerate(any_problem.sites.index)
            if (least[k] >= least[i]).all() and (least[k] > least[i]).any()
        ]
        by = found["dominated_by"][site]
        assert (by in dominators) if dominators else by is None or by != by  # noqa: PLR0124  (NaN)


def test_dominance_is_certain_only_when_no_unknown_can_undo_it():
    two = problem([[1, 1], [0, 0.5]], [1, 1], most=[[1, 1], [1, 0.5]])
    assert dominance(two).loc["s1", ["dominated_by", "certain"]].tolist() == ["s0", False] or (
        dominance(two).loc["s1", "dominated_by"] == "s0"
    )
    assert problem([[1, 1], [0, 0.5]], [1, 1]).most is not None
    open_ = problem([[0.9, 1], [0, 0.5]], [1, 1], most=[[0.9, 1], [1, 0.5]])
    assert not dominance(open_).loc["s1", "certain"]
    assert dominance(problem([[0.9, 1], [0, 0.5]], [1, 1])).loc["s1", "certain"]


def test_a_criterion_without_variance_has_weight_but_no_influence():
    rng = np.random.default_rng(0)
    flat = problem(np.column_stack([np.full(200, 0.7), rng.random(200)]), [1, 1])
    table = influence(flat, 10).criteria
    assert table.loc["c0", "influence"] == 0
    assert table.loc["c1", "influence"] == pytest.approx(1)
    assert table.loc["c0", "top_kept"] == 1


@given(problems())
def test_influences_split_the_variance_of_the_scores_exactly(any_problem):
    found = influence(any_problem, 3).criteria["influence"]
    apart = np.ptp(any_problem.scores) > 1e-6
    assert found.sum() == pytest.approx(1.0 if apart else found.sum())
    alone = any_problem.least * any_problem.weights
    assert (found[np.ptp(alone, axis=0) == 0] == 0).all()


def test_twins_are_flagged_and_independent_criteria_are_not():
    rng = np.random.default_rng(0)
    x, y = rng.random(300), rng.random(300)
    found = influence(problem(np.column_stack([x, x**2, y]), [1, 1, 1]), 10)
    assert found.pairs[["first", "second"]].to_numpy().tolist() == [["c0", "c1"]]


@given(problems())
def test_power_one_is_the_sum_and_a_smaller_power_never_more(any_problem):
    same = balanced(any_problem, 1.0)
    assert same["score_balanced"].to_numpy() == pytest.approx(same["score"].to_numpy())
    assert (same["move"] == 0).all()
    assert (balanced(any_problem, 0.5)["score_balanced"] <= same["score"] + 1e-9).all()


def test_balance_prefers_the_even_site():
    """By hand: (1, 0) has 50 points and ((0.5 * 1) ** 2) * 100 = 25 balanced; (0.45, 0.45) keeps 45."""
    two = balanced(problem([[1, 0], [0.45, 0.45]], [1, 1]))
    assert two.loc["s0", ["rank", "rank_balanced"]].tolist() == [1, 2]
    assert two["score_balanced"].to_dict() == pytest.approx({"s0": 25.0, "s1": 45.0})


def test_stakeholders_disagree_by_the_spread():
    two = problem([[1, 0], [0, 1]], [1, 1])
    ranks = stakeholder_ranks(two, {"grid": np.array([3.0, 1.0]), "people": np.array([1.0, 3.0])})
    assert ranks.loc["s0", ["grid", "people", "best", "worst", "spread"]].tolist() == [1, 2, 1, 2, 1]
