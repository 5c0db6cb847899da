import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.country import crs
from geodata.spatial.share import LEAST_OVERLAP_M2, covered_share, worst_within


def shapes(*boxes):
    return gpd.GeoSeries([shapely.box(*box) for box in boxes], crs=crs.WORK)


PLOT = (0.0, 0.0, 400.0, 400.0)


@given(overlap_m=st.floats(-1.0, 0.02))
def test_a_sliver_along_an_edge_is_no_overlap(overlap_m):
    beside = shapes((400.0 - overlap_m, 0.0, 900.0, 400.0))
    worst, touched = worst_within(shapes(PLOT), beside, np.array([5.0]))
    assert not touched[0]
    assert np.isnan(worst[0])
    assert covered_share(shapes(PLOT), beside)[0] == 0.0


@given(overlap_m=st.floats(0.1, 400.0))
def test_a_real_overlap_counts(overlap_m):
    over = shapes((400.0 - overlap_m, 0.0, 900.0, 400.0))
    worst, touched = worst_within(shapes(PLOT), over, np.array([5.0]))
    assert (touched[0], worst[0]) == (True, 5.0)
    assert covered_share(shapes(PLOT), over)[0] == pytest.approx(overlap_m / 400.0)


def test_the_least_overlap_of_a_small_plot_is_a_share_of_it():
    small = (0.0, 0.0, 5.0, 5.0)
    over = shapes((4.0, 0.0, 50.0, 5.0))
    assert LEAST_OVERLAP_M2 > 5.0
    assert covered_share(shapes(small), over)[0] == pytest.approx(0.2)


def test_a_point_is_in_or_out():
    point = gpd.GeoSeries([shapely.Point(1, 1), shapely.Point(500, 500)], crs=crs.WORK)
    assert covered_share(point, shapes(PLOT)).tolist() == [1.0, 0.0]
    assert worst_within(point, shapes(PLOT), np.array([3.0]))[1].tolist() == [True, False]
