"""Distance to the nearest feature."""

from typing import ClassVar, Literal, Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import model_validator

from geodata import Layer
from geodata.base import FloatArray, IntArray
from geodata.country import crs
from geodata.errors import InvalidError
from geodata.spatial.nearest import Nearest, nearest

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, feature_off_m, site_off_m

_NAME, _KV = "name", "voltage_kv"


class NearestKm(Criterion):
    """
    Geodesic km to the nearest feature of the layers that passes the filter, and which feature that is.

    Known to the accuracy of both positions; from a partial inventory, or beside features of which too little is known to
    say whether they pass, it is an upper bound.
    """

    label: ClassVar[str] = "Distance to the nearest"

    measure: Literal["nearest_km"] = "nearest_km"

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """In km, near being better."""
        return (Offer("nearest_km", cls.label, unit="km", worst=50.0, best=2.0),)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.layers:
            raise InvalidError("{id}: {measure} needs layers", id=self.id, measure=self.measure)
        return self

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Km, its bounds and the feature found."""
        found = [self.features(layer) for layer in sources.layers]
        near = [_nearest(candidates, f, layer) for f, layer in zip(found, sources.layers, strict=True)]
        metres, most = (np.stack([getattr(n, field) for n in near]) for field in ("distance_m", "most_m"))
        which = metres.argmin(axis=0)
        km = np.take_along_axis(metres, which[None], axis=0)[0] / 1000
        named = [_named(f, layer, n.position) for f, layer, n in zip(found, sources.layers, near, strict=True)]
        off_km = site_off_m(candidates) / 1000
        low, open_ended = self._least_km(candidates, sources, near)
        value = np.where(np.isinf(km), np.nan, km)
        nearest = _chosen(named, which)
        return distance(value, low - off_km, most.min(axis=0) / 1000 + off_km, open_ended, nearest)

    def _least_km(
        self, candidates: CandidateSet, sources: Sources, near: list[Nearest]
    ) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
        """Km to the nearest feature at the least, and where one that is missing or may pass the filter could be nearer."""
        n = len(candidates.table)
        if sources.partial:
            return np.zeros(n), np.ones(n, dtype=bool)
        least = np.min([found.least_m for found in near], axis=0)
        maybe = np.min([_nearest(candidates, self.doubtful(la), la).least_m for la in sources.layers], axis=0)
        return np.minimum(least, maybe) / 1000, maybe < least


def distance(
    value: FloatArray,
    low: FloatArray,
    high: FloatArray,
    open_ended: npt.NDArray[np.bool_],
    nearest: pd.DataFrame | None = None,
) -> Bounded:
    """A distance or time between bounds; `open_ended` where a nearer target may exist, so that it is an upper bound."""
    low = np.maximum(low, 0)
    why = np.select([low >= high, open_ended], [Why.EXACT, Why.AT_MOST], Why.INEXACT)
    return bounded(value, low, high, why, nearest)


def _nearest(candidates: CandidateSet, features: gpd.GeoDataFrame, layer: Layer) -> Nearest:
    return nearest(candidates.points, features.geometry.to_crs(crs.WORK), feature_off_m(features, layer))


def _named(features: pd.DataFrame, layer: Layer, position: IntArray) -> pd.DataFrame:
    """Id, name and kV of the feature found for each site; a layer without features names none."""
    known = pd.DataFrame(
        {
            "id": features[layer.spec.key].astype("str")
            if layer.spec.key in features
            else features.index.astype("str"),
            "name": features[_NAME].astype("str") if _NAME in features else "",
            "kv": pd.to_numeric(features[_KV], errors="coerce") if _KV in features else np.nan,
        }
    )
    nothing = pd.DataFrame({"id": [None], "name": [None], "kv": [np.nan]}).astype({"id": "str", "name": "str"})
    return pd.concat([known.astype({"id": "str", "name": "str"}), nothing], ignore_index=True).take(position)


def _chosen(named: list[pd.DataFrame], which: IntArray) -> pd.DataFrame:
    """For each site the row of the layer that holds its nearest feature."""
    n = len(which)
    return pd.concat(named, ignore_index=True).take(which * n + np.arange(n)).reset_index(drop=True)
