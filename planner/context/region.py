"""A prefecture or labour block as three stocks: investment land, infrastructure, people. Context, never a score."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from geodata import LayerLock, Layers
from geodata.country.codes import GRID_AREAS, grid_area_of, prefectures

from ..explain.dates import dated
from ..i18n import Language, translator
from ..measure import shipped
from ..model.digits import at_digits, proven

AT_LEAST = "at least"
_KV = (154.0, 275.0, 500.0)


@dataclass(frozen=True)
class Stock:
    """One line of a region's sheet. `value` NaN = unknown; `bound` is "" or AT_LEAST."""

    group: str
    title: str
    value: float
    unit: str
    bound: str
    date: str
    status: str
    source: str
    licence: str
    layer: str


@dataclass(frozen=True)
class Figure:
    """
    One number of a region, taken from the rows of one layer inside it.

    `summed` numbers are a lower bound where the layer is partial; a `mean` is one of prefectures.
    """

    key: str
    group: str
    title: str
    layer: str
    unit: str
    of: Callable[[pd.DataFrame], float]
    summed: bool = True
    mean: bool = False


def _sum(column: str, rows: pd.DataFrame) -> float:
    return float(rows[column].sum())


def _mean(column: str, rows: pd.DataFrame) -> float:
    return float(rows[column].mean())


def _unknown(column: str, rows: pd.DataFrame) -> float:
    return float(rows[column].isna().sum())


def _at_least_kv(kv: float, rows: pd.DataFrame) -> float:
    return float((rows["voltage_kv"] >= kv).sum())


def _decarbonised_mw(rows: pd.DataFrame, *, solar: bool) -> float:
    counted = rows["decarbonised"].fillna(value=False).astype(bool)
    if not solar:
        counted &= rows["technology"].ne("solar")
    return float(rows.loc[counted, "capacity_mw"].sum())


_SITES, _SERIES, _TOWNS = "candidate_sites", "prefecture_series", "municipal_statistics"
_IN, _AT, _WHO = "Investment land", "Infrastructure", "People"
_LAND = (
    Figure("sites", _IN, "Candidate sites listed", _SITES, "sites", len),
    Figure(
        "available_now_ha",
        _IN,
        "Land that can be had now, as published",
        _SITES,
        "ha",
        partial(_sum, "available_now_ha"),
    ),
    Figure(
        "planned_ha", _IN, "Land planned or being laid out, as published", _SITES, "ha", partial(_sum, "planned_ha")
    ),
    Figure(
        "unpublished",
        _IN,
        "Sites whose available land is not published",
        _SITES,
        "sites",
        partial(_unknown, "available_ha"),
        summed=False,
    ),
    Figure("gross_ha", _IN, "Gross area of listed sites", _SITES, "ha", partial(_sum, "total_ha")),
)
_STATIONS = tuple(
    Figure(
        f"substations_{kv:g}kv",
        _AT,
        f"Substations of {kv:g} kV and over",
        "substations",
        "places",
        partial(_at_least_kv, kv),
    )
    for kv in _KV
)
_ALL_PLANTS = Figure(
    "plants_mw", _AT, "Decarbonised plants, known capacity", "power_plants", "MW", partial(_decarbonised_mw, solar=True)
)
_PLANTS = Figure(
    "plants_but_solar_mw",
    _AT,
    "Decarbonised plants but solar, known capacity",
    "power_plants",
    "MW",
    partial(_decarbonised_mw, solar=False),
)
_SOLAR = Figure(
    "solar_mw", _AT, "Solar in operation, by municipality", "solar_municipal", "MW", partial(_sum, "solar_mw")
)
_ASSETS = (
    Figure(
        "demand_gwh",
        _AT,
        "Electricity demand of a year",
        "electricity_demand",
        "GWh",
        partial(_sum, "total_gwh"),
        summed=False,
    ),
    Figure("ports", _AT, "Ports", "ports", "places", len),
    Figure("joints", _AT, "Expressway interchanges and junctions", "expressway_joints", "places", len),
    Figure("stations", _AT, "Stations", "stations", "places", len),
    Figure("airports", _AT, "Airports", "airports", "places", len),
    Figure("landings", _AT, "Cable landing stations", "cable_landing_stations", "places", len),
)
_PEOPLE = (
    Figure("persons_15_64", _WHO, "Persons aged 15-64", _TOWNS, "persons", partial(_sum, "persons_15_64")),
    Figure("employed", _WHO, "Employed persons (by residence)", _TOWNS, "persons", partial(_sum, "employed")),
    Figure("unemployed", _WHO, "Unemployed persons", _TOWNS, "persons", partial(_sum, "unemployed")),
    Figure(
        "outside_labour_force",
        _WHO,
        "Persons outside the labour force",
        _TOWNS,
        "persons",
        partial(_sum, "outside_labour_force"),
    ),
    Figure(
        "high_school_students", _WHO, "High-school students", _TOWNS, "persons", partial(_sum, "high_school_students")
    ),
    Figure(
        "employees_manufacturing",
        _WHO,
        "Manufacturing employees",
        _TOWNS,
        "persons",
        partial(_sum, "employees_manufacturing"),
    ),
    Figure("employees_ict", _WHO, "ICT employees", _TOWNS, "persons", partial(_sum, "employees_ict")),
    Figure(
        "openings",
        _WHO,
        "Openings per seeker, mean of the prefectures",
        _SERIES,
        "openings per seeker",
        partial(_mean, "openings_per_seeker"),
        summed=False,
        mean=True,
    ),
    Figure(
        "population_2040",
        _WHO,
        "Population of 2040 against now, mean of the prefectures",
        _SERIES,
        "%",
        partial(_mean, "population_2040_index"),
        summed=False,
        mean=True,
    ),
    Figure(
        "school_leavers",
        _WHO,
        "High-school graduates who take a job",
        _SERIES,
        "persons",
        partial(_sum, "high_school_graduates_employed"),
    ),
    Figure("students", _WHO, "University students", _SERIES, "persons", partial(_sum, "university_students")),
    Figure("kosen", _WHO, "Colleges of technology", "kosen", "places", len),
    Figure("universities", _WHO, "Universities with engineering or informatics", "universities", "places", len),
)
FIGURES = (*_LAND, *_STATIONS, _ALL_PLANTS, _PLANTS, _SOLAR, *_ASSETS, *_PEOPLE)
"""Every number of a region that comes from one layer."""

