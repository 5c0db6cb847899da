"""Driving minutes, held against networkx and by hand."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from geodata.country import crs
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
    far = np.column_stack(crs.to_work([145.0], [43.0]))
    here = np.column_stack(crs.to_work([140.2], [36.2]))
    assert np.isnan(graph.minutes_to_nearest(far, here)).all()
    assert np.isnan(graph.minutes_to_nearest(here, far)).all()


def test_small_pieces_are_passed_over():
    piece = ways(5, seed=1).assign(piece_nodes=5)
    shifted = piece.assign(u=piece["u"] + 5000, v=piece["v"] + 5000)
    assert len(road_graph(pd.concat([ways(), shifted])).xy) == 1100


def test_the_way_to_the_road_has_bounds():
    table = ways()
    graph = road_graph(table)
    spot = np.column_stack(crs.to_work([table["u_lon"].iloc[0] + 0.003], [table["u_lat"].iloc[0]]))
    target = np.column_stack(crs.to_work([table["u_lon"].iloc[0]], [table["u_lat"].iloc[0]]))
    value, least, most = (float(part[0]) for part in graph.minutes_to_nearest(spot, target))
    metres = float(np.linalg.norm(spot - target))
    assert least <= value <= most
    assert value <= metres / (ACCESS_KPH / 3.6) / 60 + 0.01
