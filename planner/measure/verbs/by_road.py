"""Time and sums by car over a layer of roads."""

from typing import Annotated, ClassVar, Literal

import geopandas as gpd
import numpy as np
from pydantic import Field

from geodata import Layer
from geodata.base import Text
from geodata.country import crs
from geodata.spatial.network import Places, network_of

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, feature_off_m, quantity_text, site_off_m
from .nearest_km import distance


class _ByRoad(Criterion):
    one_layer: ClassVar[bool] = True

    network: str = Field(description="Layer of roads")

    def helper_layers(self) -> tuple[str, ...]:
        """The roads."""
        return (self.network,)


def places_of(candidates: CandidateSet) -> Places:
    """The sites as a network takes them."""
    here = candidates.points
    return Places(here.x.to_numpy(), here.y.to_numpy(), site_off_m(candidates))


def targets_of(features: gpd.GeoDataFrame, layer: Layer) -> Places:
    """Features as points in WORK."""
    there = features.geometry.to_crs(crs.WORK).representative_point()
    return Places(there.x.to_numpy(), there.y.to_numpy(), feature_off_m(features, layer))


class DriveMin(_ByRoad):
    """
    Minutes by car to the nearest target over the road layer; unknown off the network or where no way leads.

    Bounded over every node that site and target may truly belong to; a partial target layer, or targets of which too little is
    known to say whether they pass, give an upper bound.
    """

    label: ClassVar[str] = "Minutes by car to the nearest"

    measure: Literal["drive_min"] = "drive_min"

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """In minutes, 0 being best."""
        return (Offer("drive_min", cls.label, unit="min", worst=50.0, best=0.0),)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Minutes and their bounds."""
        layer, here = sources.layers[0], places_of(candidates)
        network = network_of(sources.helpers[self.network])
        found = network.minutes_to_nearest(here, targets_of(self.features(layer), layer))
        if sources.partial:
            return distance(found.value, np.zeros_like(found.low), found.high, np.ones(len(found.low), dtype=bool))
        maybe = network.minutes_to_nearest(here, targets_of(self.doubtful(layer), layer))
        least = np.fmin(found.low, maybe.low)
        return distance(found.value, least, found.high, least < found.low)


class SumWithinMin(_ByRoad):
    """
    Sum of a column over the features reached by car within some minutes: a lower bound, since the road layer ends somewhere.

    It counts what is reached from wherever the site and the features truly are.
    """

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
        layer = sources.layers[0]
        features = self.features(layer)
        amounts = features[self.column].fillna(0).to_numpy(float) if self.column else np.ones(len(features))
        total, least = network_of(sources.helpers[self.network]).sum_within(
            places_of(candidates), targets_of(features, layer), amounts, self.reach_min
        )
        return bounded(total, least, np.full_like(total, np.inf), Why.AT_LEAST)
