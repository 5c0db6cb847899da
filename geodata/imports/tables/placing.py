"""Rows of a table given a point: their own, a substation's, or one inside their municipality."""

import re

import geopandas as gpd
import numpy as np
import pandas as pd

from ...country import crs
from ...layer import Layer
from ..report import Report
from .towns import Towns


def placed(
    table: pd.DataFrame, substations: Layer | None, report: Report, *, municipalities: Layer | None = None
) -> gpd.GeoDataFrame:
    """Rows with a point: their own, else their substation's, else an inner point of their municipality; the rest is listed."""
    lon = table.get("lon", pd.Series(np.nan, index=table.index))
    lat = table.get("lat", pd.Series(np.nan, index=table.index))
    shapes = gpd.GeoSeries(gpd.points_from_xy(lon, lat), index=table.index, crs=crs.STORE)
    accuracy = pd.Series(np.where(lon.notna(), 0.0, np.nan), index=table.index)
    missing = lon.isna() | lat.isna()
    if substations is not None:
        known = joinable(substations).drop_duplicates("key", keep=False).set_index("key")["geometry"]
        found = table["name"].map(stem).map(known)
        shapes = points_of([f if m and not is_none(f) else s for s, f, m in zip(shapes, found, missing, strict=True)])
        missing &= pd.Series([is_none(f) for f in found], index=table.index)
    named = _named_places(table)
    if municipalities is not None and named is not None:
        frame = gpd.GeoDataFrame(municipalities.frame)
        towns = Towns.of(frame)
        row = named.map({text: towns.find(text) for text in named.unique()}).astype("float64")
        inner = frame.geometry.representative_point().to_numpy()
        reach = np.sqrt(frame.geometry.to_crs(crs.WORK).area.to_numpy() / np.pi)
        here = missing & row.notna()
        report.add("repaired", here, "lon", "a position (an inner point of the municipality was taken)", named)
        town = row.fillna(0).astype("int64").to_numpy()
        shapes = gpd.GeoSeries(np.where(here, inner[town], shapes.to_numpy()), index=table.index, crs=crs.STORE)
        accuracy = accuracy.where(~here, reach[town])
        missing &= ~here
    report.add("rejected", missing, "lon", "a position, a known substation or a municipality", table["name"])
    placed = gpd.GeoDataFrame(table.assign(accuracy_m=accuracy), geometry=shapes)
    return gpd.GeoDataFrame(placed[~missing])


def _named_places(table: pd.DataFrame) -> pd.Series | None:
    """Text that may name the municipality of each row: that column, else the address; None without either."""
    columns = [table[name].fillna("").astype("str") for name in ("municipality", "address") if name in table]
    if not columns:
        return None
    return columns[0].where(columns[0].ne(""), columns[-1])


def points_of(shapes: list[object]) -> gpd.GeoSeries:
    """Points in STORE; what is none is None, also when all are."""
    return gpd.GeoSeries(np.array([None if is_none(s) else s for s in shapes], dtype=object), crs=crs.STORE)


def joinable(substations: Layer) -> pd.DataFrame:
    """Stem, kV and place of each substation whose name and voltage are unambiguous."""
    frame = substations.frame
    table = pd.DataFrame(
        {"key": frame["name"].map(stem), "kv": frame["voltage_kv"].round(), "geometry": list(frame["geometry"])}
    )
    return table[table["key"].ne("")].drop_duplicates(["key", "kv"], keep=False)


def stem(name: object) -> str:
    """Name without the word for its kind: 新福井変電所 and 新福井 are one."""
    text = pd.Series([str(name) if name is not None and name == name else ""]).str.normalize("NFKC").iloc[0]  # noqa: PLR0124  (NaN)
    return re.sub(r"(超高圧)?(変電所|開閉所|変換所|SS|S/S)$", "", re.sub(r"\s", "", str(text)))


def is_none(shape: object) -> bool:
    """Whether a shape is missing or empty."""
    return shape is None or isinstance(shape, float) or bool(getattr(shape, "is_empty", True))
