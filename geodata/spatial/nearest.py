"""Nearest feature of each site: WORK metres search, the GRS80 geodesic of the pair found is reported."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from ..base import FloatArray, IntArray
from ..country import crs

_LINE_PIECE_VERTICES = 12
_MOST_LEVELS = 8


@dataclass(frozen=True)
class Nearest:
    """
    Geodesic distance (m) to the nearest feature, that feature's position, and the place on it that is nearest (degrees).

    `least_m` and `most_m` bound the distance over every position that the accuracy of the features allows. Inf, -1 and NaN
    when there is no feature.
    """

    distance_m: FloatArray
    position: IntArray
    lon: FloatArray
    lat: FloatArray
    least_m: FloatArray
    most_m: FloatArray


def nearest(sites: gpd.GeoSeries, features: gpd.GeoSeries, off_m: FloatArray | float = 0.0) -> Nearest:
    """
    Nearest feature of each site.

    Parameters
    ----------
    sites
        n points in WORK.
    features
        f points, lines or polygons in WORK; a site inside a polygon is at distance 0.
    off_m
        How far the true place of a feature may lie from the one given, metres: one number, or one per feature.

    Returns
    -------
    near
        Distances in metres (n) along the ellipsoid and positions in `features` (n); inf and -1 when there is no feature.

    Raises
    ------
    CRSError
        If either series is not in WORK; the message names both systems.
    """
    crs.require(sites, crs.WORK, "sites")
    crs.require(features, crs.WORK, "features")
    shapes = np.asarray(features.array)
    if not len(shapes):
        nowhere, far = np.full(len(sites), np.nan), np.full(len(sites), np.inf)
        return Nearest(far, np.full(len(sites), -1, dtype=np.intp), nowhere, nowhere, far, far)
    off = _levels(np.broadcast_to(np.asarray(off_m, dtype=float), len(shapes)))
    xy = coordinates(sites)
    of_level = [_nearest_of(xy, shapes, np.flatnonzero(off == level), level) for level in np.unique(off)]
    if len(of_level) == 1:
        return of_level[0]
    first = np.argmin([near.distance_m for near in of_level], axis=0)
    columns = {field: np.stack([getattr(near, field) for near in of_level]) for field in Nearest.__dataclass_fields__}
    best = {field: np.take_along_axis(column, first[None], axis=0)[0] for field, column in columns.items()}
    return Nearest(**{**best, "least_m": columns["least_m"].min(axis=0), "most_m": columns["most_m"].min(axis=0)})


def _nearest_of(xy: FloatArray, shapes: npt.NDArray[np.object_], among: IntArray, off_m: float) -> Nearest:
    """Nearest of the features at some positions, all of one accuracy."""
    find = _nearest_point if all_points(shapes[among]) else _nearest_shape
    position, foot = find(xy, shapes[among])
    lon_a, lat_a = crs.from_work(xy[:, 0], xy[:, 1])
    lon_b, lat_b = crs.from_work(foot[:, 0], foot[:, 1])
    metres = crs.geodesic_m(lon_a, lat_a, lon_b, lat_b)
    return Nearest(metres, among[position], lon_b, lat_b, np.maximum(metres - off_m, 0), metres + off_m)


def _levels(off_m: FloatArray) -> FloatArray:
    """Accuracies, when there are many rounded up to four steps a decade, so that one search serves each step."""
    if len(np.unique(off_m)) <= _MOST_LEVELS:
        return off_m
    with np.errstate(divide="ignore"):
        return np.where(off_m > 0, 10 ** (np.ceil(4 * np.log10(off_m)) / 4), 0.0)


def coordinates(points: gpd.GeoSeries) -> FloatArray:
    """Coordinates of points, (n, 2)."""
    return np.asarray(shapely.get_coordinates(points.array))


def all_points(shapes: npt.NDArray[np.object_]) -> bool:
    """Whether every shape is a point of one part."""
    return bool((shapely.get_type_id(shapes) == shapely.GeometryType.POINT).all())


def _nearest_point(xy: FloatArray, shapes: npt.NDArray[np.object_]) -> tuple[IntArray, FloatArray]:
    targets = shapely.get_coordinates(shapes)
    position = np.asarray(cKDTree(targets).query(xy, workers=-1)[1], dtype=np.intp)
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
    # All lines are cut at once, over the (v,) vertices of all of them: `line` numbers a vertex's line, `order` its place
    # in it. Each 11th vertex inside a line is a joint and is taken twice, as the end of one piece and the start of the
    # next; `piece` counts one up at the second copy and at a line's first vertex, and so numbers the pieces' vertices.
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
