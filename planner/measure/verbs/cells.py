"""Values of 1 km cells: of the cell that holds a site, summed within reach, and the distance to the nearest cell of a kind."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pydantic import Field

from geodata import Layer
from geodata.base import FloatArray, IntArray, Text
from geodata.country import crs
from geodata.country.mesh import GRIDS
from geodata.spatial.cells import HALF_DIAGONAL_M, Cells, cells_of
from geodata.spatial.nearest import Nearest, nearest

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, quantity_text, rows_that_may_pass, rows_that_pass, site_off_m
from .nearest_km import distance
from .sum_within import sum_between

_FLAT_M = 6_000_000.0
"""A circle of radius r on the ground is drawn wrong by r * r over this, at most, where it is drawn flat."""

_STEP = 0.3
"""Between the places tried for an inexact site, as a share of its accuracy."""

GROUND = "ground"
"""Kind of candidates that are the best cells of municipalities: what they can use ends at the border."""


class _OfCells(Criterion):
    one_layer: ClassVar[bool] = True

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """Nothing: for a table of the user's own, `mesh_value` is offered."""
        return ()

    def columns(self) -> tuple[str, ...]:
        """The mesh code besides the filters'."""
        return (*super().columns(), "mesh_code")


class _Amounts(_OfCells):
    column: str = Field(description="Column of the cells")
    low_column: str | None = Field(None, description="Column that bounds it from below; absent: the column itself")
    high_column: str | None = Field(None, description="Column that bounds it from above; absent: the column itself")

    def numbers(self) -> tuple[str, ...]:
        """The columns besides the filters'."""
        return (*super().numbers(), *dict.fromkeys(self.columns_used()))

    def columns_used(self) -> tuple[str, str, str]:
        """The column and those that bound it."""
        return self.column, self.low_column or self.column, self.high_column or self.column

    def amounts(self, frame: pd.DataFrame) -> FloatArray:
        """Value and bounds of each cell, (cells, 3)."""
        return np.array(frame[list(self.columns_used())], dtype=float)

    def limits(self, layer: Layer) -> tuple[float, float]:
        """The least and the most that the column can hold."""
        field = layer.spec.fields.get(self.column)
        floor, ceiling = (None, None) if field is None else (field.minimum, field.maximum)
        return -np.inf if floor is None else floor, np.inf if ceiling is None else ceiling


