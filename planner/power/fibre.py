"""Delay over fibre from straight distances."""

import numpy as np

from geodata.base import FloatArray

from .assumptions import Assumptions


def round_trip_ms(
    assumed: Assumptions, straight_km: FloatArray, off_km: FloatArray | float = 0.0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """There and back in ms over fibre along an assumed route, low, middle and high; equipment on the way adds to it."""
    bounds = (np.maximum(straight_km - off_km, 0), straight_km, straight_km + off_km)
    ratio, speed = assumed["route"], assumed["fibre_us_km"]
    low, middle, high = (2 * km * r * us / 1000 for km, r, us in zip(bounds, ratio, speed, strict=True))
    return low, middle, high
