"""What polygons do to the plot or cell of a site."""

from typing import ClassVar, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pydantic import Field

from geodata import Layer
from geodata.base import FloatArray
from geodata.country import crs
from geodata.spatial.share import covered_share, worst_within

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, feature_off_m, site_off_m

_NOISE, _TINY_M = 1e-9, 1e-3


class _Polygons(Criterion):
    one_layer: ClassVar[bool] = True

    @staticmethod
    def _inexact(candidates: CandidateSet, features: gpd.GeoDataFrame, layer: Layer) -> bool:
        """Whether some position is known only so far."""
        return bool(site_off_m(candidates).any() or feature_off_m(features, layer).any())


class SharePct(_Polygons):
    """
    Share of the plot or cell under the polygons, per cent; overlaps count once. A site known as a point is in or out.

    Outside the shapes of a partial layer nothing is known, and what is found is a lower bound. Where positions are inexact, or
    polygons may pass the filter, the share is bounded by what the widened plot finds.
    """

    label: ClassVar[str] = "Share of the plot or cell covered"

    measure: Literal["share_pct"] = "share_pct"

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """In per cent, 0 being best."""
        return (Offer("share_pct", cls.label, shapes=("polygon",), unit="%", worst=50.0, best=0.0),)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Per cent and its bounds."""
        layer = sources.layers[0]
        sure, maybe = self.features(layer), self.doubtful(layer)
        polygons, plots = _polygons(sure), _plots(candidates)
        share = covered_share(plots, polygons)
        least = most = share
        if len(maybe) or self._inexact(candidates, sure, layer):
            most = np.maximum(_most(candidates, plots, _widened(pd.concat([sure, maybe]), layer)), share)
            least = np.minimum(_least(candidates, plots, polygons), share)
            least = np.where(feature_off_m(sure, layer).any(), 0.0, least)
        value, low, high = 100 * share, 100 * least, 100 * most
        if sources.partial:
            return bounded(np.where(value > 0, value, np.nan), low, np.full_like(value, 100.0), Why.AT_LEAST)
        return bounded(value, low, high, np.where(low < high, Why.INEXACT, Why.EXACT))


class WorstValue(_Polygons):
    """
    Largest value of the polygons that touch the plot or cell; where none does, 0 of a complete layer and unknown of a partial one.

    A polygon without a known value makes it unknown, never 0. Where positions are inexact, the worst that surely and the worst
    that possibly touches the plot bound it.
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
        layer = sources.layers[0]
        sure = self.features(layer)
        possible = pd.concat([sure, self.doubtful(layer)])
        here, touched = worst_within(_plots(candidates), _polygons(sure), self._values(sure))
        low = self._surely(candidates, sure, layer, here)
        if sources.partial:
            return bounded(here, low, np.full_like(here, np.inf), Why.AT_LEAST)
        around, nearby = worst_within(_surroundings(candidates), _widened(possible, layer), self._values(possible))
        value, most = np.where(touched, here, 0.0), np.where(nearby, around, 0.0)
        high = np.where(np.isnan(most), np.inf, np.maximum(most, value))
        why = np.select([np.isinf(high), low < high], [Why.AT_LEAST, Why.INEXACT], Why.EXACT)
        return bounded(value, np.minimum(low, value), high, why)

    def _values(self, features: pd.DataFrame) -> FloatArray:
        return features[self.column].to_numpy(dtype=float)

    def _surely(self, candidates: CandidateSet, sure: gpd.GeoDataFrame, layer: Layer, here: FloatArray) -> FloatArray:
        """The worst of the polygons that touch the plot wherever it truly lies: those that hold its centre with its accuracy."""
        if not self._inexact(candidates, sure, layer):
            return np.nan_to_num(here)
        worst = np.zeros(len(here))
        if feature_off_m(sure, layer).any():
            return worst
        discs = np.asarray(_wider(candidates.points, site_off_m(candidates) + _TINY_M).array)
        polygon, disc = shapely.STRtree(discs).query(np.asarray(_polygons(sure).array), predicate="covers")
        np.maximum.at(worst, disc, np.nan_to_num(self._values(sure)[polygon]))
        return np.where(site_off_m(candidates) > 0, worst, np.nan_to_num(here))


def _polygons(features: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return features.geometry.to_crs(crs.WORK)


def _widened(features: pd.DataFrame, layer: Layer) -> gpd.GeoSeries:
    """Polygons in WORK, widened by their accuracy."""
    return _wider(_polygons(gpd.GeoDataFrame(features)), feature_off_m(features, layer))


def _wider(shapes: gpd.GeoSeries, off_m: FloatArray) -> gpd.GeoSeries:
    """Shapes in WORK that hold everything within some geodesic metres: WORK stretches, and round corners are drawn inside."""
    wide = shapes.buffer(off_m * (1 + crs.WORK_DISTORTION))
    return gpd.GeoSeries(np.where(off_m > 0, wide.array, shapes.array), index=shapes.index, crs=shapes.crs)


# A plot of area A lies somewhere inside its surroundings, of area W. What of W is covered bounds the covered part of A from
# above; what of W is bare bounds its bare part: covered >= A - bare. A plot without area is in or out.


def _most(candidates: CandidateSet, plots: gpd.GeoSeries, polygons: gpd.GeoSeries) -> FloatArray:
    """Largest share of the plot that the polygons can cover, wherever it lies within its accuracy."""
    around, area = _surroundings(candidates), plots.area.to_numpy()
    covered = covered_share(around, polygons)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(area > 0, np.minimum(covered * around.area.to_numpy() / area, 1), covered > 0)


def _least(candidates: CandidateSet, plots: gpd.GeoSeries, polygons: gpd.GeoSeries) -> FloatArray:
    """Smallest share of the plot that the polygons can cover, wherever it lies within its accuracy."""
    around, area = _surroundings(candidates), plots.area.to_numpy()
    bare = 1 - covered_share(around, polygons)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(area > 0, np.maximum(1 - bare * around.area.to_numpy() / area, 0), bare <= _NOISE)


def _plots(candidates: CandidateSet) -> gpd.GeoSeries:
    """Drawn plots and cells in WORK; a point with a known area is a disc of that area."""
    shapes = candidates.geometry().to_crs(crs.WORK)
    area = candidates.table["area_ha"].fillna(0).to_numpy() * 1e4
    points = (shapes.geom_type == "Point").to_numpy() & (area > 0)
    discs = shapes.buffer(np.where(points, np.sqrt(area / np.pi), 0.0))
    return gpd.GeoSeries(np.where(points, discs.array, shapes.array), index=shapes.index, crs=crs.WORK)


def _surroundings(candidates: CandidateSet) -> gpd.GeoSeries:
    """The plots widened by the accuracy of their positions."""
    return _wider(_plots(candidates), site_off_m(candidates))
