"""Driving minutes over the national road graph: by way of the junctions around a place, never into a piece cut off."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from ..base import FloatArray
from ..country import crs

PIECE_NODES = 1_000
"""Pieces of the graph with no more junctions than this are left out: a place snaps past them."""

JUNCTIONS, FURTHEST_M = 4, 10_000.0
"""How many junctions around a place are tried, and how far they may lie: assumptions."""

ACCESS_KPH, ACCESS_SLOWEST_KPH, ACCESS_FASTEST_KPH = 20.0, 12.0, 40.0
"""Straight-line speed on the lesser roads that the graph leaves out, and its bounds: assumptions."""

_NEAR_TARGET_M = 1_500.0


@dataclass(frozen=True)
class RoadGraph:
    """Junctions of the large pieces in WORK metres, and seconds along the directed edges between them."""

    xy: FloatArray
    seconds: csr_array

    def minutes_to_nearest(self, xy: FloatArray, targets: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """
        Minutes by car from each place to the target that is reached first.

        Parameters
        ----------
        xy
            (n, 2), places in WORK metres.
        targets
            (k, 2), targets in WORK metres.

        Returns
        -------
        minutes, least, most
            (n) each: with the way to the junction at its assumed speed, its fastest and its slowest; NaN where no junction
            lies within reach or no way leads.
        """
        out = self.seconds_to(targets)
        k = min(JUNCTIONS, len(self.xy))
        found_m, found = cKDTree(self.xy).query(xy, k=k, distance_upper_bound=FURTHEST_M, workers=-1)
        metres, node = np.asarray(found_m).reshape(-1, k), np.asarray(found).reshape(-1, k)
        onward = np.append(out, np.inf)[node]
        minutes = []
        for kph in (ACCESS_KPH, ACCESS_FASTEST_KPH, ACCESS_SLOWEST_KPH):
            whole = np.min(onward + metres / (kph / 3.6), axis=1, initial=np.inf)
            minutes.append(np.where(np.isfinite(whole), whole / 60, np.nan))
        return minutes[0], minutes[1], minutes[2]

    def seconds_to(self, targets: FloatArray) -> FloatArray:
        """Seconds from each junction to the nearest target, infinite where no way leads; a target stands at the junctions around it."""
        tree = cKDTree(self.xy)
        near = cKDTree(targets).sparse_distance_matrix(tree, _NEAR_TARGET_M, output_type="ndarray")
        nearest_m, nearest = (np.asarray(part) for part in tree.query(targets))
        reached = nearest_m <= FURTHEST_M
        node = np.concatenate([near["j"], nearest[reached]])
        seconds = np.concatenate([near["v"], nearest_m[reached]]) / (ACCESS_KPH / 3.6)
        if not len(node):
            return np.full(len(self.xy), np.inf)
        first = pd.Series(seconds).groupby(node).min()
        return self._from_gate(np.asarray(first.index), np.asarray(first, dtype=np.float64))

    def _from_gate(self, node: npt.NDArray[np.int64], seconds: FloatArray) -> FloatArray:
        """Seconds to one gate that is joined to some junctions, against the direction of travel."""
        n = len(self.xy)
        edges = self.seconds.tocoo()
        start = np.concatenate([edges.coords[1], np.full(len(node), n)])
        end = np.concatenate([edges.coords[0], node])
        took = np.concatenate([edges.data, seconds + _NO_ZERO])
        whole = csr_array((took, (start, end)), shape=(n + 1, n + 1))
        return np.asarray(dijkstra(whole, indices=np.array([n]), min_only=True))[:n]


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
