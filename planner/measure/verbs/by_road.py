"""Time and sums by car over a layer of roads."""

from typing import Annotated, ClassVar, Literal, Self

import geopandas as gpd
import numpy as np
from pydantic import Field, model_validator

from geodata.base import Text
from geodata.country import crs
from geodata.errors import InvalidError
from geodata.spatial.network import network_of

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, quantity_text, slack_m
from .nearest_km import distance

_SLOW_M_PER_MIN = 25_000 / 60


class _ByRoad(Criterion):
    network: str = Field(description="Layer of roads")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if len(self.layers) != 1:
            raise InvalidError("{id}: {measure} needs one layer", id=self.id, measure=self.measure)
        return self

    def helper_layers(self) -> tuple[str, ...]:
        """The roads."""
        return (self.network,)

    def targets(self, sources: Sources) -> gpd.GeoDataFrame:
        """Features as points in WORK."""
        features = self.features(sources.layers[0])
        return features.set_geometry(features.geometry.to_crs(crs.WORK).representative_point())


class DriveMin(_ByRoad):
    """
    Minutes by car to the nearest target over the road layer; unknown off the network or where no way leads.

    An inexact position moves the value by the time that its accuracy takes at 25 km/h; a partial target layer gives an upper bound.
    """

    label: ClassVar[str] = "Minutes by car to the nearest"

    measure: Literal["drive_min"] = "drive_min"

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """In minutes, 0 being best."""
        return (Offer("drive_min", cls.label, unit="min", worst=50.0, best=0.0),)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Minutes and their bounds."""
        to, here = self.targets(sources).geometry, candidates.points
        value, _ = network_of(sources.helpers[self.network]).minutes_to_nearest(
            here.x.to_numpy(), here.y.to_numpy(), to.x.to_numpy(), to.y.to_numpy()
        )
        return distance(value, slack_m(candidates) / _SLOW_M_PER_MIN, partial=sources.partial)


class SumWithinMin(_ByRoad):
    """Sum of a column over the features reached by car within some minutes: a lower bound, since the road layer ends somewhere."""

    label: ClassVar[str] = "Sum or number reached by car"

    measure: Literal["sum_within_min"] = "sum_within_min"
    reach_min: Annotated[float, Field(gt=0, le=600, description="Reach by car, minutes")]
    column: str | None = Field(None, description="Column summed; absent: features are counted")

    def numbers(self) -> tuple[str, ...]:
        """The column summed besides the filters'."""
        return (*super().numbers(), *([self.column] if self.column else []))

    def reach(self) -> Text:
        """Minutes."""
        return quantity_text(self.reach_min, "min")

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The sum, a lower bound."""
        targets, here = self.targets(sources), candidates.points
        amounts = targets[self.column].fillna(0).to_numpy(float) if self.column else np.ones(len(targets))
        value = network_of(sources.helpers[self.network]).sum_within(
            here.x.to_numpy(),
            here.y.to_numpy(),
            targets.geometry.x.to_numpy(),
            targets.geometry.y.to_numpy(),
            amounts,
            self.reach_min,
        )
        return bounded(value, value, np.full_like(value, np.inf), Why.AT_LEAST)
