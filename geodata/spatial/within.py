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

_PAIR_CHUNK = 500_000  # the columns of a chunk stay in a core's own cache
_SHAPE_CHUNK = 20_000
_Found = tuple[int, int, IntArray, IntArray, FloatArray]
_Chunk = tuple[int, int, IntArray, IntArray, FloatArray, FloatArray]


@dataclass(frozen=True)
class Within:
    """
    What lies within reach of each of n sites, summed over k columns.

    `total` (n, k) sums the known values at the positions given. `least` and `most` (n, k) bound that sum over every position
    that the accuracies of sites and features allow; `unknown` (n, k) counts features that may lie within reach and have no
    value. `found` (n) counts features at the positions given.
    """

    total: FloatArray
    least: FloatArray
    most: FloatArray
    found: IntArray
    unknown: IntArray


def sum_within(  # noqa: PLR0913  (what, and how far each is known)
    sites: gpd.GeoSeries,
    features: gpd.GeoSeries,
    values: FloatArray,
    *,
    reach_m: float,
    site_off_m: FloatArray | float = 0.0,
    feature_off_m: FloatArray | float = 0.0,
) -> Within:
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
    site_off_m, feature_off_m
        How far the true position may lie from the one given, metres: one number, or one per site and per feature.

    Returns
    -------
    within
        Sums and their bounds (n, k), features found (n) and features without a value (n, k).

    Raises
    ------
    CRSError
        If either series is not in WORK; the message names both systems.
    """
    crs.require(sites, crs.WORK, "sites")
    crs.require(features, crs.WORK, "features")
    values = np.asarray(values, dtype=float)
    n = len(sites)
    site_off = np.broadcast_to(np.asarray(site_off_m, dtype=float), n)
    feature_off = np.broadcast_to(np.asarray(feature_off_m, dtype=float), len(features))
    sums = _nothing(n, values.shape[1])
    # Features of exact position go by themselves: a few inexact ones would widen the search for all.
    for among in (feature_off == 0, feature_off > 0):
        if n and among.any() and values.shape[1]:
            _add(sums, sites, features[among], values[among], reach_m, site_off, feature_off[among])
    return sums


def _nothing(n: int, k: int) -> Within:
    total, least, most = (np.zeros((n, k)) for _ in range(3))
    return Within(total, least, most, np.zeros(n, np.intp), np.zeros((n, k), np.intp))


def _add(  # noqa: PLR0913, PLR0917  (as above)
    sums: Within,
    sites: gpd.GeoSeries,
    features: gpd.GeoSeries,
    values: FloatArray,
    reach_m: float,
    site_off: FloatArray,
    feature_off: FloatArray,
) -> None:
    """Add what some features give to the sums."""
    known = np.round(np.nan_to_num(values) * 2.0**20) / 2.0**20
    above, below, missing = np.maximum(known, 0), np.minimum(known, 0), np.isnan(values)
    for start, size, site, feature, beyond, slack in _pairs(sites, features, reach_m, site_off, feature_off):
        rows = slice(start, start + size)
        # Three rings round each site: 0 surely within reach, 1 within at the positions given, 2 perhaps within.
        ring = site * 3 + (beyond > 0) + (beyond + slack > 0)
        sums.found[rows] += np.bincount(ring, minlength=3 * size).reshape(size, 3)[:, :2].sum(axis=1)
        high, low, open_ = (_by_ring(ring, feature, amounts, size) for amounts in (above, below, missing))
        sums.total[rows] += (high + low)[:, :2].sum(axis=1)
        sums.least[rows] += high[:, 0] + low.sum(axis=1)
        sums.most[rows] += high.sum(axis=1) + low[:, 0]
        sums.unknown[rows] += open_.sum(axis=1).astype(np.intp)


def _by_ring(ring: IntArray, feature: IntArray, amounts: npt.NDArray[np.floating | np.bool_], size: int) -> FloatArray:
    """Columns of (f, k) amounts of the features of each pair, summed by site and ring, (size, 3, k)."""
    columns = (
        np.bincount(ring, weights=np.ascontiguousarray(column)[feature], minlength=3 * size)
        if column.any()
        else np.zeros(3 * size)
        for column in amounts.T
    )
    return np.column_stack([*columns]).astype(float).reshape(size, 3, -1)


def _pairs(
    sites: gpd.GeoSeries, features: gpd.GeoSeries, reach_m: float, site_off: FloatArray, feature_off: FloatArray
) -> Iterator[_Chunk]:
    """
    What may be within reach, chunk by chunk.

    First site of the chunk, its length, and pairs: site offset, feature, metres beyond the reach (negative inside), and how many
    metres both positions may be off. By a k-d tree among points, by the nearest place of each shape otherwise.
    """
    shapes = np.asarray(features.array)
    find = _pairs_within if all_points(shapes) else _pairs_to_shapes
    alike = not site_off.any() and np.ptp(feature_off) == 0
    for start, size, site, feature, metres in find(coordinates(sites), shapes, reach_m, site_off, feature_off):
        slack = feature_off[:1] if alike else site_off[start : start + size][site] + feature_off[feature]
        beyond = metres - reach_m
        keep = beyond <= slack
        yield start, size, site[keep], feature[keep], beyond[keep], slack if alike else slack[keep]


def _pairs_to_shapes(
    site_xy: FloatArray, shapes: npt.NDArray[np.object_], reach_m: float, site_off: FloatArray, feature_off: FloatArray
) -> Iterator[_Found]:
    """WORK finds the shapes that may be within reach, the geodesic of the shortest line measures them."""
    tree = shapely.STRtree(shapes)
    widest = feature_off.max()
    for start in range(0, len(site_xy), _SHAPE_CHUNK):
        chunk = slice(start, start + _SHAPE_CHUNK)
        points = shapely.points(site_xy[chunk])
        far = (reach_m + widest + site_off[chunk]) * (1 + crs.WORK_DISTORTION)
        site, feature = tree.query(points, predicate="dwithin", distance=far)
        ends = shapely.get_coordinates(shapely.shortest_line(points[site], shapes[feature])).reshape(-1, 2, 2)
        here, there = (crs.from_work(ends[:, k, 0], ends[:, k, 1]) for k in (0, 1))
        yield start, len(points), site, feature, crs.geodesic_m(*here, *there)


def _pairs_within(
    site_xy: FloatArray, shapes: npt.NDArray[np.object_], reach_m: float, site_off: FloatArray, feature_off: FloatArray
) -> Iterator[_Found]:
    """The same among points; metres are those of the ellipsoid wherever that decides."""
    # A straight line through space is a millimetre short of the geodesic per 10 km, and by a known amount: so the search goes
    # through space, and only pairs within the error of that amount round a threshold are measured again on the ellipsoid.
    # There are three thresholds: the reach, and the reach less or plus what both positions may be off.
    # `pairs` holds (i, j, v): site of the chunk, feature, metres through space; chunks bound its length.
    site_lonlat, feature_lonlat = (
        np.column_stack(crs.from_work(*xy.T)) for xy in (site_xy, shapely.get_coordinates(shapes))
    )
    here, there = crs.in_space(*site_lonlat.T), crs.in_space(*feature_lonlat.T)
    tree, widest = cKDTree(there), feature_off.max()
    size = _chunk_size(here, tree, reach_m + widest + site_off.max())
    for start in range(0, len(here), size):
        chunk = slice(start, min(start + size, len(here)))
        outer = reach_m + widest + site_off[chunk].max()
        pairs = cKDTree(here[chunk]).sparse_distance_matrix(tree, outer, output_type="ndarray")
        site, feature, metres = pairs["i"], pairs["j"], crs.arc_m(pairs["v"])
        beyond, error = np.abs(metres - reach_m), crs.arc_error_m(outer)
        band = beyond <= error
        if outer > reach_m:
            band |= np.abs(beyond - site_off[chunk][site] - feature_off[feature]) <= error
        near = np.flatnonzero(band)
        ends = site_lonlat[chunk][site[near]], feature_lonlat[feature[near]]
        metres[near] = crs.geodesic_m(*ends[0].T, *ends[1].T)
        yield start, chunk.stop - start, site, feature, metres


def _chunk_size(here: FloatArray, tree: cKDTree, radius_m: float) -> int:
    sample = here[:: max(1, len(here) // 200)]
    per_site = float(np.mean(tree.query_ball_point(sample, radius_m, return_length=True)))
    return int(np.clip(_PAIR_CHUNK / max(per_site, 1.0), 256, max(len(here), 256)))
