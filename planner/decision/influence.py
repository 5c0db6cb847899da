"""What drives a ranking: dominance, what each criterion really decides, and what is counted twice."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.base import FloatArray

from .problem import Problem

CORRELATED = 0.8
"""|rank correlation| from which two criteria are flagged as telling one story: an assumption."""

_COMPARED = 5_000
_FLAT = 1e-18
_BLOCK = 256


@dataclass(frozen=True)
class Influence:
    """
    What each criterion decides.

    `criteria`: weight, influence (share of the variance of the scores that its points bring; they sum to 1), top_kept
    (share of the top k that stays without it), largest_move (of a site of the top k). `correlation`: Spearman, pairwise over
    known values. `pairs`: criteria with |correlation| above CORRELATED.
    """

    criteria: pd.DataFrame
    correlation: pd.DataFrame
    pairs: pd.DataFrame


def influence(problem: Problem, top: int) -> Influence:
    """
    Nominal weight beside actual influence, and leave-one-out.

    A score is a sum, so its variance is the sum of the covariances of each criterion's points with it: an exact split, negative
    where a criterion evens out what others decide (ANCOVA decomposition of an additive model; nominal weights mislead: Paruolo,
    Saisana & Saltelli 2013, JRSS A 176(3)).

    Parameters
    ----------
    problem
        n ranked sites by m criteria.
    top
        k: how many places count as the top.

    Returns
    -------
    found
        One row per criterion, Spearman's correlation (m, m), and the pairs that tell one story.
    """
    names = list(problem.criteria)
    scores = problem.scores
    shares = _variance_shares(100 * problem.least * problem.weights, scores)
    without = [_without(problem, scores, j, top) for j in range(len(names))]
    correlation = pd.DataFrame(problem.proven, columns=names).rank().corr()
    table = pd.DataFrame(
        {
            "weight": problem.weights,
            "influence": shares,
            "top_kept": [kept for kept, _ in without],
            "largest_move": [move for _, move in without],
        },
        index=names,
    )
    return Influence(table, correlation, _pairs(correlation))


def dominance(problem: Problem) -> pd.DataFrame:
    """
    Sites that no weights put above another, among the best 5,000; exact, since a dominating site never scores less.

    Parameters
    ----------
    problem
        n ranked sites by m criteria.

    Returns
    -------
    table
        One row per site: `dominated_by`, a site at least as good on every criterion and better on one (empty: in the
        Pareto set); `certain` when that holds whatever the unknowns turn out to be.
    """
    least, most = problem.least[:_COMPARED], problem.most[:_COMPARED]
    n = len(least)
    by, certain = np.full(n, -1), np.zeros(n, dtype=bool)
    for start in range(0, n, _BLOCK):
        rows = slice(start, min(start + _BLOCK, n))
        by[rows] = _first_above(least[: rows.stop], least[rows])
        certain[rows] = _first_above(least[: rows.stop], most[rows]) >= 0
    names = problem.sites.index.to_numpy()
    return pd.DataFrame(
        {
            "name": problem.sites["name"].iloc[:n],
            "dominated_by": pd.Series(np.where(by >= 0, names[np.maximum(by, 0)], None), index=names[:n], dtype="str"),
            "certain": certain,
        },
        index=problem.sites.index[:n],
    )


def balanced(problem: Problem, power: float = 0.5) -> pd.DataFrame:
    """
    A second view that lets a good criterion make up less for a bad one: the weighted power mean of the proven values.

    Parameters
    ----------
    problem
        n ranked sites by m criteria.
    power
        1 is the sum; nearer to 0, towards the geometric mean, balance counts more. The default is an assumption.

    Returns
    -------
    table
        One row per site: points 0 to 100 and rank in both views, and the move (positive = up in the balanced one).
    """
    mean = (problem.least**power @ problem.weights) ** (1 / power) * 100
    table = pd.DataFrame({"name": problem.sites["name"], "score": problem.scores, "score_balanced": mean})
    ranks = table[["score", "score_balanced"]].round(9).rank(method="min", ascending=False).astype("int64")
    table["rank"], table["rank_balanced"] = ranks["score"], ranks["score_balanced"]
    return table.assign(move=table["rank"] - table["rank_balanced"])


def stakeholder_ranks(problem: Problem, sets: dict[str, FloatArray]) -> pd.DataFrame:
    """
    Rank of each site under each named set of weights.

    Parameters
    ----------
    problem
        n ranked sites by m criteria.
    sets
        Per name m weights on any scale.

    Returns
    -------
    table
        (n, sets) of ranks, with the best, the worst and the spread.
    """
    points = pd.DataFrame({name: problem.with_weights(weights).scores for name, weights in sets.items()})
    ranks = points.round(9).rank(method="min", ascending=False).astype("int64").set_index(problem.sites.index)
    return ranks.assign(best=ranks.min(axis=1), worst=ranks.max(axis=1), spread=ranks.max(axis=1) - ranks.min(axis=1))


def _first_above(better: FloatArray, rows: FloatArray) -> FloatArray:
    """Position of the first row of `better` that dominates each of `rows`; -1 when none does."""
    at_least = np.ones((len(rows), len(better)), dtype=bool)
    more = np.zeros_like(at_least)
    for j in range(rows.shape[1]):
        at_least &= better[:, j] >= rows[:, j, None]
        more |= better[:, j] > rows[:, j, None]
    both = at_least & more
    return np.where(both.any(axis=1), both.argmax(axis=1), -1)


def _variance_shares(points: FloatArray, scores: FloatArray) -> FloatArray:
    """Covariance of each column of (n, m) points with their sum, as a share of its variance; 0 where the scores are equal."""
    off = scores - scores.mean()
    variance = off @ off
    if variance <= _FLAT * max(1.0, float(scores @ scores)):
        return np.zeros(points.shape[1])
    return np.asarray((points - points.mean(axis=0)).T @ off / variance)


def _without(problem: Problem, scores: FloatArray, j: int, top: int) -> tuple[float, int]:
    rest = scores - 100 * problem.weights[j] * problem.least[:, j]
    ranks = pd.DataFrame({"now": scores, "then": rest}).round(9).rank(method="min", ascending=False)
    best = ranks[ranks["now"] <= top]
    return float((best["then"] <= top).mean()), int((best["then"] - best["now"]).abs().max())


def _pairs(correlation: pd.DataFrame) -> pd.DataFrame:
    values, names = correlation.to_numpy(), correlation.columns.to_numpy()
    first, second = np.nonzero(np.triu(np.nan_to_num(np.abs(values)) > CORRELATED, 1))
    return pd.DataFrame({"first": names[first], "second": names[second], "correlation": values[first, second]})
