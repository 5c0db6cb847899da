"""
How far a ranking depends on its weights and on what is not known: joint draws of both (SMAA).

Lahdelma & Salminen (2001), Operations Research 49(3); Tervonen & Lahdelma (2007), EJOR 178(2). The draws are cut into
blocks with a seed each, so the numbers do not depend on how many threads share the work.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from geodata.base import FloatArray

from .problem import Problem

ROBUST, DEPENDS, WEAK = "robust", "depends", "weak"
_WINNERS = 50
_PILOT = 5_000
_BLOCK_VALUES = 4_000_000
_TILE = 4_096
_QUANTILES = {"rank_p05": 0.05, "rank_p50": 0.5, "rank_p95": 0.95}
_Single = npt.NDArray[np.float32]


class RobustnessChoice(BaseModel):
    """What is drawn and how often. Every number here is an assumption of ours, and editable."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    draws: Annotated[int, Field(ge=2, le=100_000)] = 10_000
    top: Annotated[int, Field(ge=1, le=10_000, description="k of P(top k)")] = 10
    weights: Literal["dirichlet", "ordered", "fixed"] = Field(
        "dirichlet", description="round the chosen weights; any that keep their order; the chosen ones alone"
    )
    concentration: Annotated[float, Field(gt=0, le=10_000)] = Field(
        60.0, description="of the Dirichlet: a weight of 20 % gets a standard deviation of 5 points"
    )
    data: bool = Field(default=True, description="draw each unknown and each bounded value over its interval too")
    seed: Annotated[int, Field(ge=0)] = 1
    robust_from: Annotated[float, Field(ge=0, le=1)] = Field(0.9, description="P(top k) from which a site is robust")
    weak_to: Annotated[float, Field(ge=0, le=1)] = Field(0.1, description="P(top k) up to which it is weak")


@dataclass(frozen=True)
class Robustness:
    """
    What the draws say.

    `table`, one row per ranked site: p_top_k and its standard error, rank_p05, rank_p50, rank_p95 and band (absent when not
    asked for), label. Sites of one band are equals: nine of ten draws do not tell them from the first of the band. `central_weights`: mean weights of the draws that put a site first. `win_rate`: share of the
    draws in which the row beats the column, among the best 50. `half_difference`: largest difference of p_top_k between
    the two halves of the draws.
    """

    choice: RobustnessChoice
    top: int
    table: pd.DataFrame
    central_weights: pd.DataFrame
    win_rate: pd.DataFrame
    half_difference: float


def draw_weights(weights: FloatArray, choice: RobustnessChoice) -> FloatArray:
    """
    Draw weights round the chosen ones, or any that keep their order.

    A Dirichlet over criteria sums to a Dirichlet over branches, so the tree is respected. Ordered: uniform on the
    simplex, sorted so that no criterion overtakes another of larger chosen weight.

    Parameters
    ----------
    weights
        (m), the chosen ones; they sum to 1.
    choice
        How many draws, of which kind, from which seed.

    Returns
    -------
    drawn
        (draws, m); each row sums to 1.
    """
    rng = np.random.default_rng([choice.seed, 0])
    if choice.weights == "fixed":
        return np.tile(weights, (choice.draws, 1))
    if choice.weights == "dirichlet":
        return rng.dirichlet(np.maximum(weights * choice.concentration, 1e-3), choice.draws)
    free = np.sort(rng.dirichlet(np.ones(len(weights)), choice.draws), axis=1)[:, ::-1]
    drawn = np.empty_like(free)
    drawn[:, np.argsort(-weights, kind="stable")] = free
    return drawn


