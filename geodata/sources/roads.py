"""The national road graph: directed edges between junctions, with the time that an assumed speed gives."""

import numpy as np
import pandas as pd

from ..base import text
from ..country.codes import JAPAN_BOUNDS
from ..errors import FormatError, phrase
from ..layer import Reading, Step
from .inputs import Inputs, read_parquet, reading

SPEEDS_KPH = {1: 85.0, 2: 50.0, 3: 40.0, 4: 35.0}
"""Motorway, trunk, primary and secondary road: assumptions, held against known times between cities."""

_EDGES = {"from_node", "to_node", "cls", "oneway", "connector", "length_m"}
_NODES = {"node", "lon", "lat", "component_size"}


def national(inputs: Inputs) -> Reading:
    """Each way along each edge; the size of the piece of the graph that it belongs to stays with it."""
    files = {part: next((n, p) for n, p in inputs.files.items() if part in n) for part in ("edges", "nodes")}
    edges = read_parquet(files["edges"][1], files["edges"][0], columns=_EDGES)
    nodes = read_parquet(files["nodes"][1], files["nodes"][0], columns=_NODES).set_index("node")
    _check(edges, nodes, files["edges"][0])
    forward, back = edges["oneway"] >= 0, edges["oneway"] <= 0
    turned = edges[back].rename(columns={"from_node": "to_node", "to_node": "from_node"})
    ways = pd.concat([edges[forward], turned], ignore_index=True)
    start, end = nodes.loc[ways["from_node"]], nodes.loc[ways["to_node"]]
    out = pd.DataFrame(
        {
            "edge_id": [f"{u}-{v}-{k}" for u, v, k in zip(ways["from_node"], ways["to_node"], ways.index, strict=True)],
            "u": ways["from_node"],
            "v": ways["to_node"],
            "time_s": ways["length_m"] / (ways["cls"].map(SPEEDS_KPH) / 3.6),
            "length_m": ways["length_m"].astype(float),
            "motorway": ways["cls"].eq(1),
            "piece_nodes": start["component_size"].to_numpy(),
            "u_lon": start["lon"].to_numpy(float),
            "u_lat": start["lat"].to_numpy(float),
            "v_lon": end["lon"].to_numpy(float),
            "v_lat": end["lat"].to_numpy(float),
        }
    )
    largest = int(nodes["component_size"].max())
    return reading(
        out,
        Step(
            "added", int(edges["connector"].sum()), text("タイルの切れ目をつないだ辺", "edges that mend cuts of tiles")
        ),
        Step(
            "kept",
            int((nodes["component_size"] < largest).sum()),
            text("本州とつながらない部分の交差点", "junctions in pieces apart from the largest"),
        ),
    )


def _check(edges: pd.DataFrame, nodes: pd.DataFrame, name: str) -> None:
    ends = np.unique(edges[["from_node", "to_node"]].to_numpy())
    lost = ends[~np.isin(ends, nodes.index)]
    if len(lost):
        raise FormatError(
            name,
            expected="edges between nodes of the node table",
            found=phrase("node {node} that it lacks", node=int(lost[0])),
            remedy="Use the edges and nodes of one edition.",
        )
    strange = sorted(set(edges["cls"]) - set(SPEEDS_KPH))
    if strange:
        raise FormatError(
            name,
            expected="road classes 1 to 4",
            found=phrase("class {found}", found=strange[0]),
            remedy="Use the table of the edition that the catalogue pins.",
        )
    west, south, east, north = JAPAN_BOUNDS
    outside = ~(nodes["lon"].between(west, east) & nodes["lat"].between(south, north))
    if outside.any():
        raise FormatError(
            name,
            expected="junctions in Japan",
            found=phrase("{n} outside", n=int(outside.sum())),
            remedy="Longitude and latitude may be swapped.",
        )
