"""Industries, who works in them, and the workers per size that real projects tell."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import numpy as np
import pandas as pd
from pydantic import Field

from geodata.base import Strict, Text

from ..errors import PlannerError
from ..model.assumptions import Assumptions, Range, three
from ..model.sourced import Sourced

Occupation = Literal["management", "professional", "clerical", "production", "transport", "construction", "service"]
Education = Literal["hs_general", "hs_industrial", "kosen", "univ_science", "univ_humanities"]
Unit = Literal["jobs", "MW", "GWh", "wafers", "m2", "ha", "oku"]

OCCUPATIONS: tuple[Occupation, ...] = get_args(Occupation)
EDUCATIONS: tuple[Education, ...] = get_args(Education)
UNITS: tuple[Unit, ...] = get_args(Unit)

OCCUPATION_NAMES: dict[Occupation, Text] = {
    "management": Text(ja="管理", en="Management"),
    "professional": Text(ja="専門・技術", en="Professional and technical"),
    "clerical": Text(ja="事務", en="Clerical"),
    "production": Text(ja="生産工程", en="Production"),
    "transport": Text(ja="輸送・機械運転・運搬", en="Transport and handling"),
    "construction": Text(ja="建設・採掘", en="Construction"),
    "service": Text(ja="保安・サービス", en="Security and service"),
}
EDUCATION_NAMES: dict[Education, Text] = {
    "hs_general": Text(ja="高卒（普通科など）", en="High school (general)"),
    "hs_industrial": Text(ja="高卒（工業科）", en="High school (industrial)"),
    "kosen": Text(ja="高専卒", en="Kosen"),
    "univ_science": Text(ja="大卒・院卒 理系", en="University (science and engineering)"),
    "univ_humanities": Text(ja="大卒・院卒 文系", en="University (humanities)"),
}
TECHNICAL: tuple[Education, ...] = ("hs_industrial", "kosen", "univ_science")
"""Levels that schools within reach are counted for."""

UNIT_NAMES: dict[Unit, Text] = {
    "jobs": Text(ja="人", en="workers"),
    "MW": Text(ja="MW", en="MW"),
    "GWh": Text(ja="GWh/年", en="GWh/yr"),
    "wafers": Text(ja="枚/月", en="wafers/month"),
    "m2": Text(ja="m²（床）", en="m² of floor"),
    "ha": Text(ja="ha（敷地）", en="ha of site"),
    "oku": Text(ja="億円", en="100m yen"),
}
SIZE_COLUMNS: dict[Unit, str] = {
    "MW": "mw",
    "GWh": "gwh",
    "wafers": "wafers_month",
    "m2": "floor_m2",
    "ha": "site_ha",
    "oku": "capex_oku",
}
_SPELT: dict[str, Unit] = {
    **{unit.lower(): unit for unit in UNITS},
    "workers": "jobs",
    "persons": "jobs",
    "人": "jobs",
    "名": "jobs",
    "億円": "oku",
    "gw": "MW",
    "ヘクタール": "ha",
    "gwh/yr": "GWh",
    "gwh/年": "GWh",
    "wafers/month": "wafers",
    "枚/月": "wafers",
}
_TIMES = {"gw": 1000.0}
_ENOUGH = 3


class Mix(Sourced):
    """Shares of the workers of an industry; each kind of share adds up to 1."""

    occupation: dict[Occupation, float]
    education: dict[Education, float]


class Rate(Sourced):
    """Workers per unit of size, as a text states them."""

    unit: Unit
    values: Range
    n: int = Field(description="Texts or projects that tell it")


class Size(Strict):
    """How large an investment is."""

    size: float = Field(gt=0, le=1e9)
    unit: Unit


class Building(Sourced):
    """Workers at the peak of building per worker of operation; `n` projects tell it."""

    values: Range
    n: int = 0


class Industry(Strict):
    """One industry."""

    id: str
    title: Text
    profiles: tuple[str, ...] = ()
    mix: str
    sector: str
    targets: tuple[str, ...] = Field(description="Occupations of planner/skills/occupations.csv that the work turns on")
    building: Building | None = Field(None, description="Absent: the common one")
    rates: tuple[Rate, ...] = ()
    default: Size

    def names(self) -> set[str]:
        """What it is called by a user: id, profiles with and without `field-`, names with and without what stands in brackets."""
        titles = [unicodedata.normalize("NFKC", title).lower() for title in (self.title.ja, self.title.en)]
        short = [re.split(r"[(（]", title)[0].strip() for title in titles]
        return {self.id, *self.profiles, *(id_.removeprefix("field-") for id_ in self.profiles), *titles, *short}


@dataclass(frozen=True)
class Coefficient:
    """Workers per unit of size: low, middle, high, the number of projects or texts, and where they stand."""

    values: Range
    n: int
    basis: str
    sources: tuple[str, ...]
    projects: tuple[str, ...] = ()


@cache
def _told() -> dict[str, dict[str, object]]:
    return tomllib.loads((files(__package__) / "industries.toml").read_text("utf-8"))


@cache
def industries() -> dict[str, Industry]:
    """Every industry by its id."""
    rows = [Industry.model_validate(row) for row in _told()["industry"]]
    return {row.id: row for row in rows}


@cache
def mixes() -> dict[str, Mix]:
    """Every mix by its name; that of `building` is of the site while it is built."""
    return {name: Mix.model_validate(row) for name, row in _told()["mix"].items()}


@cache
def projects() -> pd.DataFrame:
    """Real projects with their workers and sizes, one source per row; `counts` says whether a rate rests on it."""
    with (files(__package__) / "projects.csv").open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype={"year": "str", "note": "str"})


def industry_of(id_: str) -> Industry:
    """An industry by its id or name, or by the profile that stands for it, with or without `field-`; PlannerError lists them."""
    found = known_industry(id_)
    if found is None:
        raise PlannerError("industry {id!r}: expected one of {known}.", id=id_, known=", ".join(industries()))
    return industries()[found]


def known_industry(named: object) -> str | None:
    """Id of an industry by its id, its name in either language or its profile; None when it is none."""
    text = unicodedata.normalize("NFKC", str(named)).strip().lower()
    return next((one.id for one in industries().values() if text in one.names()), None)


def coefficient(
    industry: Industry, unit: Unit, assumed: Assumptions, own: pd.DataFrame | None = None
) -> Coefficient | None:
    """
    Workers of operation per unit of size.

    Parameters
    ----------
    industry
        Whose.
    unit
        Of the size; "jobs" is 1.
    assumed
        How far a rate of few projects is widened.
    own
        Projects of the user's own in the columns of `projects`, counted beside ours.

    Returns
    -------
    coefficient
        Least, median and most over the projects, a stated rule where there is one; None where neither tells it.
    """
    if unit == "jobs":
        return Coefficient((1.0, 1.0, 1.0), 1, "given", ("given",))
    for rate in industry.rates:
        if rate.unit == unit:
            return Coefficient(rate.values, rate.n, rate.basis, (str(rate.source),))
    rows = _rows(industry, unit, own)
    if not len(rows):
        return None
    each = (rows["jobs"] / rows[SIZE_COLUMNS[unit]]).to_numpy(float)
    values = three((each.min(), np.median(each), each.max()))
    if len(rows) < _ENOUGH:
        values = three(value * factor for value, factor in zip(values, assumed["unmatched_size"], strict=True))
    return Coefficient(values, len(rows), "reported", tuple(rows["source_url"].astype("str")), tuple(rows["project"]))


def _rows(industry: Industry, unit: Unit, own: pd.DataFrame | None) -> pd.DataFrame:
    held = projects()
    ours = held[held["industry"].eq(industry.id) & held["stage"].eq("operation") & held["counts"].eq("yes")]
    both = ours if own is None else pd.concat([ours, own[own["industry"].eq(industry.id)]], ignore_index=True)
    size = both[SIZE_COLUMNS[unit]]
    return both[both["jobs"].notna() & size.notna() & (size > 0)]


def units_of(industry: Industry, assumed: Assumptions, own: pd.DataFrame | None = None) -> tuple[Unit, ...]:
    """Units in which the size of an industry can be given."""
    return tuple(unit for unit in UNITS if coefficient(industry, unit, assumed, own) is not None)


def building_of(industry: Industry) -> Coefficient:
    """Workers at the peak of building per worker of operation."""
    told = industry.building or Building.model_validate(_told()["building"])
    return Coefficient(told.values, told.n, told.basis, (str(told.source),))


def own_projects(frame: pd.DataFrame) -> pd.DataFrame:
    """Planned projects of a user's table that state workers and a size, in the columns that rates rest on."""
    rows = []
    for row in frame.to_dict("records"):
        size = size_in(row.get("size"))
        if size is not None and size[1] in SIZE_COLUMNS and row.get("jobs", np.nan) > 0:
            told = {"project": row["name"], "jobs": row["jobs"], "source_url": str(row.get("source") or "")}
            rows.append({**told, "industry": known_industry(row["industry"]), SIZE_COLUMNS[size[1]]: size[0]})
    return pd.DataFrame(rows, columns=["project", "industry", "jobs", "source_url", *SIZE_COLUMNS.values()])


def size_in(text: object) -> tuple[float, Unit] | None:
    """A size with its unit, such as `300 MW`, `1,700 jobs` or `50億円`; None when it is none."""
    found = re.fullmatch(r"\s*([\d,.]+)\s*(\D.*?)\s*", unicodedata.normalize("NFKC", str(text or "")))
    spelt = found[2].lower() if found else ""
    try:
        number = float(found[1].replace(",", "")) if found else 0.0
    except ValueError:
        return None
    if spelt not in _SPELT or not number > 0:
        return None
    return number * _TIMES.get(spelt, 1.0), _SPELT[spelt]
