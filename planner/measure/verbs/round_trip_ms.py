"""Delay of light in fibre to named places and back: a bound from the length of the route, no measurement."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from geodata.country import crs

from ...model.tables import Bounded, Why, bounded
from ...power.assumptions import digest, written
from ...power.demand import Demand
from ...power.fibre import round_trip_ms
from ..candidates import CandidateSet
from ..criterion import Criterion, Place, Sources, site_off_m


class RoundTripMs(Criterion):
    """Milliseconds of light in fibre to the nearest of some places and back, over a route longer than the straight line."""

    label: ClassVar[str] = "Delay to named places"

    measure: Literal["round_trip_ms"] = "round_trip_ms"
    places: Annotated[tuple[Place, ...], Field(min_length=1, description="Fixed points; the nearest one counts")]
    demand: Demand = Field(Demand(), description="Holds the assumptions; a scenario's [demand] takes its place")

    def assumed_as_of(self) -> str:
        """Date of the power model's assumptions."""
        return written()[0]

    def tables(self) -> str:
        """Hash of the power model's tables."""
        return digest()

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Ms and its bounds."""
        del sources
        lon, lat = candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy()
        km = np.min([crs.geodesic_m(lon, lat, place.lon, place.lat) for place in self.places], axis=0) / 1000
        low, middle, high = round_trip_ms(self.demand.assumed, km, site_off_m(candidates) / 1000)
        return bounded(middle, low, high, Why.INEXACT)
