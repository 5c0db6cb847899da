"""Minutes by car over the national road graph."""

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
import shapely
from pydantic import Field, model_validator

from geodata.base import FloatArray
from geodata.country import crs
from geodata.errors import InvalidError
from geodata.spatial.roads import ACCESS_FASTEST_KPH, ACCESS_SLOWEST_KPH, road_graph

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Place, Sources, slack_m

ROADS = "roads_national"


STRAIGHT_KPH, STRAIGHT_SLOWEST_KPH, STRAIGHT_FASTEST_KPH = 40.0, 20.0, 85.0
"""Straight-line speed where there is no road graph, and its bounds: assumptions."""


def minutes(candidates: CandidateSet, targets: FloatArray, sources: Sources, network: str) -> Bounded:
    """Minutes to the target reached first, with the bounds that the lesser roads and an inexact position leave."""
    graph = road_graph(sources.helpers[network].frame)
    here = shapely.get_coordinates(np.asarray(candidates.points.array))
    value, least, most = graph.minutes_to_nearest(here, targets)
    off_km = slack_m(candidates) / 1000
    low = np.maximum(least - 60 * off_km / ACCESS_FASTEST_KPH, 0)
    high = most + 60 * off_km / ACCESS_SLOWEST_KPH
    if sources.partial:
        return bounded(value, np.zeros_like(value), high, Why.AT_MOST)
    return bounded(value, low, high, Why.INEXACT)


class RoadMin(Criterion):
    """
    Minutes by car to the target reached first; unknown far from the graph, in a piece cut off, and where no way leads.

    The way to the junctions around a place runs at an assumed speed with bounds of its own; a partial target layer gives an
    upper bound.
    """

    label: ClassVar[str] = "Minutes by car over the national roads"

    measure: Literal["road_min"] = "road_min"
    network: str = Field(ROADS, description="Layer of directed edges with the degrees of their ends")

    def helper_layers(self) -> tuple[str, ...]:
        """The roads."""
        return (self.network,)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if len(self.layers) != 1:
            raise InvalidError("{id}: {measure} needs one layer", id=self.id, measure=self.measure)
        return self

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Minutes and their bounds."""
        features = self.features(sources.layers[0])
        spots = features.geometry.to_crs(crs.WORK).representative_point()
        return minutes(candidates, shapely.get_coordinates(np.asarray(spots.array)), sources, self.network)


class RoadMinFrom(Criterion):
    """
    Minutes by car to the first of some named places: the firm's own plants, customers, suppliers, ports.

    Over the road layer where it is there; without it, and where no way leads over it, from the straight line at assumed speeds.
    """

    label: ClassVar[str] = "Minutes by car to named places"

    measure: Literal["road_min_from"] = "road_min_from"
    network: str = Field(ROADS, description="Layer of directed edges with the degrees of their ends")
    places: Annotated[tuple[Place, ...], Field(min_length=1, description="Fixed points; the one reached first counts")]

    def optional_layers(self) -> tuple[str, ...]:
        """The roads."""
        return (self.network,)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Minutes and their bounds."""
        straight = self._straight(candidates)
        if self.network not in sources.helpers:
            return straight
        places = crs.to_work([place.lon for place in self.places], [place.lat for place in self.places])
        driven = minutes(candidates, np.column_stack(places), sources, self.network)
        unknown = np.isnan(driven.value)
        value, low, high = (
            np.where(unknown, getattr(straight, part), getattr(driven, part)) for part in ("value", "low", "high")
        )
        return bounded(value, low, high, Why.INEXACT)

    def _straight(self, candidates: CandidateSet) -> Bounded:
        lon, lat = candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy()
        km = np.min([crs.geodesic_m(lon, lat, place.lon, place.lat) for place in self.places], axis=0) / 1000
        off = slack_m(candidates) / 1000
        low, high = 60 * np.maximum(km - off, 0) / STRAIGHT_FASTEST_KPH, 60 * (km + off) / STRAIGHT_SLOWEST_KPH
        return bounded(60 * km / STRAIGHT_KPH, low, high, Why.INEXACT)
