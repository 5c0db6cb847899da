"""A criterion: what is measured, on which layers, in which unit, and how a value becomes points."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

import pandas as pd
from pydantic import Field, model_validator

from geodata.base import Strict, Text
from geodata.errors import InvalidError

from ..model.sourced import Branch
from ..model.values import ValueFunction

GRID_AREA, GRID_AREAS_LAYER = "grid_area", "grid_areas"
"""A value by grid supply area rests on the table that says which area a municipality lies in, too."""


class Where(Strict):
    """Which features of a layer count: one test of one field. What has no value does not pass."""

    field: str
    at_least: float | None = None
    below: float | None = None
    equals: bool | str | None = None
    one_of: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        if sum(test is not None for test in (self.at_least, self.below, self.equals, self.one_of)) != 1:
            raise InvalidError("a filter needs exactly one of at_least, below, equals and one_of")
        return self

    @property
    def is_numeric(self) -> bool:
        """Whether the field must hold numbers."""
        return self.at_least is not None or self.below is not None

    def passes(self, frame: pd.DataFrame) -> pd.Series:
        """True for each row that passes."""
        column = frame[self.field]
        if self.at_least is not None:
            passed = column >= self.at_least
        elif self.below is not None:
            passed = column < self.below
        else:
            passed = column.eq(self.equals) if self.equals is not None else column.isin(self.one_of or ())
        return passed.fillna(value=False).astype(bool)


def rows_that_pass(frame: pd.DataFrame, where: Iterable[Where]) -> pd.DataFrame:
    """Rows that pass every test."""
    keep = pd.Series(data=True, index=frame.index)
    for test in where:
        keep &= test.passes(frame)
    return frame[keep]


class Place(Strict):
    """A named fixed point in degrees (JGD2011)."""

    name: Text
    lon: float
    lat: float


class Criterion(Strict):
    """One column of the measurements."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    branch: Branch
    title: Text
    unit: str
    measure: Literal[
        "nearest_km",
        "sum_within",
        "distance_from_km",
        "admin_value",
        "mesh_value",
        "share_pct",
        "worst_value",
        "drive_min",
        "sum_within_min",
    ]
    layers: tuple[str, ...] = Field((), description="Layers measured; several act as one")
    where: tuple[Where, ...] = ()
    column: str | None = Field(
        None, description="Column summed within reach (absent: features are counted) or looked up"
    )
    own_column: str | None = Field(None, description="Column of the user's file that counts as the site's own plot")
    by: Literal["pref_code", "muni_code", "grid_area"] | None = Field(None, description="Key of a looked-up value")
    reach_m: Annotated[float, Field(gt=0)] | None = Field(None, description="Straight-line reach, metres")
    network: str | None = Field(None, description="Layer of roads, for drive_min and sum_within_min")
    reach_min: Annotated[float, Field(gt=0, le=600)] | None = Field(None, description="Reach by car, minutes")
    places: tuple[Place, ...] = Field((), description="Fixed points; the nearest one counts")
    direction: Literal["more", "less"] = Field(description="Which way is better")
    value: ValueFunction = Field(description="Default anchors, in the unit: an assumption unless a profile says more")
    why: Text
    caveat: Text = Field(description="What the number does not say")

    def rests_on(self) -> tuple[str, ...]:
        """Ids of every layer that decides the value."""
        helpers = (self.network, GRID_AREAS_LAYER if self.by == GRID_AREA else None)
        return (*self.layers, *(id_ for id_ in helpers if id_))

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        if self.measure in {"share_pct", "worst_value"} and len(self.layers) != 1:
            raise InvalidError("{self_2}: {measure} needs one layer of polygons", self_2=self.id, measure=self.measure)
        if self.measure == "worst_value" and self.column is None:
            raise InvalidError("{self_2}: worst_value needs a column", self_2=self.id)
        if (self.measure in {"drive_min", "sum_within_min"}) != (self.network is not None):
            raise InvalidError(
                "{self_2}: `network` goes with drive_min and sum_within_min, and only with them", self_2=self.id
            )
        if self.measure == "sum_within_min" and self.reach_min is None:
            raise InvalidError("{self_2}: sum_within_min needs reach_min", self_2=self.id)
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.measure == "sum_within" and (self.reach_m is None or not self.layers):
            raise InvalidError("{self_2}: sum_within needs layers and reach_m", self_2=self.id)
        if self.measure in {"admin_value", "mesh_value"} and (self.column is None or len(self.layers) != 1):
            raise InvalidError("{self_2}: {measure} needs one layer and a column", self_2=self.id, measure=self.measure)
        if (self.measure == "admin_value") != (self.by is not None):
            raise InvalidError("{self_2}: `by` goes with admin_value, and only with it", self_2=self.id)
        if self.measure in {"nearest_km", "drive_min", "sum_within_min"} and not self.layers:
            raise InvalidError("{self_2}: nearest_km needs layers", self_2=self.id)
        if self.measure == "distance_from_km" and not self.places:
            raise InvalidError("{self_2}: distance_from_km needs places", self_2=self.id)
        at, value = self.value.knots()
        steps = value[1:] - value[:-1]
        if len(at) and ((steps < 0).any() if self.direction == "more" else (steps > 0).any()):
            raise InvalidError(
                "{self_2}: the anchors contradict direction = {direction!r}", self_2=self.id, direction=self.direction
            )
        return self
