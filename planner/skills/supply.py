"""People within reach of sites: by age, labour force and occupation, those on the labour market in a year, and who leaves school."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata import Layer
from geodata.base import FloatArray, IntArray
from geodata.sources.commuting import AGES

from ..model.assumptions import Assumptions, Range
from .industries import OCCUPATIONS, TECHNICAL, Occupation
from .reach import Reach, Sites, Triple, reach_of, schools_within
from .work import Work

SHARES: dict[Occupation, tuple[str, ...]] = {
    "management": ("share_management_pct",),
    "professional": ("share_professional_pct",),
    "clerical": ("share_clerical_pct",),
    "production": ("share_production_pct",),
    "transport": ("share_transport_pct", "share_handling_pct"),
    "construction": ("share_construction_pct",),
    "service": ("share_service_pct", "share_security_pct"),
}
"""Shares of the employed by occupation, as fields of `prefecture_series`; those of one occupation add up."""

_LEVELS = {"kosen": "kosen", "university": "univ_science", "technical_high": "hs_industrial"}
_PLAIN = (
    *(
        "persons_15_64",
        "employed",
        "unemployed",
        "unemployed_women",
        "outside_labour_force",
        "outside_labour_force_women",
    ),
    "employees_manufacturing",
    "employees_construction",
    "employees_ict",
    "employees_research",
    "employees_transport",
)
_SCHOOL_YEARS = 3.0
_ENOUGH = 0.9
_FIRST = 2020


@dataclass(frozen=True)
class SkillLayers:
    """Layers that people are read from; all but the first two may be absent."""

    squares: Layer
    series: Layer
    minutes: Layer | None = None
    projection: Layer | None = None
    schools: Layer | None = None
    seats: Layer | None = None
    occupations: Layer | None = None


@dataclass(frozen=True)
class Supply:
    """
    What lies within reach of n sites: low, middle and high.

    `counts` by name are (n) each: plain counts of the squares. `employed` and `available` (n, k) are by occupation: at work, and on
    the labour market in a year (changing employer or out of work). `leavers` (n) are school leavers who take a job and stay in
    their prefecture, `graduates` (n, 3) by TECHNICAL level who work and stay, a year. `index` (n) is the number of persons aged
    15-64 in the year asked against 2020, and scales all of the people.
    """

    counts: Mapping[str, Triple]
    employed: Triple
    available: Triple
    leavers: Triple
    graduates: Triple
    index: Triple
    reach: Reach


def supply_of(sites: Sites, layers: SkillLayers, work: Work) -> Supply:
    """People and schools within the way to work of n sites, in the year of the work."""
    assumed, rows = work.assumed, layers.squares.frame
    homes, place = _homes(rows)
    reach = reach_of(sites, homes, layers.minutes, work.minutes, assumed)
    pref = rows["muni_code"].str[:2]
    series = layers.series.frame.set_index("pref_code")
    employed, unemployed = rows["employed"].to_numpy(float), rows["unemployed"].to_numpy(float)
    movers = pref.map(series["movers_pct"]).to_numpy(float) / 100
    shares = _shares(rows["muni_code"], series, layers.occupations, assumed["occupation_factor"])
    index = _index(reach, place, rows, layers.projection, work.year)
    leaving = (
        rows["high_school_students"]
        / _SCHOOL_YEARS
        * pref.map(series["school_leavers_to_work_pct"] * series["school_leavers_stay_pct"] / 1e4)
    ).to_numpy(float)
    leavers = _summed(reach, place, [leaving[:, None]] * 3)
    return Supply(
        counts={
            name: _scaled(_one(reach, place, column), index)
            for name, column in _counted(rows, layers.projection).items()
        },
        employed=_scaled(_summed(reach, place, [employed[:, None] * share for share in shares]), index),
        available=_scaled(
            _summed(reach, place, [(employed * movers + unemployed)[:, None] * share for share in shares]), index
        ),
        leavers=_scaled(_flat(leavers), index),
        graduates=_scaled(_graduates(reach, layers, leavers, assumed), index),
        index=index,
        reach=reach,
    )


def later(reach: Reach, layers: SkillLayers, year: int) -> Triple:
    """Persons aged 15-64 of a year within reach against 2020, (n)."""
    rows = layers.squares.frame
    return _index(reach, _homes(rows)[1], rows, layers.projection, year)


def sites_of(rows: pd.DataFrame) -> Sites:
    """Rows of a layer of points as places."""
    points = rows["geometry"]
    lon, lat = (points.map(of).to_numpy(float) for of in (lambda p: p.x, lambda p: p.y))
    return Sites(lon, lat, rows["accuracy_m"].fillna(0.0).to_numpy(float))


def _counted(rows: pd.DataFrame, projection: Layer | None) -> dict[str, FloatArray]:
    """Plain counts of each row, and its persons aged 15-64 by band of age where the projection has them."""
    found = {name: rows[name].to_numpy(float) for name in _PLAIN}
    if projection is None:
        return found
    towns = projection.frame.set_index("muni_code")
    persons = rows["persons_15_64"].to_numpy(float)
    shares = {name.removesuffix("_pct"): rows["muni_code"].map(towns[name]) for name in AGES if name in towns}
    return found | {name: persons * share.to_numpy(float) / 100 for name, share in shares.items()}


def _homes(rows: pd.DataFrame) -> tuple[pd.DataFrame, IntArray]:
    """Squares with people, one row each, and the place of each row of the layer among them."""
    lon, lat = (rows["geometry"].map(of) for of in (lambda p: p.x, lambda p: p.y))
    weight = rows["persons_15_64"].fillna(0.0) + 1e-6
    table = pd.DataFrame({"square": rows["square"], "w": weight, "lon": lon * weight, "lat": lat * weight})
    sums = table.groupby("square", as_index=False).sum()
    homes = sums.assign(lon=sums["lon"] / sums["w"], lat=sums["lat"] / sums["w"])
    return homes, np.searchsorted(homes["square"].to_numpy(), rows["square"].to_numpy())


def _summed(reach: Reach, place: IntArray, amounts: list[FloatArray]) -> Triple:
    """Sums within reach of (rows, k) amounts; a row without a number adds nothing, and leaves the most open."""
    homes = len(reach.homes)
    known = [_gathered(np.nan_to_num(part), place, homes) for part in amounts]
    low, value, high = reach.sums((known[0], known[1], known[2]))
    missing = np.isnan(amounts[2])
    if missing.any():
        open_ = _gathered(missing.astype(float), place, homes)
        high = np.where(reach.sums((open_, open_, open_))[2] > 0, np.inf, high)
    return low, value, high


def _gathered(part: FloatArray, at: IntArray, homes: int) -> FloatArray:
    return np.column_stack([np.bincount(at, column, homes) for column in part.T])


def _flat(columns: Triple) -> Triple:
    low, value, high = (part[:, 0] for part in columns)
    return low, value, high


def _one(reach: Reach, place: IntArray, amounts: FloatArray) -> Triple:
    return _flat(_summed(reach, place, [amounts[:, None]] * 3))


def _scaled(amounts: Triple, index: Triple) -> Triple:
    """People of the year asked: low by low, high by high; nobody stays nobody, whatever the year."""
    low, value, high = (
        np.multiply(part, by if part.ndim == 1 else by[:, None], out=np.zeros_like(part), where=part != 0)
        for part, by in zip(amounts, index, strict=True)
    )
    return low, value, high


def _shares(codes: pd.Series, series: pd.DataFrame, own: Layer | None, factors: Range) -> list[FloatArray]:
    """Share of each occupation among the employed of each row: its prefecture's, or that of the user's table where it has one."""
    pref = codes.str[:2]
    middle = np.column_stack(
        [pref.map(series[list(names)].sum(axis=1, min_count=1)).to_numpy(float) / 100 for names in SHARES.values()]
    )
    table = own.frame.set_index("muni_code").reindex(codes) if own is not None else None
    counted = np.full_like(middle, np.nan)
    if table is not None:
        total = table["employed"].to_numpy(float)
        counted = table[list(OCCUPATIONS)].to_numpy(float) / np.where(total > 0, total, np.nan)[:, None]
    told = ~np.isnan(counted)
    return [np.where(told, counted, np.minimum(middle * factor, 1.0)) for factor in factors]


def _index(reach: Reach, place: IntArray, rows: pd.DataFrame, projection: Layer | None, year: int) -> Triple:
    """Persons aged 15-64 of the year within reach against 2020; unknown where the projection misses more than a tenth of them."""
    n = len(reach.own)
    if year <= _FIRST:
        return np.ones(n), np.ones(n), np.ones(n)
    if projection is None:
        nothing = np.full(n, np.nan)
        return np.zeros(n), nothing, np.full(n, np.inf)
    towns = _of_year(projection.frame.set_index("muni_code"), year) / 100
    each = rows["muni_code"].map(towns).to_numpy(float)
    persons = rows["persons_15_64"].to_numpy(float)
    least, most = np.nan_to_num(each, nan=towns.min()), np.nan_to_num(each, nan=towns.max())
    held = np.where(np.isnan(each), 0.0, persons)
    columns = np.column_stack([persons, held, held * np.nan_to_num(each), persons * least, persons * most])
    gathered = _gathered(np.nan_to_num(columns), place, len(reach.homes))
    parts = [matrix @ gathered for matrix in reach.within]
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = [part[:, 3] / part[:, 0] for part in parts], [part[:, 4] / part[:, 0] for part in parts]
        value = np.where(parts[1][:, 1] >= _ENOUGH * parts[1][:, 0], parts[1][:, 2] / parts[1][:, 1], np.nan)
    low, high = np.fmin.reduce([*whole[0], value]), np.fmax.reduce([*whole[1], value])
    low, value, high = reach.at_sites([column[:, None] for column in (low, value, high)])
    return low[:, 0], value[:, 0], high[:, 0]


def _of_year(towns: pd.DataFrame, year: int) -> pd.Series:
    """Index of a year by municipality, between the years that the projection gives."""
    told = [name for name in towns.columns if name.startswith("index_")]
    years = [_FIRST, *(int(name.removeprefix("index_")) for name in told)]
    table = np.column_stack([np.full(len(towns), 100.0), towns[told].to_numpy(float)])
    return pd.Series([float(np.interp(year, years, row)) for row in table], index=towns.index)


def _graduates(reach: Reach, layers: SkillLayers, leavers: Triple, assumed: Assumptions) -> Triple:
    """Who finishes a technical level within reach, works and stays, (n, 3) a year: a user's table of seats for the levels in it."""
    own = set() if layers.seats is None else {_LEVELS[level] for level in layers.seats.frame["level"].unique()}
    columns: list[Triple] = []
    for level in TECHNICAL:
        if level == "hs_industrial" and level not in own:
            shares = assumed["industrial_leavers"]
            low, value, high = (part[:, 0] * share for part, share in zip(leavers, shares, strict=True))
            columns.append((low, value, high))
            continue
        columns.append(
            _finishing(reach, layers.seats if level in own else layers.schools, level, _staying(level, assumed))
        )
    low, value, high = (np.column_stack([column[k] for column in columns]) for k in range(3))
    return low, value, high


