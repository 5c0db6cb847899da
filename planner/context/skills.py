"""What an investment would ask of people at one place, in one answer: need, supply, gap, schools, moves, later years, instruments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geodata import Layer, Layers
from geodata.base import FloatArray, Strict, Text
from geodata.passport import LayerLock

from ..errors import PlannerError
from ..measure.candidates import CandidateChoice, load_candidates
from ..measure.ground import ground_of
from ..measure.run import measure
from ..measure.verbs.people import MINUTES, OCCUPATIONS, PROJECTION, PROJECTS, SCHOOLS, SEATS, SERIES
from ..model.assumptions import Range, three
from ..model.sources import Statement
from ..scenario.criteria import criteria
from ..skills.gap import Gap, gap_of, scarcest_of
from ..skills.industries import TECHNICAL, known_industry, own_projects, size_in
from ..skills.moves import Moves, Table, moves_to, routes, table
from ..skills.reach import Reach, Sites, Triple, schools_inside
from ..skills.supply import SkillLayers, Supply, later, sites_of, supply_of
from ..skills.work import Need, Work, by_year, need_of
from . import region
from .place import Place, place_at
from .stanzas import read_stanzas

SQUARES = "workforce_squares"
USED = (
    SQUARES,
    SERIES,
    MINUTES,
    PROJECTION,
    SCHOOLS,
    SEATS,
    OCCUPATIONS,
    PROJECTS,
    "employment_mismatch_2040",
    "block_mismatch_2040",
)
FIRST_YEAR = 2030
"""First year of operation where none is asked for: an assumption."""

LATER = (2030, 2040, 2050)
"""Later years that are told."""

_HALF = 0.5
_LONG_YEARS, _FEW, _PRESSING_PCT, _MANY_MORE = 5.0, 5.0, 2.0, 3.0


@dataclass(frozen=True)
class Spot:
    """One place, or the best cells of a municipality with their weight."""

    place: Place
    sites: Sites
    weight: FloatArray

    def gathered(self, parts: Triple) -> Triple:
        """(n, …) at the cells as one value: mean by weight over the known, between the least and the most; unknown below half."""
        low, value, high = parts
        return _least(low), np.asarray(self._mean(value)), _most(high)

    def _mean(self, value: FloatArray) -> FloatArray:
        weight = self.weight.reshape(-1, *([1] * (value.ndim - 1)))
        known = ~np.isnan(value)
        held = (weight * known).sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(known, weight * np.nan_to_num(value, posinf=np.inf), 0.0).sum(axis=0) / held
        return np.where(held >= _HALF * weight.sum(), mean, np.nan)


def _least(part: FloatArray) -> FloatArray:
    return np.asarray(np.fmin.reduce(part, axis=0))


def _most(part: FloatArray) -> FloatArray:
    return np.asarray(np.fmax.reduce(part, axis=0))


def spot_of(place: Place) -> Spot:
    """A place in degrees."""
    sites = Sites(np.array([place.lon]), np.array([place.lat]), np.array([place.off_m]))
    return Spot(place, sites, np.ones(1))


def town_of(layers: Layers, named: str) -> Spot:
    """A municipality by its code or name, over its best cells as in a ranking; PlannerError when there is none, or several."""
    choice = load_candidates(CandidateChoice(kind="municipalities"), layers)
    table = choice.table
    found = table.index[(table.index == named) | table["name"].eq(named)]
    if len(found) != 1:
        raise PlannerError(
            "--site {site!r}: expected LAT,LON, the id of a listed site, or a municipality by code or name, found {n} of that name ({known}). Use the code of five digits.",
            site=named,
            n=len(found),
            known=", ".join(found) or "–",
        )
    position = int(np.flatnonzero(table.index == found[0])[0])
    row = table.iloc[position]
    place = Place(float(row["lon"]), float(row["lat"]), 0.0, str(row["name"]), str(found[0]), str(row["pref_code"]))
    ground = ground_of(choice.take(np.array([position])), layers)
    if ground is None:
        return spot_of(place)
    cells = ground.cells.table
    sites = Sites(cells["lon"].to_numpy(float), cells["lat"].to_numpy(float), np.zeros(len(cells)))
    return Spot(place, sites, ground.weight)


def town_gaps(layers: Layers, pref_code: str, work: Work) -> pd.DataFrame:
    """
    Fill of the scarcest occupation for every municipality of a prefecture, as the criterion fill_ratio has it.

    Returns
    -------
    pandas.DataFrame
        By muni_code: name, lon, lat, value with low and high (people per job, NaN = unknown).
    """
    choice = CandidateChoice(kind="municipalities", prefectures=(pref_code,))
    candidates = load_candidates(choice, layers)
    criterion = criteria()["fill_ratio"].model_copy(update={"work": work})
    found = measure(candidates, [criterion], layers)
    value, low, high = (getattr(found, name)["fill_ratio"] for name in ("values", "low", "high"))
    return candidates.table[["name", "lon", "lat"]].assign(value=value, low=low, high=high)


class Instrument(Strict):
    """A scheme for people: what it answers, who acts, its status and when that was read."""

    title: Text
    text: Statement
    answers: tuple[str, ...]
    who: Text
    status: str
    as_of: str


def instruments() -> dict[str, Instrument]:
    """Every instrument by its id."""
    return read_stanzas("instruments.toml", Instrument)


@dataclass(frozen=True)
class SkillsAnswer:
    """Everything about the people of one investment at one place; of supply and gap only where the layers are there."""

    spot: Spot
    work: Work
    need: Need
    supply: Supply | None
    gap: Gap | None
    by_year: pd.DataFrame
    schools: pd.DataFrame
    moves: tuple[Moves, ...]
    routes: pd.DataFrame
    later: Mapping[int, Range]
    openings: float
    occupations: Table
    answers: tuple[str, ...]
    planned: pd.DataFrame
    national: pd.DataFrame
    block: pd.DataFrame
    locks: tuple[LayerLock, ...]


def skills_answer(layers: Layers, spot: Spot, work: Work, occupations: Table | None = None) -> SkillsAnswer:
    """
    Answer what an investment would ask of people at a place.

    Parameters
    ----------
    layers
        Where layers are opened; without the squares of people, supply and gap stay unknown.
    spot
        The place, or the best cells of a municipality.
    work
        The investment, and what is done about its people.
    occupations
        A table of the user's own in place of ours.

    Returns
    -------
    answer
        Every figure with its bounds, and the locks of the layers behind them.
    """
    held = {id_: layers.layer(id_) for id_ in USED if layers.has(id_)}
    own = own_projects(held[PROJECTS].frame) if PROJECTS in held else None
    need, known = need_of(work, own), occupations or table()
    supply = gap = None
    if SQUARES in held and SERIES in held:
        kinds = (held.get(id_) for id_ in (MINUTES, PROJECTION, SCHOOLS, SEATS, OCCUPATIONS))
        supply = supply_of(spot.sites, SkillLayers(held[SQUARES], held[SERIES], *kinds), work)
        gap = gap_of(supply, need, work)
    nobody: Triple = (np.zeros(0), np.zeros(0), np.zeros(0))
    employed = spot.gathered(supply.employed) if supply is not None else nobody
    found = [moves_to(one, known, employed, work.assumed) for one in _targets(work, known)] if len(employed[1]) else []
    gathered = None if gap is None else _gathered(spot, gap)
    national, block = (
        region.mismatch(layers, region.block_of(spot.place.pref_code))
        if spot.place.pref_code
        else (pd.DataFrame(), pd.DataFrame())
    )
    return SkillsAnswer(
        spot=spot,
        work=work,
        need=need,
        supply=None if supply is None else _supply_gathered(spot, supply),
        gap=gathered,
        by_year=by_year(need, work.assumed, max(work.year, FIRST_YEAR)),
        schools=_schools(supply, held),
        moves=tuple(found),
        routes=routes(_targets(work, known), known, employed, work.assumed) if len(employed[1]) else pd.DataFrame(),
        later={} if supply is None else _later(spot, supply.reach, held),
        openings=_openings(held.get(SERIES), spot.place.pref_code),
        occupations=known,
        answers=_answers(gathered, need),
        planned=_planned(layers, held.get(PROJECTS), spot.place.pref_code),
        national=national,
        block=block,
        locks=tuple(held[id_].lock() for id_ in USED if id_ in held),
    )


def _targets(work: Work, held: Table) -> list[str]:
    """Occupations that the work turns on, as far as the table has them."""
    known = set(held.rows["occupation"])
    return [one for one in work.kind.targets if one in known]


def _gathered(spot: Spot, gap: Gap) -> Gap:
    """The gap as one value for the place, (1, …) each."""
    parts = {name: _one(spot, getattr(gap, name)) for name in ("fill", "pressure", "won", "years", "years_all")}
    return Gap(**parts, scarcest=scarcest_of(parts["fill"][1]))


def _supply_gathered(spot: Spot, supply: Supply) -> Supply:
    return Supply(
        counts={name: _one(spot, part) for name, part in supply.counts.items()},
        **{
            name: _one(spot, getattr(supply, name))
            for name in ("employed", "available", "leavers", "graduates", "index")
        },
        reach=supply.reach,
    )


def _one(spot: Spot, parts: Triple) -> Triple:
    low, value, high = (part[None, ...] for part in spot.gathered(parts))
    return low, value, high


def _later(spot: Spot, reach: Reach, held: Mapping[str, Layer]) -> dict[int, Range]:
    """Persons aged 15-64 within reach in later years, % of 2020."""
    layers = SkillLayers(held[SQUARES], held[SERIES], projection=held.get(PROJECTION))
    parts = {year: spot.gathered(later(reach, layers, year)) for year in LATER}
    return {year: three(100 * float(part) for part in found) for year, found in parts.items()}


def _openings(layer: Layer | None, pref_code: str) -> float:
    """Openings per seeker of the prefecture; NaN where it is not known."""
    if layer is None:
        return np.nan
    found = layer.frame.loc[layer.frame["pref_code"].eq(pref_code), "openings_per_seeker"]
    return float(found.iloc[0]) if len(found) else np.nan


def _schools(supply: Supply | None, held: Mapping[str, Layer]) -> pd.DataFrame:
    """Schools within reach surely, at the position given, or possibly, with graduates a year; the surest and largest first."""
    columns = ["name", "level", "graduates_low", "graduates", "graduates_high", "within"]
    rows = [held[id_].frame for id_ in (SEATS, SCHOOLS) if id_ in held]
    if supply is None or not rows:
        return pd.DataFrame(columns=columns)
    found = []
    taken: set[str] = set()
    for frame in rows:
        some = frame[~frame["level"].isin(taken)]
        taken |= set(frame["level"])
        if not len(some):
            continue
        near = [part[np.unique(supply.reach.own)] for part in schools_inside(supply.reach, sites_of(some))]
        surely, given, possibly = near[0].all(axis=0), near[1].any(axis=0), near[2].any(axis=0)
        told = some.assign(within=np.select([surely, given], ["surely", "given"], "possibly"))
        found.append(pd.DataFrame(told[possibly]))
    together = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    return (
        pd.DataFrame(together[columns])
        .sort_values(["within", "graduates", "name"], key=_order, ascending=[True, False, True])
        .reset_index(drop=True)
    )


def _order(column: pd.Series) -> pd.Series:
    return column.map({"surely": 0, "given": 1, "possibly": 2}) if column.name == "within" else column


def _answers(gap: Gap | None, need: Need) -> tuple[str, ...]:
    """What is short, by the rules of this product: thresholds are assumptions."""
    if gap is None:
        return ("school", "high_school") if need.by_education[1].any() else ()
    years, fill = gap.years[1][0], gap.least_fill[1][0]
    found = {
        "school": not (years[1:] <= _LONG_YEARS).all(),
        "high_school": not years[TECHNICAL.index("hs_industrial")] <= _LONG_YEARS,
        "experienced": not fill >= _FEW,
        "reskill": gap.fill[1][0][2] > _MANY_MORE * fill,
        "pressure": not gap.most_pressure[1][0] <= _PRESSING_PCT,
    }
    found["money"] = found["school"] or found["high_school"]
    return tuple(name for name, answer in found.items() if answer)


def _planned(layers: Layers, layer: Layer | None, pref_code: str) -> pd.DataFrame:
    """Projects of the user's own in the prefecture: workers low to high, NaN where neither workers nor a size that is known tell them."""
    columns = ["name", "industry", "start_year", "jobs_low", "jobs", "jobs_high"]
    if layer is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for row in layer.frame.to_dict("records"):
        if place_at(layers, row["geometry"].x, row["geometry"].y).pref_code == pref_code:
            year = str(row.get("start_year") or "")[:4]
            rows.append([row["name"], row["industry"], int(year) if year.isdigit() else None, *_workers(row)])
    return pd.DataFrame(rows, columns=columns)


def _workers(row: Mapping[Any, Any]) -> Range:
    """Workers as stated, else by the rate of the size; NaN where the industry, the size or a rate is not known."""
    jobs, size, kind = row.get("jobs"), size_in(row.get("size")), known_industry(row["industry"])
    if isinstance(jobs, float) and jobs > 0:
        return jobs, jobs, jobs
    if size is None or kind is None:
        return np.nan, np.nan, np.nan
    try:
        return need_of(Work(industry=kind, size=size[0], unit=size[1])).jobs
    except ValueError:  # no project of the industry tells workers per this unit
        return np.nan, np.nan, np.nan
