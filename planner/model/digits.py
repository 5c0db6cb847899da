"""How many digits a number bears: one rule by unit and by what is known of it, for files, sentences and bounds alike."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from geodata.base import FloatArray, IntArray

from .tables import Bounded, Known, Why

POINTS = 6
"""Decimals of points: a sum of contributions is the score, and ranks made again from a file are the same."""

_DECIMALS = {
    "km": 3,
    "m": 1,
    "MW": 1,
    "ha": 2,
    "%": 2,
    "min": 1,
    "persons": 0,
    "establishments": 0,
    "sites": 0,
    "universities": 0,
    "kV": 1,
    "100m yen": 0,
    "GWh": 0,
}
_SHOWN = {"km": 2, "m": 0}
"""Where a result has fewer: a place is rarely known to the metre."""

_OTHERWISE = 3
_NOISE = 1e-6
"""What floating point leaves of a number that was whole, in units of its last digit."""

_OF_HALF_WIDTH, _OF_ESTIMATE = 2, 3
"""Significant digits: of the half-width down to which a value is told, and of an estimate."""

_PEOPLE = "persons"


def at_digits(value: float, unit: str) -> float:
    """One number at the digits of its unit."""
    scale = 10.0 ** _DECIMALS.get(unit, _OTHERWISE)
    return float(np.round(value * scale) / scale)


def proven(value: float, unit: str, *, at_least: bool) -> float:
    """One number as it is told: exact, or a lower bound without an upper one."""
    why = Why.AT_LEAST if at_least else Why.EXACT
    return told(Known(value, value, np.inf if at_least else value, why), unit).value


def told(known: Known, unit: str) -> Known:
    """What is known of one number, at the digits that it bears."""
    value, low, high = (np.array([part]) for part in (known.value, known.low, known.high))
    column = Bounded(value, low, high, np.array([known.why], dtype=np.int8))
    value, low, high, _ = borne(column, unit, estimated=False)
    return replace(known, value=float(value[0]), low=float(low[0]), high=float(high[0]))


def text(value: float) -> str:
    """A number with the digits that it has, at most three decimals, thousands separated."""
    return f"{value + 0.0:,.{_OTHERWISE}f}".rstrip("0").rstrip(".")


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


def borne(column: Bounded, unit: str, *, estimated: bool) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """
    A value and its bounds at the digits that they bear, as every output tells them.

    Parameters
    ----------
    column
        n values with their bounds, in `unit`.
    unit
        No value has more decimals than its unit.
    estimated
        Whether the values are estimates or assumptions: they have three significant digits, and so have people of whom
        only some are known.

    Returns
    -------
    value, low, high
        (n) each: told down to the second significant digit of the half-width. A lower bound is rounded down and an upper one
        up; a value that is its own bound goes with it; low <= value <= high, and what is exact stays exact.
    decimals
        (n), of each value; negative where tens or hundreds are the last that it bears.
    """
    value, low, high = column.value, column.low, column.high
    decimals = np.minimum(_decimals_of(column), _SHOWN.get(unit, _DECIMALS.get(unit, _OTHERWISE)))
    few = np.isinf(high) & (unit == _PEOPLE) | estimated
    decimals = np.where(few, np.minimum(decimals, _significant(value, _OF_ESTIMATE)), decimals).astype(np.intp)
    nearest, down, up = (_at(_nearest, value, decimals), _at(_floor, low, decimals), _at(_ceil, high, decimals))
    exact, grain = low == high, 1.5 * 10.0 ** -_DECIMALS.get(unit, _OTHERWISE)
    least_itself = (column.why == Why.AT_LEAST) & (value - low < grain)
    most_itself = (column.why == Why.AT_MOST) & (high - value < grain)
    shown = np.select([exact, least_itself, most_itself], [nearest, down, up], nearest)
    least, most = np.where(exact, shown, np.minimum(down, shown)), np.where(exact, shown, np.maximum(up, shown))
    return shown, least, most, decimals


def at_decimals(value: FloatArray, decimals: IntArray) -> FloatArray:
    """Each number at decimals of its own; negative ones leave tens or hundreds."""
    return _at(_nearest, value, decimals)


def _decimals_of(column: Bounded) -> FloatArray:
    """Decimals down to which each value is told by its half-width; inf where it has none."""
    value, low, high = column.value, column.low, column.high
    sides = [column.why == why for why in (Why.AT_LEAST, Why.AT_MOST, Why.INEXACT)]
    with np.errstate(invalid="ignore"):
        half = np.select(sides, [value - low, high - value, (high - low) / 2], 0.0)
    return _significant(half, _OF_HALF_WIDTH)


def _significant(value: FloatArray, digits: int) -> FloatArray:
    """Decimals that leave so many significant digits; inf where there is nothing to tell."""
    told = np.isfinite(value) & (np.abs(value) > _NOISE)
    size = np.floor(np.log10(np.where(told, np.abs(value), 1.0)) + _NOISE)
    return np.where(told, digits - 1 - size, np.inf)


def _nearest(scaled: FloatArray) -> FloatArray:
    return np.round(scaled)


def _floor(scaled: FloatArray) -> FloatArray:
    return np.floor(scaled + _NOISE)


def _ceil(scaled: FloatArray) -> FloatArray:
    return np.ceil(scaled - _NOISE)


def _at(rounding: Callable[[FloatArray], FloatArray], value: FloatArray, decimals: IntArray) -> FloatArray:
    """Numbers rounded at decimals of their own; a power of ten is exact, so that no noise is left."""
    up, down = 10.0 ** np.maximum(decimals, 0), 10.0 ** np.maximum(-decimals, 0)
    return np.asarray(rounding(value * up / down) * down / up)