class CellValue(_Amounts):
    """
    Value of the cell that holds a site, or the mean of the cells under its plot; a cell without a row is unknown.

    Bounded by the columns that bound it, by `off`, and by every cell that the plot or the accuracy of the position reaches.
    Where the layer is partial, 0 says nothing and is unknown, and what is found is a lower bound.
    """

    label: ClassVar[str] = "Value of the cell and its bounds"

    measure: Literal["cell_value"] = "cell_value"
    off: Annotated[float, Field(ge=0, description="How far a cell's value may truly lie from what is given")] = 0.0
    at_most: bool = Field(default=False, description="Whether the value is an upper bound: nothing is proven of it")
    off_share: Annotated[float, Field(ge=0, le=1, description="The same as a share of the value")] = 0.0

    def pass_key(self) -> str:
        """Values of the same cells."""
        return self.key_of()

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The value of this criterion alone."""
        return self.measured_together([self], candidates, sources)[0]

    @classmethod
    def measured_together(cls, group: Sequence[Criterion], candidates: CandidateSet, sources: Sources) -> list[Bounded]:
        """Values of several columns of the same cells."""
        layer, frame = sources.layers[0], sources.layers[0].frame
        cells = cells_of(frame["mesh_code"])
        sure, maybe = _passing(group[0], frame)
        at = cells.at(*_places(candidates))
        plots = _cells_of_plots(candidates, cells)
        site, possible = _possible_cells(candidates, cells, sure | maybe, partial=sources.partial)
        found = []
        for criterion in cast("Sequence[CellValue]", group):
            amounts = criterion.amounts(frame)
            amounts[~(sure | maybe)] = np.nan
            here = np.where(((at >= 0) & sure[at])[:, None], amounts[at], np.nan)
            floor, ceiling = criterion.limits(layer)
            known = np.column_stack([_or(amounts[:, 1], floor), _or(amounts[:, 2], ceiling)])
            for drawn, under in plots.items():
                here[drawn] = amounts[under[sure[under]], 0].mean(), known[under, 0].min(), known[under, 1].max()
            around = np.where((possible >= 0)[:, None], known[possible], [floor, ceiling])
            here[:, 1], here[:, 2] = _or(here[:, 1], floor), _or(here[:, 2], ceiling)
            np.minimum.at(here[:, 1], site, around[:, 0])
            np.maximum.at(here[:, 2], site, around[:, 1])
            found.append(criterion.within_limits(here, layer, partial=sources.partial))
        return found

    def within_limits(self, found: FloatArray, layer: Layer, *, partial: bool) -> Bounded:
        """Values and bounds found, (n, 3): the value between bounds widened by what a cell's value is good to, within what the column can hold."""
        value, low, high = found.T
        floor, ceiling = self.limits(layer)
        field = layer.spec.fields.get(self.column)
        off = max(self.off, 0.0 if field is None else field.accuracy)
        low = np.maximum(low - off - self.off_share * np.abs(low), floor)
        high = np.minimum(high + off + self.off_share * np.abs(high), ceiling)
        if self.at_most:
            return bounded(value, np.full_like(low, max(floor, 0.0)), high, Why.AT_MOST)
        if partial:
            return bounded(np.where(value > 0, value, np.nan), low, np.full_like(high, ceiling), Why.AT_LEAST)
        return bounded(value, low, high, np.where(low < high, Why.INEXACT, Why.EXACT))


class CellsWithin(_Amounts):
    """
    Sum of a column over the cells whose centre lies within reach; a site in a cell without a row is unknown.

    Bounded by the columns that bound it and by what lies within reach wherever an inexact site may truly be; a lower bound
    where a cell that may lie within reach has no value. On the ground of a municipality no more counts than the municipality
    has, where the cells say which it is.
    """

    label: ClassVar[str] = "Sum over the cells within reach"

    measure: Literal["cells_within"] = "cells_within"
    reach_m: Annotated[float, Field(gt=0, le=100_000, description="Straight-line reach, metres")]

    def pass_key(self) -> str:
        """Sums over the same cells within the same reach."""
        return self.key_of("reach_m")

    def reach(self) -> Text:
        """Km."""
        return quantity_text(self.reach_m / 1000, "km")

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The sum of this criterion alone."""
        return self.measured_together([self], candidates, sources)[0]

    @classmethod
    def measured_together(cls, group: Sequence[Criterion], candidates: CandidateSet, sources: Sources) -> list[Bounded]:
        """Sums of several columns in one pass."""
        same, layer = cast("Sequence[CellsWithin]", group), sources.layers[0]
        frame, reach_m, off = layer.frame, same[0].reach_m, site_off_m(candidates)
        sure, maybe = _passing(group[0], frame)
        amounts = {parts: _summed(frame, parts, sure, maybe) for parts in dict.fromkeys(c.columns_used() for c in same)}
        columns = np.hstack(list(amounts.values()))
        cells, places, own = cells_of(frame["mesh_code"]), _places(candidates), _own_totals(candidates, frame, columns)
        value = cells.sum_within(*places, columns, np.full(len(off), reach_m))
        low, high = (np.minimum(found, own) for found in _wherever(cells, places, off, columns, reach_m, value))
        value, here = np.minimum(value, own), cells.at(*places) >= 0
        found = []
        for criterion in same:
            at = 4 * list(amounts).index(criterion.columns_used())
            open_ended = (high[:, at + 3] > 0) | sources.partial
            below = criterion.limits(layer)[0] < 0
            least = np.where((open_ended | (off > 0)) & below, -np.inf, low[:, at + 1])
            most = np.where((off > 0) & below, np.inf, high[:, at + 2])
            total = np.where(here, value[:, at], np.nan)
            found.append(sum_between(total, np.minimum(least, total), np.maximum(most, total), open_ended))
        return found


class NearestCellKm(_OfCells):
    """Geodesic km to the centre of the nearest cell that passes the filter, known to half the diagonal of a cell and the accuracy of the position."""

    label: ClassVar[str] = "Distance to the nearest cell of a kind"

    measure: Literal["nearest_cell_km"] = "nearest_cell_km"

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Km and its bounds."""
        frame = sources.layers[0].frame
        near = _nearest_centre(candidates, rows_that_pass(frame, self.where))
        maybe = _nearest_centre(candidates, rows_that_may_pass(frame, self.where)).distance_m
        off, n = site_off_m(candidates), len(candidates.table)
        least = np.zeros(n) if sources.partial else np.minimum(near.distance_m, maybe) - off - HALF_DIAGONAL_M
        km = np.where(np.isinf(near.distance_m), np.nan, near.distance_m) / 1000
        high = km + (off + HALF_DIAGONAL_M) / 1000
        return distance(km, least / 1000, high, np.full(n, sources.partial) | (maybe < near.distance_m))


