"""How polygons cover and touch the shapes of sites."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..base import FloatArray, IntArray
from ..country import crs

LEAST_OVERLAP_M2, LEAST_OVERLAP_SHARE = 10.0, 1e-4
"""An overlap smaller than both this area and this share of the shape is the noise of two drawings of one edge: an assumption."""


def covered_share(shapes: gpd.GeoSeries, polygons: gpd.GeoSeries) -> FloatArray:
    """
    Share of each shape under the polygons; overlaps count once, a shape without area is in or out.

    Parameters
    ----------
    shapes
        n shapes in WORK.
    polygons
        Polygons in WORK; they may overlap.

    Returns
    -------
    share
        (n), 0 to 1.

    Raises
    ------
    CRSError
        If either series is not in WORK; the message names both systems.
    """
    crs.require(shapes, crs.WORK, "shapes")
    crs.require(polygons, crs.WORK, "polygons")
    own, under = np.asarray(shapes.array), np.asarray(polygons.array)
    at, _, parts = _overlaps(own, under)
    share = np.zeros(len(own))
    if not len(at):
        return share
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
    Largest value of the polygons that touch each shape, and whether any touches it.

    Parameters
    ----------
    shapes
        n shapes in WORK.
    polygons
        k polygons in WORK.
    values
        (k), in any unit; NaN = not known.

    Returns
    -------
    worst
        (n), in the unit of `values`; NaN where none touches, and where one that touches has no known value.
    touched
        (n), whether a polygon touches the shape.

    Raises
    ------
    CRSError
        If either series is not in WORK; the message names both systems.
    """
    crs.require(shapes, crs.WORK, "shapes")
    crs.require(polygons, crs.WORK, "polygons")
    at, by, _ = _overlaps(np.asarray(shapes.array), np.asarray(polygons.array))
    worst = np.full(len(shapes), -np.inf)
    np.maximum.at(worst, at, np.where(np.isnan(values[by]), np.inf, values[by]))
    touched = np.bincount(at, minlength=len(shapes)) > 0
    return np.where(np.isfinite(worst), worst, np.nan), touched


def _overlaps(
    shapes: npt.NDArray[np.object_], polygons: npt.NDArray[np.object_]
) -> tuple[IntArray, IntArray, npt.NDArray[np.object_]]:
    """Pairs (shape, polygon) that overlap and the overlap itself; a shape without area overlaps what it touches."""
    at, by = shapely.STRtree(polygons).query(shapes, predicate="intersects")
    parts = shapely.intersection(shapes[at], polygons[by])
    whole, common = shapely.area(shapes[at]), shapely.area(parts)
    real = (whole == 0) | (common >= np.minimum(LEAST_OVERLAP_M2, LEAST_OVERLAP_SHARE * whole))
    return at[real], by[real], parts[real]
