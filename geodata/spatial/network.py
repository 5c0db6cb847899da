"""Travel time over a road layer: snap to nodes, shortest times, and what cannot be reached stays unknown."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from ..base import FloatArray, IntArray
from ..country import crs
from ..layer import Layer

SNAP_M = 1_000.0
"""Furthest a place may lie from a node to count as on the network: an assumption."""

_WALK_TO_ROAD_KPH = 15.0
_STEPS = 64
_MILLIMETRE, _INSTANT_S = 1e-3, 1e-9


@dataclass(frozen=True)
class Places:
    """Places in WORK metres, and how far the true place of each may lie from it."""

    x_m: FloatArray
    y_m: FloatArray
    off_m: FloatArray

    @property
    def xy(self) -> FloatArray:
        """The places, (n, 2)."""
        return np.column_stack([self.x_m, self.y_m])

    def take(self, positions: IntArray) -> "Places":
        """Some of the places, in order."""
        return Places(self.x_m[positions], self.y_m[positions], self.off_m[positions])


@dataclass(frozen=True)
class Minutes:
    """Minutes at the places given, and bounds over every place that the accuracies allow (inf = no way from some)."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Network:
    """Nodes in WORK metres and travel times in seconds along the directed edges."""

    x_m: FloatArray
    y_m: FloatArray
    graph: csr_array

    def snap(self, x_m: FloatArray, y_m: FloatArray) -> tuple[IntArray, FloatArray]:
        """Nearest node and the metres to it; -1 beyond SNAP_M."""
        metres, node = cKDTree(np.column_stack([self.x_m, self.y_m])).query(np.column_stack([x_m, y_m]))
        return np.where(metres <= SNAP_M, node, -1), np.asarray(metres)

    def possible_nodes(self, x_m: FloatArray, y_m: FloatArray, off_m: FloatArray) -> tuple[IntArray, IntArray]:
        """
        Every node that could be the nearest one if each place lay anywhere within its accuracy, as pairs.

        Parameters
        ----------
        x_m, y_m
            n places in WORK metres.
        off_m
            (n), accuracy of each, metres.

        Returns
        -------
        place, node
            (p), (p): each place has at least one node; some that are only nearly possible are among them.
        """
        # A node inside the circle of accuracy is possible. One outside is possible only if its Voronoi cell, which is
        # convex, crosses the circle: so it is the nearest of some place on the circle, hence within `gap` more than the
        # nearest distance of one of the _STEPS places sampled on it.
        tree, off_m = cKDTree(np.column_stack([self.x_m, self.y_m])), off_m * (1 + crs.WORK_DISTORTION)
        angle = np.linspace(0, 2 * np.pi, _STEPS, endpoint=False)
        ring = np.stack(
            [x_m[:, None] + off_m[:, None] * np.cos(angle), y_m[:, None] + off_m[:, None] * np.sin(angle)], -1
        )
        gap = off_m[:, None] * (2 * np.pi / _STEPS)
        balls = tree.query_ball_point(ring, tree.query(ring)[0] + gap + _MILLIMETRE)
        inside = tree.query_ball_point(np.column_stack([x_m, y_m]), off_m)
        sets = [
            np.unique(np.concatenate([*rim, core]).astype(np.int64)) for rim, core in zip(balls, inside, strict=True)
        ]
        return np.repeat(np.arange(len(sets)), [len(nodes) for nodes in sets]), np.concatenate([*sets, []]).astype(
            np.int64
        )

    def minutes_to_nearest(self, here: Places, there: Places) -> Minutes:
        """
        Minutes by road from each place to the nearest target.

        Parameters
        ----------
        here, there
            n places and k targets, with their accuracy.

        Returns
        -------
        minutes
            (n) each, the way to the network at 15 km/h included; NaN off the network or where no way leads.
        """
        node, off = self.snap(here.x_m, here.y_m)
        target, _ = self.snap(there.x_m, there.y_m)
        seconds = self._seconds_to(target[target >= 0], np.zeros((target >= 0).sum()))
        walk = _WALK_TO_ROAD_KPH / 3.6
        total = np.where(node >= 0, seconds[np.maximum(node, 0)] + off / walk, np.inf)
        value = np.where(np.isfinite(total), total / 60, np.nan)
        if not (here.off_m.any() or there.off_m.any()):
            return Minutes(value, value, value)
        soonest, latest = self._bounds_to(target, there) if there.off_m.any() else (seconds, seconds)
        place, possible = self.possible_nodes(here.x_m, here.y_m, here.off_m)
        around = here.off_m[place] * (1 + crs.WORK_DISTORTION)
        metres = np.hypot(self.x_m[possible] - here.x_m[place], self.y_m[possible] - here.y_m[place])
        least = soonest[possible] + np.maximum(metres - around, 0) / walk
        most = latest[possible] + np.minimum(np.minimum(metres, off[place]) + around, SNAP_M) / walk
        low, high = np.full(len(value), np.inf), np.zeros(len(value))
        np.minimum.at(low, place, least / 60)
        np.maximum.at(high, place, most / 60)
        return Minutes(value, np.minimum(low, np.nan_to_num(value, nan=np.inf)), high)

    def sum_within(
        self, here: Places, there: Places, amounts: FloatArray, minutes: float
    ) -> tuple[FloatArray, FloatArray]:
        """
        Sum of the amounts whose place is reached within some minutes.

        Parameters
        ----------
        here, there
            n places and k targets, with their accuracy; a target off the network is not reached.
        amounts
            (k), in any unit, without NaN.
        minutes
            Longest time on the road.

        Returns
        -------
        total, least
            (n), in the unit of `amounts`, and what is reached from wherever the places and targets truly are; NaN off the network.
        """
        node, off = self.snap(here.x_m, here.y_m)
        target, _ = self.snap(there.x_m, there.y_m)
        on = target >= 0
        later = self._seconds_between(target, there, outward=True)
        sooner = self._seconds_between(node, here)
        total, least = np.full(len(node), np.nan), np.full(len(node), np.nan)
        for start in np.unique(node[node >= 0]):
            seconds = dijkstra(self.graph, indices=start, limit=minutes * 60)[target[on]]
            total[node == start] = amounts[on][np.isfinite(seconds)].sum()
            for place in np.flatnonzero(node == start):
                least[place] = amounts[on][seconds + later[on] + sooner[place] <= minutes * 60].sum()
        return np.where(off <= SNAP_M, total, np.nan), np.where(off <= SNAP_M, least, np.nan)

    def _seconds_to(self, targets: IntArray, head_start: FloatArray) -> FloatArray:
        """Seconds from every node to the nearest target, each reached some seconds after its node."""
        n = len(self.x_m)
        if not len(targets):
            return np.full(n, np.inf)
        if not head_start.any():
            return np.asarray(dijkstra(self.graph.T.tocsr(), indices=np.unique(targets), min_only=True))
        known = np.isfinite(head_start)
        if not known.any():
            return np.full(n, np.inf)
        goal = csr_array((head_start[known] + _INSTANT_S, (np.full(known.sum(), 0), targets[known])), shape=(1, n))
        whole: csr_array = block_array([[self.graph.T, None], [goal, csr_array((1, 1))]], format="csr")
        return np.asarray(dijkstra(whole.astype(np.float64), indices=np.array(n))[:n])

    def _bounds_to(self, target: IntArray, there: "Places") -> tuple[FloatArray, FloatArray]:
        """Seconds from every node to the nearest target at the least and at the most, wherever the targets truly are."""
        on = self._metres_off(there) - there.off_m * (1 + crs.WORK_DISTORTION) <= SNAP_M
        _, possible = self.possible_nodes(there.x_m[on], there.y_m[on], there.off_m[on])
        detour = self._seconds_between(target, there, outward=True)[target >= 0]
        return self._seconds_to(possible, np.zeros(len(possible))), self._seconds_to(target[target >= 0], detour)

    def _metres_off(self, places: "Places") -> FloatArray:
        return self.snap(places.x_m, places.y_m)[1]

    def _seconds_between(self, node: IntArray, places: "Places", *, outward: bool = False) -> FloatArray:
        """
        Longest time between the node of each place and every other node that it may truly belong to.

        Inf where no way leads to one, or where the place may truly be off the network.
        """
        around = places.off_m * (1 + crs.WORK_DISTORTION)
        longest = np.where((around > 0) & (self._metres_off(places) + around > SNAP_M), np.inf, 0.0)
        graph = self.graph if outward else self.graph.T.tocsr()
        at, possible = self.possible_nodes(places.x_m, places.y_m, places.off_m)
        for place in np.flatnonzero((places.off_m > 0) & (node >= 0) & np.isfinite(longest)):
            longest[place] = dijkstra(graph, indices=node[place])[possible[at == place]].max()
        return longest


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
