"""Distance from named places."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from geodata.country import crs

from ...model.tables import Bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Place, Sources, site_off_m
from .nearest_km import distance


class DistanceFromKm(Criterion):
    """Geodesic km to the nearest of some fixed places, known to the accuracy of the site's position."""

    label: ClassVar[str] = "Distance from named places"

    measure: Literal["distance_from_km"] = "distance_from_km"
    places: Annotated[tuple[Place, ...], Field(min_length=1, description="Fixed points; the nearest one counts")]

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Km and its bounds."""
        del sources
        lon, lat = candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy()
        km = np.min([crs.geodesic_m(lon, lat, place.lon, place.lat) for place in self.places], axis=0) / 1000
        off = site_off_m(candidates) / 1000
        return distance(km, km - off, km + off, np.zeros(len(km), dtype=bool))
