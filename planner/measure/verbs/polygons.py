"""What polygons do to the plot or cell of a site."""

from typing import ClassVar, Literal, Self

import geopandas as gpd
import numpy as np
from pydantic import Field, model_validator

from geodata.country import crs
from geodata.errors import InvalidError
from geodata.spatial.share import covered_share, worst_within

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, slack_m

_WHOLE_PCT = 100 - 1e-9


class _Polygons(Criterion):
    @model_validator(mode="after")
    def _complete(self) -> Self:
        if len(self.layers) != 1:
            raise InvalidError("{id}: {measure} needs one layer of polygons", id=self.id, measure=self.measure)
        return self


class SharePct(_Polygons):
    """
    Share of the plot or cell under the polygons, per cent; overlaps count once. A site known as a point is in or out.

    Outside the shapes of a partial layer nothing is known, and what is found is a lower bound. Where the position is inexact
    and the answer differs within its accuracy, the value is bounded by 0 and 100.
    """

    label: ClassVar[str] = "Share of the plot or cell covered"

    measure: Literal["share_pct"] = "share_pct"

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """In per cent, 0 being best."""
        return (Offer("share_pct", cls.label, shapes=("polygon",), unit="%", worst=50.0, best=0.0),)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Per cent and its bounds."""
        polygons = self.features(sources.layers[0]).geometry.to_crs(crs.WORK)
        value = 100 * covered_share(_plots(candidates), polygons)
        around = 100 * covered_share(_surroundings(candidates), polygons)
        unsure = (slack_m(candidates) > 0) & (around > 0) & (around < _WHOLE_PCT)
        low = np.where(unsure, 0.0, value)
        if sources.partial:
            return bounded(np.where(value > 0, value, np.nan), low, np.full_like(value, 100.0), Why.AT_LEAST)
        return bounded(value, low, np.where(unsure, 100.0, value), np.where(unsure, Why.INEXACT, Why.EXACT))


class WorstValue(_Polygons):
    """
    Largest value of the polygons that touch the plot or cell; where none does, 0 of a complete layer and unknown of a partial one.

    A polygon without a known value makes it unknown, never 0. A site whose position is inexact takes the worst within its
    accuracy as the upper bound.
    """

    label: ClassVar[str] = "Worst value that touches the plot or cell"

    measure: Literal["worst_value"] = "worst_value"
    column: str = Field(description="Column whose largest value counts")

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """In the column's unit, 0 being best."""
        return (Offer("worst_value", cls.label, shapes=("polygon",), column=True, worst=50.0, best=0.0),)

    def numbers(self) -> tuple[str, ...]:
        """The column besides the filters'."""
        return (*super().numbers(), self.column)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The worst value and its bounds."""
        features = self.features(sources.layers[0])
        polygons, values = features.geometry.to_crs(crs.WORK), features[self.column].to_numpy(dtype=float)
        here, touched = worst_within(_plots(candidates), polygons, values)
        if sources.partial:
            return bounded(here, here, np.full_like(here, np.inf), Why.AT_LEAST)
        around, nearby = worst_within(_surroundings(candidates), polygons, values)
        value, most = np.where(touched, here, 0.0), np.where(nearby, around, 0.0)
        low, high = np.where(most > value, 0.0, value), np.where(np.isnan(most), np.inf, most)
        return bounded(
            value, low, high, np.select([np.isinf(high), low < high], [Why.AT_LEAST, Why.INEXACT], Why.EXACT)
        )


def _plots(candidates: CandidateSet) -> gpd.GeoSeries:
    """Drawn plots and cells in WORK; a point with a known area is a disc of that area."""
    shapes = candidates.geometry().to_crs(crs.WORK)
    area = candidates.table["area_ha"].fillna(0).to_numpy() * 1e4
    points = (shapes.geom_type == "Point").to_numpy() & (area > 0)
    discs = shapes.buffer(np.where(points, np.sqrt(area / np.pi), 0.0))
    return gpd.GeoSeries(np.where(points, discs.array, shapes.array), index=shapes.index, crs=crs.WORK)


def _surroundings(candidates: CandidateSet) -> gpd.GeoSeries:
    """The plots widened by the accuracy of their positions."""
    return _plots(candidates).buffer(slack_m(candidates))
