"""The value published nearest to a site, as good as it is near."""

from typing import Annotated, ClassVar, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import Field
from scipy.spatial import cKDTree

from geodata import Layer
from geodata.base import FloatArray, Text
from geodata.country import crs
from geodata.spatial.nearest import coordinates, nearest

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, feature_off_m, quantity_text, site_off_m


class NearestValue(Criterion):
    """
    Value of the nearest point that has one; between points it is only as good as the point is near.

    `spread` says by which factor the truth may differ at which distance; past its last distance nothing is known. Where
    positions are inexact, or points may pass the filter, every point that may truly be the nearest bounds the value. A point
    without a value is none.
    """

    label: ClassVar[str] = "Value of the nearest point"
    one_layer: ClassVar[bool] = True

    measure: Literal["nearest_value"] = "nearest_value"
    column: str = Field(description="Column of the points")
    spread: Annotated[
        tuple[tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=1)]], ...],
        Field(min_length=2, description="Pairs of km and the factor by which the truth may differ there"),
    ]

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """Nothing: how far a value holds cannot be asked for."""
        return ()

    def numbers(self) -> tuple[str, ...]:
        """The column besides the filters'."""
        return (*super().numbers(), self.column)

    def reach(self) -> Text:
        """Km past which nothing is known."""
        return quantity_text(self.spread[-1][0], "km")

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The value, its bounds and the point it stands at."""
        layer = sources.layers[0]
        points = self._points(self.features(layer))
        if not len(points):
            nothing = np.full(len(candidates.table), np.nan)
            return bounded(nothing, nothing, nothing, Why.UNKNOWN)
        here = nearest(candidates.points, points.geometry.to_crs(crs.WORK))
        worth = points[self.column].to_numpy(dtype=float)[here.position]
        off = site_off_m(candidates)
        value = np.where(here.distance_m / 1000 <= self.spread[-1][0], worth, np.nan)
        factor = self.factor((here.distance_m + off) / 1000)
        low, high = self._over_possible(candidates, layer, here.distance_m, (worth / factor, worth * factor))
        named = pd.DataFrame({"id": points[layer.spec.key].astype("str"), "name": _named(points, layer.spec.key)})
        found = named.assign(kv=np.nan).take(here.position).reset_index(drop=True)
        return bounded(value, low, high, Why.INEXACT, found)

    def _points(self, features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return features.dropna(subset=[self.column])

    def _over_possible(
        self, candidates: CandidateSet, layer: Layer, metres: FloatArray, bounds: tuple[FloatArray, FloatArray]
    ) -> tuple[FloatArray, FloatArray]:
        """Bounds widened by the value of every point that may be the nearest, as good as it is near."""
        possible = gpd.GeoDataFrame(pd.concat([self._points(self.features(layer)), self._points(self.doubtful(layer))]))
        off, site_off = feature_off_m(possible, layer), site_off_m(candidates)
        wide = np.flatnonzero((site_off > 0) | (len(possible) > len(self._points(self.features(layer)))) | off.any())
        furthest = metres + 2 * (site_off + off.max(initial=0.0))
        there = possible.geometry.to_crs(crs.WORK).representative_point()
        tree = cKDTree(coordinates(there))
        reach = furthest[wide] * (1 + crs.WORK_DISTORTION)
        around = tree.query_ball_point(coordinates(candidates.points)[wide], reach)
        site = np.repeat(wide, [len(found) for found in around])
        point = np.concatenate([*around, []]).astype(np.intp)
        a, b = candidates.points.take(site), there.take(point)
        apart = crs.geodesic_m(*crs.from_work(a.x, a.y), *crs.from_work(b.x, b.y))
        factor = self.factor((apart + site_off[site] + off[point]) / 1000)
        worth = possible[self.column].to_numpy(dtype=float)[point]
        low, high = (bound.copy() for bound in bounds)
        np.minimum.at(low, site, worth / factor)
        np.maximum.at(high, site, worth * factor)
        return low, high

    def factor(self, km: FloatArray) -> FloatArray:
        """By what the truth may differ at a distance."""
        at, factors = np.array(self.spread).T
        return np.asarray(np.exp(np.interp(km, at, np.log(factors))))


def _named(points: pd.DataFrame, key: str) -> pd.Series:
    return points["name" if "name" in points else key].astype("str")