def robustness(
    problem: Problem, choice: RobustnessChoice, *, ranks: bool = True, workers: int | None = None
) -> Robustness:
    """
    Draw weights and unknowns together, score, rank and count.

    Parameters
    ----------
    problem
        n ranked sites by m criteria.
    choice
        What is drawn and how often.
    ranks
        False skips the rank quantiles, the slow half at national scale.
    workers
        Threads; None takes one per core. The numbers do not depend on it.

    Returns
    -------
    found
        Per site the share of the draws in which it is among the top k, its standard error and quantiles of its rank.
    """
    n = len(problem.sites)
    top = min(choice.top, n)
    drawn = draw_weights(problem.weights, choice)
    blocks = list(_blocks(choice.draws, n))
    all_ranks = np.empty((choice.draws, n), dtype=np.int32) if ranks else None
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        counts = list(
            pool.map(
                lambda number: _count(problem, choice, drawn, blocks[number], number, all_ranks), range(len(blocks))
            )
        )
        quantiles = _rank_quantiles(all_ranks, pool) if all_ranks is not None else {}
    inside = np.stack([count.inside for count in counts])
    sizes = np.array([block.stop - block.start for block in blocks])
    share = inside.sum(axis=0) / choice.draws
    table = pd.DataFrame(
        {
            "name": problem.sites["name"],
            "rank": problem.sites["rank"],
            "score": problem.scores,
            "p_top_k": share,
            "p_top_k_se": np.sqrt(share * (1 - share) / choice.draws),
            **quantiles,
            **_bands(quantiles),
            "label": np.where(share >= choice.robust_from, ROBUST, np.where(share <= choice.weak_to, WEAK, DEPENDS)),
        },
        index=problem.sites.index,
    )
    return Robustness(
        choice=choice,
        top=top,
        table=table,
        central_weights=_central_weights(problem, drawn, np.concatenate([count.first for count in counts])),
        win_rate=_win_rate(problem, np.sum([count.wins for count in counts], axis=0) / choice.draws),
        half_difference=_halves_apart(inside, sizes),
    )


@dataclass(frozen=True)
class _Count:
    inside: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    wins: npt.NDArray[np.int64]


