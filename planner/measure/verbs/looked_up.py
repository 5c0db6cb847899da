"""Values looked up: of the area or of the cell that holds a site."""

from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from geodata import Layer
from geodata.base import FloatArray, IntArray
from geodata.country.codes import grid_area_of
from geodata.country.mesh import CODE_LENGTH, GRIDS

from ...errors import PlannerError
from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, site_off_m

_GRID_AREAS = "grid_areas"


class _LookedUp(Criterion):
    one_layer: ClassVar[bool] = True

    column: str = Field(description="Column looked up")

    def numbers(self) -> tuple[str, ...]:
        """The column looked up besides the filters'."""
        return (*super().numbers(), self.column)

    def looked_up(self, keys: pd.Series, layer: Layer, by: str) -> FloatArray:
        """Value by key, NaN where there is none; PlannerError for a key that the layer has twice with different values."""
        table = self.features(layer)[[by, self.column]].drop_duplicates()
        twice = table[by][table[by].duplicated()]
        if len(twice):
            values = table.loc[table[by].eq(twice.iloc[0]), self.column]
            raise PlannerError(
                "criterion {criterion}: layer {layer} has {key} {code} more than once, with {values}. Keep one row of each.",
                criterion=self.id,
                layer=layer.spec.id,
                key=by,
                code=twice.iloc[0],
                values=", ".join(f"{v:g}" for v in values),
            )
        return keys.map(table.set_index(by)[self.column]).to_numpy(dtype=float)

    def between(self, value: FloatArray, layer: Layer, site: IntArray, around: FloatArray) -> Bounded:
        """
        The value bounded by those of the areas or cells that a site may truly lie in, pairs of site and value.

        One of them unknown leaves the value open to what the field can hold at all; every value is good to the field's accuracy.
        """
        field = layer.spec.fields[self.column]
        floor, ceiling = (
            edge if limit is None else limit for edge, limit in ((-np.inf, field.minimum), (np.inf, field.maximum))
        )
        off = field.accuracy
        low, high = value - off, value + off
        np.fmin.at(low, site, np.where(np.isnan(around), floor, around - off))
        np.fmax.at(high, site, np.where(np.isnan(around), ceiling, around + off))
        return bounded(
            value, np.maximum(low, floor), np.minimum(high, ceiling), np.where(low < high, Why.INEXACT, Why.EXACT)
        )


class AdminValue(_LookedUp):
    """Value of the prefecture, municipality or grid supply area that a site lies in: exact for that area, not for the site."""

    label: ClassVar[str] = "Value of the prefecture or municipality"

    measure: Literal["admin_value"] = "admin_value"
    by: Literal["pref_code", "muni_code", "grid_area"] = Field(description="Key of the value")

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """For tables with a code of the area."""
        return (Offer("admin_value", cls.label, shapes=(), keys=("muni_code", "pref_code"), column=True),)

    def helper_layers(self) -> tuple[str, ...]:
        """The table that says which supply area a municipality lies in."""
        return (_GRID_AREAS,) if self.by == "grid_area" else ()

    def columns(self) -> tuple[str, ...]:
        """The key besides the filters'."""
        return (*super().columns(), self.by)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Value of the area, bounded by those of the areas that an inexact site may lie in."""
        layer, around = sources.layers[0], candidates.around
        value = self._of(candidates.table, sources)
        if around is None:
            return self.between(value, layer, np.array([], dtype=np.intp), np.array([]))
        return self.between(value, layer, around["site"].to_numpy(), self._of(around, sources))

    def _of(self, areas: pd.DataFrame, sources: Sources) -> FloatArray:
        keys = areas[self.by] if self.by != "grid_area" else self._grid_areas(areas, sources)
        return self.looked_up(keys, sources.layers[0], self.by)

    @staticmethod
    def _grid_areas(areas: pd.DataFrame, sources: Sources) -> pd.Series:
        return grid_area_of(areas["muni_code"], areas["pref_code"], sources.helpers[_GRID_AREAS].frame)


class MeshValue(_LookedUp):
    """
    Value of the 1 km cell that holds the site's centre, bounded by those of the cells that an inexact site may lie in.

    A cell that a complete layer does not list is sea, hence no place for a site.
    """

    label: ClassVar[str] = "Value of the 1 km cell"

    measure: Literal["mesh_value"] = "mesh_value"

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """For tables with a mesh code."""
        return (Offer("mesh_value", cls.label, shapes=(), keys=("mesh_code",), column=True),)

    def columns(self) -> tuple[str, ...]:
        """The mesh code besides the filters'."""
        return (*super().columns(), "mesh_code")

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Value of the cell and its bounds; PlannerError when no cell of the layer is of 1 km."""
        lon, lat = (candidates.table[name].to_numpy(float) for name in ("lon", "lat"))
        grid, layer = GRIDS["1km"], sources.layers[0]
        self._check_cells(layer)
        site, row, col = grid.around(lon, lat, site_off_m(candidates))
        cells = pd.Series(grid.encode(row, col))
        everywhere = sources.partial or cells.empty
        possible = np.ones(len(cells), dtype=bool) if everywhere else cells.isin(layer.frame["mesh_code"]).to_numpy()
        value = self.looked_up(pd.Series(grid.encode(*grid.locate(lon, lat))), layer, "mesh_code")
        return self.between(value, layer, site[possible], self.looked_up(cells[possible], layer, "mesh_code"))

    def _check_cells(self, layer: Layer) -> None:
        codes = layer.frame["mesh_code"].astype("str")
        if len(codes) and not codes.str.len().eq(CODE_LENGTH["1km"]).any():
            raise PlannerError(
                "criterion {criterion}: layer {layer} expected mesh codes of 8 digits (1 km), found {code}. Bring the layer to cells of 1 km.",
                criterion=self.id,
                layer=layer.spec.id,
                code=codes.iloc[0],
            )
