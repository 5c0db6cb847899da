"""The ground of municipalities: their best buildable cells, on which every criterion is measured in place of one point."""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata import Layers
from geodata.base import FloatArray, IntArray
from geodata.country.mesh import GRIDS
from geodata.spatial.cells import cells_of

from ..model.tables import Bounded, Why, bounded
from . import shipped
from .candidates import CandidateSet
from .shipped import LAND
from .verbs.cells import GROUND

SHARE, LEAST_CELLS, AROUND_M = 0.1, 3, 2_000.0
"""Share of a municipality's buildable land that is its best, how many cells it takes at least, and how far around a cell its land counts: assumptions."""

_HALF = 0.5


@dataclass(frozen=True)
class Ground:
    """Best cells of municipalities as candidates, the municipality each belongs to (its position) and its weight."""

    cells: CandidateSet
    owner: IntArray
    weight: FloatArray
    count: int

    def digest(self) -> str:
        """Hash of the cells, whose they are and what they weigh."""
        parts = self.cells.digest().encode() + self.owner.tobytes() + np.round(self.weight, 6).tobytes()
        return hashlib.sha256(parts).hexdigest()

    def gathered(self, column: Bounded) -> Bounded:
        """
        One value per municipality: the mean over its best cells by their buildable land, between the least and the most of them.

        Cells without a value are left out while they are less than half of the weight; else the municipality is unknown.
        """
        known = ~np.isnan(column.value)
        owner, weight = self.owner[known], self.weight[known]
        known_weight = np.bincount(owner, weight, self.count)
        whole = np.bincount(self.owner, self.weight, self.count)
        low, high = np.full(self.count, np.inf), np.full(self.count, -np.inf)
        np.minimum.at(low, owner, column.low[known])
        np.maximum.at(high, owner, column.high[known])
        enough = (known_weight > 0) & (known_weight >= _HALF * whole)
        mean = np.bincount(owner, weight * column.value[known], self.count) / np.where(enough, known_weight, 1.0)
        value = np.where(enough, np.clip(mean, low, high), np.nan)
        return bounded(value, low, high, self._why(column, low, high), self._nearest(column))

    def _why(self, column: Bounded, low: FloatArray, high: FloatArray) -> npt.NDArray[np.int8]:
        """The reason that leaves a bound open at any of the cells, else whether the cells differ."""
        at_most, at_least = np.zeros(self.count, bool), np.zeros(self.count, bool)
        at_most[self.owner[column.why == Why.AT_MOST]] = True
        at_least[self.owner[column.why == Why.AT_LEAST]] = True
        cases = [at_least | np.isposinf(high), at_most, low < high]
        return np.select(cases, [Why.AT_LEAST, Why.AT_MOST, Why.INEXACT], Why.EXACT).astype(np.int8)

    def _nearest(self, column: Bounded) -> pd.DataFrame | None:
        """The feature found from the cell that weighs most."""
        if column.nearest is None:
            return None
        order = np.lexsort((-self.weight, self.owner))
        first = order[np.r_[True, np.diff(self.owner[order]) > 0]]
        return column.nearest.iloc[first].set_axis(self.owner[first]).reindex(range(self.count))


def ground_of(candidates: CandidateSet, store: Layers) -> Ground | None:
    """
    Best ground of each municipality; None for other candidates and while the land of the cells is not there.

    Parameters
    ----------
    candidates
        Municipalities; other kinds stand on their own ground.
    store
        Where the land of the cells is opened; without it, the cells that come with the product stand for it.

    Returns
    -------
    ground
        The cells with the most buildable land around them, up to SHARE of what the municipality has and at least LEAST_CELLS;
        a municipality without any cell keeps its point.
    """
    if candidates.kind != "municipalities" or not (store.has(LAND) or shipped.same_places(candidates)):
        return None
    cells = best_cells(store.layer(LAND).frame) if store.has(LAND) else shipped.ground()
    best = cells[cells["muni_code"].isin(candidates.table.index)]
    position = pd.Series(np.arange(len(candidates.table)), index=candidates.table.index)
    lon, lat = GRIDS["1km"].centres(*GRIDS["1km"].decode(best["mesh_code"]))
    whose = candidates.table.loc[best["muni_code"], ["name", "pref_code", "muni_code"]].reset_index(drop=True)
    ground = whose.assign(area_ha=best["buildable_ha"].to_numpy(), lon=lon, lat=lat, accuracy_m=0.0)
    rest = candidates.table.index.difference(pd.Index(best["muni_code"]))
    points = candidates.table.loc[rest, list(ground.columns)]
    table = pd.concat([ground.set_axis(best["mesh_code"].to_numpy()), points]).rename_axis("site_id")
    owner = position[table["muni_code"]].to_numpy(dtype=np.intp)
    weight = np.r_[np.maximum(best["buildable_ha"].to_numpy(), 1.0), np.ones(len(points))]
    return Ground(CandidateSet(table, GROUND, mesh_level="1km"), owner, weight, len(candidates.table))


def best_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """
    Cells with the most buildable land around them, as `ground_of` takes them, of all municipalities.

    Amounts are told apart to a thousandth, so that equals fall alike whatever the machine adds up first.
    """
    lon, lat = GRIDS["1km"].centres(*GRIDS["1km"].decode(cells["mesh_code"]))
    reach = np.full(len(cells), AROUND_M)
    around = cells_of(cells["mesh_code"]).sum_within(lon, lat, cells[["buildable_ha"]].to_numpy(), reach)[:, 0]
    ordered = cells.assign(around=(around * cells["buildable_ha"].to_numpy()).round(3)).sort_values(
        ["muni_code", "around", "open_pct", "mesh_code"], ascending=[True, False, False, True]
    )
    by_town = ordered.groupby("muni_code")["buildable_ha"]
    before = (by_town.cumsum() - ordered["buildable_ha"]).round(3)
    rank = ordered.groupby("muni_code").cumcount()
    return ordered[(before < (SHARE * by_town.transform("sum")).round(3)) | (rank < LEAST_CELLS)]
