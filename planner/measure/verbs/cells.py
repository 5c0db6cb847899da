"""Values of 1 km cells: of the cell that holds a site, summed within reach, and the distance to the nearest cell of a kind."""

import json
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self, cast

import numpy as np
import pandas as pd
import shapely
from pydantic import Field, model_validator
from scipy.spatial import cKDTree

from geodata import Layer
from geodata.base import FloatArray, Text
from geodata.country import crs
from geodata.country.mesh import GRIDS
from geodata.errors import InvalidError
from geodata.spatial.cells import HALF_DIAGONAL_M, Cells, cells_of

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Sources, quantity_text, rows_that_pass, slack_m

GROUND = "ground"
"""Kind of candidates that are the best cells of municipalities: what they can use ends at the border."""


class _OfCells(Criterion):
    @model_validator(mode="after")
    def _complete(self) -> Self:
        if len(self.layers) != 1:
            raise InvalidError("{id}: {measure} needs one layer of 1 km cells", id=self.id, measure=self.measure)
        return self

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
        return np.asarray(frame[list(self.columns_used())], dtype=float)


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
        return json.dumps(self.model_dump(mode="json", include={"measure", "layers", "where"}), sort_keys=True)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The value of this criterion alone."""
        return self.measured_together([self], candidates, sources)[0]

    @classmethod
    def measured_together(cls, group: Sequence[Criterion], candidates: CandidateSet, sources: Sources) -> list[Bounded]:
        """Values of several columns of the same cells."""
        layer = sources.layers[0]
        frame = rows_that_pass(layer.frame, group[0].where)
        cells = cells_of(frame["mesh_code"])
        lon, lat = _places(candidates)
        at = cells.at(lon, lat)
        wide = slack_m(candidates)
        plots = _cells_of_plots(candidates, cells)
        found = []
        for criterion in cast("Sequence[CellValue]", group):
            amounts = criterion.amounts(frame)
            here = np.where((at >= 0)[:, None], amounts[at], np.nan)
            for site, under in plots.items():
                means = np.nanmean(amounts[under], axis=0)
                here[site] = means[0], np.nanmin(amounts[under, 1]), np.nanmax(amounts[under, 2])
            near = np.flatnonzero(wide > 0)
            reach = wide[near] + HALF_DIAGONAL_M
            least, most = cells.range_within(lon[near], lat[near], amounts[:, 1], amounts[:, 2], reach)
            here[near, 1], here[near, 2] = np.fmin(here[near, 1], least), np.fmax(here[near, 2], most)
            found.append(criterion.within_limits(here, layer, partial=sources.partial))
        return found

    def within_limits(self, found: FloatArray, layer: Layer, *, partial: bool) -> Bounded:
        """Values and bounds found, (n, 3): the value between bounds widened by what a cell's value is good to, within what the column can hold."""
        value, low, high = found.T
        field = layer.spec.fields.get(self.column)
        floor = -np.inf if field is None or field.minimum is None else field.minimum
        ceiling = np.inf if field is None or field.maximum is None else field.maximum
        low = np.maximum(low - self.off - self.off_share * np.abs(low), floor)
        high = np.minimum(high + self.off + self.off_share * np.abs(high), ceiling)
        if self.at_most:
            return bounded(value, np.full_like(low, max(floor, 0.0)), high, Why.AT_MOST)
        if partial:
            return bounded(np.where(value > 0, value, np.nan), low, np.full_like(high, ceiling), Why.AT_LEAST)
        return bounded(value, low, high, np.where(low < high, Why.INEXACT, Why.EXACT))


class CellsWithin(_Amounts):
    """
    Sum of a column over the cells whose centre lies within reach; a site in a cell without a row is unknown.

    Bounded by the columns that bound it and by what lies within reach wherever an inexact site may truly be. On the ground of
    a municipality no more counts than the municipality has, where the cells say which it is.
    """

    label: ClassVar[str] = "Sum over the cells within reach"

    measure: Literal["cells_within"] = "cells_within"
    reach_m: Annotated[float, Field(gt=0, le=100_000, description="Straight-line reach, metres")]

    def pass_key(self) -> str:
        """Sums over the same cells within the same reach."""
        return json.dumps(
            self.model_dump(mode="json", include={"measure", "layers", "where", "reach_m"}), sort_keys=True
        )

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
        frame = rows_that_pass(layer.frame, group[0].where)
        names = list(dict.fromkeys(name for criterion in same for name in criterion.columns_used()))
        known = frame[names].to_numpy(dtype=float)
        amounts, unknown = np.nan_to_num(known), np.isnan(known)
        cells = cells_of(frame["mesh_code"])
        lon, lat = _places(candidates)
        off = slack_m(candidates)
        own = _own_totals(candidates, frame, amounts)
        reaches = [np.maximum(same[0].reach_m + sign * off, 0.0) for sign in ((0, -1, 1) if off.any() else (0,))]
        sums = [np.minimum(cells.sum_within(lon, lat, amounts, reach_m), own) for reach_m in reaches]
        here = cells_of(layer.frame["mesh_code"]).at(lon, lat) >= 0
        found = []
        for criterion in same:
            at = [names.index(name) for name in criterion.columns_used()]
            value, low, high = (part[:, k] for part, k in zip((sums * 3)[:3], at, strict=True))
            value, low = np.where(here, value, np.nan), np.minimum(low, value)
            if unknown[:, at[0]].all():
                value = np.full_like(value, np.nan)
            if sources.partial or unknown[:, at[0]].any():
                found.append(bounded(value, low, np.full_like(value, np.inf), Why.AT_LEAST))
            else:
                found.append(bounded(value, low, high, np.where(low < high, Why.INEXACT, Why.EXACT)))
        return found


class NearestCellKm(_OfCells):
    """Geodesic km to the centre of the nearest cell that passes the filter, known to half the diagonal of a cell and the accuracy of the position."""

    label: ClassVar[str] = "Distance to the nearest cell of a kind"

    measure: Literal["nearest_cell_km"] = "nearest_cell_km"

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Km and its bounds."""
        codes = rows_that_pass(sources.layers[0].frame, self.where)["mesh_code"]
        lon, lat = _places(candidates)
        if not len(codes):
            nothing = np.full(len(lon), np.nan)
            return bounded(nothing, nothing, nothing, Why.UNKNOWN)
        to_lon, to_lat = GRIDS["1km"].centres(*GRIDS["1km"].decode(codes))
        tree = cKDTree(np.column_stack(crs.to_work(to_lon, to_lat)))
        near = np.asarray(tree.query(np.column_stack(crs.to_work(lon, lat)), workers=-1)[1])
        km = crs.geodesic_m(lon, lat, to_lon[near], to_lat[near]) / 1000
        off = (slack_m(candidates) + HALF_DIAGONAL_M) / 1000
        low = np.zeros_like(km) if sources.partial else np.maximum(km - off, 0)
        return bounded(km, low, km + off, Why.AT_MOST if sources.partial else Why.INEXACT)


def _places(candidates: CandidateSet) -> tuple[FloatArray, FloatArray]:
    return candidates.table["lon"].to_numpy(dtype=float), candidates.table["lat"].to_numpy(dtype=float)


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
