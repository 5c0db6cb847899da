"""The additive model and the ranking, as bare kernels inside a labelled shell."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.base import FloatArray

from ..model.tables import EXCLUDED, NOT_RANKED, RANKED, Measurements, Ranking, ScoreTable
from ..model.values import Function

POINTS = 100.0
_ROUNDING = 1e-9
_DECIMALS = 9


def score(measurements: Measurements, functions: Mapping[str, Function], weights: Mapping[str, float]) -> ScoreTable:
    """
    Additive score of each site: what is proven, what is possible, and how much of the weight is known.

    Parameters
    ----------
    measurements
        n sites by m criteria with bounds, in natural units.
    functions
        Value function per criterion, natural units to [0, 1].
    weights
        Weight per criterion; they sum to 1. A criterion without one is not scored.

    Returns
    -------
    scores
        Points 0 to 100 per site; contributions (n, criteria with weight) sum to the score.
    """
    n = len(measurements.values)
    total, high, known = np.zeros(n), np.zeros(n), np.zeros(n)
    contributions = {}
    for id_, weight in weights.items():
        least, most = _value_interval(functions[id_], measurements, id_)
        contributions[id_] = weight * POINTS * least
        total += np.nan_to_num(contributions[id_])
        high += weight * POINTS * np.where(np.isnan(most), 1.0, most)
        known += weight * ~np.isnan(least)
    index = measurements.values.index
    return ScoreTable(
        contributions=pd.DataFrame(contributions, index=index),
        score=pd.Series(total, index=index, name="score"),
        score_high=pd.Series(high, index=index, name="score_high"),
        completeness=pd.Series(np.minimum(known, 1.0).round(_DECIMALS), index=index, name="completeness"),
    )


def rank(scores: ScoreTable, *, excluded: npt.NDArray[np.bool_], completeness_floor: float) -> Ranking:
    """
    Rank what is neither excluded nor below the floor, on unrounded scores.

    Parameters
    ----------
    scores
        Of n sites.
    excluded
        (n), sites that certainly fail a gate.
    completeness_floor
        Share of the weight that must be known, 0 to 1.

    Returns
    -------
    ranking
        Status of each site; 1 = best, ties share a rank, NA where none is given.
    """
    enough = scores.completeness.to_numpy() >= completeness_floor - _ROUNDING
    status = np.where(excluded, EXCLUDED, np.where(enough, RANKED, NOT_RANKED))
    index = scores.score.index
    taken = status == RANKED
    return Ranking(
        status=pd.Series(status, index=index, name="status", dtype="str"),
        rank=_ranks(scores.score, taken).rename("rank"),
        rank_best=_ranks(scores.score_high, taken).rename("rank_best"),
        **_rank_interval(scores, taken),
    )


def _value_interval(function: Function, measurements: Measurements, id_: str) -> tuple[FloatArray, FloatArray]:
    return function.interval(measurements.low[id_].to_numpy(), measurements.high[id_].to_numpy())


def _ranks(points: pd.Series, taken: npt.NDArray[np.bool_]) -> pd.Series:
    held = points.where(taken).round(_DECIMALS)
    return held.rank(method="min", ascending=False).astype("Int64")


def _rank_interval(scores: ScoreTable, taken: npt.NDArray[np.bool_]) -> dict[str, pd.Series]:
    """Between which ranks each site lies whatever the unknowns of all of them are: who surely, and who possibly, is better."""
    low, high = (points.round(_DECIMALS).to_numpy()[taken] for points in (scores.score, scores.score_high))
    surely = len(low) - np.searchsorted(np.sort(low), high, side="right")
    possibly = len(high) - np.searchsorted(np.sort(high), low, side="right") - (high > low)
    ends = {"rank_from": 1 + surely, "rank_to": 1 + possibly}
    ranked = scores.score.index[taken]
    return {
        name: pd.Series(end, index=ranked, dtype="Int64").reindex(scores.score.index).rename(name)
        for name, end in ends.items()
    }
