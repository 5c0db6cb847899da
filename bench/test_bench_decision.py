"""The analyses at the sizes they are made for: `make bench`. Compared with pymcdm and a plain numpy ranking where they do the same."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from planner.decision.breakeven import break_even_of
from planner.decision.influence import dominance
from planner.decision.portfolio import PortfolioChoice, choose_sites
from planner.decision.problem import Problem
from planner.decision.robustness import RobustnessChoice, draw_weights, robustness
from planner.model.values import Linear

pytestmark = pytest.mark.bench


def made_up(n, m):
    rng = np.random.default_rng(0)
    least = rng.random((n, m))
    most = np.minimum(least + 0.3 * rng.random((n, m)), 1)
    weights = rng.dirichlet(np.full(m, 5.0))
    order = np.argsort(-(least @ weights))
    least, most = least[order], most[order]
    sites = pd.DataFrame({"name": "x", "rank": np.arange(1, n + 1)}, index=[f"s{i}" for i in range(n)])
    functions = (Linear(worst=0, best=1),) * m
    return Problem(sites, least, most, least, weights, functions, {f"c{j}": {} for j in range(m)})


@pytest.mark.parametrize("data", [False, True])
def test_10_000_sites_20_criteria_10_000_draws(benchmark, data):
    benchmark.group = f"10,000 x 20 x 10,000 draws, data draws {data}"
    benchmark.pedantic(robustness, (made_up(10_000, 20), RobustnessChoice(draws=10_000, top=20, data=data)), rounds=1)


@pytest.mark.parametrize("ranks", [False, True])
def test_390_000_cells_14_criteria_1_000_draws(benchmark, ranks):
    benchmark.group = f"390,000 x 14 x 1,000 draws, rank quantiles {ranks}"
    choice = RobustnessChoice(draws=1_000, top=100, data=False)
    benchmark.pedantic(robustness, (made_up(390_000, 14), choice), {"ranks": ranks}, rounds=1)


@pytest.mark.parametrize("by", ["ours", "scipy.stats.rankdata"])
def test_rank_quantiles(benchmark, by):
    problem, choice = made_up(10_000, 20), RobustnessChoice(draws=1_000, top=20, data=False)
    benchmark.group = "rank quantiles, 10,000 sites, 1,000 draws"

    def library():
        scores = draw_weights(problem.weights, choice) @ problem.least.T
        return np.quantile(rankdata(-scores, axis=1), [0.05, 0.5, 0.95], axis=0)

    benchmark.pedantic((lambda: robustness(problem, choice)) if by == "ours" else library, rounds=1)


def test_breakeven_of_one_of_390_000(benchmark):
    problem = made_up(390_000, 14)
    benchmark.pedantic(break_even_of, (problem, "s150", 100), rounds=2)


def test_dominance_of_the_best_5_000(benchmark):
    benchmark.pedantic(dominance, (made_up(20_000, 14),), rounds=1)


@pytest.mark.parametrize("spacing_km", [0.0, 100.0])
def test_20_of_5_000(benchmark, spacing_km):
    rng, n = np.random.default_rng(0), 5_000
    ids = [f"s{i}" for i in range(n)]
    sites = pd.DataFrame({"lon": rng.uniform(130, 145, n), "lat": rng.uniform(33, 44, n)}, index=ids)
    scores, block = pd.Series(rng.uniform(0, 100, n), index=ids), pd.Series(rng.choice(list("ABCDEFGHI"), n), index=ids)
    choice = PortfolioChoice(k=20, spacing_km=spacing_km, runners_up=0, max_per_block=4, min_per_block={"A": 3})
    found = benchmark.pedantic(choose_sites, (sites, scores, choice), {"block": block}, rounds=1)
    assert found.gap == 0
