"""The result tables. Arrays and plain data only: nothing here knows geometry."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from geodata.base import FloatArray, Strict
from geodata.errors import InvalidError
from geodata.passport import LayerLock

RANKED, NOT_RANKED, EXCLUDED = "ranked", "not_ranked", "excluded"
Outcome = Literal["pass", "fail", "unknown"]
PASS: Outcome = "pass"  # noqa: S105  (no password: the gate is met)
FAIL: Outcome = "fail"
UNKNOWN: Outcome = "unknown"


def place_of(index: pd.Index, key: str) -> int:
    """Position of a key in an index that holds each once; KeyError when it is not held."""
    place = index.get_loc(key)
    assert isinstance(place, int)  # noqa: S101  (a slice or a mask stands for a key held twice)
    return place


def row_of(table: pd.DataFrame, key: str) -> pd.Series:
    """Row of a site or criterion in a table that holds each once; KeyError when it is not held."""
    return table.iloc[place_of(table.index, key)]


def outcome_of(passed: npt.NDArray[np.bool_], failed: npt.NDArray[np.bool_]) -> npt.NDArray[np.str_]:
    """Pass where it surely does, fail where it surely does not, else unknown; one entry per site."""
    return np.where(passed, PASS, np.where(failed, FAIL, UNKNOWN))


class Why(IntEnum):
    """Why a value is known only so far."""

    UNKNOWN = 0
    EXACT = 1
    INEXACT = 2
    AT_LEAST = 3
    AT_MOST = 4

    @property
    def word(self) -> str:
        """Name in files and sentences."""
        return self.name.lower()


@dataclass(frozen=True)
class Bounded:
    """
    What leaves a measure, one entry per site: the value shown (NaN = unknown), the bounds of the truth and why they are so.

    `why` holds codes of Why. `nearest`, of a measure that finds one feature, has its id, name and kV (NaN where it has none),
    one row per site in the same order.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    why: npt.NDArray[np.int8]
    nearest: pd.DataFrame | None = None

    def where(self, known: npt.NDArray[np.bool_]) -> "Bounded":
        """The same where `known`, unknown elsewhere."""
        if known.all():
            return self
        value, low, high = (np.where(known, part, np.nan) for part in (self.value, self.low, self.high))
        nearest = None if self.nearest is None else self.nearest.where(pd.Series(known, index=self.nearest.index))
        return Bounded(value, low, high, np.where(known, self.why, Why.UNKNOWN).astype(np.int8), nearest)

    def take(self, positions: npt.NDArray[np.intp]) -> "Bounded":
        """Some of the sites, in order."""
        nearest = None if self.nearest is None else self.nearest.take(positions)
        return Bounded(self.value[positions], self.low[positions], self.high[positions], self.why[positions], nearest)


@dataclass(frozen=True)
class Known:
    """What is known of one criterion at one site; `nearest` names the feature found, where there is one."""

    value: float
    low: float
    high: float
    why: Why
    nearest: str = ""


def bounded(
    value: FloatArray, low: FloatArray, high: FloatArray, why: Any, nearest: pd.DataFrame | None = None
) -> Bounded:
    """Bounded with bounds and reason unknown wherever the value is; `why` is a code or one per site."""
    unknown = np.isnan(value)
    codes = np.where(unknown, Why.UNKNOWN, why).astype(np.int8)
    return Bounded(value, np.where(unknown, np.nan, low), np.where(unknown, np.nan, high), codes, nearest)


@dataclass(frozen=True)
class Measurements:
    """
    The waist: n sites by m criteria, in natural units.

    `values` is what is shown (NaN = unknown). `low` and `high` bound the true value: equal when it is exact,
    infinite on one side when the inventory is partial, wider when the position is inexact, NaN when unknown.
    `why` holds a code of Why per value; `nearest` the feature found, for criteria that find one.
    `sites` carries identity: name, pref_code, muni_code, area_ha, lon, lat, x_m, y_m.
    """

    sites: pd.DataFrame
    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    units: dict[str, str]
    layers: tuple[LayerLock, ...]
    why: pd.DataFrame = field(default_factory=pd.DataFrame)
    nearest: dict[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Screening:
    """Per gate: pass, fail or unknown, and the margin in the criterion's unit (positive = on the right side)."""

    outcome: pd.DataFrame
    margin: pd.DataFrame

    @property
    def excluded(self) -> npt.NDArray[np.bool_]:
        """Sites that certainly fail a gate."""
        return (self.outcome == FAIL).any(axis=1).to_numpy(dtype=np.bool_)


@dataclass(frozen=True)
class ScoreTable:
    """
    Points 0-100 of each site, a function of that site and the scenario alone.

    `contributions` are the points proven per criterion (NaN = unknown) and sum to `score`; `score_high` has every
    uncertain criterion at its best; `completeness` is the share of the weight that is known.
    """

    contributions: pd.DataFrame
    score: pd.Series
    score_high: pd.Series
    completeness: pd.Series


@dataclass(frozen=True)
class Ranking:
    """
    Status, rank by score and rank by score_high; ranks exist for ranked sites only and ties share one.

    `rank_from` and `rank_to` bound the rank whatever the unknown values of all ranked sites turn out to be.
    """

    status: pd.Series
    rank: pd.Series
    rank_best: pd.Series
    rank_from: pd.Series
    rank_to: pd.Series


class Limit(Strict):
    """A threshold on one criterion; exactly one of `at_least` and `at_most`, in the criterion's unit."""

    criterion: str
    at_least: float | None = Field(None, description="Passes at this value or above")
    at_most: float | None = Field(None, description="Passes at this value or below")

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise InvalidError("a gate needs exactly one of at_least and at_most")
        return self

    @property
    def limit(self) -> float:
        """The threshold, whichever side it is on."""
        return float(self.at_least if self.at_least is not None else self.at_most)  # type: ignore[arg-type]
