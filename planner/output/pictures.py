"""Rasters and colours for maps: rows of equal latitude warped to Web Mercator, drawn as small palette PNGs."""

import base64
import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from . import landmask

Bytes = npt.NDArray[np.uint8]
Bounds = tuple[float, float, float, float]

JAPAN: Bounds = (122.0, 20.0, 154.1, 46.0)
"""West, south, east, north of the base map, degrees."""

CIVIDIS = ("#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838")
"""Anchors of the cividis ramp, safe for colour-blind readers."""

SEA, LAND = "#dde6ee", "#f7f6f2"
BASE_CREDIT = landmask.CREDIT


def colour(score: float) -> str:
    """Colour of a score from 0 to 100."""
    return "#" + "".join(f"{channel:02x}" for channel in ramp(np.array([score]))[0])


def ramp(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Red, green and blue (0-255) of scores from 0 to 100."""
    anchors = np.array([rgb(c) for c in CIVIDIS], dtype=float)
    at = np.linspace(0, 100, len(anchors))
    return np.stack([np.interp(scores, at, anchors[:, k]) for k in range(3)], axis=1).round().astype(np.int64)


def rgb(code: str) -> tuple[int, int, int]:
    """Channels of `#rrggbb`."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def land_picture() -> str:
    """The base map of Japan as a data URI, warped to Web Mercator over JAPAN."""
    return png_uri(warped(landmask.land(JAPAN), JAPAN), [(*rgb(SEA), 255), (*rgb(LAND), 255)])


def warped(picture: Bytes, bounds: Bounds) -> Bytes:
    """Rows of equal latitude resampled to rows of equal Mercator y (nearest row), so that colour and place agree."""
    _, south, _, north = bounds
    height = picture.shape[0]
    top, bottom = mercator(north), mercator(south)
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


def mercator(lat: float) -> float:
    """Web Mercator y of a latitude (degrees), in radians."""
    return float(np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)))
