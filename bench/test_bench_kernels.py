"""Our kernels beside the library a user would otherwise call, in the same run: `make bench`."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.country import crs
from geodata.spatial import nearest, within
from planner.decision import aggregate
from planner.model.tables import Measurements
from planner.model.values import Linear

pytestmark = pytest.mark.bench
SITES, POINTS, LINES = 100_000, 8_000, 10_000


@pytest.fixture(scope="module")
def country():
    rng = np.random.default_rng(0)

    def scatter(n):
        return crs.points_in_work(rng.uniform(131, 141, n), rng.uniform(33, 43, n))

    steps = np.cumsum(rng.uniform(-0.02, 0.02, (LINES, 12, 2)), axis=1)
    starts = rng.uniform([131, 33], [141, 43], (LINES, 1, 2))
    lines = gpd.GeoSeries([shapely.LineString(c) for c in steps + starts], crs=crs.STORE).to_crs(crs.WORK)
    return scatter(SITES), scatter(POINTS), lines


@pytest.mark.parametrize("what", ["points", "lines"])
@pytest.mark.parametrize("by", ["ours", "geopandas"])
def test_nearest(benchmark, country, what, by):
    sites, points, lines = country
    features = points if what == "points" else lines
    benchmark.group = f"nearest of {len(features):,} {what}, {SITES:,} sites"
    if by == "ours":
        benchmark.pedantic(nearest.nearest, (sites, features), rounds=3)
    else:
        left, right = gpd.GeoDataFrame(geometry=sites), gpd.GeoDataFrame(geometry=features)
        benchmark.pedantic(gpd.sjoin_nearest, (left, right), {"distance_col": "d"}, rounds=3)


@pytest.mark.parametrize("by", ["ours", "geopandas"])
def test_sum_within_30_km(benchmark, country, by):
    sites, points, _ = country
    values = np.ones((len(points), 1))
    benchmark.group = f"sum of {POINTS:,} points within 30 km, {SITES:,} sites"

    def library():
        left, right = (
            gpd.GeoDataFrame(geometry=sites),
            gpd.GeoDataFrame({"v": 1.0}, geometry=points, index=points.index),
        )
        return left.sjoin(right, predicate="dwithin", distance=30_000).groupby(level=0)["v"].sum()

    call = (lambda: within.sum_within(sites, points, values, reach_m=30_000)) if by == "ours" else library
    benchmark.pedantic(call, rounds=2)


def test_decide_390_000_sites(benchmark):
    rng = np.random.default_rng(1)
    ids = [f"c{i}" for i in range(14)]
    values = pd.DataFrame(rng.uniform(0, 100, (390_000, 14)), columns=ids)
    table = Measurements(values[[]], values, values, values, {}, ())
    functions, weights = dict.fromkeys(ids, Linear(worst=0, best=100)), dict.fromkeys(ids, 1 / 14)
    excluded = np.zeros(len(values), dtype=bool)
    benchmark.group = "score and rank 390,000 x 14"
    benchmark.pedantic(
        lambda: aggregate.rank(aggregate.score(table, functions, weights), excluded=excluded, completeness_floor=0.5),
        rounds=3,
    )
