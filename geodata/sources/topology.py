"""Which substations the lines join, and by which route each hangs on the trunk system: read from drawings, so an estimate."""

from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from ..base import FloatArray, IntArray, text
from ..country import crs
from ..layer import Reading, Step
from .inputs import Inputs, reading

STATION_REACH_M = 500.0
"""A line that ends so near a substation enters it: substations stand here as a point inside their fence."""

TOUCH_M = 30.0
"""Ends of lines so near each other, or an end so near another line, are one place: a joint or a tee-off."""

TRUNK_KV = 275.0
"""A substation of this voltage and over is the trunk system itself."""

LOOPED, RADIAL, UNJOINED = "looped", "radial", "unjoined"


@dataclass(frozen=True)
class _Graph:
    """Edges between places: the first `stations` places are substations, the others joints; `line` numbers the line of each."""

    stations: int
    places: int
    start: IntArray
    end: IntArray
    length_m: FloatArray
    line: IntArray


def joined(inputs: Inputs) -> Reading:
    """One row per substation: lines that enter it, whether by a loop or a single route, and the trunk substation it hangs on."""
    stations = inputs.layer("substations").frame.reset_index(drop=True)
    columns = ["name", "voltage_kv", "geometry"]
    lines = pd.concat(
        [inputs.layer(id_).frame[columns] for id_ in ("transmission_lines", "lines_local")], ignore_index=True
    )
    graph = _graph(_work(stations), _work(lines))
    trunk = np.flatnonzero(stations["voltage_kv"].ge(TRUNK_KV))
    upstream, metres = _upstream(graph, trunk)
    ends, names = _lines_at(graph, lines["name"])
    route = np.where(ends == 0, UNJOINED, np.where(_looped(graph, trunk)[: len(stations)], LOOPED, RADIAL))
    known = upstream >= 0
    above = stations.take(np.where(known, upstream, 0)).reset_index(drop=True)
    table = pd.DataFrame(
        {
            "substation_id": stations["substation_id"],
            "name": stations["name"],
            "lines": ends.astype(float),
            "route": route,
            "upstream_id": above["substation_id"].where(known),
            "upstream_name": above["name"].where(known),
            "upstream_kv": above["voltage_kv"].where(known),
            "upstream_km": np.where(known, metres / 1000, np.nan),
            "line_names": names,
        }
    )
    return reading(
        table,
        Step(
            "kept", int((ends == 0).sum()), text("線の端が届かない変電所（未結合）", "substations that no line enters")
        ),
        Step(
            "kept",
            int((~known & (ends > 0)).sum()),
            text("275 kV以上の変電所までたどれない", "not traced to 275 kV and over"),
        ),
    )


def _work(frame: pd.DataFrame) -> npt.NDArray[np.object_]:
    return np.asarray(gpd.GeoDataFrame(frame, crs=crs.STORE).geometry.to_crs(crs.WORK).array)


