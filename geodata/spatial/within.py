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
_Chunk = tuple[int, int, IntArray, IntArray, FloatArray]


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
    shape = (len(sites), values.shape[1])
    total, least, most = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    found, unknown = np.zeros(len(sites), np.intp), np.zeros(shape, np.intp)
    if not all(shape) or not len(features):
        return Within(total, least, most, found, unknown)
    known = np.round(np.nan_to_num(values) * 2.0**20) / 2.0**20
    above, below, missing = np.maximum(known, 0), np.minimum(known, 0), np.isnan(values)
    off = np.broadcast_to(site_off_m, len(sites)), np.broadcast_to(feature_off_m, len(features))
    exact = not (off[0].any() or off[1].any())
    for start, size, site, feature, metres in _pairs(coordinates(sites), np.asarray(features.array), reach_m, *off):
        rows = slice(start, start + size)
        here = metres <= reach_m
        found[rows] = np.bincount(site[here], minlength=size)
        total[rows] = _sums(site[here], known[feature[here]], size)
        unknown[rows] = _sums(site, missing[feature], size) if missing.any() else 0
        if exact:
            continue
        sure = metres + off[0][rows][site] + off[1][feature] <= reach_m
        most[rows] = _sums(site, above[feature], size) + _sums(site[sure], below[feature[sure]], size)
        least[rows] = _sums(site[sure], above[feature[sure]], size) + _sums(site, below[feature], size)
    return Within(total, total, total, found, unknown) if exact else Within(total, least, most, found, unknown)


def _sums(site: IntArray, amounts: npt.NDArray[np.floating | np.bool_], size: int) -> FloatArray:
    """Columns of (pairs, k) amounts summed by site, (size, k)."""
    columns = (
        np.bincount(site, weights=column, minlength=size) if column.any() else np.zeros(size) for column in amounts.T
    )
    return np.column_stack(list(columns))


def _pairs(
    site_xy: FloatArray, shapes: npt.NDArray[np.object_], reach_m: float, site_off: FloatArray, feature_off: FloatArray
) -> Iterator[_Chunk]:
    """
    First site of a chunk, its length, and the pairs (site offset, feature, metres) that may be within reach.

    By a k-d tree among points, by the nearest place of each shape otherwise.
    """
    pairs = _pairs_within if all_points(shapes) else _pairs_to_shapes
    for start, size, site, feature, metres in pairs(site_xy, shapes, reach_m, site_off, feature_off):
        keep = metres - site_off[start : start + size][site] - feature_off[feature] <= reach_m
        yield start, size, site[keep], feature[keep], metres[keep]


def _pairs_to_shapes(
    site_xy: FloatArray, shapes: npt.NDArray[np.object_], reach_m: float, site_off: FloatArray, feature_off: FloatArray
) -> Iterator[_Chunk]:
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
) -> Iterator[_Chunk]:
    """The same among points, chunk by chunk; metres are those of the ellipsoid wherever that decides."""
    # Distances in WORK (plane metres) are wrong by at most WORK_DISTORTION. So what lies clearly inside or outside there
    # needs no second look; only pairs in the thin band around a threshold are measured again on the ellipsoid. There are
    # three thresholds: the reach, and the reach less or plus what both positions may be off.
    # `pairs` holds (i, j, v): site of the chunk, feature, plane distance; chunks bound its length.
    feature_xy = shapely.get_coordinates(shapes)
    tree, widest = cKDTree(feature_xy), feature_off.max()
    site_lonlat, feature_lonlat = (np.column_stack(crs.from_work(*xy.T)) for xy in (site_xy, feature_xy))
    size = _chunk_size(site_xy, tree, reach_m + widest + site_off.max())
    for start in range(0, len(site_xy), size):
        chunk = slice(start, min(start + size, len(site_xy)))
        outer = (reach_m + widest + site_off[chunk].max()) * (1 + crs.WORK_DISTORTION)
        pairs = cKDTree(site_xy[chunk]).sparse_distance_matrix(tree, outer, output_type="ndarray")
        site, feature, metres = pairs["i"], pairs["j"], np.ascontiguousarray(pairs["v"])
        slack = site_off[chunk][site] + feature_off[feature] if site_off.any() or widest else 0.0
        beyond = np.abs(metres - reach_m)
        near = np.minimum(beyond, np.abs(beyond - slack)) <= crs.WORK_DISTORTION / (1 - crs.WORK_DISTORTION) * metres
        band = np.flatnonzero(near)
        ends = site_lonlat[chunk][site[band]], feature_lonlat[feature[band]]
        metres[band] = crs.geodesic_m(*ends[0].T, *ends[1].T)
        yield start, chunk.stop - start, site, feature, metres


def _chunk_size(site_xy: FloatArray, tree: cKDTree, radius_m: float) -> int:
    sample = site_xy[:: max(1, len(site_xy) // 200)]
    per_site = float(np.mean(tree.query_ball_point(sample, radius_m, return_length=True)))
    return int(np.clip(_PAIR_CHUNK / max(per_site, 1.0), 1000, len(site_xy)))