def _blocks(draws: int, n: int) -> Iterator[slice]:
    size = max(1, min(_BLOCK_VALUES // n, -(-draws // 2)))
    for start in range(0, draws, size):
        yield slice(start, min(start + size, draws))


def _count(  # noqa: PLR0913, PLR0917  (one block of one analysis)
    problem: Problem,
    choice: RobustnessChoice,
    drawn: FloatArray,
    block: slice,
    number: int,
    all_ranks: npt.NDArray[np.int32] | None,
) -> _Count:
    weights = drawn[block].astype(np.float32)
    scores = weights @ problem.least.T.astype(np.float32)
    if choice.data:
        _add_data(scores, problem, weights, np.random.default_rng(np.random.SFC64([choice.seed, 1, number])))
    if all_ranks is not None:
        for row, points in enumerate(scores):
            all_ranks[block.start + row, _order_from_best(points)] = np.arange(1, len(points) + 1, dtype=np.int32)
    best = scores[:, :_WINNERS]
    return _Count(
        inside=_times_in_top(scores, min(choice.top, scores.shape[1])),
        first=np.argmax(scores, axis=1),
        wins=(best[:, :, None] > best[:, None, :]).sum(axis=0),
    )


def _order_from_best(points: _Single) -> npt.NDArray[np.int64]:
    """Order of points from the best on; equal ones by position. Bits of a float >= 0 sort as it does, as 64-bit keys fast."""
    keys = (np.iinfo(np.int32).max - points.view(np.int32).astype(np.int64)) << 32 | np.arange(len(points))
    keys.sort()
    return np.asarray(keys & 0xFFFFFFFF)


def _add_data(scores: _Single, problem: Problem, weights: _Single, rng: np.random.Generator) -> None:
    """Add to each score a draw of every value over its interval, tile by tile so that it stays in the cache."""
    # `scores` is (draws, n) and holds the sum of w * least; a value drawn uniformly between least and most adds
    # w * u * (most - least), u in [0, 1). Criterion by criterion, over the sites where the interval is open.
    spread = (problem.most - problem.least).astype(np.float32)
    for j in range(spread.shape[1]):
        open_ = np.flatnonzero(spread[:, j])
        whole = len(open_) == len(spread)
        for start in range(0, len(open_), _TILE):
            sites = slice(start, start + _TILE) if whole else open_[start : start + _TILE]
            part = spread[sites, j]
            rows = max(1, _TILE // len(part))
            for row in range(0, len(weights), rows):
                some = slice(row, row + rows)
                amount = part * weights[some, j, None]
                scores[some, sites] += rng.random(amount.shape, dtype=np.float32) * amount


def _times_in_top(scores: _Single, top: int) -> npt.NDArray[np.int64]:
    """How often each site is among the best `top`; ties share."""
    # Selection without sorting (np.partition: Musser 1997, introselect). `scores` is (draws of the block, n), columns in
    # the order of the ranking. The k-th best of the first columns, the pilot, is never above the k-th best of all, so
    # what lies below that floor is out; `row` and `site` list the few pairs left, row by row. Where the pilot is not
    # everyone, each row's floor is then raised to the k-th best of its own pairs.
    n = scores.shape[1]
    pilot = scores[:, : max(_PILOT, 2 * top)]
    floor = np.partition(pilot, pilot.shape[1] - top, axis=1)[:, pilot.shape[1] - top]
    row, site = np.nonzero(scores >= floor[:, None])
    if pilot.shape[1] < n:
        starts = np.searchsorted(row, np.arange(len(scores) + 1))
        points = scores[row, site]
        for here, after in pairwise(starts):
            floor[row[here]] = np.partition(points[here:after], after - here - top)[after - here - top]
        site = site[points >= floor[row]]
    return np.bincount(site, minlength=n)


def _rank_quantiles(all_ranks: npt.NDArray[np.int32], pool: ThreadPoolExecutor) -> dict[str, npt.NDArray[np.int32]]:
    """Per site the order statistics of its ranks over the draws."""
    # `all_ranks` is (draws, n), one row per draw. A site's draws are a column, far apart in memory: tiles of columns are
    # turned into contiguous (tile, draws) rows and sorted there. Quantile q is entry floor(q * draws) of the sorted row,
    # never interpolated, since a rank is a whole number.
    draws, n = all_ranks.shape
    at = [min(int(q * draws), draws - 1) for q in _QUANTILES.values()]

    def part(start: int) -> npt.NDArray[np.int32]:
        return np.sort(np.ascontiguousarray(all_ranks[:, start : start + _TILE].T), axis=1)[:, at]

    found = np.concatenate(list(pool.map(part, range(0, n, _TILE))))
    return dict(zip(_QUANTILES, found.T, strict=True))


def _bands(quantiles: dict[str, npt.NDArray[np.int32]]) -> dict[str, npt.NDArray[np.int32]]:
    """Bands of equals by median rank: a new one begins where nine of ten draws put a site below the first of the last."""
    if not quantiles:
        return {}
    first, median, last = (quantiles[name] for name in _QUANTILES)
    bands, band, edge = np.empty(len(median), dtype=np.int32), 0, -1
    for site in np.argsort(median, kind="stable"):
        if first[site] > edge:
            band, edge = band + 1, last[site]
        bands[site] = band
    return {"band": bands}


def _central_weights(problem: Problem, drawn: FloatArray, first: npt.NDArray[np.int64]) -> pd.DataFrame:
    frame = pd.DataFrame(drawn, columns=list(problem.criteria)).groupby(problem.sites.index.to_numpy()[first]).mean()
    share = problem.sites.index[first].value_counts(normalize=True)
    return frame.assign(p_first=share).sort_values("p_first", ascending=False).rename_axis("site_id")


def _win_rate(problem: Problem, wins: FloatArray) -> pd.DataFrame:
    best = problem.sites.index[:_WINNERS]
    return pd.DataFrame(wins, index=best, columns=best)


def _halves_apart(inside: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> float:
    half = len(sizes) // 2
    if half == 0:
        return float("nan")
    first, second = (inside[part].sum(axis=0) / sizes[part].sum() for part in (slice(0, half), slice(half, None)))
    return float(np.abs(first - second).max())
