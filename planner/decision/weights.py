"""Two-level weights, and two ways of asking for them: swing and pairwise judgements (AHP)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.base import FloatArray

from ..errors import PlannerError

CONSISTENT = 0.1
"""Consistency ratio up to which judgements are usually accepted (Saaty 1980)."""

_RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
_SCALE = (1 / 9, 9.0)


@dataclass(frozen=True)
class Judged:
    """Weights from pairwise judgements; `worst` is the pair whose judgement hurts consistency most, with its fitting value."""

    weights: pd.Series
    consistency_ratio: float
    worst: tuple[str, str, float, float] | None

    @property
    def consistent(self) -> bool:
        """Whether the judgements agree well enough."""
        return self.consistency_ratio <= CONSISTENT


def tree_weights(branches: Mapping[str, float], criteria: Mapping[str, tuple[str, float]]) -> dict[str, float]:
    """
    Weight of each criterion; they sum to 1 whatever the scale of the inputs.

    Parameters
    ----------
    branches
        Weight of each branch. That of a branch without any weighted criterion goes to the others.
    criteria
        Branch of each criterion and its weight inside it.

    Returns
    -------
    weights
        Share of the whole per criterion.

    Raises
    ------
    PlannerError
        If no criterion has a weight above 0.
    """
    inside: dict[str, float] = {}
    for branch, weight in criteria.values():
        inside[branch] = inside.get(branch, 0.0) + weight
    alive = {branch: branches.get(branch, 0.0) for branch, total in inside.items() if total > 0}
    whole = sum(alive.values())
    if whole <= 0:
        raise PlannerError("weights: expected at least one criterion with a weight above 0, found none. Raise one.")
    return {
        id_: alive[branch] / whole * weight / inside[branch] if inside[branch] > 0 else 0.0
        for id_, (branch, weight) in criteria.items()
    }


def swing_weights(points: Mapping[str, float]) -> pd.Series:
    """
    Weights from swings: 100 for the swing from worst to best that matters most, the others in proportion.

    Parameters
    ----------
    points
        Points of 0 or more per criterion or branch.

    Returns
    -------
    weights
        In the order given; they sum to 1.

    Raises
    ------
    PlannerError
        If a value is negative or no number, or none is above 0.
    """
    if any(isinstance(value, bool) for value in points.values()):
        raise PlannerError("swing: expected points, found true or false. Give numbers from 0 to 100.")
    asked = pd.Series(points, dtype=float)
    if asked.empty or (asked < 0).any() or asked.max() <= 0 or not np.isfinite(asked).all():
        raise PlannerError("swing: expected points of 0 or more with at least one above 0. Give the largest swing 100.")
    return asked / asked.sum()


def ahp_weights(names: Sequence[str], judgements: Mapping[tuple[str, str], float]) -> Judged:
    """
    Weights from pairwise judgements (Saaty 1980): principal eigenvector, consistency ratio, and the worst judgement.

    Parameters
    ----------
    names
        n criteria or branches.
    judgements
        `judgements[a, b]`: how many times more the swing of a matters than that of b, 1/9 to 9; every pair once. Ask for
        it from worst to best of the printed ranges: importance without a range is no trade-off.

    Returns
    -------
    judged
        Weights that sum to 1, and how well the judgements agree.

    Raises
    ------
    PlannerError
        If a pair is missing or unknown, or a judgement is outside 1/9 to 9.
    """
    matrix = _matrix(names, judgements)
    values, vectors = np.linalg.eig(matrix)
    main = int(np.argmax(values.real))
    vector = np.abs(vectors[:, main].real)
    weights = vector / vector.sum()
    n = len(names)
    index = max((values[main].real - n) / (n - 1), 0.0) if n > 1 else 0.0
    ratio = index / _RANDOM_INDEX[n] if n < len(_RANDOM_INDEX) and _RANDOM_INDEX[n] else index / _RANDOM_INDEX[-1]
    return Judged(pd.Series(weights, index=list(names)), float(ratio), _worst(names, matrix, weights))


def _matrix(names: Sequence[str], judgements: Mapping[tuple[str, str], float]) -> FloatArray:
    place = {name: i for i, name in enumerate(names)}
    matrix = np.eye(len(names))
    for (a, b), times in judgements.items():
        if a not in place or b not in place or a == b:
            raise PlannerError(
                "ahp: the pair {a!r}, {b!r} is not one of {known}. Correct it.", a=a, b=b, known=", ".join(names)
            )
        if not _SCALE[0] - 1e-9 <= times <= _SCALE[1] + 1e-9:
            raise PlannerError(
                "ahp: {a!r} over {b!r}: expected 1/9 to 9, found {times:g}. Correct it.", a=a, b=b, times=times
            )
        matrix[place[a], place[b]], matrix[place[b], place[a]] = times, 1 / times
    pairs = {frozenset(pair) for pair in judgements}
    missing = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if frozenset((a, b)) not in pairs]
    if missing:
        raise PlannerError(
            "ahp: no judgement of {missing!r} over {missing_2!r}. Give every pair once.",
            missing=missing[0][0],
            missing_2=missing[0][1],
        )
    return matrix


def _worst(names: Sequence[str], matrix: FloatArray, weights: FloatArray) -> tuple[str, str, float, float] | None:
    fitting = weights[:, None] / weights
    misfit = np.triu(np.abs(np.log(matrix / fitting)), 1)
    if misfit.max() < 1e-6:  # noqa: PLR2004  (perfectly consistent)
        return None
    a, b = divmod(int(misfit.argmax()), len(names))
    return names[a], names[b], float(matrix[a, b]), float(np.clip(fitting[a, b], *_SCALE))
