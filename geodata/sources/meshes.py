"""Values by mesh code."""

import numpy as np
import pandas as pd
from PIL import Image, UnidentifiedImageError

from ..base import text
from ..country.mesh import GRIDS
from ..errors import FormatError, phrase
from ..layer import Reading, Step
from .inputs import Inputs, read_parquet, reading

_PIXEL_SCALE, _TIE_POINT, _NO_DATA = 33550, 33922, 42113


def elevation_1km(inputs: Inputs) -> Reading:
    """Elevation of the raster cell under the centre of each land cell (no interpolation)."""
    name, path = next(iter(inputs.files.items()))
    try:
        image = Image.open(path)
        grid = np.asarray(image, dtype=float)
        tags = image.tag_v2  # type: ignore[attr-defined]
        (scale_x, scale_y, _), tie = tags[_PIXEL_SCALE], tags[_TIE_POINT]
        no_data = float(tags[_NO_DATA].strip("\x00 "))
    except (UnidentifiedImageError, OSError, KeyError, AttributeError) as error:
        raise FormatError(
            name,
            expected="a GeoTIFF",
            found=phrase("{kind}", kind=type(error).__name__),
            remedy="The file may be truncated; pull it again.",
        ) from error
    mesh = inputs.layer("land_mesh_1km").frame
    lon, lat = GRIDS["1km"].centres(*GRIDS["1km"].decode(mesh["mesh_code"]))
    row, col = ((tie[4] - lat) / scale_y).astype(int), ((lon - tie[3]) / scale_x).astype(int)
    inside = (row >= 0) & (row < grid.shape[0]) & (col >= 0) & (col < grid.shape[1])
    value = np.full(len(mesh), np.nan)
    value[inside] = grid[row[inside], col[inside]]
    value[value == no_data] = np.nan
    known = ~np.isnan(value)
    return reading(
        pd.DataFrame({"mesh_code": mesh["mesh_code"][known], "elevation_m": value[known]}),
        Step("dropped", int((~known).sum()), text("格子の範囲外または海", "cells outside the grid or at sea in it")),
    )


def population(inputs: Inputs) -> Reading:
    """Persons per half cell of the census, where the window has it."""
    name, path = next(iter(inputs.files.items()))
    table = read_parquet(path, name, columns={"KEY_CODE", "pop"})
    return Reading(pd.DataFrame({"mesh_code": table["KEY_CODE"], "persons": table["pop"].astype(float)}))
