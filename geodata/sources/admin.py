"""Municipalities and prefectures: simplified 国土数値情報 N03 as TopoJSON (K-Oxon/Japan-map-for-BI)."""

import pandas as pd

from ..base import text
from ..files.tables import require_columns
from ..layer import Reading, Step
from .inputs import Inputs, read_topojson, reading, repaired_polygons


def municipalities(inputs: Inputs) -> Reading:
    """Polygons with five-digit codes; designated cities are one polygon; the northern villages are marked no data."""
    name, path = next(iter(inputs.files.items()))
    frame = read_topojson(path, name)
    require_columns(frame, {"lg_code_5", "city_name", "prefecture_code", "is_hoppo_city"}, name)
    frame, repaired = repaired_polygons(frame)
    northern = frame["is_hoppo_city"].astype(bool)
    out = frame.assign(
        muni_code=frame["lg_code_5"],
        name=frame["city_name"],
        pref_code=frame["prefecture_code"],
        no_statistics=northern,
    )
    note = text("北方六村：統計なし（面は残す）", "six northern villages: no statistics, polygon kept")
    return reading(pd.DataFrame(out), repaired, Step("kept", int(northern.sum()), note))


def prefectures(inputs: Inputs) -> Reading:
    """Polygons with two-digit codes."""
    name, path = next(iter(inputs.files.items()))
    frame = read_topojson(path, name)
    require_columns(frame, {"prefecture_code", "prefecture_name"}, name)
    frame, repaired = repaired_polygons(frame)
    out = frame.assign(pref_code=frame["prefecture_code"], name=frame["prefecture_name"])
    return reading(pd.DataFrame(out), repaired)
