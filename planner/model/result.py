"""What every output is made of, and the names of its columns."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .tables import Known, Why

VALUE, LOW, HIGH, WHY, CONTRIBUTION = "value", "low", "high", "why", "contribution"
NEAREST, NEAREST_KV, NEAREST_ID = "nearest", "nearest_kv", "nearest_id"
GATE, MARGIN = "gate", "margin"
"""Kinds of columns that a result has per criterion or per gate."""

_SYMMETRIC = 1e-9


def column(kind: str, id_: str) -> str:
    """Name of a column of one criterion or gate."""
    return f"{kind}_{id_}"


@dataclass(frozen=True)
class Result:
    """What every output is made of: one row per site and the metadata that make it reproducible."""

    table: pd.DataFrame
    metadata: dict[str, Any]

    def criteria(self) -> list[str]:
        """Ids of the criteria, in branch order."""
        return list(self.metadata["criteria"])


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
    return f"{name} ({kv:g} kV)" if isinstance(kv, float) and np.isfinite(kv) else name
