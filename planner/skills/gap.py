"""What is short: people on the market per worker needed, years until schools fill the rest, how hard it presses on firms of the place."""

from dataclasses import dataclass

import numpy as np

from geodata.base import FloatArray, IntArray

from .industries import EDUCATIONS, OCCUPATIONS, TECHNICAL
from .reach import Triple
from .supply import Supply
from .work import Need, Work


@dataclass(frozen=True)
class Gap:
    """
    Gap of n sites: low, middle and high each.

    `fill` (n, k): people on the market within reach, with those retrained, moved in and from abroad, per worker needed of an
    occupation; inf where none is needed. `pressure` (n, k): workers needed per hundred of the occupation at work within reach.
    `won` (n, 3): graduates of the TECHNICAL levels that the work wins a year, seats opened for it included. `years` (n, 3): years
    until these fill the need of their level; `years_all` (n) of the three together. `scarcest` (n) is the occupation of the least
    fill, -1 where that is unknown or none is needed.
    """

    fill: Triple
    pressure: Triple
    won: Triple
    years: Triple
    years_all: Triple
    scarcest: IntArray

    @property
    def least_fill(self) -> Triple:
        """Fill of the scarcest occupation, (n)."""
        low, value, high = (part.min(axis=1) for part in self.fill)
        return low, value, high

    @property
    def most_pressure(self) -> Triple:
        """Pressure on the occupation that is pressed most, (n)."""
        low, value, high = (part.max(axis=1) for part in self.pressure)
        return low, value, high


def gap_of(supply: Supply, need: Need, work: Work) -> Gap:
    """The gap between what lies within reach and what an investment needs."""
    beside = np.array([work.transfers.get(name, 0.0) + work.foreign.get(name, 0.0) for name in OCCUPATIONS])
    needed = np.array([EDUCATIONS.index(level) for level in TECHNICAL])
    seats = np.array([work.seats.get(level, 0.0) for level in TECHNICAL])
    won = _won(supply, seats, work)
    wanted = need.by_education[:, needed]
    fill = _over([part + beside for part in supply.available], need.local)
    wanted_all = [part.sum(keepdims=True) for part in wanted]
    return Gap(
        fill=fill,
        pressure=_pressure(supply.employed, need.local),
        won=won,
        years=_years(wanted, won),
        years_all=_all(_years(np.array(wanted_all), _together(won))),
        scarcest=scarcest_of(fill[1]),
    )


def scarcest_of(fill: FloatArray) -> IntArray:
    """Which occupation has the least fill, (n) of (n, k); -1 where that is unknown or nobody is needed."""
    known = np.isfinite(fill).any(axis=1) & ~np.isnan(fill).any(axis=1)
    return np.where(known, np.argmin(np.nan_to_num(fill, nan=np.inf, posinf=np.inf), axis=1), -1)


def _won(supply: Supply, seats: FloatArray, work: Work) -> Triple:
    """Graduates won a year: a part of those who stay, and of the seats opened for the work those who stay."""
    parts = zip(supply.graduates, work.assumed["win"], work.assumed["stay"], strict=True)
    low, value, high = (graduates * win + seats * stay for graduates, win, stay in parts)
    return low, value, high


def _over(people: list[FloatArray], needed: FloatArray) -> Triple:
    """People per worker needed: the least over the most and the other way round; inf where nobody is needed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, value, high = (
            np.where(wanted > 0, part / wanted, np.inf) for part, wanted in zip(people, needed[::-1], strict=True)
        )
        value = np.where(needed[1] > 0, people[1] / needed[1], np.inf)
    return low, value, high


def _pressure(employed: Triple, needed: FloatArray) -> Triple:
    """Needed per hundred at work; 0 where nobody is needed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, value, high = (
            np.where(wanted > 0, 100 * wanted / part, 0.0)
            for wanted, part in zip(needed, reversed(employed), strict=True)
        )
    return low, value, high


def _years(wanted: FloatArray, won: Triple) -> Triple:
    """Years until graduates won a year make up the workers wanted: 0 for none wanted, inf where none is won."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, value, high = (
            np.where(most > 0, most / part, 0.0) for most, part in zip(wanted, reversed(won), strict=True)
        )
    return low, value, high


def _together(parts: Triple) -> Triple:
    low, value, high = (part.sum(axis=1, keepdims=True) for part in parts)
    return low, value, high


def _all(parts: Triple) -> Triple:
    low, value, high = (part[:, 0] for part in parts)
    return low, value, high