_TECHNOLOGY = {"mw": "technology_mw", "plants": "technology_plants"}
"""Keys of the shipped numbers by technology."""


def stocks(store: Layers, pref_codes: list[str], language: Language) -> pd.DataFrame:
    """Lines of the three stocks of the region made of these prefectures, with date, status, source and licence each."""
    region = _Region(store, pref_codes, language)
    lines = [
        *map(region.line, _LAND),
        *map(region.line, _STATIONS),
        *_decarbonised(region),
        *map(region.line, _ASSETS),
        *_balances(region),
        *map(region.line, _PEOPLE),
    ]
    return pd.DataFrame([line.__dict__ for line in lines])


def stock(store: Layers, pref_codes: list[str], key: str, language: Language) -> Stock:
    """One line of the stocks by the key of its figure."""
    return _Region(store, pref_codes, language).line(next(figure for figure in FIGURES if figure.key == key))


def plants_by_technology(store: Layers, pref_codes: list[str]) -> pd.DataFrame:
    """MW of known capacity and number of operable plants by technology: a lower bound."""
    inside = _Region(store, pref_codes, "en").inside("power_plants")
    if inside is None:
        rows = _shipped(pref_codes)
        parts = {name: rows[rows["key"].eq(key)].groupby("part")["value"].sum() for name, key in _TECHNOLOGY.items()}
        found = pd.DataFrame(parts).rename_axis("technology")
    else:
        found = inside.groupby("technology").agg(mw=("capacity_mw", "sum"), plants=("capacity_mw", "size"))
    return found.sort_values("mw", ascending=False)


def numbers(store: Layers, pref_code: str) -> pd.DataFrame:
    """
    Every number of one prefecture before it is rounded, as `make starter` ships it.

    Returns
    -------
    pandas.DataFrame
        layer, key, part (technology or ""), pref_code, value. What cannot be told from the layers at hand has no row.
    """
    region = _Region(store, [pref_code], "en")
    rows = {figure: region.inside(figure.layer) for figure in FIGURES}
    told = [(f.layer, f.key, "", float(f.of(inside))) for f, inside in rows.items() if inside is not None]
    parts = plants_by_technology(store, [pref_code]) if rows[_PLANTS] is not None else pd.DataFrame()
    told += [
        ("power_plants", key, str(technology), float(parts.loc[technology, name]))
        for technology in parts.index
        for name, key in _TECHNOLOGY.items()
    ]
    return pd.DataFrame(told, columns=["layer", "key", "part", "value"]).assign(pref_code=pref_code)


def _shipped(pref_codes: list[str]) -> pd.DataFrame:
    held = shipped.regions()
    return held[held["pref_code"].isin(pref_codes)]


