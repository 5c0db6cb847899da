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


def score(measurements: Measurements, functions: Mapping[str, Function], weights: Mapping[str, float]) -> ScoreTable:
    """Points proven, points possible and completeness of each site; `weights` sum to 1."""
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
        completeness=pd.Series(np.minimum(known, 1.0), index=index, name="completeness"),
    )


def rank(scores: ScoreTable, *, excluded: npt.NDArray[np.bool_], completeness_floor: float) -> Ranking:
    """Rank what is neither excluded nor below the floor, on unrounded scores."""
    enough = scores.completeness.to_numpy() >= completeness_floor - _ROUNDING
    status = np.where(excluded, EXCLUDED, np.where(enough, RANKED, NOT_RANKED))
    index = scores.score.index
    taken = status == RANKED
    return Ranking(
        status=pd.Series(status, index=index, name="status", dtype="str"),
        rank=_ranks(scores.score, taken).rename("rank"),
        rank_best=_ranks(scores.score_high, taken).rename("rank_best"),
    )


def _value_interval(function: Function, measurements: Measurements, id_: str) -> tuple[FloatArray, FloatArray]:
    return function.interval(measurements.low[id_].to_numpy(), measurements.high[id_].to_numpy())


def _ranks(points: pd.Series, taken: npt.NDArray[np.bool_]) -> pd.Series:
    held = points.where(taken).round(9)
    return held.rank(method="min", ascending=False).astype("Int64")
