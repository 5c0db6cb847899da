"""Percentiles of choices among random places."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.decision.space import distance_m
from planner.decision.standing import Windows, percentiles, standing, windows_near

LON, LAT = (a.ravel() for a in np.meshgrid(np.linspace(139, 139.5, 41), np.linspace(36, 36.4, 37)))


def each(cells):
    return Windows(np.asarray(cells, dtype=np.intp), np.ones(len(cells), dtype=np.intp))


def test_the_best_cell_near_counts_and_ties_count_half():
    points = np.array([1.0, 5.0, 3.0, 3.0, -np.inf])
    choices = Windows(np.array([0, 1, 2, 4]), np.array([2, 1, 1]))
    assert percentiles(points, choices, each([0, 2, 3])).tolist() == pytest.approx([1.0, 2 / 3, 0.0])


@given(st.integers(0, 2**32 - 1))
def test_random_choices_have_an_area_of_a_half(seed):
    rng = np.random.default_rng(seed)
    points, cells = rng.random(500), rng.integers(0, 500, 300)
    assert percentiles(points, each(cells), each(np.arange(500))).mean() == pytest.approx(0.5, abs=0.08)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_intervals_hold_the_figures(values):
    found = standing(np.array(values))
    assert found.n == len(values)
    for name in ("median", "top", "area"):
        low, high = getattr(found, f"{name}_interval")
        assert 0 <= low <= high <= 1
    assert found.area_interval[0] - 1e-9 <= found.area <= found.area_interval[1] + 1e-9


def test_windows_are_the_cells_within_reach():
    at_lon, at_lat = np.array([139.2, 150.0, 139.41]), np.array([36.1, 30.0, 36.33])
    found, inside = windows_near(LON, LAT, at_lon, at_lat, np.array([3000.0, 3000.0, 5000.0]))
    assert inside.tolist() == [True, False, True]
    parts = np.split(found.cells, np.cumsum(found.counts)[:-1])
    for part, place, reach in zip(parts, (0, 2), (3000, 5000), strict=True):
        near = distance_m(LON, LAT, at_lon[place], at_lat[place]) <= reach
        assert part.tolist() == np.flatnonzero(near).tolist()
