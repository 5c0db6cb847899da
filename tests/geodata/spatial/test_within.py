import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from places import PLACES, geodesic_table, points

from geodata.country import crs
from geodata.errors import CRSError
from geodata.spatial import within
from geodata.spatial.nearest import nearest


@given(sites=PLACES, features=PLACES, reach_km=st.floats(1, 120), data=st.data())
@settings(max_examples=60)
def test_sum_within_is_the_brute_force_sum(sites, features, reach_km, data):
    values = np.array(data.draw(st.lists(st.integers(0, 4000), min_size=len(features), max_size=len(features))), float)
    table = geodesic_table(sites, features)
    reach = reach_km * 1000
    clear = np.abs(table - reach).min() > 0.01
    found = within.sum_within(points(sites), points(features), values[:, None], reach_m=reach)
    if clear:
        assert found.total[:, 0].tolist() == ((table <= reach) * values).sum(axis=1).tolist()
        assert found.found.tolist() == (table <= reach).sum(axis=1).tolist()


def test_a_value_that_is_not_published_adds_nothing_and_is_counted():
    found = within.sum_within(
        points([(140.0, 36.0)]), points([(140.0, 36.0), (140.01, 36.0)]), np.array([[np.nan], [5.0]]), reach_m=5000
    )
    assert (found.total[0, 0], found.found[0], found.unknown[0, 0]) == (5.0, 2, 1)


def test_the_sum_does_not_depend_on_how_the_sites_are_cut():
    rng = np.random.default_rng(1)
    sites = points(np.column_stack([rng.uniform(135, 141, 400), rng.uniform(34, 38, 400)]))
    features = points(np.column_stack([rng.uniform(135, 141, 300), rng.uniform(34, 38, 300)]))
    values = rng.uniform(0, 900, (300, 2))
    whole = within.sum_within(sites, features, values, reach_m=50_000).total
    parts = [
        within.sum_within(sites.iloc[cut], features, values, reach_m=50_000).total
        for cut in (slice(0, 7), slice(7, 400))
    ]
    assert np.array_equal(whole, np.concatenate(parts))


def test_a_feature_at_the_site_itself_counts():
    place = [(140.0, 36.0)]
    found = within.sum_within(points(place), points(place), np.array([[7.0]]), reach_m=1.0)
    assert found.total.tolist() == [[7.0]]


def test_no_feature_sums_to_0():
    nothing = gpd.GeoSeries([], crs=crs.WORK)
    assert within.sum_within(points([(140.0, 36.0)]), nothing, np.empty((0, 1)), reach_m=1).total.tolist() == [[0.0]]


def test_degrees_are_refused():
    degrees = gpd.GeoSeries([shapely.Point(140, 36)], crs=crs.STORE)
    with pytest.raises(CRSError, match="features"):
        within.sum_within(points([(140.0, 36.0)]), degrees, np.array([[1.0]]), reach_m=1)


SHAPES = st.sampled_from(["multipoint", "line", "polygon"])


@given(sites=PLACES, corners=PLACES, kind=SHAPES, reach_km=st.floats(1, 120))
@settings(max_examples=40)
def test_a_shape_counts_once_by_its_nearest_part(sites, corners, kind, reach_km):
    at = points(corners)
    xy = np.column_stack([at.x, at.y])
    shape = {
        "multipoint": lambda: shapely.MultiPoint(xy),
        "line": lambda: shapely.LineString(np.vstack([xy, xy[:1] + 1.0])),
        "polygon": lambda: shapely.MultiPoint(xy).buffer(500.0),
    }[kind]()
    features = gpd.GeoSeries([shape], crs=crs.WORK)
    reach = reach_km * 1000
    near = nearest(points(sites), features).distance_m
    found = within.sum_within(points(sites), features, np.array([[10.0]]), reach_m=reach)
    if np.abs(near - reach).min() > 0.01:
        assert found.total[:, 0].tolist() == (10.0 * (near <= reach)).tolist()
        assert found.found.tolist() == (near <= reach).astype(int).tolist()