def mismatch(store: Layers, block_code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """National surplus (+) or shortage (-) of 2040 by occupation and education, and the second-hand figures of a block."""
    national = store.layer("employment_mismatch_2040").frame
    block = store.layer("block_mismatch_2040").frame
    return national, block[block["block_code"].eq(block_code)]


def block_of(pref_code: str) -> str:
    """METI labour block of a prefecture."""
    return str(prefectures().loc[pref_code, "block_code"])


class _Region:
    """Layers cut to some prefectures."""

    def __init__(self, store: Layers, pref_codes: list[str], language: Language) -> None:
        self.store, self.codes, self.language, self.t = store, pref_codes, language, translator(language)

    def inside(self, layer_id: str) -> pd.DataFrame | None:
        """Rows inside the region, by code where there is one, else by place; None when that cannot be said."""
        if not self.store.has(layer_id):
            return None
        frame = self.store.layer(layer_id).frame
        if "pref_code" in frame:
            return frame[frame["pref_code"].isin(self.codes)]
        if "muni_code" in frame:
            return frame[frame["muni_code"].str[:2].isin(self.codes)]
        return self._by_place(layer_id)

    def _by_place(self, layer_id: str) -> pd.DataFrame | None:
        if not self.store.has("prefectures"):
            return None
        borders = self.store.layer("prefectures")
        shape = borders.geometry[borders.frame["pref_code"].isin(self.codes)].union_all()
        layer = self.store.layer(layer_id)
        return layer.frame[np.asarray(layer.geometry.intersects(shape))]

    def line(self, figure: Figure) -> Stock:
        """
        One stock: measured from its layer, else as shipped, else unknown.

        It is a lower bound where its layer is partial, and unknown, not 0, where a partial layer lists nothing.
        """
        number, told = self._found(figure)
        partial_list = told.inventory == "partial" and not np.isnan(number)
        bound = AT_LEAST if partial_list and figure.summed else ""
        value = proven(number, figure.unit, at_least=bool(bound))
        return Stock(
            group=self.t(figure.group),
            title=self.t(figure.title),
            value=float("nan") if bound and value == 0 else value,
            unit=self.t(figure.unit),
            bound=bound,
            date=dated(told.reference_date, self.language) if told.reference_date else "",
            status=self._status(told),
            source=told.attribution or "",
            licence=told.licence or "",
            layer=figure.layer,
        )

    def _found(self, figure: Figure) -> tuple[float, LayerLock]:
        """The number and the lock of the layer that it rests on; NaN and the lock at hand, if any, where it is unknown."""
        rows = self.inside(figure.layer)
        lock = self.store.lock(figure.layer)
        if rows is not None:
            return float(figure.of(rows)), lock
        held = _shipped(self.codes)
        of_each = held.loc[held["key"].eq(figure.key), "value"]
        if len(of_each) < len(self.codes):
            return float("nan"), lock
        return float(of_each.mean() if figure.mean else of_each.sum()), shipped.locks()[figure.layer]

    def _status(self, told: LayerLock) -> str:
        if told.status is None:
            return self.t("absent")
        status = self.t(told.status)
        return self.t("{status}, shipped", status=status) if told.origin == shipped.ORIGIN else status


def _decarbonised(region: _Region) -> list[Stock]:
    """
    One inventory: all solar by municipality and, without solar, the plants whose capacity is known.

    Where the solar of the municipalities is unknown, the plants with known capacity alone, solar among them.
    """
    plants, solar = region.line(_PLANTS), region.line(_SOLAR)
    if np.isnan(solar.value):
        return [region.line(_ALL_PLANTS)]
    both = dataclasses.replace(
        solar,
        title=region.t("Decarbonised power known: the two lines below"),
        value=at_digits(float(np.nansum([plants.value, solar.value])), "MW"),
        bound=AT_LEAST,
        date=f"{plants.date} / {solar.date}",
        source=f"{plants.source} / {solar.source}",
        licence=f"{plants.licence} / {solar.licence}",
    )
    return [both, plants, solar]


def _balances(region: _Region) -> list[Stock]:
    """Measured balance of the grid areas that the region's prefectures lie in."""
    layer = region.store.layer("area_balance")
    codes = pd.Series(region.codes)
    seats = prefectures().loc[region.codes, "seat_muni_code"].astype("str").reset_index(drop=True)
    areas = sorted(set(grid_area_of(seats, codes, region.store.layer("grid_areas").frame).dropna()))
    rows = layer.frame.set_index("grid_area")
    return [
        Stock(
            group=region.t(_AT),
            title=region.t("Decarbonised share of supply, grid area {area}", area=GRID_AREAS[area][region.language]),
            value=float(rows.loc[area, "decarbonised_share_pct"]),
            unit="%",
            bound="",
            date=dated(layer.passport.reference_date, region.language),
            status=region.t(layer.passport.status),
            source=layer.passport.attribution,
            licence=layer.passport.licence,
            layer="area_balance",
        )
        for area in areas
        if area in rows.index
    ]
