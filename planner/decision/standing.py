"""Where real choices stand in a ranking: each with its best cell within reach, among the best cells near random places."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geodata.base import FloatArray

from .space import Neighbours

TOP = 0.95
"""A choice stands in the best 5 % at this percentile or above."""

_RESAMPLES = 1_000
_LEVELS = (0.05, 0.95)


@dataclass(frozen=True)
class Windows:
    """Cells near each of n places, place after place: their positions, and how many each place has (one at least)."""

    cells: npt.NDArray[np.intp]
    counts: npt.NDArray[np.intp]

    def best(self, points: FloatArray) -> FloatArray:
        """(n), the most points of a cell near each place."""
        starts = np.concatenate([[0], np.cumsum(self.counts)[:-1]]).astype(np.intp)
        return np.asarray(np.maximum.reduceat(points[self.cells], starts))


def windows_near(
    lon: FloatArray, lat: FloatArray, at_lon: FloatArray, at_lat: FloatArray, reach_m: FloatArray
) -> tuple[Windows, npt.NDArray[np.bool_]]:
    """
    Cells near some places.

    Parameters
    ----------
    lon, lat
        (cells), centres in degrees.
    at_lon, at_lat
        (n), places in degrees.
    reach_m
        (n), metres; few different ones.

    Returns
    -------
    windows, inside
        Of the places that have a cell near, in order; and (n) which they are.
    """
    near: list[npt.NDArray[np.intp]] = [np.zeros(0, dtype=np.intp)] * len(at_lon)
    for radius in np.unique(reach_m):
        here = np.flatnonzero(reach_m == radius)
        cells, counts = Neighbours(lon, lat, float(radius)).around(at_lon[here], at_lat[here])
        for position, found in zip(here, np.split(cells, np.cumsum(counts)[:-1]), strict=True):
            near[position] = found
    counts = np.array([len(found) for found in near], dtype=np.intp)
    return Windows(np.concatenate([*near, np.zeros(0, dtype=np.intp)]), counts[counts > 0]), counts > 0


def percentiles(points: FloatArray, choices: Windows, places: Windows) -> FloatArray:
    """
    Share of random places that each choice passes, ties counted half.

    Parameters
    ----------
    points
        Of every cell, larger is better; -inf where a cell is out.
    choices
        Windows of n choices.
    places
        Windows of m random places.

    Returns
    -------
    percentile
        (n), 0 to 1; its mean is the area under the curve of choices against places.
    """
    here, there = choices.best(points), np.sort(places.best(points))
    below, up_to = np.searchsorted(there, here, "left"), np.searchsorted(there, here, "right")
    return np.asarray((below + up_to) / (2 * len(there)))


@dataclass(frozen=True)
class Standing:
    """Median percentile of n choices, share in the best 5 %, area under the curve, and 90 % intervals of each."""

    n: int
    median: float
    top: float
    area: float
    median_interval: tuple[float, float]
    top_interval: tuple[float, float]
    area_interval: tuple[float, float]


def standing(percentile: FloatArray, seed: int = 0) -> Standing:
    """Summary of the percentiles of n choices, one at least; the intervals come from choices drawn again with replacement."""
    n = len(percentile)
    drawn = percentile[np.random.default_rng(seed).integers(0, n, (_RESAMPLES, n))]
    figures = {
        "median": (np.median(percentile), np.median(drawn, axis=1)),
        "top": ((percentile >= TOP).mean(), (drawn >= TOP).mean(axis=1)),
        "area": (percentile.mean(), drawn.mean(axis=1)),
    }
    values = {name: float(value) for name, (value, _) in figures.items()}
    ends = {f"{name}_interval": tuple(map(float, np.quantile(d, _LEVELS))) for name, (_, d) in figures.items()}
    return Standing(n=n, **values, **ends)  # type: ignore[arg-type]
