"""Travel time over a road layer: snap to nodes, shortest times, and what cannot be reached stays unknown."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from ..country import crs
from ..layer import Layer

FloatArray = npt.NDArray[np.float64]
SNAP_M = 1_000.0
"""Furthest a place may lie from a node to count as on the network: an assumption."""

_WALK_TO_ROAD_KPH = 15.0


@dataclass(frozen=True)
class Network:
    """Nodes in WORK metres and travel times in seconds along the directed edges."""

    x_m: FloatArray
    y_m: FloatArray
    graph: csr_array

    def snap(self, x_m: FloatArray, y_m: FloatArray) -> tuple[npt.NDArray[np.int64], FloatArray]:
        """Nearest node and the metres to it; -1 beyond SNAP_M."""
        metres, node = cKDTree(np.column_stack([self.x_m, self.y_m])).query(np.column_stack([x_m, y_m]))
        return np.where(metres <= SNAP_M, node, -1), np.asarray(metres)

    def minutes_to_nearest(
        self, x_m: FloatArray, y_m: FloatArray, to_x: FloatArray, to_y: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """
        Minutes by road from each place to the nearest target.

        Parameters
        ----------
        x_m, y_m
            n places in WORK metres.
        to_x, to_y
            k targets in WORK metres.

        Returns
        -------
        minutes
            (n), the way to the network at 15 km/h included; NaN off the network or where no way leads.
        off_m
            (n), metres from each place to its nearest node.
        """
        here, off = self.snap(x_m, y_m)
        there, _ = self.snap(to_x, to_y)
        targets = np.unique(there[there >= 0])
        if not len(targets):
            return np.full(len(x_m), np.nan), off
        seconds = dijkstra(self.graph.T.tocsr(), indices=targets, min_only=True)
        total = seconds[np.maximum(here, 0)] + off / (_WALK_TO_ROAD_KPH / 3.6)
        return np.where((here >= 0) & np.isfinite(total), total / 60, np.nan), off

    def sum_within(  # noqa: PLR0913, PLR0917  (places, targets, amounts)
        self, x_m: FloatArray, y_m: FloatArray, to_x: FloatArray, to_y: FloatArray, amounts: FloatArray, minutes: float
    ) -> FloatArray:
        """
        Sum of the amounts whose place is reached within some minutes.

        Parameters
        ----------
        x_m, y_m
            n places in WORK metres.
        to_x, to_y
            k targets in WORK metres; one off the network is not reached.
        amounts
            (k), in any unit, without NaN.
        minutes
            Longest time on the road.

        Returns
        -------
        total
            (n), in the unit of `amounts`; NaN for a place off the network.
        """
        here, off = self.snap(x_m, y_m)
        there, _ = self.snap(to_x, to_y)
        at_node = np.bincount(there[there >= 0], weights=amounts[there >= 0], minlength=len(self.x_m))
        found = np.full(len(x_m), np.nan)
        for node in np.unique(here[here >= 0]):
            seconds = dijkstra(self.graph, indices=node, limit=minutes * 60)
            found[here == node] = at_node[np.isfinite(seconds)].sum()
        return np.where(off <= SNAP_M, found, np.nan)


def network_of(roads: Layer) -> Network:
    """
    Graph of a road layer.

    Parameters
    ----------
    roads
        Lines in STORE with `u` and `v` (names of the two ends) and `time_s` (seconds along the line, from u to v).

    Returns
    -------
    network
        One node per name, one directed edge per pair; parallel edges keep the faster.
    """
    frame = roads.frame
    names = pd.unique(pd.concat([frame["u"], frame["v"]]))
    place = pd.Series(np.arange(len(names)), index=names)
    u, v = place[frame["u"]].to_numpy(), place[frame["v"]].to_numpy()
    quickest = (
        pd.DataFrame({"u": u, "v": v, "s": frame["time_s"].to_numpy()}).groupby(["u", "v"], as_index=False)["s"].min()
    )
    graph = csr_array((quickest["s"], (quickest["u"], quickest["v"])), shape=(len(names), len(names)))
    lines = np.asarray(roads.geometry.array)
    first, last = (
        shapely.get_coordinates(shapely.get_point(lines, 0)),
        shapely.get_coordinates(shapely.get_point(lines, -1)),
    )
    lonlat = np.zeros((len(names), 2))
    lonlat[u], lonlat[v] = first, last
    x_m, y_m = crs.to_work(lonlat[:, 0], lonlat[:, 1])
    return Network(x_m, y_m, graph)
