"""Driving minutes, held against networkx and by hand."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from geodata.country import crs
from geodata.spatial.network import Places
from geodata.spatial.roads import ACCESS_KPH, road_graph


def ways(n: int = 1100, seed: int = 0) -> pd.DataFrame:
    """A random connected graph of n junctions around 36 N 140 E."""
    rng = np.random.default_rng(seed)
    lon, lat = 140 + rng.random(n) / 2, 36 + rng.random(n) / 2
    u = np.r_[np.arange(1, n), rng.integers(0, n, n)]
    v = np.r_[[rng.integers(0, k) for k in range(1, n)], rng.integers(0, n, n)]
    u, v = np.r_[u, v[: n - 1]], np.r_[v, u[: n - 1]]
    seconds = rng.integers(10, 900, len(u)).astype(float)
    table = pd.DataFrame({"u": u, "v": v, "time_s": seconds, "piece_nodes": n})
    return table.assign(u_lon=lon[u], u_lat=lat[u], v_lon=lon[v], v_lat=lat[v])


def places(lon: float, lat: float, off_m: float = 0.0) -> Places:
    x_m, y_m = crs.to_work([lon], [lat])
    return Places(x_m, y_m, np.array([off_m]))


def test_seconds_equal_networkx():
    table = ways()
    graph = road_graph(table)
    whole = nx.MultiDiGraph()
    whole.add_weighted_edges_from(table[["u", "v", "time_s"]].itertuples(index=False))
    target = 7
    out = graph._from_gate(np.array([target]), np.array([0.0]))
    expected = nx.single_source_dijkstra_path_length(whole.reverse(), target)
    for node in range(0, 1100, 53):
        assert out[node] == pytest.approx(expected[node], abs=0.01)


def test_a_place_far_from_the_graph_and_one_without_a_way_are_unknown():
    table = ways()
    graph = road_graph(table)
    far, here = places(145.0, 43.0), places(140.2, 36.2)
    for found in (graph.minutes_to_nearest(far, here), graph.minutes_to_nearest(here, far)):
        assert np.isnan(found.value).all()
        assert np.isinf(found.low).all()


def test_small_pieces_are_passed_over():
    piece = ways(5, seed=1).assign(piece_nodes=5)
    shifted = piece.assign(u=piece["u"] + 5000, v=piece["v"] + 5000)
    assert len(road_graph(pd.concat([ways(), shifted])).xy) == 1100


def test_the_way_to_the_road_has_bounds():
    table = ways()
    graph = road_graph(table)
    lon, lat = float(table["u_lon"].iloc[0]), float(table["u_lat"].iloc[0])
    spot, target = places(lon + 0.003, lat), places(lon, lat)
    found = graph.minutes_to_nearest(spot, target)
    value, least, most = (float(part[0]) for part in (found.value, found.low, found.high))
    metres = float(np.linalg.norm(spot.xy - target.xy))
    assert least <= value <= most
    assert value <= metres / (ACCESS_KPH / 3.6) / 60 + 0.01
    vague = graph.minutes_to_nearest(places(lon + 0.003, lat, 500.0), places(lon, lat, 300.0))
    assert vague.value == found.value
    assert (vague.low <= found.low).all()
    assert (vague.high >= found.high).all()
