"""What planned investments of an area ask for together: power, water, land, money and workers by occupation, each known or unknown."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from geodata.base import FloatArray

from ..model.assumptions import Range, three
from ..skills.assumptions import assumptions
from ..skills.industries import OCCUPATIONS, Unit, coefficient, industries, known_industry, own_projects, size_in
from ..skills.work import Work, need_of

Kind = Literal["power_mw", "water_m3_day", "land_ha", "capex_oku", "jobs"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STATED, BY_RATE, UNKNOWN = "stated", "by rate", "unknown"
"""How a need of a project is known: the table states it, real projects tell a rate, or it is not known."""

_COLUMNS: dict[Kind, str] = {
    "power_mw": "power_mw",
    "water_m3_day": "water_m3_day",
    "land_ha": "site_ha",
    "capex_oku": "capex_oku",
}
_UNITS: dict[Kind, Unit] = {"power_mw": "MW", "land_ha": "ha", "capex_oku": "oku"}


@dataclass(frozen=True)
class Needs:
    """
    Needs of n projects.

    `ranges` (n, 5, 3) are in the order of KINDS (low, middle, high), `how` (n, 5) as above, `workers` (n, 3, k) by occupation.
    """

    names: tuple[str, ...]
    ranges: FloatArray
    how: np.ndarray
    workers: FloatArray

    def total(self, kind: Kind) -> tuple[Range, int]:
        """Sum of what is known of a kind, and how many projects are unknown, so that the sum is a lower bound."""
        k = KINDS.index(kind)
        unknown = int((self.how[:, k] == UNKNOWN).sum())
        if unknown == len(self.names):
            return (float("nan"),) * 3, unknown
        return three(np.nansum(self.ranges[:, k], axis=0)), unknown

    def occupations(self) -> pd.DataFrame:
        """Workers by occupation (low, middle, high) summed over the projects whose workers are known."""
        summed = np.nansum(self.workers, axis=0) if len(self.names) else np.full((3, len(OCCUPATIONS)), np.nan)
        return pd.DataFrame(summed.T, index=pd.Index(OCCUPATIONS, name="occupation"), columns=["low", "value", "high"])


def needs_of(projects: pd.DataFrame) -> Needs:
    """
    Needs of planned projects.

    Parameters
    ----------
    projects
        One row each: name, industry, and as far as they are known jobs, size (text with a unit), power_mw, water_m3_day, site_ha,
        capex_oku. What is not stated follows from the rate of workers per MW, ha or 億円 of real projects of the industry; water has
        no rate.
    """
    own = own_projects(projects) if {"jobs", "size"} <= set(projects) else None
    rows = [_of_one(row, own) for row in projects.to_dict("records")]
    n = len(rows)
    return Needs(
        tuple(str(name) for name in projects["name"]) if n else (),
        np.array([row[0] for row in rows]).reshape(n, len(KINDS), 3),
        np.array([row[1] for row in rows], dtype=object).reshape(n, len(KINDS)),
        np.array([row[2] for row in rows]).reshape(n, 3, len(OCCUPATIONS)),
    )


def _of_one(row: dict[object, object], own: pd.DataFrame | None) -> tuple[FloatArray, list[str], FloatArray]:
    values = np.full((len(KINDS), 3), np.nan)
    how = [UNKNOWN] * len(KINDS)
    industry = known_industry(row.get("industry"))
    size = size_in(row.get("size"))
    stated = {kind: _number(row.get(column)) for kind, column in _COLUMNS.items()} | {"jobs": _number(row.get("jobs"))}
    if size is not None:
        of_size = {unit: kind for kind, unit in (*_UNITS.items(), ("jobs", "jobs"))}.get(size[1])
        if of_size is not None and np.isnan(stated[of_size]):
            stated[of_size] = size[0]
    for k, kind in enumerate(KINDS):
        if not np.isnan(stated[kind]):
            values[k], how[k] = stated[kind], STATED
    workers = np.full((3, len(OCCUPATIONS)), np.nan)
    if industry is None:
        return values, how, workers
    work = _work(industry, stated, size, own)
    if work is None:
        return values, how, workers
    need = need_of(work, own)
    workers = need.by_occupation
    jobs = KINDS.index("jobs")
    if how[jobs] == UNKNOWN:
        values[jobs], how[jobs] = need.jobs, BY_RATE
    for kind, unit in _UNITS.items():
        rate = coefficient(industries()[industry], unit, assumptions(), own)
        k = KINDS.index(kind)
        if how[k] == UNKNOWN and rate is not None:
            low, middle, high = rate.values
            values[k], how[k] = (values[jobs][0] / high, values[jobs][1] / middle, values[jobs][2] / low), BY_RATE
    return values, how, workers


def _work(
    industry: str, stated: dict[Kind, float], size: tuple[float, Unit] | None, own: pd.DataFrame | None
) -> Work | None:
    """The investment by its workers, else by the first of its sizes that a rate is known for."""
    sizes: list[tuple[float, Unit]] = [] if np.isnan(stated["jobs"]) else [(stated["jobs"], "jobs")]
    sizes += [] if size is None else [size]
    sizes += [(stated[kind], unit) for kind, unit in _UNITS.items() if not np.isnan(stated[kind])]
    for amount, unit in sizes:
        if amount > 0 and coefficient(industries()[industry], unit, assumptions(), own) is not None:
            return Work(industry=industry, size=amount, unit=unit)
    return None


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return float("nan")
