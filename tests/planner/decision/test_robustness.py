import numpy as np
import pytest
from hypothesis import given, settings
from problems import problem, problems

from planner.decision.robustness import RobustnessChoice, draw_weights, robustness


def choice(**given_):
    return RobustnessChoice.model_validate({"draws": 4000, "top": 1, "concentration": 2.0, **given_})


def test_three_sites_and_all_weights_give_the_textbook_acceptabilities():
    """Two criteria, uniform weights: (1, 0) and (0, 1) win beyond 0.6, the compromise between; by hand 0.4, 0.4, 0.2."""
    three = problem([[1, 0], [0, 1], [0.6, 0.6]], [1, 1])
    found = robustness(three, choice(draws=40_000))
    assert found.table["p_top_k"].to_dict() == pytest.approx({"s0": 0.4, "s1": 0.4, "s2": 0.2}, abs=0.01)
    assert found.central_weights.loc["s0", ["c0", "c1"]].to_list() == pytest.approx([0.8, 0.2], abs=0.01)
    assert found.central_weights.loc["s2", ["c0", "c1"]].to_list() == pytest.approx([0.5, 0.5], abs=0.01)


def test_unknowns_are_drawn_over_their_interval():
    """One site at 0.5, one anywhere between 0 and 1: each wins half of the draws, and without data draws the known wins."""
    two = problem([[0.5], [0.0]], [1], most=[[0.5], [1.0]])
    drawn = robustness(two, choice(weights="fixed", draws=20_000)).table["p_top_k"]
    assert drawn.to_dict() == pytest.approx({"s0": 0.5, "s1": 0.5}, abs=0.02)
    fixed = robustness(two, choice(weights="fixed", data=False)).table["p_top_k"]
    assert fixed.to_dict() == {"s0": 1.0, "s1": 0.0}


@settings(max_examples=40)
@given(problems())
def test_laws(any_problem):
    n = len(any_problem.sites)
    found = robustness(any_problem, choice(draws=200, top=2))
    table = found.table
    assert table["p_top_k"].between(0, 1).all()
    assert table["p_top_k"].sum() >= min(2, n) - 1e-9
    assert (table["rank_p05"] <= table["rank_p50"]).all()
    assert (table["rank_p50"] <= table["rank_p95"]).all()
    assert table["rank_p95"].max() <= n
    win = found.win_rate.to_numpy()
    assert (win + win.T <= 1 + 1e-9).all()
    assert found.central_weights["p_first"].sum() == pytest.approx(1)
    assert found.central_weights.drop(columns="p_first").sum(axis=1).to_numpy() == pytest.approx(1)


@settings(max_examples=30)
@given(problems())
def test_a_dominating_site_is_never_less_often_at_the_top(any_problem):
    found = robustness(any_problem, choice(draws=200, data=False)).table["p_top_k"].to_numpy()
    least = any_problem.least
    for a in range(len(least)):
        for b in range(len(least)):
            if (least[a] >= least[b]).all() and (least[a] > least[b] + 1e-3).all():
                assert found[a] >= found[b]


def test_the_same_numbers_on_one_thread_or_many_and_again():
    rng = np.random.default_rng(3)
    big = problem(rng.random((3000, 6)), np.ones(6), most=None)
    a, b, c = (robustness(big, choice(draws=3000, top=20), workers=w) for w in (1, 2, 5))
    assert a.table.equals(b.table)
    assert b.table.equals(c.table)
    other = robustness(big, choice(draws=3000, top=20, seed=2))
    assert not other.table["p_top_k"].equals(a.table["p_top_k"])


def test_the_pilot_misses_no_site_of_the_top():
    """More sites than the pilot holds, and the best of some draws far down the nominal order."""
    rng = np.random.default_rng(0)
    wide = problem(rng.random((12_000, 3)), [8, 1, 1])
    settings_ = choice(draws=300, top=50, data=False)
    weights = draw_weights(wide.weights, settings_).astype(np.float32)
    scores = weights @ wide.least.T.astype(np.float32)
    floor = np.sort(scores, axis=1)[:, -50]
    expected = (scores >= floor[:, None]).mean(axis=0)
    assert robustness(wide, settings_).table["p_top_k"].to_numpy() == pytest.approx(expected)


def test_drawn_weights_centre_on_the_chosen_or_keep_their_order():
    chosen = np.array([0.5, 0.3, 0.2])
    round_ = draw_weights(chosen, choice(concentration=60.0, draws=20_000))
    assert round_.mean(axis=0) == pytest.approx(chosen, abs=0.005)
    assert round_.std(axis=0) == pytest.approx(np.sqrt(chosen * (1 - chosen) / 61), rel=0.05)
    ordered = draw_weights(chosen[[1, 0, 2]], choice(weights="ordered"))
    assert (ordered[:, 1] >= ordered[:, 0]).all()
    assert (ordered[:, 0] >= ordered[:, 2]).all()
    assert ordered.sum(axis=1) == pytest.approx(1)


def test_ranks_can_be_skipped():
    three = problem([[1, 0], [0, 1], [0.6, 0.6]], [1, 1])
    assert "rank_p50" not in robustness(three, choice(), ranks=False).table
