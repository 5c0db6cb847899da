"""Which region, and which ground within it."""

import pandas as pd

from planner.decision.scales import two_ranks


def test_two_regions_by_hand():
    cells = pd.DataFrame(
        {"wide": [10.0, 12.0, 20.0, 20.0, 30.0], "near": [5.0, 1.0, 2.0, None, 9.0], "near2": [0.0, 1.0, 2.0, 1.0, 9.0]}
    )
    region, ranked = pd.Series(["A", "A", "B", "B", "B"]), pd.Series([True, True, True, True, False])
    found = two_ranks(cells, {"near", "near2"}, region, ranked)
    assert found["points_ground"].tolist() == [5.0, 2.0, 4.0, 1.0, 18.0]
    assert found["rank_region"].tolist() == [2, 2, 1, 1, pd.NA]
    assert found["rank_ground"].tolist() == [1, 2, 1, 2, pd.NA]


def test_points_of_both_scales_add_up_to_the_score():
    cells = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, None], "c": [0.5, 0.25]})
    found = two_ranks(cells, {"b"}, pd.Series(["A", "B"]), pd.Series([True, True]))
    assert (found["points_region"] + found["points_ground"]).tolist() == cells.fillna(0).sum(axis=1).tolist()
