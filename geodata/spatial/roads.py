"""Driving minutes over the national road graph: by way of the junctions around a place, never into a piece cut off."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from ..base import FloatArray, IntArray
from ..country import crs
from .network import Minutes, Places

PIECE_NODES = 1_000
"""Pieces of the graph with no more junctions than this are left out: a place snaps past them."""

JUNCTIONS, FURTHEST_M = 4, 10_000.0
"""How many junctions around a place are tried, and how far they may lie: assumptions."""

ACCESS_KPH, ACCESS_SLOWEST_KPH, ACCESS_FASTEST_KPH = 20.0, 12.0, 40.0
"""Straight-line speed on the lesser roads that the graph leaves out, and its bounds: assumptions."""

_NEAR_TARGET_M, _LONGEST_DETOUR_S = 1_500.0, 3_600.0
_SPEEDS = ((ACCESS_KPH, 0), (ACCESS_FASTEST_KPH, -1), (ACCESS_SLOWEST_KPH, 1))
"""Speed on the lesser roads and which bound it belongs to."""


@dataclass(frozen=True)
class RoadGraph:
    """Junctions of the large pieces in WORK metres, and seconds along the directed edges between them."""

    xy: FloatArray
    seconds: csr_array

    @cached_property
    def tree(self) -> cKDTree:
        """Junctions, to search the nearest."""
        return cKDTree(self.xy)

    def minutes_to_nearest(self, here: Places, there: Places) -> Minutes:
        """
        Minutes by car from each place to the target that is reached first.

        Parameters
        ----------
        here, there
            n places and k targets, with their accuracy.

        Returns
        -------
        minutes
            (n) each: with the way to and from the junctions at its assumed speed, between its fastest from where the places
            may truly lie and its slowest. The value is NaN where no junction lies within reach or no way leads; the bounds
            are inf where the same may be so.
        """
        out = [self._seconds_to(there, kph, bound) for kph, bound in _SPEEDS]
        metres, node = self._junctions(here)
        minutes = []
        for (kph, _), onward in zip(_SPEEDS, out, strict=True):
            whole = np.min(np.append(onward, np.inf)[node] + metres / (kph / 3.6), axis=1, initial=np.inf)
            minutes.append(whole / 60)
        value, low, high = minutes
        wide = np.flatnonzero(here.off_m > 0)
        if len(wide):
            least, most = self._between(here.take(wide), metres[wide], out[1], out[2])
            low[wide], high[wide] = np.minimum(low[wide], least), np.maximum(high[wide], most)
        return Minutes(np.where(np.isfinite(value), value, np.nan), low, high)

    def _junctions(self, places: Places) -> tuple[FloatArray, IntArray]:
        """Metres to the junctions around each place and which they are, nearest first; inf and n past FURTHEST_M."""
        k = min(JUNCTIONS, len(self.xy))
        metres, node = self.tree.query(places.xy, k=k, distance_upper_bound=FURTHEST_M, workers=-1)
        return np.asarray(metres).reshape(-1, k), np.asarray(node, dtype=np.int64).reshape(-1, k)

    def _between(
        self, here: Places, metres: FloatArray, soonest: FloatArray, latest: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bounds of the minutes over every place within the accuracy of some inexact ones."""
        # The k-th nearest junction of the true place lies at most `off` further from it than from the place given, so
        # it is among those within 2 off of the k-th nearest here. The true place goes no later than by its nearest one.
        off = here.off_m * (1 + crs.WORK_DISTORTION)
        reach = np.minimum(metres, FURTHEST_M + off[:, None])[:, [0, -1]] + 2 * off[:, None]
        around = self.tree.query_ball_point(here.xy, reach[:, 1])
        place = np.repeat(np.arange(len(off)), [len(found) for found in around])
        node = np.concatenate([*around, []]).astype(np.int64)
        away = np.hypot(*(self.xy[node] - here.xy[place]).T)
        low, high = np.full(len(off), np.inf), np.where(metres[:, 0] + off > FURTHEST_M, np.inf, 0.0)
        np.minimum.at(low, place, soonest[node] + np.maximum(away - off[place], 0) / (ACCESS_FASTEST_KPH / 3.6))
        first = away <= reach[place, 0]
        slowly = np.minimum(away, metres[place, 0]) + off[place]
        np.maximum.at(high, place[first], (latest[node] + slowly / (ACCESS_SLOWEST_KPH / 3.6))[first])
        return low / 60, high / 60

    def _seconds_to(self, targets: Places, kph: float, bound: int) -> FloatArray:
        """
        Seconds from each junction to the target reached first, infinite where no way leads.

        A target stands at its nearest junction and at those within _NEAR_TARGET_M. `bound` is -1 for the least and 1 for the
        most over where the targets may truly lie, 0 for where they are given.
        """
        nearest_m, nearest = (np.asarray(part) for part in self.tree.query(targets.xy))
        off = abs(bound) * targets.off_m * (1 + crs.WORK_DISTORTION)
        wide = off > 0
        reached = nearest_m + bound * off <= FURTHEST_M
        reach = np.maximum(_NEAR_TARGET_M + off, np.where(wide, nearest_m + 2 * off, 0.0))
        joined = self.tree.query_ball_point(targets.xy[reached], np.where(wide & (bound > 0), 0.0, reach)[reached])
        target = np.repeat(np.flatnonzero(reached), [len(found) for found in joined])
        node = np.concatenate([*joined, []]).astype(np.int64)
        away = np.hypot(*(self.xy[node] - targets.xy[target]).T)
        extra = self._detours(targets, nearest, nearest_m, np.where(reached, off, 0.0)) if bound > 0 else 0.0 * off
        node = np.concatenate([node, nearest[reached]])
        metres = np.concatenate(
            [np.maximum(away + bound * off[target], 0), np.maximum(nearest_m + bound * off, 0)[reached]]
        )
        seconds = metres / (kph / 3.6) + np.concatenate([extra[target], extra[reached]])
        sure = np.isfinite(seconds)
        if not sure.any():
            return np.full(len(self.xy), np.inf)
        first = pd.Series(seconds[sure]).groupby(node[sure]).min()
        return self._from_gate(np.asarray(first.index), np.asarray(first, dtype=np.float64))

    def _detours(self, targets: Places, nearest: IntArray, nearest_m: FloatArray, off: FloatArray) -> FloatArray:
        """Seconds from the junction nearest to each target as given to the furthest that may truly be its nearest; inf past an hour."""
        extra = np.zeros(len(off))
        for target in np.flatnonzero(off > 0):
            possible = self.tree.query_ball_point(targets.xy[target], nearest_m[target] + 2 * off[target])
            if len(possible) > 1:
                out = dijkstra(self.seconds, indices=nearest[target], limit=_LONGEST_DETOUR_S)
                extra[target] = np.max(out[possible])
        return extra

    def _from_gate(self, node: IntArray, seconds: FloatArray) -> FloatArray:
        """Seconds to one gate that is joined to some junctions, against the direction of travel."""
        n = len(self.xy)
        gate = csr_array((seconds + _NO_ZERO, (np.zeros(len(node), dtype=np.int64), node)), shape=(1, n))
        whole: csr_array = block_array([[self.backwards, None], [gate, csr_array((1, 1))]], format="csr")
        return np.asarray(dijkstra(whole, indices=np.array([n]), min_only=True))[:n]

    @cached_property
    def backwards(self) -> csr_array:
        """Seconds along the edges against their direction."""
        return self.seconds.T.tocsr()


