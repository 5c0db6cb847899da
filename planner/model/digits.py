"""How many digits a number bears: one rule by unit, for files, sentences and bounds alike."""

import numpy as np

from geodata.base import FloatArray

_DECIMALS = {"km": 3, "m": 1, "MW": 1, "ha": 2, "%": 2, "min": 1, "persons": 0, "kV": 1, "100m yen": 0}
_OTHERWISE = 3
_NOISE = 1e-6
"""What floating point leaves of a number that was whole, in units of its last digit."""


def at_digits(value: float, unit: str) -> float:
    """One number at the digits of its unit."""
    scale = 10.0 ** _DECIMALS.get(unit, _OTHERWISE)
    return float(np.round(value * scale) / scale)


def rounded(
    value: FloatArray, low: FloatArray, high: FloatArray, unit: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    A value and its bounds at the digits of the unit.

    Parameters
    ----------
    value, low, high
        (n) each, in `unit`; NaN and inf stay.
    unit
        As a criterion names it; one that is not listed gets three decimals.

    Returns
    -------
    value, low, high
        (n) each; bounds are rounded outwards, so that they hold, and an exact value stays exact.
    """
    scale = 10.0 ** _DECIMALS.get(unit, _OTHERWISE)
    nearest, exact = np.round(value * scale), low == high
    least = np.where(exact, nearest, np.minimum(np.floor(low * scale + _NOISE), nearest))
    most = np.where(exact, nearest, np.maximum(np.ceil(high * scale - _NOISE), nearest))
    return nearest / scale, least / scale, most / scale
