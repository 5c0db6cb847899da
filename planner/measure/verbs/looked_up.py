"""Values looked up: of the area or of the cell that holds a site."""

from typing import ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from geodata import Layer
from geodata.country.codes import grid_area_of
from geodata.country.mesh import CODE_LENGTH, GRIDS
from geodata.errors import InvalidError

from ...errors import PlannerError
from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Sources, slack_m

_CELL_M = 1_000
_GRID_AREAS = "grid_areas"


class _LookedUp(Criterion):
    column: str = Field(description="Column looked up")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if len(self.layers) != 1:
            raise InvalidError("{id}: {measure} needs one layer", id=self.id, measure=self.measure)
        return self

    def numbers(self) -> tuple[str, ...]:
        """The column looked up besides the filters'."""
        return (*super().numbers(), self.column)

    def looked_up(self, keys: pd.Series, layer: Layer, by: str) -> Bounded:
        """Value by key, exact for the area or cell; PlannerError for a key that the layer has twice with different values."""
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
        value = keys.map(table.set_index(by)[self.column]).to_numpy(dtype=float)
        return bounded(value, value, value, Why.EXACT)


class AdminValue(_LookedUp):
    """Value of the prefecture, municipality or grid supply area that a site lies in: exact for that area, not for the site."""

    label: ClassVar[str] = "Value of the prefecture or municipality"

    measure: Literal["admin_value"] = "admin_value"
    by: Literal["pref_code", "muni_code", "grid_area"] = Field(description="Key of the value")

    def helper_layers(self) -> tuple[str, ...]:
        """The table that says which supply area a municipality lies in."""
        return (_GRID_AREAS,) if self.by == "grid_area" else ()

    def columns(self) -> tuple[str, ...]:
        """The key besides the filters'."""
        return (*super().columns(), self.by)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Value of the area."""
        keys = candidates.table[["pref_code", "muni_code"]]
        if self.by == "grid_area":
            areas = sources.helpers[_GRID_AREAS].frame
            return self.looked_up(grid_area_of(keys["muni_code"], keys["pref_code"], areas), sources.layers[0], self.by)
        return self.looked_up(keys[self.by], sources.layers[0], self.by)


class MeshValue(_LookedUp):
    """Value of the 1 km cell that holds the site's centre; known only where the position is good to a cell."""

    label: ClassVar[str] = "Value of the 1 km cell"

    measure: Literal["mesh_value"] = "mesh_value"

    def columns(self) -> tuple[str, ...]:
        """The mesh code besides the filters'."""
        return (*super().columns(), "mesh_code")

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Value of the cell; PlannerError when no cell of the layer is of 1 km."""
        codes = sources.layers[0].frame["mesh_code"].astype("str")
        if len(codes) and not codes.str.len().eq(CODE_LENGTH["1km"]).any():
            raise PlannerError(
                "criterion {criterion}: layer {layer} expected mesh codes of 8 digits (1 km), found {code}. Bring the layer to cells of 1 km.",
                criterion=self.id,
                layer=sources.layers[0].spec.id,
                code=codes.iloc[0],
            )
        grid = GRIDS["1km"]
        row, col = grid.locate(candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy())
        found = self.looked_up(pd.Series(grid.encode(row, col)), sources.layers[0], "mesh_code")
        return found.where(np.asarray(slack_m(candidates) <= _CELL_M))
