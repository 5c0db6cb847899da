"""Minutes by car over the national road graph."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from geodata.country import crs
from geodata.spatial.network import Places
from geodata.spatial.roads import road_graph

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Place, Sources, site_off_m
from .by_road import places_of, targets_of
from .nearest_km import distance

ROADS = "roads_national"


STRAIGHT_KPH, STRAIGHT_SLOWEST_KPH, STRAIGHT_FASTEST_KPH = 40.0, 20.0, 85.0
"""Straight-line speed where there is no road graph, and its bounds: assumptions."""


class RoadMin(Criterion):
    """
    Minutes by car to the target reached first; unknown far from the graph, in a piece cut off, and where no way leads.

    The way to the junctions around a place runs at an assumed speed with bounds of its own; a partial target layer gives an
    upper bound.
    """

    label: ClassVar[str] = "Minutes by car over the national roads"
    one_layer: ClassVar[bool] = True

    measure: Literal["road_min"] = "road_min"
    network: str = Field(ROADS, description="Layer of directed edges with the degrees of their ends")

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """In minutes, near being better."""
        return (Offer("road_min", cls.label, unit="min", worst=60.0, best=10.0),)

    def helper_layers(self) -> tuple[str, ...]:
        """The roads."""
        return (self.network,)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Minutes and their bounds."""
        layer, here = sources.layers[0], places_of(candidates)
        graph = road_graph(sources.helpers[self.network].frame)
        found = graph.minutes_to_nearest(here, targets_of(self.features(layer), layer))
        if sources.partial:
            return distance(found.value, np.zeros_like(found.low), found.high, np.ones(len(found.low), dtype=bool))
        doubtful = self.doubtful(layer)
        if not len(doubtful):
            return distance(found.value, found.low, found.high, np.zeros(len(found.low), dtype=bool))
        maybe = graph.minutes_to_nearest(here, targets_of(doubtful, layer))
        return distance(found.value, np.fmin(found.low, maybe.low), found.high, maybe.low < found.low)


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
        x_m, y_m = crs.to_work([place.lon for place in self.places], [place.lat for place in self.places])
        targets = Places(x_m, y_m, np.zeros(len(x_m)))
        driven = road_graph(sources.helpers[self.network].frame).minutes_to_nearest(places_of(candidates), targets)
        surely, never = np.isfinite(driven.high), np.isinf(driven.low)
        value = np.where(np.isnan(driven.value), straight.value, driven.value)
        low = np.where(surely, driven.low, np.fmin(driven.low, straight.low))
        high = np.where(surely, driven.high, np.where(never, straight.high, np.inf))
        return bounded(value, low, high, np.where(np.isinf(high), Why.AT_LEAST, Why.INEXACT))

    def _straight(self, candidates: CandidateSet) -> Bounded:
        lon, lat = candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy()
        km = np.min([crs.geodesic_m(lon, lat, place.lon, place.lat) for place in self.places], axis=0) / 1000
        off = site_off_m(candidates) / 1000
        low, high = 60 * np.maximum(km - off, 0) / STRAIGHT_FASTEST_KPH, 60 * (km + off) / STRAIGHT_SLOWEST_KPH
        return bounded(60 * km / STRAIGHT_KPH, low, high, Why.INEXACT)
