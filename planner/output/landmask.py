"""The land mask of the package global-land-mask (MIT, made from NOAA GLOBE), cut to Japan."""

import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROWS_PER_DEGREE = 120
CREDIT = "NOAA GLOBE (global-land-mask, MIT)"


def land(bounds: tuple[float, float, float, float]) -> npt.NDArray[np.uint8]:
    """
    1 on land, 0 at sea, north row first, about 1 km; `bounds` are west, south, east, north in degrees.

    The archive holds the whole earth, 21 600 x 43 200 cells. np.load unpacks all of it (2.5 s and 0.9 GB where it was
    measured), for a compressed member has no seek; the rows are therefore read one by one up to the last that is
    needed (1.8 s and 0.04 GB there).
    """
    spec = find_spec("global_land_mask")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("global-land-mask is not installed")
    west, south, east, north = bounds
    first, last = (int((90 - lat) * ROWS_PER_DEGREE) for lat in (north, south))
    left, right = (int((lon + 180) * ROWS_PER_DEGREE) for lon in (west, east))
    archive = Path(spec.origin).with_name("globe_combined_mask_compressed.npz")
    with zipfile.ZipFile(archive) as whole, whole.open("mask.npy") as stream:
        np.lib.format.read_magic(stream)
        (_, width), _, _ = np.lib.format.read_array_header_1_0(stream)
        for _ in range(first):
            stream.read(width)
        rows = [np.frombuffer(stream.read(width), dtype=np.uint8)[left:right].copy() for _ in range(last - first)]
    return 1 - np.stack(rows)
