"""Distance to the nearest feature."""

from typing import ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import model_validator

from geodata import Layer
from geodata.base import FloatArray, IntArray
from geodata.country import crs
from geodata.errors import InvalidError
from geodata.spatial.nearest import nearest

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, slack_m

_NAME, _KV = "name", "voltage_kv"


class NearestKm(Criterion):
    """
    Geodesic km to the nearest feature of the layers that passes the filter, and which feature that is.

    Known to the accuracy of the site's position; from a partial inventory it is an upper bound.
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
        near = [nearest(candidates.points, features.geometry.to_crs(crs.WORK)) for features in found]
        metres = np.stack([n.distance_m for n in near])
        which = metres.argmin(axis=0)
        km = np.take_along_axis(metres, which[None], axis=0)[0] / 1000
        named = [_named(f, layer, n.position) for f, layer, n in zip(found, sources.layers, near, strict=True)]
        value = np.where(np.isinf(km), np.nan, km)
        return distance(value, slack_m(candidates) / 1000, partial=sources.partial, nearest=_chosen(named, which))


def distance(value: FloatArray, slack: FloatArray, *, partial: bool, nearest: pd.DataFrame | None = None) -> Bounded:
    """A distance known to `slack`: from a partial inventory a nearer feature may exist, so it is an upper bound."""
    low = np.zeros_like(value) if partial else np.maximum(value - slack, 0)
    why = Why.AT_MOST if partial else np.where(slack > 0, Why.INEXACT, Why.EXACT)
    return bounded(value, low, value + slack, why, nearest)


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
