"""What every output is made of, and the names of its columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from geodata.base import Text
from geodata.passport import LayerLock

from .calibration import Calibration
from .tables import Known, Limit, Why
from .values import ValueFunction

VALUE, LOW, HIGH, WHY, CONTRIBUTION = "value", "low", "high", "why", "contribution"
NEAREST, NEAREST_KV, NEAREST_ID = "nearest", "nearest_kv", "nearest_id"
GATE, MARGIN = "gate", "margin"
"""Kinds of columns that a result has per criterion or per gate."""

NOTHING = 0.1
"""Points of spread among the ranked sites below which a criterion decides nothing."""

_SYMMETRIC = 1e-9


def column(kind: str, id_: str) -> str:
    """Name of a column of one criterion or gate."""
    return f"{kind}_{id_}"


class _Told(BaseModel):
    """What a result tells of itself; what an older or newer version wrote besides is kept."""

    model_config = ConfigDict(extra="allow", frozen=True)


class NamedPlace(_Told):
    """A place that a criterion measures from."""

    name: Text


class ScoredCriterion(_Told):
    """A criterion as it was used: its texts in their own numbers, its share of the whole weight and the basis of that."""

    branch: str
    title: Text
    unit: str
    direction: Literal["more", "less"]
    value: ValueFunction
    why: Text
    caveat: Text
    layers: tuple[str, ...] = ()
    places: tuple[NamedPlace, ...] = ()
    weight: float
    discriminates: bool = True
    spread: float | None = None
    assumed_as_of: str | None = None
    tells: Literal["ground", "region"] = "ground"
    by: str | None = None
    basis: str = "assumption"
    source: str | None = None


class ShownGate(Limit):
    """A gate as it was used."""

    model_config = ConfigDict(extra="allow", frozen=True)

    title: Text
    basis: str = "assumption"
    source: str | None = None


class Floor(_Told):
    """Share of the weight that must be known for a rank."""

    value: float


class Load(_Told):
    """The load that the sites had to power, MW of grid connection, and the year by whose end."""

    connection_mw: float
    by_year: int | None = None


class Asked(_Told):
    """The scenario behind a result, as far as outputs speak of it."""

    profile: str
    weights: str = "assumed"
    calibration: Calibration | None = None
    title: Text
    question: Text
    asks: Text
    measures: Text
    completeness_floor: Floor
    robustness: dict[str, Any] = Field(default_factory=dict)
    clusters: dict[str, Any] = Field(default_factory=dict)
    stakeholders: dict[str, dict[str, float]] = Field(default_factory=dict)
    demand: Load | None = None


class Candidates(_Told):
    """Which sites were compared, and how many."""

    kind: str
    count: int


class About(_Told):
    """Everything that makes a result reproducible, and what its columns rest on."""

    software: str
    scenario: Asked
    scenario_sha256: str
    candidates: Candidates
    criteria: dict[str, ScoredCriterion]
    branches: dict[str, Text]
    gates: dict[str, ShownGate]
    layers: tuple[LayerLock, ...]
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _with_gates(cls, told: Any) -> Any:
        """Versions that did not write the gates as they were used have those of the scenario."""
        if isinstance(told, Mapping) and "gates" not in told and isinstance(told.get("scenario"), Mapping):
            return {**told, "gates": told["scenario"].get("gates", {})}
        return told


@dataclass(frozen=True)
class Result:
    """What every output is made of: one row per site, and what the result tells of itself."""

    table: pd.DataFrame
    about: About

    @property
    def criteria(self) -> dict[str, ScoredCriterion]:
        """Criteria by id, in branch order."""
        return self.about.criteria

    @property
    def gates(self) -> dict[str, ShownGate]:
        """Gates by id."""
        return self.about.gates

    @property
    def layers(self) -> tuple[LayerLock, ...]:
        """The layers behind the values."""
        return self.about.layers

    def metadata(self) -> dict[str, Any]:
        """What the result tells of itself as plain data, for files."""
        return self.about.model_dump(mode="json", exclude_unset=True)


def known(row: pd.Series, id_: str) -> Known:
    """What a row of a result tells of a criterion."""
    value, low, high = (float(row[column(kind, id_)]) for kind in (VALUE, LOW, HIGH))
    why = Why[str(row[column(WHY, id_)]).upper()]
    return Known(value, low, high, why, _feature(row.get(column(NEAREST, id_)), row.get(column(NEAREST_KV, id_))))


def why_of_bounds(value: pd.Series, low: pd.Series, high: pd.Series) -> "pd.Series[str]":
    """Why a value is bounded, as far as its bounds tell: for files of versions that did not write it."""
    slack = high - value
    symmetric = (low - (value - slack).clip(lower=0)).abs() < _SYMMETRIC
    cases = [
        value.isna(),
        high.isna() | np.isinf(high),
        (slack > 0) & symmetric,
        (slack > 0) | (low.eq(0) & (value > 0)),
    ]
    words = [Why.UNKNOWN, Why.AT_LEAST, Why.INEXACT, Why.AT_MOST]
    return pd.Series(np.select(cases, [w.word for w in words], Why.EXACT.word), index=value.index, dtype="str")


def _feature(name: object, kv: object) -> str:
    if not isinstance(name, str) or not name:
        return ""
    return f"{name} ({kv:g} kV)" if isinstance(kv, float | int | np.number) and np.isfinite(kv) else name
