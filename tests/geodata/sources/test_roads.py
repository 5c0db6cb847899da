"""The road graph: ways, times and pieces."""

import pandas as pd
import pytest
import tiny_land

from geodata.errors import FormatError
from geodata.sources import CONNECTORS, Inputs


def read(tmp_path, edges: pd.DataFrame, nodes: pd.DataFrame):
    files = {"road_edges.parquet": edges, "road_nodes.parquet": nodes}
    for name, table in files.items():
        table.to_parquet(tmp_path / name)
    return CONNECTORS["roads_national"](Inputs(files={name: tmp_path / name for name in files}, layers={}))


def test_each_way_stands_once_with_its_time(tiny):
    ways = tiny.layer("roads_national").frame
    assert len(ways) == 2 * 1000 + 1 + 2  # one stretch is one way
    assert ways["time_s"].unique().tolist() == [pytest.approx(18 / (50 / 3.6))]
    assert not ((ways["u"] == 1001) & (ways["v"] == 1000)).any()
    assert sorted(ways["piece_nodes"].unique()) == [2, 1002]


def test_a_graph_in_pieces_is_counted(tiny):
    assert {step.action: step.count for step in tiny.layer("roads_national").steps} == {"kept": 2}


def test_edges_and_nodes_of_two_editions_are_one_sentence(tmp_path):
    edges, nodes = tiny_land.roads()
    with pytest.raises(FormatError, match="node 5 that it lacks"):
        read(tmp_path, edges, nodes[nodes["node"] != 5])
    with pytest.raises(FormatError, match="expected road classes 1 to 4, found class 7"):
        read(tmp_path, edges.assign(cls=7), nodes)
    with pytest.raises(FormatError, match="junctions in Japan"):
        read(tmp_path, edges, nodes.rename(columns={"lon": "lat", "lat": "lon"}))
