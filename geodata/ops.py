"""Spatial kernels: batch in, batch out, WORK metres only.

WORK searches; what is reported (and gated) is the GRS80 geodesic of the pair found.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from . import crs
from .crs import FloatArray

IntArray = npt.NDArray[np.intp]

_PAIR_CHUNK = 8_000_000
_LINE_PIECE_VERTICES = 12


@dataclass(frozen=True)
class Nearest:
    """Geodesic distance (m) to the nearest feature and that feature's position; inf and -1 when there is none."""

    distance_m: FloatArray
    position: IntArray


@dataclass(frozen=True)
class Within:
    """Sums (n, k) of the known values, features found (n) and features without a value (n, k)."""

    total: FloatArray
    found: IntArray
    unknown: IntArray


def nearest(sites: gpd.GeoSeries, features: gpd.GeoSeries) -> Nearest:
    """
    Nearest feature of each site.

    Parameters
    ----------
    sites
        n points in WORK.
    features
        Points, lines or polygons in WORK; a site inside a polygon is at distance 0.

    Raises
    ------
    CRSError
        If either series is not in WORK; the message names both systems.
    """
    crs.require(sites, crs.WORK, "sites")
    crs.require(features, crs.WORK, "features")
    shapes = np.asarray(features.array)
    if not len(shapes):
        return Nearest(np.full(len(sites), np.inf), np.full(len(sites), -1, dtype=np.intp))
    xy = _xy(sites)
    position, foot = _nearest_point(xy, shapes) if _all_points(shapes) else _nearest_shape(xy, shapes)
    lon_a, lat_a = crs.from_work(xy[:, 0], xy[:, 1])
    lon_b, lat_b = crs.from_work(foot[:, 0], foot[:, 1])
    return Nearest(crs.geodesic_m(lon_a, lat_a, lon_b, lat_b), position)


def sum_within(sites: gpd.GeoSeries, features: gpd.GeoSeries, values: FloatArray, *, reach_m: float) -> Within:
    """
    Sum the columns of `values` over the point features within `reach_m` (geodesic metres, inclusive) of each site.

    `values` is (features, k) and may hold NaN (not published): that feature is counted in `unknown` and adds
    nothing. Values are held to 2**-20 so that sums do not depend on the order, hence not on how work is cut.
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
    for start, size, site, feature in _pairs_within(_xy(sites), _xy(features), reach_m):
        rows = slice(start, start + size)
        found[rows] = np.bincount(site, minlength=size)
        for column in range(shape[1]):
            total[rows, column] = np.bincount(site, weights=known[feature, column], minlength=size)
            if missing[:, column].any():
                unknown[rows, column] = np.bincount(site, weights=missing[feature, column], minlength=size)
    return Within(total, found, unknown)


def _xy(points: gpd.GeoSeries) -> FloatArray:
    return np.asarray(shapely.get_coordinates(points.array))


def _all_points(shapes: npt.NDArray[np.object_]) -> bool:
    return bool((shapely.get_type_id(shapes) == shapely.GeometryType.POINT).all())


def _nearest_point(xy: FloatArray, shapes: npt.NDArray[np.object_]) -> tuple[IntArray, FloatArray]:
    targets = shapely.get_coordinates(shapes)
    position = cKDTree(targets).query(xy, workers=-1)[1]
    return position, targets[position]


def _nearest_shape(xy: FloatArray, shapes: npt.NDArray[np.object_]) -> tuple[IntArray, FloatArray]:
    pieces, owner = _pieces(shapes)
    points = shapely.points(xy)
    pair = shapely.STRtree(pieces).query_nearest(points, all_matches=False)
    piece = np.empty(len(points), dtype=np.intp)
    piece[pair[0]] = pair[1]
    links = shapely.get_coordinates(shapely.shortest_line(points, pieces[piece])).reshape(-1, 2, 2)
    return owner[piece], links[:, 1]


def _pieces(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], IntArray]:
    """Long lines cut into short ones (small boxes make a fast tree), with the position of their owner."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    coordinates, line = shapely.get_coordinates(parts[is_line], return_index=True)
    if not len(line):
        return parts, owner
    starts = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])
    order = np.arange(len(line)) - np.repeat(starts, np.diff(np.r_[starts, len(line)]))
    joint = (order > 0) & (order % (_LINE_PIECE_VERTICES - 1) == 0)
    last = np.r_[line[1:] != line[:-1], True]
    twice = np.repeat(np.arange(len(line)), 1 + (joint & ~last))
    first_copy = np.r_[True, twice[1:] != twice[:-1]]
    piece = np.cumsum(~first_copy | (order[twice] == 0)) - 1
    cut = shapely.linestrings(coordinates[twice], indices=piece)
    cut_owner = owner[is_line][line[twice][np.r_[True, piece[1:] != piece[:-1]]]]
    return np.concatenate([parts[~is_line], cut]), np.concatenate([owner[~is_line], cut_owner])


def _pairs_within(
    site_xy: FloatArray, feature_xy: FloatArray, reach_m: float
) -> Iterator[tuple[int, int, IntArray, IntArray]]:
    """Chunk by chunk: first site, number of sites, and the (site offset, feature) pairs within the geodesic reach."""
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
    per_site = np.mean(tree.query_ball_point(sample, radius_m, return_length=True))
    return int(np.clip(_PAIR_CHUNK / max(per_site, 1.0), 1000, len(site_xy)))


def covered_share(shapes: gpd.GeoSeries, polygons: gpd.GeoSeries) -> FloatArray:
    """
    Share of each shape under the polygons, 0 to 1; overlaps count once, a shape without area is in or out.

    Both in WORK; CRSError otherwise.
    """
    crs.require(shapes, crs.WORK, "shapes")
    crs.require(polygons, crs.WORK, "polygons")
    own, under = np.asarray(shapes.array), np.asarray(polygons.array)
    at, by = shapely.STRtree(under).query(own, predicate="intersects")
    share = np.zeros(len(own))
    if not len(at):
        return share
    parts = shapely.intersection(own[at], under[by])
    count = np.bincount(at, minlength=len(own))
    single = count[at] == 1
    area = np.zeros(len(own))
    area[at[single]] = shapely.area(parts[single])
    for site, group in pd.Series(parts[~single]).groupby(at[~single]):
        area[site] = shapely.area(shapely.union_all(group.to_numpy()))
    whole = shapely.area(own)
    flat = whole == 0
    share[~flat] = np.minimum(area[~flat] / whole[~flat], 1.0)
    share[flat] = count[flat] > 0
    return share


def worst_within(
    shapes: gpd.GeoSeries, polygons: gpd.GeoSeries, values: FloatArray
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """
    Largest value of the polygons that touch each shape, and whether any touches it. Both in WORK.

    NaN where none touches, and where one that touches has no known value.
    """
    crs.require(shapes, crs.WORK, "shapes")
    crs.require(polygons, crs.WORK, "polygons")
    at, by = shapely.STRtree(np.asarray(polygons.array)).query(np.asarray(shapes.array), predicate="intersects")
    worst = np.full(len(shapes), -np.inf)
    np.maximum.at(worst, at, np.where(np.isnan(values[by]), np.inf, values[by]))
    touched = np.bincount(at, minlength=len(shapes)) > 0
    return np.where(np.isfinite(worst), worst, np.nan), touched