_NO_ZERO = 1e-6
"""An edge of zero length would be no edge in a sparse matrix."""


def road_graph(ways: pd.DataFrame) -> RoadGraph:
    """
    Graph of the large pieces of a road layer.

    Parameters
    ----------
    ways
        Directed edges with `u`, `v`, `time_s`, `piece_nodes` and the degrees of both ends, as in the layer roads_national.

    Returns
    -------
    graph
        One node per junction; parallel edges keep the faster.
    """
    kept = ways[ways["piece_nodes"] > PIECE_NODES]
    names, ends = np.unique(np.concatenate([kept["u"], kept["v"]]), return_inverse=True)
    u, v = ends[: len(kept)], ends[len(kept) :]
    quickest = pd.Series(kept["time_s"].to_numpy() + _NO_ZERO).groupby([u, v]).min()
    start, end = (quickest.index.get_level_values(k).to_numpy() for k in (0, 1))
    seconds = csr_array((quickest.to_numpy(), (start, end)), shape=(len(names), len(names)))
    lonlat = np.zeros((len(names), 2))
    lonlat[u], lonlat[v] = kept[["u_lon", "u_lat"]].to_numpy(), kept[["v_lon", "v_lat"]].to_numpy()
    return RoadGraph(np.column_stack(crs.to_work(lonlat[:, 0], lonlat[:, 1])), seconds)