def _staying(level: str, assumed: Assumptions) -> list[float]:
    """Part of those who finish a level that takes a job and stays."""
    if level == "hs_industrial":
        return list(assumed["technical_high_to_work"])
    to_work = assumed["kosen_to_work"] if level == "kosen" else (1.0, 1.0, 1.0)
    return [a * b for a, b in zip(to_work, assumed["stay"], strict=True)]


def _finishing(reach: Reach, schools: Layer | None, level: str, part: list[float]) -> Triple:
    """Graduates of one level, times a part of them; nothing known without a layer, open where a school has no number."""
    n = len(reach.own)
    if schools is None:
        return np.zeros(n), np.full(n, np.nan), np.full(n, np.inf)
    rows = schools.frame[schools.frame["level"].map(_LEVELS).eq(level)]
    sites = sites_of(rows)
    numbers = [rows[name].to_numpy(float) for name in ("graduates_low", "graduates", "graduates_high")]
    amounts = [
        np.column_stack([np.nan_to_num(each * by), np.isnan(each)]) for each, by in zip(numbers, part, strict=True)
    ]
    low, value, high = schools_within(reach, sites, (amounts[0], amounts[1], amounts[2]))
    return low[:, 0], value[:, 0], np.where(high[:, 1] > 0, np.inf, high[:, 0])
