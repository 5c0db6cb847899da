"""Values by mesh code."""

from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
from rasterio.errors import RasterioError
from rasterio.transform import rowcol
from rasterio.windows import Window

from ..base import FloatArray, text
from ..country.mesh import GRIDS
from ..errors import FormatError, phrase
from ..layer import Reading, Step
from .inputs import Inputs, read_parquet, reading


def elevation_1km(inputs: Inputs) -> Reading:
    """Elevation of the raster cell under the centre of each land cell (no interpolation)."""
    name, path = next(iter(inputs.files.items()))
    mesh = inputs.layer("land_mesh_1km").frame
    value = _under(*GRIDS["1km"].centres(*GRIDS["1km"].decode(mesh["mesh_code"])), path, name)
    known = ~np.isnan(value)
    return reading(
        pd.DataFrame({"mesh_code": mesh["mesh_code"][known], "elevation_m": value[known]}),
        Step("dropped", int((~known).sum()), text("格子の範囲外または海", "cells outside the grid or at sea in it")),
    )


def _under(lon: FloatArray, lat: FloatArray, path: Path, name: str) -> FloatArray:
    """Values of a GeoTIFF's cells at places; NaN outside and where it has no data. Only the window they span is read."""
    value = np.full(len(lon), np.nan)
    try:
        with rasterio.open(path, driver="GTiff") as raster:
            _require_place(raster)
            row, col = (np.asarray(part, dtype=int) for part in rowcol(raster.transform, lon, lat))
            inside = (row >= 0) & (row < raster.height) & (col >= 0) & (col < raster.width)
            if not inside.any():
                return value
            row, col = row[inside], col[inside]
            top, left = row.min(), col.min()
            grid = raster.read(1, window=Window.from_slices((top, row.max() + 1), (left, col.max() + 1)))
            found = grid[row - top, col - left]
            value[inside] = np.where(found == raster.nodata, np.nan, found)
    except RasterioError as error:
        raise FormatError(
            name,
            expected="a GeoTIFF",
            found=phrase("{kind}", kind=type(error).__name__),
            remedy="The file may be truncated; pull it again.",
        ) from error
    return value


def _require_place(raster: rasterio.DatasetReader) -> None:
    if raster.transform.is_identity or raster.nodata is None:
        raise RasterioError("no georeference or no mark for no data")


def population(inputs: Inputs) -> Reading:
    """Persons per half cell of the census, where the window has it."""
    name, path = next(iter(inputs.files.items()))
    table = read_parquet(path, name, columns={"KEY_CODE", "pop"})
    return Reading(pd.DataFrame({"mesh_code": table["KEY_CODE"], "persons": table["pop"].astype(float)}))
