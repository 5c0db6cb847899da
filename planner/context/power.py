"""What a load would need at one place, in one answer: connections, time, clean supply hour by hour, cost and telecom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geodata import Layer, Layers
from geodata.base import FloatArray
from geodata.country import crs
from geodata.files.tables import numbers, read_csv
from geodata.passport import LayerLock
from geodata.sources.hourly import TECHNOLOGIES

from ..errors import PlannerError
from ..model.assumptions import Range, three
from ..model.figures import Connection
from ..power import hourly, supply
from ..power.demand import Demand
from ..power.fibre import round_trip_ms
from .clean import Match, clean_supply, match_of
from .connections import ConnectionOption, by_year, equipment_near, options_of
from .place import Place, area_of

NO_STORAGE = hourly.Storage()

_USED = (
    "substations", "transmission_lines", "grid_topology", "demand_room", "grid_plans", "closing_plants", "power_plants", "hourly_profiles",
    "capacity_factors", "capacity_totals", "nuclear_outlook", "solar_municipal", "clean_register", "capacity_survey", "grid_areas", "area_balance",
    "emission_factors", "wheeling_charges", "internet_exchanges", "cable_landing_stations", "trunk_flows", "interconnector_plans",
)  # fmt: skip
_TOKYO, _OSAKA = (139.7651, 35.6862), (135.4940, 34.6960)


@dataclass(frozen=True)
class PowerAnswer:
    """Everything about one load at one place."""

    place: Place
    demand: Demand
    area: str | None
    options: tuple[ConnectionOption, ...]
    by_year: pd.DataFrame
    technologies: pd.DataFrame
    annual_gwh: Range
    match: Match | None
    costs: Mapping[str, Range | None]
    telecom: Mapping[str, Any]
    balance: Mapping[str, float]
    plans: pd.DataFrame
    locks: tuple[LayerLock, ...] = field(default_factory=tuple)

    @property
    def assumed_only(self) -> bool:
        """Whether no room for demand is known at the best connection, so that its years rest on assumptions alone."""
        return not self.options or bool(np.isnan(self.options[0].room_mw[0]))


def power_answer(
    layers: Layers,
    place: Place,
    demand: Demand,
    load: FloatArray | None = None,
    storage: hourly.Storage = NO_STORAGE,
) -> PowerAnswer:
    """
    Answer what a load would need at a place.

    Parameters
    ----------
    layers
        Where layers are opened; what is absent leaves its part unknown.
    place
        Degrees, and how far off.
    demand
        The load and the assumptions.
    load
        (8760) MW from 1 April 00:00; None = flat at the load factor.
    storage
        Beside the clean supply.

    Returns
    -------
    answer
        Options best first, capacity by year, supply, hourly match, costs and telecom, with the locks of the layers behind them.
    """
    held = {id_: layers.layer(id_) for id_ in (*_USED, "municipalities") if layers.has(id_)}
    area = area_of(place, held)
    table, metres = equipment_near(place, demand, held)
    options = options_of(place, demand, table, metres, held)
    clean = clean_supply(place, demand, held, area)
    wanted = (
        load if load is not None else np.full(hourly.HOURS, demand.connection_mw * demand.assumed["load_factor"][1])
    )
    return PowerAnswer(
        place=place,
        demand=demand,
        area=area,
        options=options,
        by_year=by_year(demand, table, metres),
        technologies=pd.DataFrame({"technology": []}) if clean is None else clean.table(),
        annual_gwh=(np.nan, np.nan, np.nan) if clean is None else clean.annual_gwh(),
        match=None if clean is None else match_of(demand, clean, wanted, storage, _emission(held, area)),
        costs=_costs(demand, options, held, area) | {"land": _land(demand, place.land_yen_m2)},
        telecom=_telecom(place, demand, held),
        balance=_balance(held, area),
        plans=_plans(held, area),
        locks=tuple(held[id_].lock() for id_ in _USED if id_ in held),
    )


def read_load(path: Path) -> FloatArray:
    """A load by hour from a CSV with a column `mw` of 8,760 hours from 1 April; PlannerError says what is wrong with it."""
    mw = numbers(read_csv(path, columns={"mw"})["mw"]).to_numpy(float)
    if len(mw) != hourly.HOURS or np.isnan(mw).any() or (mw < 0).any() or not mw.sum() > 0:
        raise PlannerError(
            "{file}: expected 8,760 rows of MW, none below 0 or empty, found {rows} rows. Correct the column mw.",
            file=path.name,
            rows=len(mw),
        )
    return mw


def read_prices(path: Path) -> dict[str, float]:
    """Price of a contract by technology from a CSV with the columns technology and yen_kwh; PlannerError says what is wrong."""
    table = read_csv(path, columns={"technology", "yen_kwh"})
    prices = dict(zip(table["technology"], numbers(table["yen_kwh"]).to_numpy(float).tolist(), strict=True))
    wrong = [name for name, yen in prices.items() if name not in TECHNOLOGIES or not yen >= 0]
    if wrong:
        raise PlannerError(
            "{file}: expected one of {known} with a price of 0 or more, found {value!r}. Correct the row.",
            file=path.name,
            known=", ".join(TECHNOLOGIES),
            value=wrong[0],
        )
    return prices


def _emission(held: Mapping[str, Layer], area: str | None) -> float | None:
    """Kg of CO2 per kWh of what the utility of the area sells besides its zero menus."""
    if "emission_factors" not in held or area is None:
        return None
    rows = held["emission_factors"].frame.set_index("grid_area")["residual_kg_kwh"]
    return float(rows[area]) if area in rows.index else None


def _costs(
    demand: Demand, options: tuple[ConnectionOption, ...], held: Mapping[str, Layer], area: str | None
) -> dict[str, Range | None]:
    """Connection in 100 million yen, and wheeling and energy of a year; None where a part is not known."""
    assumed = demand.assumed
    energy = Connection.exactly(demand.connection_mw).annual(assumed["load_factor"])
    kw = Connection.exactly(demand.connection_mw).contract().value
    oku = 1e8
    bought = three(
        gwh * 1e6 * yen / oku
        for gwh, yen in zip((energy.low, energy.value, energy.high), assumed["spot_price"], strict=True)
    )
    wheeling: Range | None = None
    if "wheeling_charges" in held and area is not None:
        rows = held["wheeling_charges"].frame.set_index("grid_area")
        base, usage = (float(rows[name][area]) for name in ("base_yen", "usage_yen"))
        if np.isfinite(base) and np.isfinite(usage):
            wheeling = three(
                (kw * base * 12 + gwh * 1e6 * usage) / oku for gwh in (energy.low, energy.value, energy.high)
            )
    connection = options[0].cost_oku if options and np.isfinite(options[0].cost_oku).all() else None
    return {"connection": connection, "wheeling": wheeling, "energy": bought, "road": None}


def _land(demand: Demand, yen_m2: Range | None) -> Range | None:
    """Price of the land that such a load stands on, 100 million yen; None where no price is known."""
    if yen_m2 is None or not np.isfinite(yen_m2).all():
        return None
    sparse, usual, dense = demand.assumed["mw_per_ha"]
    areas_ha = (demand.connection_mw / density for density in (dense, usual, sparse))
    return three(ha * 1e4 * yen / 1e8 for ha, yen in zip(areas_ha, yen_m2, strict=True))


def _telecom(place: Place, demand: Demand, held: Mapping[str, Layer]) -> dict[str, Any]:
    """Nearest exchange and landing station, and the delay of fibre to Tokyo and Osaka."""
    out: dict[str, Any] = {}
    for name, layer_id in (("exchange", "internet_exchanges"), ("landing", "cable_landing_stations")):
        if layer_id not in held:
            continue
        frame = held[layer_id].frame
        lon, lat = frame["geometry"].map(lambda p: p.x), frame["geometry"].map(lambda p: p.y)
        km = np.asarray(crs.geodesic_m(place.lon, place.lat, lon.to_numpy(float), lat.to_numpy(float))) / 1000
        out[name] = {"name": str(frame["name"].iloc[int(km.argmin())]), "km": float(km.min())}
    for name, (lon_, lat_) in (("tokyo", _TOKYO), ("osaka", _OSAKA)):
        km = np.array([crs.geodesic_m(place.lon, place.lat, lon_, lat_)], dtype=float).reshape(1) / 1000
        out[f"{name}_ms"] = three(float(part[0]) for part in round_trip_ms(demand.assumed, km, place.off_m / 1000))
    return out


def _balance(held: Mapping[str, Layer], area: str | None) -> dict[str, float]:
    """Mean MW of demand and decarbonised supply of the supply area, measured, and how they meet hour by hour."""
    if "area_balance" not in held or area is None:
        return {}
    rows = held["area_balance"].frame
    numbers = rows[rows["grid_area"].eq(area)].select_dtypes("number").iloc[0].dropna()
    found = {str(name): float(value) for name, value in numbers.items()}
    if "hourly_profiles" not in held:
        return found
    means = {name: found.get(f"{name}_mean_mw", 0.0) for name in TECHNOLOGIES}
    share, beyond = supply.area_hours(means, found["demand_mean_mw"], held["hourly_profiles"], area)
    return {**found, "hourly_share": share, "beyond_demand_gwh": beyond}


def _plans(held: Mapping[str, Layer], area: str | None) -> pd.DataFrame:
    """Planned reinforcement of the interconnectors and trunk lines that touch the supply area."""
    if "interconnector_plans" not in held or area is None:
        return pd.DataFrame()
    frame = held["interconnector_plans"].frame
    return frame[frame["from_area"].eq(area) | frame["to_area"].eq(area)].reset_index(drop=True)