def _graph(stations: npt.NDArray[np.object_], lines: npt.NDArray[np.object_]) -> _Graph:
    """Lines cut at tee-offs; their ends are the substation within reach, else the joint of all ends that touch."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    pieces, of_line = _cut_at_tees(parts, owner)
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(pieces, at)) for at in (0, -1)])
    station_xy = shapely.get_coordinates(stations)
    far, nearest = cKDTree(station_xy).query(ends, distance_upper_bound=STATION_REACH_M)
    at_station = np.isfinite(far)
    place = np.where(at_station, nearest, -1)
    loose = np.flatnonzero(~at_station)
    pairs = (
        cKDTree(ends[loose]).query_pairs(TOUCH_M, output_type="ndarray") if len(loose) else np.empty((0, 2), dtype=int)
    )
    touching = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(loose), len(loose)))
    joints, label = connected_components(touching, directed=False)
    place[loose] = len(stations) + label
    n = len(pieces)
    return _Graph(len(stations), len(stations) + int(joints), place[:n], place[n:], shapely.length(pieces), of_line)


def _cut_at_tees(parts: npt.NDArray[np.object_], owner: IntArray) -> tuple[npt.NDArray[np.object_], IntArray]:
    """Every line cut where the end of another one touches it away from its own ends."""
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    tip, line = shapely.STRtree(parts).query(ends, predicate="dwithin", distance=TOUCH_M)
    tip, line = tip[tip % len(parts) != line], line[tip % len(parts) != line]
    at = shapely.line_locate_point(parts[line], ends[tip])
    inside = (at > TOUCH_M) & (at < shapely.length(parts[line]) - TOUCH_M)
    tees = pd.DataFrame({"line": line[inside], "at": at[inside]}).sort_values(["line", "at"])
    groups = tees.groupby("line").indices
    cut = {
        int(str(number)): _pieces(parts[int(str(number))], tees["at"].to_numpy()[rows])
        for number, rows in groups.items()
    }
    whole = np.setdiff1d(np.arange(len(parts)), list(cut))
    pieces = [parts[whole], *cut.values()]
    owners = [owner[whole], *(np.full(len(found), owner[number]) for number, found in cut.items())]
    return np.concatenate(pieces), np.concatenate(owners)


def _pieces(line: shapely.LineString, at: FloatArray) -> npt.NDArray[np.object_]:
    """One line in pieces between the places `at`, metres along it."""
    xy = shapely.get_coordinates(line)
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    stops = np.unique(np.r_[0.0, at, along[-1]])
    corners = np.unique(np.r_[along, stops])
    path = np.column_stack([np.interp(corners, along, xy[:, axis]) for axis in (0, 1)])
    bounds = np.searchsorted(corners, stops)
    return np.array(
        [shapely.LineString(path[a : b + 1]) for a, b in pairwise(bounds) if b > a],
        dtype=object,
    )


def _upstream(graph: _Graph, trunk: IntArray) -> tuple[IntArray, FloatArray]:
    """For each substation the trunk substation at the end of the shortest line, and its metres; -1 where none is joined."""
    if not len(trunk):
        return np.full(graph.stations, -1), np.full(graph.stations, np.nan)
    weights = pd.DataFrame({"a": graph.start, "b": graph.end, "m": np.maximum(graph.length_m, 1.0)})
    shortest = weights.groupby(["a", "b"], as_index=False)["m"].min()
    net = coo_array((shortest["m"], (shortest["a"], shortest["b"])), shape=(graph.places, graph.places)).tocsr()
    metres, _, source = dijkstra(net, directed=False, indices=trunk, min_only=True, return_predecessors=True)
    return np.where(np.isfinite(metres), source, -1)[: graph.stations], metres[: graph.stations]


def _lines_at(graph: _Graph, names: pd.Series) -> tuple[IntArray, pd.Series]:
    """How many lines enter each substation, and the names of those that have one."""
    at = pd.DataFrame({"place": np.r_[graph.start, graph.end], "line": np.tile(graph.line, 2)}).drop_duplicates()
    at = at[at["place"] < graph.stations]
    count = at.groupby("place").size().reindex(range(graph.stations), fill_value=0)
    named = at.assign(name=names.take(at["line"].to_numpy()).to_numpy()).dropna(subset=["name"])
    said = named.sort_values("name").groupby("place")["name"].agg(lambda found: "、".join(dict.fromkeys(found)))
    named_at: pd.Series = said.reindex(range(graph.stations)).reset_index(drop=True)
    return np.asarray(count, dtype=np.intp), named_at


def _looped(graph: _Graph, trunk: IntArray) -> npt.NDArray[np.bool_]:
    """Places that keep a route to the trunk system when any one line is lost: joined to it without a bridge on the way."""
    root = graph.places
    start, end = np.r_[graph.start, trunk, trunk], np.r_[graph.end, np.full(2 * len(trunk), root)]
    solid = ~_bridges(start, end, graph.places + 1)
    net = coo_array((np.ones(solid.sum()), (start[solid], end[solid])), shape=(root + 1, root + 1))
    _, label = connected_components(net, directed=False)
    held: npt.NDArray[np.bool_] = label[:root] == label[root]
    return held


def _bridges(start: IntArray, end: IntArray, places: int) -> npt.NDArray[np.bool_]:
    """Edges without which the places at their ends fall apart (Tarjan's lowest reachable number, without recursion)."""
    edges = len(start)
    at, other, edge = np.r_[start, end], np.r_[end, start], np.tile(np.arange(edges), 2)
    order = np.argsort(at, kind="stable")
    first = np.searchsorted(at[order], np.arange(places + 1)).tolist()
    other, edge = other[order].tolist(), edge[order].tolist()
    number, lowest, following = [-1] * places, [0] * places, first[:-1]
    bridge = np.zeros(edges, dtype=bool)
    count = 0
    for seed in range(places):
        if number[seed] >= 0:
            continue
        number[seed] = lowest[seed] = count
        count += 1
        path = [(seed, -1)]
        while path:
            place, came = path[-1]
            if following[place] < first[place + 1]:
                position = following[place]
                following[place] += 1
                if edge[position] == came:
                    continue
                beyond = other[position]
                if number[beyond] >= 0:
                    lowest[place] = min(lowest[place], number[beyond])
                    continue
                number[beyond] = lowest[beyond] = count
                count += 1
                path.append((beyond, edge[position]))
                continue
            path.pop()
            if path:
                parent = path[-1][0]
                lowest[parent] = min(lowest[parent], lowest[place])
                bridge[came] = lowest[place] > number[parent]
    return bridge
