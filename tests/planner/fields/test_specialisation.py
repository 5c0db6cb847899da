"""Advantage, proximity and relatedness by hand, on a table of four areas and three sectors."""

import numpy as np
import pytest

from planner.fields.specialisation import advantage, density_per_km2, proximity, relatedness

AT_HOME = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])


def test_advantage_begins_at_one():
    assert advantage(np.array([[0.99, 1.0, np.nan]]))[0] == pytest.approx([0, 1, np.nan], nan_ok=True)


def test_proximity_is_the_smaller_of_both_shares():
    """Sector 0 is in 3 areas, 1 in 2, 2 in 2; 0 and 1 share 2, so min(2/3, 2/2); 0 and 2 share 1, so 1/3; 1 and 2 share none."""
    found = proximity(AT_HOME)
    assert found == pytest.approx(np.array([[1, 2 / 3, 1 / 3], [2 / 3, 1, 0], [1 / 3, 0, 1]]))


def test_relatedness_is_the_proximity_at_home_over_all():
    """Area 0 has sectors 0 and 1. For sector 2: (1/3 + 0) / (1/3 + 0) = 1; for 0: (2/3) / (2/3 + 1/3) = 2/3; for 1: (2/3) / (2/3) = 1."""
    found = relatedness(AT_HOME, proximity(AT_HOME))
    assert found[0] == pytest.approx([2 / 3, 1, 1])
    assert found[3] == pytest.approx([1 / 3, 0, 0])


def test_an_unknown_sector_counts_on_neither_side():
    known = AT_HOME.copy()
    known[0, 1] = np.nan
    found = relatedness(known[:1], proximity(AT_HOME))
    assert found[0, 0] == 0  # of the sectors near it only the one that is not at home is known


def test_a_sector_that_is_at_home_nowhere_is_unknown():
    nowhere = np.array([[1.0, 0.0], [1.0, 0.0]])
    near = proximity(nowhere)
    assert np.isnan(near[1]).all()
    assert np.isnan(relatedness(nowhere, near)[:, 1]).all()


def test_density_is_per_square_kilometre():
    found = density_per_km2(np.array([500.0, 5.0, np.nan]), np.array([1000.0, 0.0, 100.0]))
    assert found == pytest.approx([50, np.nan, np.nan], nan_ok=True)
