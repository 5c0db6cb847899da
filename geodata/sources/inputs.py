"""What a connector is given, and how it reads it: one clear sentence when a file is not what it should be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely

from ..base import text
from ..country import crs
from ..errors import FormatError, GeodataError, phrase
from ..files.drivers import read_vector
from ..files.tables import read_text, require_columns
from ..layer import Layer, Reading, Step


@dataclass(frozen=True)
class Inputs:
    """Verified files by their catalogue name, and the layers this one is derived from."""

    files: Mapping[str, Path]
    layers: Mapping[str, Layer]

    def file(self, name: str) -> Path:
        """Path of one named file."""
        return self.files[name]

    def layer(self, layer_id: str) -> Layer:
        """One input layer."""
        return self.layers[layer_id]

    def named(self, ending: str) -> dict[str, Path]:
        """Files whose catalogue name ends so, in catalogue order."""
        return {name: path for name, path in self.files.items() if name.endswith(ending)}


def read_geojson(path: Path, name: str) -> gpd.GeoDataFrame:
    """Features of a GeoJSON file, in STORE (longitude/latitude; the datum shift is below a metre)."""
    try:
        features = json.loads(read_text(path, encoding="utf-8", name=name))["features"]
        shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
        table = pd.DataFrame([f["properties"] for f in features])
    except (ValueError, KeyError, TypeError, shapely.errors.GEOSException) as error:
        raise FormatError(
            name,
            expected="a GeoJSON FeatureCollection",
            found=phrase("{kind}: {error}", kind=type(error).__name__, error=error),
            remedy="The file may be truncated; pull it again.",
        ) from error
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=crs.STORE))


def read_parquet(path: Path, name: str, *, columns: set[str], with_geometry: bool = False) -> pd.DataFrame:
    """Parquet or GeoParquet table with at least `columns`."""
    try:
        table = gpd.read_parquet(path) if with_geometry else pd.read_parquet(path)
    except (ValueError, pa.ArrowException, OSError) as error:
        kind = "a GeoParquet file" if with_geometry else "a Parquet table"
        raise FormatError(
            name, expected=kind, found=str(error), remedy="The file may be truncated; pull it again."
        ) from error
    require_columns(table, columns, name)
    return table


def read_topojson(path: Path, name: str) -> gpd.GeoDataFrame:
    """Polygons of a TopoJSON file; it carries no CRS and is longitude/latitude of JGD2011."""
    try:
        frame = gpd.GeoDataFrame(read_vector(path, suffix=".topojson", label=name))
    except GeodataError as error:
        raise FormatError(
            name, expected="a TopoJSON file", found=str(error), remedy="The file may be truncated; pull it again."
        ) from error
    return frame.set_crs(crs.STORE, allow_override=True)


def repaired_polygons(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Step]:
    """Invalid polygons made valid, polygonal parts only."""
    invalid = ~frame.geometry.is_valid
    shapes = frame.geometry.copy()
    fixed = shapely.make_valid(shapes[invalid].array, method="structure", keep_collapsed=False)
    shapes[invalid] = gpd.GeoSeries(fixed, index=shapes.index[invalid], crs=shapes.crs)
    note = text("自己交差などのある多角形を修復", "polygons with self-intersections made valid")
    return frame.set_geometry(shapes), Step("repaired", int(invalid.sum()), note)


def reading(frame: pd.DataFrame, *steps: Step) -> Reading:
    """Reading with the steps that touched at least one row."""
    return Reading(frame, tuple(step for step in steps if step.count))
