from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import PlannerError
from planner.decision.portfolio import PortfolioChoice, Shared, choose_sites
from planner.decision.space import distance_m


def country(n, seed=0):
    rng = np.random.default_rng(seed)
    ids = [f"s{i}" for i in range(n)]
    sites = pd.DataFrame({"lon": rng.uniform(136, 139, n), "lat": rng.uniform(35, 37, n)}, index=ids)
    scores = pd.Series(rng.integers(0, 100, n).astype(float), index=ids)
    block = pd.Series(rng.choice(["CHB", "KNT"], n), index=ids)
    cost = pd.Series(rng.integers(1, 9, n).astype(float), index=ids)
    return sites, scores, block, cost


def allowed(subset, sites, block, cost, choice):
    pairs = combinations(subset, 2)
    near = any(
        distance_m(*(np.array([sites.loc[s, c]]) for s in (a, b) for c in ("lon", "lat")))[0]
        <= choice.spacing_km * 1000
        for a, b in pairs
    )
    counts = block[list(subset)].value_counts()
    return (
        not (choice.spacing_km and near)
        and (choice.budget is None or cost[list(subset)].sum() <= choice.budget)
        and all(counts.get(name, 0) >= least for name, least in choice.min_per_block.items())
        and (choice.max_per_block is None or counts.max() <= choice.max_per_block)
    )


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    choice=st.builds(
        PortfolioChoice,
        k=st.integers(1, 4),
        spacing_km=st.sampled_from([0.0, 30.0, 80.0]),
        budget=st.sampled_from([None, 8.0, 14.0]),
        min_per_block=st.sampled_from([{}, {"CHB": 1}, {"CHB": 1, "KNT": 1}]),
        max_per_block=st.sampled_from([None, 2]),
    ),
)
def test_the_proven_choice_is_the_best_of_all_choices(seed, choice):
    sites, scores, block, cost = country(9, seed)
    if not set(choice.min_per_block) <= set(block):
        return
    k = choice.k
    found = choose_sites(sites, scores, choice, block=block, cost=cost)
    totals = sorted(
        (scores[list(s)].sum() for s in combinations(sites.index, k) if allowed(s, sites, block, cost, choice)),
        reverse=True,
    )
    if not totals:
        assert found.sites == []
        assert found.conflicts
        return
    assert found.gap == 0
    assert found.total == pytest.approx(totals[0])
    assert allowed(found.sites, sites, block, cost, choice)
    assert [total for _, total in found.runners_up] == pytest.approx(totals[1 : 1 + len(found.runners_up)])
    assert len(found.runners_up) == min(3, len(totals) - 1)


def test_what_conflicts_is_named_and_nothing_else():
    sites, scores, block, cost = country(12)
    choice = PortfolioChoice(k=5, budget=3, max_per_block=4)
    assert sorted(choose_sites(sites, scores, choice, block=block, cost=cost).conflicts) == ["budget", "k"]
    tight = PortfolioChoice(k=5, max_per_block=2)
    assert sorted(choose_sites(sites, scores, tight, block=block).conflicts) == ["k", "max_per_block"]


def test_a_site_of_unknown_cost_cannot_be_bought():
    sites, scores, block, cost = country(8)
    cost[scores.idxmax()] = np.nan
    found = choose_sites(sites, scores, PortfolioChoice(k=2, budget=100), block=block, cost=cost)
    assert scores.idxmax() not in found.sites
    assert found.without_cost == 1


def test_out_of_time_the_gap_is_told():
    rng = np.random.default_rng(0)
    n = 2500
    ids = [f"s{i}" for i in range(n)]
    sites = pd.DataFrame({"lon": rng.uniform(130, 145, n), "lat": rng.uniform(33, 44, n)}, index=ids)
    scores = pd.Series(100 - 10 * np.hypot(sites["lon"] - 139, sites["lat"] - 36) + rng.uniform(0, 20, n), index=ids)
    choice = PortfolioChoice(k=20, spacing_km=60, runners_up=0, time_limit_s=0.2)
    found = choose_sites(sites, scores, choice, block=pd.Series("A", index=ids))
    assert len(found.sites) == 20
    assert found.gap > 0


def test_errors_are_one_sentence():
    sites, scores, block, _ = country(5)
    with pytest.raises(PlannerError, match="needs a cost"):
        choose_sites(sites, scores, PortfolioChoice(k=1, budget=3), block=block)
    with pytest.raises(PlannerError, match="no site lies in block 'XXX'"):
        choose_sites(sites, scores, PortfolioChoice(k=1, min_per_block={"XXX": 1}), block=block)


def test_no_more_sites_hang_on_one_station_than_it_can_carry():
    sites = pd.DataFrame({"lon": [135.0, 135.1, 135.2, 136.0], "lat": 35.0}, index=list("abcd"))
    scores = pd.Series([90.0, 80.0, 70.0, 10.0], index=sites.index)
    block = pd.Series("KNK", index=sites.index)
    shared = Shared(pd.Series(["s1", "s1", "s1", ""], index=sites.index), pd.Series(2.0, index=sites.index))
    choice = PortfolioChoice(k=3, runners_up=0)
    assert choose_sites(sites, scores, choice, block=block).sites == ["a", "b", "c"]
    assert choose_sites(sites, scores, choice, block=block, shared=shared).sites == ["a", "b", "d"]
    tight = choose_sites(sites, scores, PortfolioChoice(k=4, runners_up=0), block=block, shared=shared)
    assert set(tight.conflicts) == {"k", "upstream"}
    assert shared.loads(sites.index) == 3
    assert shared.loads(pd.Index(["a"])) == 1
    assert np.isnan(shared.loads(pd.Index(["d"])))
