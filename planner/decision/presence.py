"""
Weights with evidence: an additive model under which real choices stand high among random places.

Presence and background, as in species distribution models: a choice lies somewhere in its window (its position is inexact), and
places with more points are chosen more often, in proportion to exp(points). The points are a sum of the criteria's own values, 0 to
1, with factors of at least 0: brought to sum 1 they are weights, and nothing else of the scoring changes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from geodata.base import FloatArray

_ITERATIONS = 200


@dataclass(frozen=True)
class Presence:
    """Values of the cells in the windows of choices, (cells, p), window after window, and where each window begins."""

    rows: FloatArray
    starts: npt.NDArray[np.intp]

    @property
    def window(self) -> npt.NDArray[np.intp]:
        """(cells), the window that each row belongs to."""
        return np.repeat(np.arange(len(self.starts)), self.sizes)

    @property
    def sizes(self) -> npt.NDArray[np.intp]:
        """Cells per window."""
        return np.diff(np.append(self.starts, len(self.rows)))

    def take(self, windows: npt.NDArray[np.intp]) -> "Presence":
        """Some of the windows, in order; one may come twice."""
        sizes = self.sizes[windows]
        ends = np.cumsum(sizes)
        offset = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
        return Presence(self.rows[np.repeat(self.starts[windows], sizes) + offset], ends - sizes)


@dataclass(frozen=True)
class Prior:
    """
    Where p factors lie without evidence.

    `pull` is its strength: half of it times the squared distance is added to the loss; `least` (p) bounds the factors from below
    and is at most `at` (p).
    """

    at: FloatArray
    pull: float
    least: FloatArray


def fit(presence: Presence, background: FloatArray, prior: Prior, counts: FloatArray) -> FloatArray:
    """
    Factors of p criteria that make the choices likely, drawn towards a prior.

    Parameters
    ----------
    presence
        Windows of n choices.
    background
        (m, p), values at random places.
    prior
        What the factors are drawn towards, and how small they may be.
    counts
        (n), how much each choice counts.

    Returns
    -------
    factors
        (p), the logarithm of the odds between a value of 1 and of 0.
    """
    window, starts, sizes = presence.window, presence.starts, presence.sizes
    total = counts.sum()

    def loss(factors: FloatArray) -> tuple[float, FloatArray]:
        inside = presence.rows @ factors
        peak = np.maximum.reduceat(inside, starts)
        odds = np.exp(inside - peak[window])
        mass = np.add.reduceat(odds, starts)
        chosen = counts @ (peak + np.log(mass / sizes))
        pulled = presence.rows.T @ (odds / mass[window] * counts[window])
        outside = background @ factors
        top = outside.max()
        spread = np.exp(outside - top)
        everywhere = top + np.log(spread.mean())
        away = factors - prior.at
        value = total * everywhere - chosen + prior.pull / 2 * away @ away
        return float(value), total * (background.T @ (spread / spread.sum())) - pulled + prior.pull * away

    found = minimize(
        loss,
        prior.at,
        jac=True,
        method="L-BFGS-B",
        bounds=[(low, None) for low in prior.least],
        options={"maxiter": _ITERATIONS},
    )
    return np.asarray(found.x, dtype=float)
