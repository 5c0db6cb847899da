"""Indices of concentration by hand; only the product of both indices of a traded good has bands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.fields.concentration import hhi, largest_share, product_index


def test_hhi_by_hand():
    assert hhi(np.array([60.0, 30.0, 10.0])) == pytest.approx(0.46)
    assert largest_share(np.array([60.0, 30.0, 10.0])) == pytest.approx(0.6)


@pytest.mark.parametrize("amounts", [[], [0.0, 0.0], [1.0, np.nan], [2.0, -1.0]])
def test_what_is_unknown_has_no_index(amounts):
    assert np.isnan(hhi(np.array(amounts)))
    assert np.isnan(largest_share(np.array(amounts)))


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=20))
def test_an_index_lies_between_equal_shares_and_one(amounts):
    assert 1 / len(amounts) - 1e-9 <= hhi(np.array(amounts)) <= 1 + 1e-9


@pytest.mark.parametrize(
    ("imports", "exports", "both", "band"),
    [
        ([90, 10], [95, 5], 0.82 * 0.905, "high"),
        ([80, 20], [70, 30], 0.68 * 0.58, "medium"),
        ([50, 50], [50, 50], 0.25, "low"),
        ([1, 1], [np.nan, 1], np.nan, ""),
    ],
)
def test_bands_of_the_product_by_hand(imports, exports, both, band):
    found = product_index(np.array(imports, float), np.array(exports, float))
    assert found.both == pytest.approx(both, nan_ok=True)
    assert found.band == band
