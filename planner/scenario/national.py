"""How each criterion is spread over the country: percentiles of the 1 km land cells, and how much of it differs between neighbours."""

from functools import cache
from importlib.resources import files
from io import StringIO

import pandas as pd

LEVELS = (0.0, 25.0, 50.0, 75.0, 90.0, 97.0, 99.5, 100.0)
"""Percentiles that are kept."""

GROUND_FROM = 0.25
"""Share of the variance of points inside 10-km squares from which a criterion tells one ground from the next. The criteria fall apart
there: those of ground have 0.27 and more, those of a region 0.20 and less."""


@cache
def national() -> pd.DataFrame:
    """By criterion: `known` (share of cells), a column per percentile of the value, `within_10km` and `within_prefecture` (share of variance of points)."""
    text = (files(__package__) / "national.csv").read_text("utf-8")
    return pd.read_csv(StringIO(text), index_col="criterion")


def same_in_prefecture(criterion_id: str) -> bool:
    """Whether a criterion is one value per prefecture, so that it ranks nothing inside one."""
    found = national()["within_prefecture"]
    return criterion_id in found.index and bool(found[criterion_id] == 0)


@cache
def alike() -> pd.DataFrame:
    """
    Pairs of profiles whose scores over the land cells go together above 0.95, as `make validate` found them.

    Columns: profile, other, correlation (of ranks), shared_weight (share of the weights on the same criteria), and the criteria
    that share most.
    """
    text = (files(__package__) / "alike.csv").read_text("utf-8")
    return pd.read_csv(StringIO(text), keep_default_na=False)


def tells_ground(criterion_id: str) -> bool:
    """Whether a criterion differs between neighbours, so that it can tell ground from ground; one of the user's own counts so."""
    found = national()["within_10km"]
    return criterion_id not in found.index or not found[criterion_id] < GROUND_FROM
