"""A prefecture or labour block as three stocks: investment land, infrastructure, people. Context, never a score."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from geodata import Layers
from geodata.country.codes import grid_area_of, prefectures

from ..i18n import Language, translator

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
    layer: str


def stocks(store: Layers, pref_codes: list[str], language: Language) -> pd.DataFrame:
    """Lines of the three stocks of the region made of these prefectures, with date, status and source each."""
    lines = [
        line for build in (_land, _infrastructure, _people) for line in build(_Region(store, pref_codes, language))
    ]
    return pd.DataFrame([line.__dict__ for line in lines])


def plants_by_technology(store: Layers, pref_codes: list[str]) -> pd.DataFrame:
    """MW of known capacity and number of operable plants by technology: a lower bound."""
    inside = _Region(store, pref_codes, "en").inside("power_plants")
    if inside is None:
        return pd.DataFrame(columns=["mw", "plants"])
    found = inside.groupby("technology").agg(mw=("capacity_mw", "sum"), plants=("capacity_mw", "size"))
    return found.sort_values("mw", ascending=False)


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

    def line(  # noqa: PLR0913  (one line of one sheet)
        self,
        group: str,
        title: str,
        layer_id: str,
        unit: str,
        number: Callable[[pd.DataFrame], float],
        *,
        summed: bool = True,
    ) -> Stock:
        """One stock from one layer: unknown when the layer is absent, a lower bound when it is partial."""
        rows = self.inside(layer_id)
        passport = self.store.layer(layer_id).passport if self.store.has(layer_id) else None
        bound = AT_LEAST if rows is not None and summed and passport and passport.inventory == "partial" else ""
        value = float("nan") if rows is None else float(number(rows))
        return Stock(
            group=self.t(group),
            title=self.t(title),
            value=float("nan") if bound and value == 0 else value,
            unit=self.t(unit),
            bound=bound,
            date=passport.reference_date if passport else "",
            status=self.t(passport.status) if passport else self.t("absent"),
            source=passport.attribution if passport else "",
            layer=layer_id,
        )


def _land(region: _Region) -> list[Stock]:
    group = "Investment land"
    line = region.line
    return [
        line(group, "Candidate sites listed", "candidate_sites", "sites", len),
        line(
            group,
            "Land that can be had now, as published",
            "candidate_sites",
            "ha",
            lambda r: r["available_now_ha"].sum(),
        ),
        line(
            group,
            "Land planned or being laid out, as published",
            "candidate_sites",
            "ha",
            lambda r: r["planned_ha"].sum(),
        ),
        line(
            group,
            "Sites whose available land is not published",
            "candidate_sites",
            "sites",
            lambda r: r["available_ha"].isna().sum(),
            summed=False,
        ),
        line(group, "Gross area of listed sites", "candidate_sites", "ha", lambda r: r["total_ha"].sum()),
    ]


def _infrastructure(region: _Region) -> list[Stock]:
    group, line = "Infrastructure", region.line
    found = [
        line(group, f"Substations of {kv:g} kV and over", "substations", "places", partial(_at_least_kv, kv))
        for kv in _KV
    ]
    found += [
        *_decarbonised(region),
        line(
            group,
            "Electricity demand of a year",
            "electricity_demand",
            "GWh",
            lambda r: r["total_gwh"].sum(),
            summed=False,
        ),
        line(group, "Ports", "ports", "places", len),
        line(group, "Expressway interchanges and junctions", "expressway_joints", "places", len),
        line(group, "Stations", "stations", "places", len),
        line(group, "Airports", "airports", "places", len),
        line(group, "Cable landing stations", "cable_landing_stations", "places", len),
    ]
    return found + _balances(region)


def _decarbonised(region: _Region) -> list[Stock]:
    """
    One inventory: all solar by municipality and, without solar, the plants whose capacity is known.

    Where the solar of the municipalities is absent, the plants with known capacity alone, solar among them.
    """
    group, line = "Infrastructure", region.line
    if region.inside("solar_municipal") is None:
        return [
            line(
                group,
                "Decarbonised plants, known capacity",
                "power_plants",
                "MW",
                partial(_decarbonised_mw, solar=True),
            )
        ]
    plants = line(
        group,
        "Decarbonised plants but solar, known capacity",
        "power_plants",
        "MW",
        partial(_decarbonised_mw, solar=False),
    )
    solar = line(group, "Solar in operation, by municipality", "solar_municipal", "MW", lambda r: r["solar_mw"].sum())
    both = dataclasses.replace(
        solar,
        title=region.t("Decarbonised power known: the two lines below"),
        value=float(np.nansum([plants.value, solar.value])),
        bound="at least",
        date=f"{plants.date} / {solar.date}",
        source=f"{plants.source} / {solar.source}",
    )
    return [both, plants, solar]


def _decarbonised_mw(rows: pd.DataFrame, *, solar: bool) -> float:
    counted = rows["decarbonised"].fillna(value=False).astype(bool)
    if not solar:
        counted &= rows["technology"].ne("solar")
    return float(rows.loc[counted, "capacity_mw"].sum())


def _at_least_kv(kv: float, rows: pd.DataFrame) -> float:
    return float((rows["voltage_kv"] >= kv).sum())


def _balances(region: _Region) -> list[Stock]:
    """Measured balance of the grid areas that the region's prefectures lie in."""
    layer = region.store.layer("area_balance")
    codes = pd.Series(region.codes)
    seats = prefectures().loc[region.codes, "seat_muni_code"].astype("str").reset_index(drop=True)
    areas = sorted(set(grid_area_of(seats, codes, region.store.layer("grid_areas").frame).dropna()))
    rows = layer.frame.set_index("grid_area")
    return [
        Stock(
            group=region.t("Infrastructure"),
            title=region.t("Decarbonised share of supply, grid area {area}", area=area),
            value=float(rows.loc[area, "decarbonised_share_pct"]),
            unit="%",
            bound="",
            date=str(rows.loc[area, "period"]),
            status=region.t(layer.passport.status),
            source=layer.passport.attribution,
            layer="area_balance",
        )
        for area in areas
        if area in rows.index
    ]


def _people(region: _Region) -> list[Stock]:
    group, line = "People", region.line
    return [
        line(group, "Persons aged 15-64", "municipal_statistics", "persons", lambda r: r["persons_15_64"].sum()),
        line(
            group,
            "Manufacturing employees",
            "municipal_statistics",
            "persons",
            lambda r: r["employees_manufacturing"].sum(),
        ),
        line(group, "ICT employees", "municipal_statistics", "persons", lambda r: r["employees_ict"].sum()),
        line(
            group,
            "Openings per seeker, mean of the prefectures",
            "prefecture_series",
            "openings per seeker",
            lambda r: r["openings_per_seeker"].mean(),
            summed=False,
        ),
        line(
            group,
            "Population of 2040 against now, mean of the prefectures",
            "prefecture_series",
            "%",
            lambda r: r["population_2040_index"].mean(),
            summed=False,
        ),
        line(
            group,
            "High-school graduates who take a job",
            "prefecture_series",
            "persons",
            lambda r: r["high_school_graduates_employed"].sum(),
        ),
        line(group, "University students", "prefecture_series", "persons", lambda r: r["university_students"].sum()),
        line(group, "Colleges of technology", "kosen", "places", len),
        line(group, "Universities with engineering or informatics", "universities", "places", len),
    ]
