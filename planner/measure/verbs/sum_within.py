"""Sum or number of what lies within reach."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from geodata import Layer
from geodata.base import FloatArray, Text
from geodata.country import crs
from geodata.spatial.within import Within, sum_within

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, feature_off_m, quantity_text, site_off_m


class SumWithin(Criterion):
    """
    Sum of a column over the features within reach; without a column, their number.

    Bounded by what surely and what possibly lies within reach, for all that is known of both positions and of the filter. A
    lower bound when the inventory is partial or a feature that may lie within reach has no published value; then, a sum of
    nothing is unknown, not 0.
    """

    label: ClassVar[str] = "Sum or number within reach"
    one_layer: ClassVar[bool] = True

    measure: Literal["sum_within"] = "sum_within"
    reach_m: Annotated[float, Field(gt=0, description="Straight-line reach, metres")]
    column: str | None = Field(None, description="Column summed; absent: features are counted")
    own_column: str | None = Field(None, description="Column of the user's file that counts as the site's own plot")

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """The number of features, and the sum of a column."""
        return (
            Offer("count", "Number within reach", unit="sites"),
            Offer("sum", "Sum within reach", column=True),
        )

    def pass_key(self) -> str:
        """Sums over the same features within the same reach."""
        return self.key_of("reach_m")

    def numbers(self) -> tuple[str, ...]:
        """The column summed besides the filters'."""
        return (*super().numbers(), *([self.column] if self.column else []))

    def reach(self) -> Text:
        """Km."""
        return quantity_text(self.reach_m / 1000, "km")

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The sum of this criterion alone."""
        return self.measured_together([self], candidates, sources)[0]

    @classmethod
    def measured_together(cls, group: Sequence[Criterion], candidates: CandidateSet, sources: Sources) -> list[Bounded]:
        """Sums of several columns in one pass."""
        same, layer = cast("Sequence[SumWithin]", group), sources.layers[0]
        found = _found(candidates, group[0].features(layer), layer, same)
        maybe = _found(candidates, group[0].doubtful(layer), layer, same)
        columns = []
        for position, criterion in enumerate(same):
            own = criterion.own_plot(candidates, group[0].features(layer))
            total = found.total[:, position] + own
            least = found.least[:, position] + np.minimum(maybe.least[:, position], 0) + own
            most = found.most[:, position] + np.maximum(maybe.most[:, position], 0) + own
            open_ended = (found.unknown + maybe.unknown)[:, position] > 0
            columns.append(sum_between(total, least, most, open_ended | sources.partial))
        return columns

    def amounts(self, features: gpd.GeoDataFrame) -> FloatArray:
        """What is summed; NaN where nothing is published."""
        return features[self.column].to_numpy(float) if self.column else np.ones(len(features))

    def own_plot(self, candidates: CandidateSet, listed: gpd.GeoDataFrame) -> FloatArray:
        """The user's own plot, unless the layer already lists one of the same name within reach."""
        if candidates.kind != "file" or self.own_column not in candidates.table:
            return np.zeros(len(candidates.table))
        twins = (
            candidates.table[["name", "lon", "lat"]]
            .reset_index(drop=True)
            .reset_index(names="site")
            .merge(
                pd.DataFrame({"name": listed["name"], "lon_b": listed.geometry.x, "lat_b": listed.geometry.y}),
                on="name",
            )
        )
        near = crs.geodesic_m(twins["lon"], twins["lat"], twins["lon_b"], twins["lat_b"]) <= self.reach_m
        own = np.array(candidates.table[self.own_column].fillna(0.0), dtype=float)
        own[twins["site"].to_numpy()[near]] = 0.0
        return own


def _found(candidates: CandidateSet, features: gpd.GeoDataFrame, layer: Layer, same: Sequence[SumWithin]) -> Within:
    return sum_within(
        candidates.points,
        features.geometry.to_crs(crs.WORK),
        np.column_stack([c.amounts(features) for c in same]),
        reach_m=same[0].reach_m,
        site_off_m=site_off_m(candidates),
        feature_off_m=feature_off_m(features, layer),
    )


def sum_between(total: FloatArray, least: FloatArray, most: FloatArray, open_ended: npt.NDArray[np.bool_]) -> Bounded:
    """A sum between bounds; where `open_ended` it is a lower bound, and then a sum of nothing says nothing and is unknown."""
    value = np.where(open_ended & (total == 0), np.nan, total)
    why = np.select([open_ended, least < most], [Why.AT_LEAST, Why.INEXACT], Why.EXACT)
    return bounded(value, least, np.where(open_ended, np.inf, most), why)
