"""Who lives, and which schools stand, within the way to work of each site: by minutes over the roads, by a circle where there are none."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from geodata import Layer
from geodata.base import FloatArray, IntArray
from geodata.country import crs
from geodata.country.mesh import GRIDS
from geodata.sources.commuting import PAIR, square_of

from ..model.assumptions import Assumptions, Range

BoolArray = npt.NDArray[np.bool_]

_CELLS = 5
_EMPTY_CELLS = 15.0
"""How far, in cells of 1 km, a square without people may lie from the one with people that it counts with: an assumption."""

Triple = tuple[FloatArray, FloatArray, FloatArray]
"""Low, middle and high."""


@dataclass(frozen=True)
class Sites:
    """n places in degrees and how far each may lie from there, metres."""

    lon: FloatArray
    lat: FloatArray
    off_m: FloatArray


@dataclass(frozen=True)
class Reach:
    """
    Homes (squares with people) within reach of the squares that sites may lie in.

    `within` are three matrices (works, homes): surely, by the minutes given, possibly. `own` (n) is the square of each site,
    `site` and `square` pair the sites of inexact position with every square that they may lie in. `by_road` (n) says whether
    minutes over the roads decided.
    """

    homes: IntArray
    within: tuple[csr_array, csr_array, csr_array]
    own: IntArray
    site: IntArray
    square: IntArray
    by_road: FloatArray

    def sums(self, amounts: Triple) -> Triple:
        """Sums (3, n, k) over the homes within reach of (homes, k) amounts that are not negative."""
        return self.at_sites([matrix @ part for matrix, part in zip(self.within, amounts, strict=True)])

    def at_sites(self, works: list[FloatArray]) -> Triple:
        """Values of the squares of work, (works, k) for low, middle and high, at the sites: the least and the most where a site may lie."""
        low, value, high = works[0][self.own], works[1][self.own], works[2][self.own]
        if len(self.site):
            np.minimum.at(low, self.site, works[0][self.square])
            np.maximum.at(high, self.site, works[2][self.square])
        return low, value, high


def reach_of(sites: Sites, homes: pd.DataFrame, minutes: Layer | None, longest: float, assumed: Assumptions) -> Reach:
    """
    Homes within reach of n sites.

    Parameters
    ----------
    sites
        Where the work is.
    homes
        Squares with people: `square` (code), `lon`, `lat` of where they live; one row each.
    minutes
        Pairs of squares with minutes between them; None = the circle of `circle_km` for all.
    longest
        Longest way, minutes.
    assumed
        `time_factor` and `circle_km`.
    """
    row, col = GRIDS["1km"].locate(sites.lon, sites.lat)
    site, near_row, near_col = GRIDS["1km"].around(sites.lon, sites.lat, sites.off_m)
    works, place = np.unique(np.concatenate([_number(row, col), _number(near_row, near_col)]), return_inverse=True)
    own, maybe = place[: len(row)], place[len(row) :]
    row_of, col_of = works // 100_000 * _CELLS, works % 100_000 * _CELLS
    code = square_of(row_of, col_of)
    matrices = _by_road(code, homes["square"].to_numpy(np.int64), minutes, longest, assumed["time_factor"])
    off_road = np.flatnonzero(matrices[1].sum(axis=1) == 0)
    if len(off_road):
        circles = _circles(row_of[off_road], col_of[off_road], homes, assumed["circle_km"])
        matrices = [_with_rows(matrix, off_road, circle) for matrix, circle in zip(matrices, circles, strict=True)]
    by_road = np.ones(len(works))
    by_road[off_road] = 0.0
    pairs = pd.DataFrame({"site": site, "square": maybe}).drop_duplicates()
    return Reach(
        homes["square"].to_numpy(np.int64),
        (matrices[0], matrices[1], matrices[2]),
        own,
        pairs["site"].to_numpy(np.intp),
        pairs["square"].to_numpy(np.intp),
        by_road[own],
    )


def _number(row: IntArray, col: IntArray) -> IntArray:
    return np.asarray(row // _CELLS * 100_000 + col // _CELLS, dtype=np.int64)


def _by_road(
    works: IntArray, homes: IntArray, minutes: Layer | None, longest: float, factors: Range
) -> list[csr_array]:
    """Homes whose minutes, at the slowest, as given and at the fastest, are within the longest way; (works, homes) each."""
    shape = (len(works), len(homes))
    if minutes is None:
        return [csr_array(shape) for _ in range(3)]
    pair, taken = minutes.frame["pair"].to_numpy(), minutes.frame["minutes"].to_numpy()
    found = [_positions(codes, part) for codes, part in ((works, pair % PAIR), (homes, pair // PAIR))]
    known = (found[0] >= 0) & (found[1] >= 0)
    work, home, taken = found[0][known], found[1][known], taken[known]
    matrices = []
    for factor in reversed(factors):
        near = taken * factor <= longest
        matrices.append(csr_array((np.ones(near.sum()), (work[near], home[near])), shape=shape))
    return matrices


def _positions(codes: IntArray, wanted: IntArray) -> IntArray:
    """Where each wanted code stands among the codes; -1 where it does not."""
    order = np.argsort(codes, kind="stable")
    at = np.minimum(np.searchsorted(codes, wanted, sorter=order), len(codes) - 1)
    return np.where(codes[order[at]] == wanted, order[at], -1) if len(codes) else np.full(len(wanted), -1)


def _circles(row: IntArray, col: IntArray, homes: pd.DataFrame, radii_km: Range) -> list[csr_array]:
    """Homes within each radius of the middle of some squares."""
    lon, lat = 100 + (col + _CELLS / 2) / 80, (row + _CELLS / 2) / 120
    here, there = (np.column_stack(crs.to_work(x, y)) for x, y in ((lon, lat), (homes["lon"], homes["lat"])))
    tree, matrices = cKDTree(there), []
    for radius in radii_km:
        found = tree.query_ball_point(here, radius * 1000)
        lists = [np.asarray(one, dtype=np.intp) for one in found]
        work = np.repeat(np.arange(len(here)), [len(one) for one in lists])
        home = np.concatenate([*lists, np.array([], dtype=np.intp)])
        matrices.append(csr_array((np.ones(len(home)), (work, home)), shape=(len(here), len(there))))
    return matrices


def _with_rows(matrix: csr_array, rows: IntArray, other: csr_array) -> csr_array:
    """The matrix with other rows, where it has none of its own."""
    place = csr_array((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(matrix.shape[0], len(rows)))
    return csr_array(matrix + place @ other)


def schools_within(reach: Reach, schools: Sites, amounts: Triple) -> Triple:
    """
    Sums over the schools within reach: surely (wherever site and school truly are), at the places given, possibly.

    `amounts` are (s, k) each: low, middle and high of every school.
    """
    works = [held.astype(float) @ part for held, part in zip(schools_inside(reach, schools), amounts, strict=True)]
    return reach.at_sites(works)


def _nearest_home(homes: IntArray, row: IntArray, col: IntArray) -> IntArray:
    """The square with people that holds each cell, else the one whose corner is nearest: a school stands where no one lives, too."""
    at = _positions(homes, square_of(row, col))
    quarter = homes % 10 - 1
    south, west = GRIDS["1km"].decode(pd.Series((homes // 10 * 100).astype(str)))
    corners = np.column_stack([south + quarter // 2 * _CELLS, west + quarter % 2 * _CELLS])
    lost = np.flatnonzero(at < 0)
    if len(homes) and len(lost):
        cells = np.column_stack([row, col])[lost] // _CELLS * _CELLS
        away, nearest = (np.asarray(part) for part in cKDTree(corners).query(cells))
        at[lost] = np.where(away <= _EMPTY_CELLS, nearest, -1)
    return at


def schools_inside(reach: Reach, schools: Sites) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Whether each school is surely, as given and possibly within reach of each square of work, (works, s) each."""
    grid, count = GRIDS["1km"], len(schools.lon)
    at = _nearest_home(reach.homes, *grid.locate(schools.lon, schools.lat))
    school, row, col = grid.around(schools.lon, schools.lat, schools.off_m)
    maybe = pd.DataFrame(
        {
            "school": np.concatenate([np.arange(count), school]),
            "home": np.concatenate([at, _positions(reach.homes, square_of(row, col))]),
        }
    )
    maybe = maybe[maybe["home"] >= 0].drop_duplicates()
    shape = (len(reach.homes), count)
    given = csr_array((np.ones((at >= 0).sum()), (at[at >= 0], np.flatnonzero(at >= 0))), shape=shape)
    possible = csr_array((np.ones(len(maybe)), (maybe["home"], maybe["school"])), shape=shape)
    places = np.maximum(possible.sum(axis=0), 1.0)
    surely, stated, perhaps = (
        (matrix @ held).toarray() for matrix, held in zip(reach.within, (possible, given, possible), strict=True)
    )
    return surely >= places, stated > 0, perhaps > 0
