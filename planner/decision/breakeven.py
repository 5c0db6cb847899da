"""The smallest single change, of a weight or of a measured value in its own unit, that moves a site into or out of the top k."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.base import FloatArray

from ..model.values import Function
from .problem import Problem

_TINY = 1e-9


@dataclass(frozen=True)
class BreakEven:
    """
    Where one site would cross the line of the top k.

    `table`, one row per criterion: weight_now, weight_needed (share of the whole, the others keeping their proportions),
    value_now, value_needed and change in the criterion's unit, points_per_unit at value_now. NaN: no single change of it
    is enough, or nothing is known now. At a needed value the site ties with its rival when it enters; it leaves just
    beyond it.
    """

    site_id: str
    top: int
    rank: int
    inside: bool
    rival: str | None
    gap: float
    table: pd.DataFrame


def break_even_of(problem: Problem, site_id: str, top: int) -> BreakEven:
    """
    Where one site would cross the line of the top k; closed form on broken lines, O(n log n) per criterion.

    Parameters
    ----------
    problem
        n ranked sites by m criteria.
    site_id
        A ranked site.
    top
        k: how many places count as the top.

    Returns
    -------
    found
        One row per criterion: the weight or the value, in the criterion's unit, that alone is enough.

    Raises
    ------
    PlannerError
        If the site is not ranked.
    """
    here = problem.position(site_id)
    scores = problem.scores
    others = np.delete(np.arange(len(scores)), here)
    above = int((scores[others] > scores[here] + _TINY).sum())
    inside = above < top
    if top > len(others):
        return BreakEven(site_id, top, above + 1, inside, None, np.nan, _needs_unknown(problem, here))
    rival = others[np.argsort(-scores[others], kind="stable")[top - 1]]
    gap = float(scores[rival] - scores[here])
    rows = [_row(problem, scores, here, j, top, gap, inside=inside) for j in range(len(problem.weights))]
    table = pd.DataFrame(rows, index=list(problem.criteria))
    return BreakEven(site_id, top, above + 1, inside, str(problem.sites.index[rival]), gap, table)


def unit_per_point(problem: Problem) -> pd.Series:
    """What one point is worth in natural units, over the whole range of each value function."""
    ranges = [_range(function) for function in problem.functions]
    return pd.Series(np.array(ranges) / (100 * problem.weights), index=list(problem.criteria))


def weight_needed(problem: Problem, site_id: str, criterion: int, top: int) -> float:
    """
    Weight of one criterion at which the site crosses the top k, nearest to the present one.

    Parameters
    ----------
    problem
        n ranked sites by m criteria.
    site_id
        A ranked site.
    criterion
        Position of the criterion in `problem.criteria`.
    top
        k: how many places count as the top.

    Returns
    -------
    weight
        Share of the whole, the other weights keeping their proportions; NaN when none does.

    Raises
    ------
    PlannerError
        If the site is not ranked.
    """
    scores, here = problem.scores, problem.position(site_id)
    return _weight_needed(problem, scores, here, criterion, top)


def _row(  # noqa: PLR0913, PLR0917  (one line of one table)
    problem: Problem, scores: FloatArray, here: int, j: int, top: int, gap: float, *, inside: bool
) -> dict[str, float]:
    function, now, weight = problem.functions[j], problem.proven[here, j], problem.weights[j]
    needed = _x_at(function, problem.least[here, j] + gap / (100 * weight), now, below=inside)
    return {
        "weight_now": weight,
        "weight_needed": _weight_needed(problem, scores, here, j, top),
        "value_now": now,
        "value_needed": needed,
        "change": needed - now,
        "points_per_unit": 100 * weight * _slope(function, now),
    }


def _needs_unknown(problem: Problem, here: int) -> pd.DataFrame:
    names = ["weight_needed", "value_needed", "change", "points_per_unit"]
    now = pd.DataFrame({"weight_now": problem.weights, "value_now": problem.proven[here]}, index=list(problem.criteria))
    return now.reindex(columns=["weight_now", "weight_needed", "value_now", *names[1:]])


def _weight_needed(problem: Problem, scores: FloatArray, here: int, j: int, top: int) -> float:
    """Weight of j at which the site crosses the line of the top k, nearest to the present one; NaN: none does."""
    # With the others in proportion, a score at weight w is (1 - w) * rest + w * alone: a straight line in w, from the
    # site's points without j to its points on j alone. So is each of the n - 1 differences to our site, and its place
    # changes only where one of them is 0. Sweep these crossings upwards and downwards and take the nearer.
    # One-at-a-time weights: Triantaphyllou & Sanchez (1997), Decision Sciences 28(1).
    weight = problem.weights[j]
    if weight >= 1 - _TINY:
        return np.nan
    alone = 100 * problem.least[:, j]
    rest = (scores - weight * alone) / (1 - weight)
    difference = np.delete(scores - scores[here], here)
    slope = np.delete((alone - alone[here]) - (rest - rest[here]), here)
    up = _first_crossing(difference, slope, 1 - weight, top)
    down = _first_crossing(difference, -slope, weight, top)
    if np.isnan(up) or down < up:
        return float(max(weight - down, 0.0))
    return float(min(weight + up, 1.0))


def _first_crossing(difference: FloatArray, slope: FloatArray, reach: float, top: int) -> float:
    """Smallest step at which the number of lines above 0 goes to or from `top`; NaN within `reach` none does."""
    # A sweep line over (n - 1,) lines difference + slope * step. Every crossing of 0 is an event that adds one line above
    # or takes one away; sorted by step, those that leave first on a tie, their running sum is the number above.
    above = difference > _TINY
    entering = ~above & (slope > _TINY)
    leaving = above & (slope < -_TINY)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.maximum(-difference / slope, 0.0)
    events = np.flatnonzero((entering & (step < reach - _TINY)) | (leaving & (step <= reach + _TINY)))
    order = events[np.lexsort((entering[events], step[events]))]
    count = above.sum() + np.cumsum(np.where(entering[order], 1, -1))
    crossed = count < top if above.sum() >= top else count >= top
    return float(step[order[np.argmax(crossed)]]) if crossed.any() else np.nan


def _x_at(function: Function, target: float, now: float, *, below: bool) -> float:
    """
    The x nearest to `now` from which the function is at least `target`, or, with `below`, less than it.

    NaN when no x does. Without a present value, the x that asks least of the site.
    """
    at, value = function.knots()
    if (value.min() >= target - _TINY) if below else (value.max() < target - _TINY):
        return np.nan
    found = [
        x0 + (target - v0) / (v1 - v0) * (x1 - x0)
        for x0, x1, v0, v1 in zip(at[:-1], at[1:], value[:-1], value[1:], strict=True)
        if v0 != v1 and min(v0, v1) - _TINY <= target <= max(v0, v1) + _TINY
    ]
    if not found:
        return np.nan
    return float(min(found, key=lambda x: abs(x - now)) if np.isfinite(now) else found[0])


def _slope(function: Function, now: float) -> float:
    """Value gained per unit at `now`, towards the better side at a knot; NaN when nothing is known."""
    at, value = function.knots()
    if not np.isfinite(now):
        return np.nan
    slopes = np.diff(value) / np.diff(at)
    touching = [slope for x0, x1, slope in zip(at[:-1], at[1:], slopes, strict=True) if x0 <= now <= x1]
    return float(max(touching, key=abs)) if touching else 0.0


def _range(function: Function) -> float:
    at, value = function.knots()
    rise = value.max() - value.min()
    return float(abs(at[np.argmax(value)] - at[np.argmin(value)]) / rise) if rise else np.nan
