"""The result tables. Arrays and plain data only: nothing here knows geometry."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from geodata.base import Strict
from geodata.errors import InvalidError

FloatArray = npt.NDArray[np.float64]

RANKED, NOT_RANKED, EXCLUDED = "ranked", "not_ranked", "excluded"
PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"


@dataclass(frozen=True)
class Measurements:
    """
    The waist: n sites by m criteria, in natural units.

    `values` is what is shown (NaN = unknown). `low` and `high` bound the true value: equal when it is exact,
    infinite on one side when the inventory is partial, wider when the position is inexact, NaN when unknown.
    `sites` carries identity: name, pref_code, muni_code, area_ha, lon, lat, x_m, y_m.
    """

    sites: pd.DataFrame
    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    units: dict[str, str]
    layers: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Screening:
    """Per gate: pass, fail or unknown, and the margin in the criterion's unit (positive = on the right side)."""

    outcome: pd.DataFrame
    margin: pd.DataFrame

    @property
    def excluded(self) -> npt.NDArray[np.bool_]:
        """Sites that certainly fail a gate."""
        return np.asarray(self.outcome.eq(FAIL).any(axis=1), dtype=bool)


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
    """Status, rank by score and rank by score_high; ranks exist for ranked sites only and ties share one."""

    status: pd.Series
    rank: pd.Series
    rank_best: pd.Series


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
