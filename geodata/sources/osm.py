"""
Road networks from a local OpenStreetMap extract (.osm, .graphml, plain or .gz): nodes and edges with a travel time.

Only this module imports osmnx. Nothing is downloaded. Speeds by class are assumptions of ours for cars and lorries off peak; a
`maxspeed` of the extract counts where it is lower.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import osmnx as ox
import pandas as pd
import shapely

from ..base import text
from ..country import crs
from ..errors import FormatError, phrase
from ..layer import FieldSpec

SPEED_KPH = {
    "motorway": 80.0, "motorway_link": 40.0, "trunk": 50.0, "trunk_link": 35.0, "primary": 40.0, "primary_link": 30.0,
    "secondary": 35.0, "secondary_link": 25.0, "tertiary": 30.0, "tertiary_link": 25.0, "unclassified": 25.0, "residential": 20.0,
    "living_street": 10.0, "road": 25.0, "service": 15.0,
}  # fmt: skip
"""km/h by OSM `highway` class: assumptions."""

MOST_TAGS = 4_000_000
"""About two million nodes and references: the roads of a prefecture."""

_CHUNK = 2**20
FIELDS = {
    "edge_id": FieldSpec(dtype="string", unit=None, title=text("辺", "Edge")),
    "u": FieldSpec(dtype="string", unit=None, title=text("始点", "From node")),
    "v": FieldSpec(dtype="string", unit=None, title=text("終点", "To node")),
    "road_class": FieldSpec(dtype="string", unit=None, title=text("道路の種別", "Road class")),
    "length_m": FieldSpec(dtype="float", unit="m", title=text("長さ", "Length")),
    "speed_kph": FieldSpec(dtype="float", unit="km/h", title=text("速度（仮定）", "Speed (assumption)")),
    "time_s": FieldSpec(dtype="float", unit="s", title=text("所要時間", "Travel time")),
}


def edges(path: Path, name: str) -> gpd.GeoDataFrame:
    """Drivable edges in STORE, one row per direction; FormatError when the file is no road network or too large a one."""
    _bounded(path, name)
    try:
        graph = (
            ox.load_graphml(path)
            if path.suffix == ".graphml"
            else ox.graph_from_xml(path, simplify=False, retain_all=True)
        )
        frame = ox.graph_to_gdfs(graph, nodes=False).reset_index()
    except Exception as error:
        raise FormatError(
            name,
            expected="an OpenStreetMap extract (.osm or .graphml)",
            found=f"{type(error).__name__}: {error}"[:160],
            remedy="Export it again.",
        ) from error
    if not {"highway", "length", "u", "v", "key"} <= set(frame.columns):
        raise FormatError(name, expected="roads for cars", found="none", remedy="Export the roads of your area.")
    frame["length"] = pd.to_numeric(frame["length"], errors="coerce")
    frame = frame[frame["length"].notna()]
    road = frame["highway"].map(lambda kind: kind[0] if isinstance(kind, list) else kind).astype("str")
    drivable = road.isin(SPEED_KPH)
    frame, road = frame[drivable], road[drivable]
    if frame.empty:
        raise FormatError(name, expected="roads for cars", found="none", remedy="Export the roads of your area.")
    speed = np.fmin(road.map(SPEED_KPH).to_numpy(float), _limits(frame))
    length = frame["length"].to_numpy(float)
    shapes = shapely.set_precision(np.asarray(frame.geometry.array), 1e-7)
    return gpd.GeoDataFrame(
        {
            "edge_id": [f"{u}-{v}-{k}" for u, v, k in zip(frame["u"], frame["v"], frame["key"], strict=True)],
            "u": frame["u"].astype("str").to_numpy(),
            "v": frame["v"].astype("str").to_numpy(),
            "road_class": road.to_numpy(),
            "length_m": length,
            "speed_kph": speed,
            "time_s": length / (speed / 3.6),
        },
        geometry=gpd.GeoSeries(shapes, crs=4326).to_crs(crs.STORE),
    )


def _bounded(path: Path, name: str) -> None:
    """Refuse an extract with more elements than osmnx, which keeps an object for each, can hold here."""
    count = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            count += chunk.count(b"<")
    if count > MOST_TAGS:
        raise FormatError(
            name,
            expected=phrase("at most {n:,} tags", n=MOST_TAGS),
            found=phrase("{n:,}", n=count),
            remedy="Export the roads of your area.",
        )


def _limits(frame: pd.DataFrame) -> np.ndarray:
    """Legal limit of each edge in km/h; NaN when the extract names none."""
    if "maxspeed" not in frame:
        return np.full(len(frame), np.nan)
    first = frame["maxspeed"].map(lambda v: v[0] if isinstance(v, list) else v)
    limit = pd.to_numeric(first.astype("str").str.extract(r"^(\d+)")[0], errors="coerce").to_numpy(float)
    return np.where(limit > 0, limit, np.nan)