def _wherever(  # noqa: PLR0913, PLR0917  (a kernel)
    cells: Cells,
    places: tuple[FloatArray, FloatArray],
    off_m: FloatArray,
    columns: FloatArray,
    reach_m: float,
    here: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """
    Least and most of each sum, (n, k), over every place where the sites may truly lie; `here` where they lie exactly.

    Any true place is within a step of one that is tried, and within the accuracy of the place given: the circle around it
    holds the smaller circles around those and lies in the larger. Where amounts may be below 0 it bounds nothing.
    """
    least, most, inexact = here.copy(), here.copy(), np.flatnonzero(off_m > 0)
    lon, lat, off = places[0][inexact], places[1][inexact], off_m[inexact]
    if not len(inexact):
        return least, most
    bent = 2 * (reach_m + off) ** 2 / _FLAT_M
    east, north = _tried()
    azimuth, share = np.degrees(np.arctan2(east, north)), np.minimum(np.hypot(east, north), 1.0)
    metres, step = share * off[:, None], off * _STEP / np.sqrt(2) + bent
    site, at = np.divmod(np.arange(metres.size), len(east))
    x, y, _ = crs.GEOD.fwd(lon[site], lat[site], azimuth[at], metres.ravel())
    for found, best, worst, sign in ((least, np.maximum, np.min, -1), (most, np.minimum, np.max, 1)):
        around = cells.sum_within(lon, lat, columns, np.maximum(reach_m + sign * (off + bent), 0.0))
        tried = cells.sum_within(x, y, columns, np.maximum(reach_m + sign * step, 0.0)[site])
        found[inexact] = best(around, worst(tried.reshape(len(off), len(east), -1), axis=1))
    return least, most


def _tried() -> tuple[FloatArray, FloatArray]:
    """Places in units of the accuracy: a square grid of which some place is within half a diagonal of any in the unit circle."""
    line = np.arange(-np.ceil(1 / _STEP), np.ceil(1 / _STEP) + 1) * _STEP
    east, north = np.meshgrid(line, line)
    near = np.hypot(east, north) <= 1 + _STEP / np.sqrt(2)
    return east[near], north[near]


def _places(candidates: CandidateSet) -> tuple[FloatArray, FloatArray]:
    return candidates.table["lon"].to_numpy(dtype=float), candidates.table["lat"].to_numpy(dtype=float)


def _or(values: FloatArray, otherwise: float) -> FloatArray:
    return np.where(np.isnan(values), otherwise, values)


def _passing(criterion: Criterion, frame: pd.DataFrame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which cells pass the filters, and which may for all that is known of them."""
    if not criterion.where:
        return np.ones(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    sure, maybe = rows_that_pass(frame, criterion.where).index, rows_that_may_pass(frame, criterion.where).index
    return frame.index.isin(sure), frame.index.isin(maybe)


def _summed(
    frame: pd.DataFrame, parts: tuple[str, str, str], sure: npt.NDArray[np.bool_], maybe: npt.NDArray[np.bool_]
) -> FloatArray:
    """What each cell adds, (cells, 4): to the sum, to its least, to its most, and 1 where the cell has no value."""
    value, low, high = frame[list(parts)].to_numpy(dtype=float).T
    unknown = (sure | maybe) & (np.isnan(value) | np.isnan(low) | np.isnan(high))
    value, low, high = (np.nan_to_num(part) for part in (value, low, high))
    least = np.where(sure, low, np.where(maybe, np.minimum(low, 0), 0))
    most = np.where(sure, high, np.where(maybe, np.maximum(high, 0), 0))
    return np.column_stack([np.where(sure, value, 0), least, most, unknown])


def _possible_cells(
    candidates: CandidateSet, cells: Cells, listed: npt.NDArray[np.bool_], *, partial: bool
) -> tuple[IntArray, IntArray]:
    """
    Cells that an inexact site, or what lies under its plot, may truly belong to, as pairs of site and position.

    A cell that a complete layer does not list is sea, hence no place for a site; of a partial one it stands as -1.
    """
    grid, (lon, lat), off = GRIDS["1km"], _places(candidates), site_off_m(candidates)
    wide = np.where(off > 0, off + _half_width_m(candidates), 0.0)
    site, row, col = grid.around(lon, lat, wide)
    at = cells.at(*grid.centres(row, col))
    at = np.where((at >= 0) & listed[at], at, -1)
    keep = (at >= 0) | partial
    return site[keep], at[keep]


def _half_width_m(candidates: CandidateSet) -> FloatArray:
    """From the centre of each site to the corner of its drawn plot, at most; 0 for a point."""
    if candidates.shapes is None:
        return np.zeros(len(candidates.table))
    (lon, lat), edges = _places(candidates), candidates.shapes.bounds
    west, south, east, north = (edges[name].to_numpy() for name in ("minx", "miny", "maxx", "maxy"))
    return np.asarray(np.max([crs.geodesic_m(lon, lat, x, y) for x in (west, east) for y in (south, north)], axis=0))


def _nearest_centre(candidates: CandidateSet, frame: pd.DataFrame) -> Nearest:
    grid = GRIDS["1km"]
    centres = grid.centres(*grid.decode(frame["mesh_code"])) if len(frame) else ([], [])
    return nearest(candidates.points, crs.points_in_work(*centres))


def _own_totals(candidates: CandidateSet, frame: pd.DataFrame, amounts: FloatArray) -> FloatArray:
    """What the municipality of each site has in all, where the candidates are ground and the cells say whose they are."""
    if candidates.kind != GROUND or "muni_code" not in frame:
        return np.full((len(candidates.table), amounts.shape[1]), np.inf)
    totals = pd.DataFrame(amounts).groupby(frame["muni_code"].to_numpy()).sum()
    return np.asarray(totals.reindex(candidates.table["muni_code"]).fillna(0.0), dtype=float)


def _cells_of_plots(candidates: CandidateSet, cells: Cells) -> dict[int, np.ndarray]:
    """For each site that is drawn as an area: the cells whose centre lies in it, when there is one."""
    if candidates.shapes is None:
        return {}
    shapes = np.asarray(candidates.shapes.array)
    drawn = np.flatnonzero(shapely.area(shapes) > 0)
    under = {int(site): cells.under(shapes[site]) for site in drawn}
    return {site: positions for site, positions in under.items() if len(positions)}
