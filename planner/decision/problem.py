"""What every analysis of a ranking works on: ranked sites by weighted criteria, values on [0, 1] and their bounds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.base import FloatArray

from ..errors import PlannerError
from ..model.result import HIGH, LOW, VALUE, Result, ScoredCriterion, column
from ..model.tables import RANKED, place_of
from ..model.values import Function


@dataclass(frozen=True)
class Problem:
    """
    Ranked sites, best first, and the m criteria that carry weight.

    `least` and `most` bound each value on [0, 1] (unknown: 0 and 1); `proven` is a value that gives `least`, in natural
    units (NaN = unknown): the measured one where it does, else one within its bounds. `weights` sum to 1.
    """

    sites: pd.DataFrame
    least: FloatArray
    most: FloatArray
    proven: FloatArray
    weights: FloatArray
    functions: tuple[Function, ...]
    criteria: dict[str, ScoredCriterion]

    @property
    def scores(self) -> FloatArray:
        """Points proven, 0 to 100."""
        return np.asarray(100 * self.least @ self.weights)

    def position(self, site_id: str) -> int:
        """Row of a site; PlannerError when it is not ranked."""
        if site_id not in self.sites.index:
            raise PlannerError(
                "site {site_id!r}: not among the ranked sites of this result. Choose a ranked site.", site_id=site_id
            )
        return place_of(self.sites.index, site_id)

    def with_weights(self, weights: FloatArray) -> "Problem":
        """The same sites under other weights, brought to sum 1."""
        return Problem(
            self.sites, self.least, self.most, self.proven, weights / weights.sum(), self.functions, self.criteria
        )


def problem_of(result: Result) -> Problem:
    """
    The decision behind a result, fresh or read back from a file.

    Parameters
    ----------
    result
        With bounds, weights and value functions of its criteria.

    Returns
    -------
    problem
        Ranked sites, best first, by the criteria that carry weight.

    Raises
    ------
    PlannerError
        If no site is ranked.
    """
    table = result.table[result.table["status"] == RANKED].sort_values("score", ascending=False, kind="stable")
    if table.empty:
        raise PlannerError("this result ranks no site, so there is nothing to analyse. Widen the region or the gates.")
    used = {id_: c for id_, c in result.criteria.items() if c.weight > 0}
    functions = tuple(c.value for c in used.values())
    columns = [_interval_of(function, table, id_) for id_, function in zip(used, functions, strict=True)]
    least, most, proven = (np.column_stack(parts) for parts in zip(*columns, strict=True))
    weights = np.array([c.weight for c in used.values()], dtype=float)
    sites = table.filter(regex=r"^(?!value_|contribution_|low_|high_|gate_|margin_|why_|nearest_)")
    return Problem(sites, least, most, proven, weights / weights.sum(), functions, used)


def _interval_of(function: Function, table: pd.DataFrame, id_: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    value, low, high = (table[column(kind, id_)].to_numpy(dtype=float) for kind in (VALUE, LOW, HIGH))
    high = np.where(np.isnan(high) & ~np.isnan(low), np.inf, high)
    least, most = function.interval(low, high)
    return np.nan_to_num(least), np.where(np.isnan(most), 1.0, most), _x_of_least(function, value, low, high, least)


def _x_of_least(
    function: Function, value: FloatArray, low: FloatArray, high: FloatArray, least: FloatArray
) -> FloatArray:
    """The x of [low, high] that gives `least`: the measured one where it does (on a plateau many do); NaN when none is finite."""
    proven = np.full(len(low), np.nan)
    for x in (*(np.full(len(low), knot) for knot in function.knots()[0]), high, low, value):
        here = (low <= x) & (x <= high) & (function(x) <= least) & np.isfinite(x)
        proven = np.where(here, x, proven)
    return proven
