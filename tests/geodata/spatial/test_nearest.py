import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from places import PLACES, geodesic_table, points

from geodata.country import crs
from geodata.errors import CRSError
from geodata.spatial import nearest


@given(sites=PLACES, features=PLACES)
def test_nearest_point_is_the_brute_force_one_within_the_search_distortion(sites, features):
    found = nearest.nearest(points(sites), points(features))
    least = geodesic_table(sites, features).min(axis=1)
    assert np.all(found.distance_m >= least - 1e-3)
    assert np.all(found.distance_m <= least * (1 + 2 * crs.WORK_DISTORTION) + 1e-3)


def test_a_feature_at_the_site_itself_is_at_distance_0():
    place = [(140.0, 36.0)]
    assert nearest.nearest(points(place), points(place)).distance_m.tolist() == [0.0]


def test_nearest_line_agrees_with_shapely_and_finds_the_owner():
    rng = np.random.default_rng(2)
    ends = np.cumsum(rng.uniform(-0.05, 0.05, (40, 30, 2)), axis=1) + rng.uniform([138, 35], [141, 37], (40, 1, 2))
    lines = gpd.GeoSeries([shapely.LineString(c) for c in ends], crs=crs.STORE).to_crs(crs.WORK)
    sites = points(np.column_stack([rng.uniform(138, 141, 300), rng.uniform(35, 37, 300)]))
    found = nearest.nearest(sites, lines)
    brute = shapely.distance(np.asarray(sites.array)[:, None], np.asarray(lines.array)[None, :])
    chosen = brute[np.arange(len(sites)), found.position]
    assert chosen == pytest.approx(brute.min(axis=1), abs=1e-6)
    assert found.distance_m == pytest.approx(chosen, rel=crs.WORK_DISTORTION, abs=0.1)


def test_a_site_inside_a_polygon_is_at_distance_0():
    area = gpd.GeoSeries([shapely.box(139.9, 35.9, 140.1, 36.1)], crs=crs.STORE).to_crs(crs.WORK)
    assert nearest.nearest(points([(140.0, 36.0)]), area).distance_m[0] == pytest.approx(0, abs=1e-6)


def test_no_feature_is_infinitely_far():
    nothing = gpd.GeoSeries([], crs=crs.WORK)
    assert nearest.nearest(points([(140.0, 36.0)]), nothing).distance_m.tolist() == [np.inf]


def test_degrees_are_refused():
    degrees = gpd.GeoSeries([shapely.Point(140, 36)], crs=crs.STORE)
    with pytest.raises(CRSError, match="sites"):
        nearest.nearest(degrees, degrees)
