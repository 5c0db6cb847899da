"""The value published nearest to a site, as good as it is near."""

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
import pandas as pd
import shapely
from pydantic import Field, model_validator
from scipy.spatial import cKDTree

from geodata.base import FloatArray, Text
from geodata.country import crs
from geodata.errors import InvalidError

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Sources, quantity_text, slack_m


class NearestValue(Criterion):
    """
    Value of the nearest point that has one; between points it is only as good as the point is near.

    `spread` says by which factor the truth may differ at which distance; past its last distance nothing is known.
    """

    label: ClassVar[str] = "Value of the nearest point"

    measure: Literal["nearest_value"] = "nearest_value"
    column: str = Field(description="Column of the points")
    spread: Annotated[
        tuple[tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=1)]], ...],
        Field(min_length=2, description="Pairs of km and the factor by which the truth may differ there"),
    ]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if len(self.layers) != 1:
            raise InvalidError("{id}: {measure} needs one layer", id=self.id, measure=self.measure)
        return self

    def numbers(self) -> tuple[str, ...]:
        """The column besides the filters'."""
        return (*super().numbers(), self.column)

    def reach(self) -> Text:
        """Km past which nothing is known."""
        return quantity_text(self.spread[-1][0], "km")

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The value, its bounds and the point it stands at."""
        layer = sources.layers[0]
        points = self.features(layer).dropna(subset=[self.column])
        if not len(points):
            nothing = np.full(len(candidates.table), np.nan)
            return bounded(nothing, nothing, nothing, Why.UNKNOWN)
        spots = points.geometry.to_crs(crs.WORK).representative_point()
        here = shapely.get_coordinates(np.asarray(candidates.points.array))
        tree = cKDTree(shapely.get_coordinates(np.asarray(spots.array)))
        metres, near = (np.asarray(part) for part in tree.query(here, workers=-1))
        km = (metres + slack_m(candidates)) / 1000
        value = np.where(km <= self.spread[-1][0], points[self.column].to_numpy(dtype=float)[near], np.nan)
        factor = self.factor(km)
        named = pd.DataFrame({"id": points[layer.spec.key].astype("str"), "name": _named(points, layer.spec.key)})
        nearest = named.assign(kv=np.nan).take(near).reset_index(drop=True)
        return bounded(value, value / factor, value * factor, Why.INEXACT, nearest)

    def factor(self, km: FloatArray) -> FloatArray:
        """By what the truth may differ at a distance."""
        at, factors = np.array(self.spread).T
        return np.asarray(np.exp(np.interp(km, at, np.log(factors))))


def _named(points: pd.DataFrame, key: str) -> pd.Series:
    return points["name" if "name" in points else key].astype("str")
