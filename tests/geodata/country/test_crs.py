import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from geodata.country import crs
from geodata.errors import CRSError

LON, LAT = st.floats(122.9, 154), st.floats(24, 45.6)


@given(lon=LON, lat=LAT, bearing=st.floats(0, 360), metres=st.floats(1_000, 60_000))
def test_work_distances_stay_within_the_stated_distortion(lon, lat, bearing, metres):
    lon_b, lat_b, _ = crs.GEOD.fwd(lon, lat, bearing, metres)
    x, y = crs.to_work([lon, lon_b], [lat, lat_b])
    assert np.hypot(x[1] - x[0], y[1] - y[0]) == pytest.approx(metres, rel=crs.WORK_DISTORTION)


@given(lon=LON, lat=LAT)
def test_projection_round_trips(lon, lat):
    back = crs.from_work(*crs.to_work([lon], [lat]))
    assert (back[0][0], back[1][0]) == (pytest.approx(lon, abs=1e-7), pytest.approx(lat, abs=1e-7))


def test_a_distance_in_web_mercator_would_be_kilometres_off():
    points = gpd.GeoSeries([Point(141.0, 43.0), Point(141.5, 43.0)], crs=4326)
    mercator = points.to_crs(3857)
    true = crs.geodesic_m(141.0, 43.0, 141.5, 43.0)
    assert abs(mercator.iloc[0].distance(mercator.iloc[1]) - true) > 10_000


def test_a_wrong_crs_is_refused_by_name():
    with pytest.raises(CRSError, match="JGD2011"):
        crs.require(gpd.GeoSeries([Point(140, 36)], crs=crs.STORE), crs.WORK, "sites")
    with pytest.raises(CRSError, match="no CRS"):
        crs.require(gpd.GeoSeries([Point(140, 36)]), crs.WORK, "sites")


@given(st.floats(122, 154), st.floats(20, 46), st.floats(0, 360), st.floats(0, 400_000))
def test_an_arc_through_space_is_the_geodesic_within_its_error(lon, lat, angle, metres):
    there = crs.GEOD.fwd(lon, lat, angle, metres)
    ends = crs.in_space(np.array([lon, there[0]]), np.array([lat, there[1]]))
    chord = np.array([np.linalg.norm(ends[0] - ends[1])])
    assert abs(crs.arc_m(chord)[0] - metres) <= crs.arc_error_m(max(metres, 1.0))
    assert chord[0] <= metres + 1e-6
