"""Location quotients by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geodata.spatial.quotient import location_quotients

COUNTS = np.array([[30.0, 70.0], [20.0, 180.0]])


def test_by_hand():
    """The whole has 50 of 300 in the first sector; the first area 30 of its 100: 0.3 / (1/6) = 1.8."""
    found = location_quotients(COUNTS, COUNTS.sum(axis=1))
    assert found[0] == pytest.approx([1.8, 0.84])
    assert found[1] == pytest.approx([0.6, 1.08])


def test_a_suppressed_cell_is_unknown_and_so_is_an_area_of_which_too_little_is_known():
    counts = np.array([[np.nan, 99.0], [np.nan, 50.0], [10.0, 90.0]])
    found = location_quotients(counts, np.array([100.0, 100.0, 100.0]))
    assert np.isnan(found[0, 0])
    assert not np.isnan(found[0, 1])
    assert np.isnan(found[1]).all()


def test_nobody_at_work_has_no_quotient():
    assert np.isnan(location_quotients(np.zeros((1, 2)), np.zeros(1))).all()


@given(arrays(float, (4, 3), elements=st.floats(1, 1e6)))
def test_the_mean_over_the_areas_weighed_by_their_people_is_one(counts):
    totals = counts.sum(axis=1)
    found = location_quotients(counts, totals)
    assert (found * totals[:, None]).sum(axis=0) / totals.sum() == pytest.approx(np.ones(3))
