"""Sums over what lies within a geodesic reach of each site."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from ..base import FloatArray, IntArray
from ..country import crs
from .nearest import all_points, coordinates

_PAIR_CHUNK = 8_000_000
_SHAPE_CHUNK = 20_000
_Chunk = tuple[int, int, IntArray, IntArray]


@dataclass(frozen=True)
class Within:
    """Sums (n, k) of the known values, features found (n) and features without a value (n, k)."""

    total: FloatArray
    found: IntArray
    unknown: IntArray


def sum_within(sites: gpd.GeoSeries, features: gpd.GeoSeries, values: FloatArray, *, reach_m: float) -> Within:
    """
    Sum the columns of `values` over the features within reach of each site; each counts once, whatever its parts.

    Values are held to 2**-20 so that sums do not depend on the order, hence not on how work is cut.

    Parameters
    ----------
    sites
        n points in WORK.
    features
        f points, lines or polygons in WORK, of one part or several; the nearest part decides.
    values
        (f, k), in any unit; NaN (not published) adds nothing and is counted in `unknown`.
    reach_m
        Geodesic metres, inclusive.

    Returns
    -------
    within
        Sums (n, k), features found (n) and features without a value (n, k).

    Raises
    ------
    CRSError
        If either series is not in WORK; the message names both systems.
    """
    crs.require(sites, crs.WORK, "sites")
    crs.require(features, crs.WORK, "features")
    values = np.asarray(values, dtype=float)
    shape = (len(sites), values.shape[1])
    total, found, unknown = np.zeros(shape), np.zeros(len(sites), np.intp), np.zeros(shape, np.intp)
    if not all(shape) or not len(features):
        return Within(total, found, unknown)
    known = np.round(np.nan_to_num(values) * 2.0**20) / 2.0**20
    missing = np.isnan(values)
    for start, size, site, feature in _pairs(coordinates(sites), np.asarray(features.array), reach_m):
        rows = slice(start, start + size)
        found[rows] = np.bincount(site, minlength=size)
        for column in range(shape[1]):
            total[rows, column] = np.bincount(site, weights=known[feature, column], minlength=size)
            if missing[:, column].any():
                unknown[rows, column] = np.bincount(site, weights=missing[feature, column], minlength=size)
    return Within(total, found, unknown)


def _pairs(site_xy: FloatArray, shapes: npt.NDArray[np.object_], reach_m: float) -> Iterator[_Chunk]:
    """Pairs within reach: by a k-d tree among points, by the nearest place of each shape otherwise."""
    if all_points(shapes):
        return _pairs_within(site_xy, shapely.get_coordinates(shapes), reach_m)
    return _pairs_to_shapes(site_xy, shapes, reach_m)


def _pairs_to_shapes(site_xy: FloatArray, shapes: npt.NDArray[np.object_], reach_m: float) -> Iterator[_Chunk]:
    """The same for shapes: WORK finds those that may be within reach, the geodesic of the shortest line decides."""
    tree = shapely.STRtree(shapes)
    for start in range(0, len(site_xy), _SHAPE_CHUNK):
        points = shapely.points(site_xy[start : start + _SHAPE_CHUNK])
        site, feature = tree.query(points, predicate="dwithin", distance=reach_m * (1 + crs.WORK_DISTORTION))
        ends = shapely.get_coordinates(shapely.shortest_line(points[site], shapes[feature])).reshape(-1, 2, 2)
        here, there = (crs.from_work(ends[:, k, 0], ends[:, k, 1]) for k in (0, 1))
        keep = crs.geodesic_m(*here, *there) <= reach_m
        yield start, len(points), site[keep], feature[keep]


def _pairs_within(site_xy: FloatArray, feature_xy: FloatArray, reach_m: float) -> Iterator[_Chunk]:
    """Chunk by chunk: first site, number of sites, and the (site offset, feature) pairs within the geodesic reach."""
    # Distances in WORK (plane metres) are wrong by at most WORK_DISTORTION. So what lies within `inner` there is surely
    # within reach and what lies beyond `outer` surely not; only the thin band between is measured again on the
    # ellipsoid. `pairs` holds (i, j, v): site of the chunk, feature, plane distance; chunks bound its length.
    tree = cKDTree(feature_xy)
    outer, inner = reach_m * (1 + crs.WORK_DISTORTION), reach_m * (1 - crs.WORK_DISTORTION)
    site_lonlat, feature_lonlat = (np.column_stack(crs.from_work(*xy.T)) for xy in (site_xy, feature_xy))
    size = _chunk_size(site_xy, tree, outer)
    for start in range(0, len(site_xy), size):
        chunk = slice(start, min(start + size, len(site_xy)))
        pairs = cKDTree(site_xy[chunk]).sparse_distance_matrix(tree, outer, output_type="ndarray")
        site, feature = pairs["i"], pairs["j"]
        keep = pairs["v"] <= inner
        band = np.flatnonzero(~keep)
        ends = site_lonlat[chunk][site[band]], feature_lonlat[feature[band]]
        keep[band] = crs.geodesic_m(*ends[0].T, *ends[1].T) <= reach_m
        yield start, chunk.stop - start, site[keep], feature[keep]


def _chunk_size(site_xy: FloatArray, tree: cKDTree, radius_m: float) -> int:
    sample = site_xy[:: max(1, len(site_xy) // 200)]
    per_site = float(np.mean(tree.query_ball_point(sample, radius_m, return_length=True)))
    return int(np.clip(_PAIR_CHUNK / max(per_site, 1.0), 1000, len(site_xy)))
