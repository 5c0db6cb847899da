import numpy as np
import pytest

from planner import evaluate, scenario_from_profile
from planner.explain.side_by_side import percentile, side_by_side


@pytest.fixture(scope="module")
def result(embedded):
    return evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()


def test_side_by_side_says_percentiles_of_these_candidates(result):
    table = side_by_side(result, list(result.table.index[:3]), "en")
    assert table.shape == (len(list(result.criteria)), 3)
    assert table.map(lambda cell: "as good as" in cell or "unknown" in cell).all(axis=None)
    best = result.table["value_metro_km"].max()
    assert percentile(result, "metro_km", float(best)) == 1.0
    nearest = result.table["value_grid_275kv_km"].min()
    assert percentile(result, "grid_275kv_km", float(nearest)) == 1.0
    assert np.isnan(percentile(result, "metro_km", np.nan))
