"""Expressway joints of 国土数値情報 N06 (2023), prepared by HighwayOrderedDS (CC BY-SA)."""

import geopandas as gpd
import pandas as pd

from ..base import text
from ..country import crs
from ..layer import Reading, Step
from .inputs import Inputs, read_parquet, reading

_STILL_IN_USE = 9999
_KINDS = {"1": "interchange", "2": "smart_interchange", "3": "junction", "4": "other"}


def joints(inputs: Inputs) -> Reading:
    """Joints in service; closed ones (with a last year) are dropped."""
    name, path = next(iter(inputs.files.items()))
    columns = {"joint_id", "name", "joint_type_code", "valid_to_year", "geometry"}
    frame = gpd.GeoDataFrame(read_parquet(path, name, columns=columns, with_geometry=True))
    closed = frame["valid_to_year"].astype(int) != _STILL_IN_USE
    used = frame[~closed].to_crs(crs.STORE)
    repeated = used.duplicated("joint_id")
    used = used[~repeated]
    out = used.assign(kind=used["joint_type_code"].astype("str").map(_KINDS))
    return reading(
        pd.DataFrame(out),
        Step("dropped", int(closed.sum()), text("廃止された接合部", "joints no longer in use")),
        Step("merged", int(repeated.sum()), text("同じ接合部の重複", "repeated joints")),
    )
