"""Rasters for the map: rows of equal latitude warped to Web Mercator, drawn as small palette PNGs."""

import base64
import io
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

Bytes = npt.NDArray[np.uint8]
Bounds = tuple[float, float, float, float]

JAPAN: Bounds = (122.0, 20.0, 154.1, 46.0)
"""West, south, east, north of the base map, degrees."""

_MASK_ROWS_PER_DEGREE = 120


def land_mask() -> tuple[Bytes, Bounds]:
    """1 on land, 0 at sea, north row first, about 1 km; read from the data of global-land-mask (MIT, from NOAA GLOBE)."""
    spec = find_spec("global_land_mask")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("global-land-mask is not installed")
    west, south, east, north = JAPAN
    first, last = (int((90 - lat) * _MASK_ROWS_PER_DEGREE) for lat in (north, south))
    left, right = (int((lon + 180) * _MASK_ROWS_PER_DEGREE) for lon in (west, east))
    archive = Path(spec.origin).with_name("globe_combined_mask_compressed.npz")
    with zipfile.ZipFile(archive) as whole, whole.open("mask.npy") as stream:
        np.lib.format.read_magic(stream)
        (_, width), _, _ = np.lib.format.read_array_header_1_0(stream)
        for _ in range(first):
            stream.read(width)
        rows = [np.frombuffer(stream.read(width), dtype=np.uint8)[left:right] for _ in range(last - first)]
    return (1 - np.stack(rows)).astype(np.uint8), JAPAN


def warped(picture: Bytes, bounds: Bounds) -> Bytes:
    """Rows of equal latitude resampled to rows of equal Mercator y (nearest row), so that colour and place agree."""
    _, south, _, north = bounds
    height = picture.shape[0]
    top, bottom = _mercator(north), _mercator(south)
    out_height = int(np.ceil(height * 1.5))
    y = top - (np.arange(out_height) + 0.5) / out_height * (top - bottom)
    lat = np.degrees(2 * np.arctan(np.exp(y)) - np.pi / 2)
    row = np.clip(((north - lat) / (north - south) * height).astype(int), 0, height - 1)
    return np.asarray(picture[row], dtype=np.uint8)


def png_uri(indices: Bytes, palette: Sequence[tuple[int, int, int, int]]) -> str:
    """Data URI of a palette PNG."""
    image = Image.frombytes("P", indices.shape[::-1], np.ascontiguousarray(indices).tobytes())
    image.putpalette([channel for colour in palette for channel in colour[:3]])
    alpha = bytes(colour[3] for colour in palette)
    stream = io.BytesIO()
    image.save(stream, format="PNG", transparency=alpha, optimize=False)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def _mercator(lat: float) -> float:
    return float(np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)))
