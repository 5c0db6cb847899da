"""The laws of the additive model on random tables, unknowns and bounds included."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.decision import aggregate
from planner.model.tables import Measurements
from planner.model.values import Linear

CRITERIA = ["p", "q", "r"]
FUNCTIONS = {"p": Linear(worst=0, best=100), "q": Linear(worst=50, best=0), "r": Linear(worst=-5, best=5)}
CELL = st.one_of(st.just(float("nan")), st.floats(-20, 120))
TABLE = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12)
WEIGHTS = st.tuples(*[st.floats(0.01, 10)] * 3)


def measured(rows, low=None, high=None):
    index = pd.Index([f"s{i}" for i in range(len(rows))], name="site_id")
    frames = [
        pd.DataFrame(part, columns=CRITERIA, index=index, dtype=float) for part in (rows, low or rows, high or rows)
    ]
    return Measurements(pd.DataFrame(index=index), *frames, dict.fromkeys(CRITERIA, ""), ())


def weights_of(raw):
    return dict(zip(CRITERIA, np.array(raw) / sum(raw), strict=True))


def scored(rows, raw=(1, 1, 1), **bounds):
    return aggregate.score(measured(rows, **bounds), FUNCTIONS, weights_of(raw))


@given(rows=TABLE, raw=WEIGHTS)
def test_contributions_sum_to_the_score_also_with_unknowns(rows, raw):
    scores = scored(rows, raw)
    assert scores.contributions.sum(axis=1).to_numpy() == pytest.approx(scores.score.to_numpy())
    assert ((scores.score >= 0) & (scores.score_high <= 100 + 1e-9) & (scores.score <= scores.score_high + 1e-9)).all()


@given(rows=TABLE, raw=WEIGHTS, scale=st.floats(0.1, 100))
def test_scaling_all_weights_changes_nothing(rows, raw, scale):
    assert scored(rows, raw).score.to_numpy() == pytest.approx(scored(rows, [w * scale for w in raw]).score.to_numpy())


@given(rows=TABLE, raw=WEIGHTS, more=st.tuples(CELL, CELL, CELL))
def test_adding_a_site_never_changes_the_others(rows, raw, more):
    assert scored([*rows, more], raw).score.to_list()[:-1] == scored(rows, raw).score.to_list()


@given(rows=TABLE, raw=WEIGHTS, at=st.integers(0, 2))
def test_making_a_value_unknown_never_raises_a_score_nor_lowers_what_is_possible(rows, raw, at):
    blanked = [tuple(float("nan") if i == at else cell for i, cell in enumerate(row)) for row in rows]
    before, after = scored(rows, raw), scored(blanked, raw)
    assert (after.score <= before.score + 1e-9).all()
    assert (after.score_high >= before.score_high - 1e-9).all()
    assert (after.completeness <= before.completeness + 1e-9).all()


@given(rows=TABLE, seed=st.integers(0, 99))
def test_permuting_sites_permutes_ranks(rows, seed):
    order = np.random.default_rng(seed).permutation(len(rows))
    ranks = ranked(rows).rank.to_numpy(dtype=float, na_value=np.nan)
    again = ranked([rows[i] for i in order]).rank.to_numpy(dtype=float, na_value=np.nan)
    assert np.array_equal(again, ranks[order], equal_nan=True)


@given(row=st.tuples(*[st.floats(-20, 120)] * 3), better=st.floats(0, 50), raw=WEIGHTS)
def test_a_dominating_site_never_ranks_below(row, better, raw):
    ranks = ranked([(row[0] + better, row[1] - better, row[2] + better), row], raw).rank
    assert ranks.iloc[0] <= ranks.iloc[1]


def ranked(rows, raw=(1, 1, 1), floor=0.5):
    scores = scored(rows, raw)
    return aggregate.rank(scores, excluded=np.zeros(len(rows), dtype=bool), completeness_floor=floor)


def test_a_lower_bound_proves_its_points_and_leaves_the_rest_possible():
    scores = scored([(40, 0, 5)], low=[(40, 0, 5)], high=[(np.inf, 0, 5)])
    assert scores.score.iloc[0] == pytest.approx((40 + 100 + 100) / 3)
    assert scores.score_high.iloc[0] == pytest.approx(100)
    assert scores.completeness.iloc[0] == 1


def test_an_upper_bound_of_a_distance_proves_its_points():
    scores = scored([(0, 10, 5)], low=[(0, 0, 5)], high=[(0, 10, 5)])
    assert scores.contributions.loc["s0", "q"] == pytest.approx(80 / 3)
    assert scores.score_high.iloc[0] == pytest.approx(200 / 3)


def test_below_the_floor_a_site_is_not_ranked_and_at_it_it_is():
    rows = [(50, np.nan, np.nan), (np.nan, 1, 1)]
    assert ranked(rows, (1, 1, 2)).status.to_list() == ["not_ranked", "ranked"]
    assert ranked(rows, (1, 1, 2), floor=0.75).status.to_list() == ["not_ranked", "ranked"]
    assert ranked(rows, (1, 1, 2), floor=0.76).rank.isna().all()


def test_ties_share_a_rank_and_excluded_sites_have_none():
    scores = scored([(50, 0, 0), (50, 0, 0), (10, 0, 0), (99, 0, 5)])
    ranking = aggregate.rank(scores, excluded=np.array([False, False, False, True]), completeness_floor=0.5)
    assert ranking.rank.to_list() == [1, 1, 3, pd.NA]
    assert ranking.status.to_list() == ["ranked", "ranked", "ranked", "excluded"]
