"""What a load would need at one place, in one answer: connections, time, clean supply hour by hour, cost and telecom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata import Layer, Layers
from geodata.base import FloatArray
from geodata.country import crs
from geodata.country.codes import grid_area_of
from geodata.files.tables import numbers, read_csv
from geodata.passport import LayerLock
from geodata.sources.hourly import TECHNOLOGIES

from ..errors import PlannerError
from ..measure.candidates import CandidateChoice, load_candidates
from ..model.figures import Connection
from ..model.tables import row_of
from ..power import hourly, supply
from ..power.assumptions import Range
from ..power.demand import Demand
from ..power.equipment import OPENING, GridLayers, equipment
from ..power.fibre import round_trip_ms
from ..power.options import line_km, line_years, prices_of

REACH_M = 50_000.0
"""Clean plants within so far of the place count, as in the criteria."""

NO_STORAGE = hourly.Storage()

TARGETS = (0.8, 0.9, 0.95, 1.0)
YEARS_AHEAD = 20
_LISTED = 5
_USED = (
    "substations", "transmission_lines", "grid_topology", "demand_room", "grid_plans", "closing_plants", "power_plants", "hourly_profiles",
    "capacity_factors", "capacity_totals", "nuclear_outlook", "solar_municipal", "clean_register", "capacity_survey", "grid_areas", "area_balance",
    "emission_factors", "wheeling_charges", "internet_exchanges", "cable_landing_stations", "trunk_flows", "interconnector_plans",
)  # fmt: skip
_TOKYO, _OSAKA = (139.7651, 35.6862), (135.4940, 34.6960)


@dataclass(frozen=True)
class Place:
    """Where the load is to stand; `off_m` is how far it may lie from there."""

    lon: float
    lat: float
    off_m: float = 0.0
    name: str = ""
    muni_code: str = ""
    pref_code: str = ""
    land_yen_m2: Range | None = None


@dataclass(frozen=True)
class ConnectionOption:
    """One way to connect the load; ranges are low, middle and high, NaN where nothing is known."""

    kind: str
    id: str
    name: str
    kv: float
    circuits: float
    sides: str
    side_assumed: bool
    straight_km: float
    line_km: Range
    years: Range
    class_mw: Range
    station_mw: Range
    room_mw: tuple[float, float]
    room_date: str
    station_ha: Range | None
    cost_oku: Range
    upstream: str
    upstream_kv: float
    route: str
    flows: tuple[Mapping[str, Any], ...]
    lon: float
    lat: float


@dataclass(frozen=True)
class Match:
    """How clean supply meets the load hour by hour; shares from 0 to 1, heat maps (12, 24) from January and midnight on."""

    share: Range
    annual_share: float
    curtailed_gwh: float
    residual_gwh: float
    residual_kt: float | None
    share_by_hour: FloatArray
    residual_by_hour: FloatArray
    needed_mw: Mapping[float, Mapping[str, float] | None]
    national_shapes: tuple[str, ...]
    storage: hourly.Storage


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
    area = _area(place, held)
    table, metres = _equipment(place, demand, held)
    options = _options(place, demand, table, metres, held)
    clean = _supply(place, demand, held, area)
    wanted = (
        load if load is not None else np.full(hourly.HOURS, demand.connection_mw * demand.assumed["load_factor"][1])
    )
    return PowerAnswer(
        place=place,
        demand=demand,
        area=area,
        options=options,
        by_year=_by_year(demand, table, metres),
        technologies=pd.DataFrame({"technology": []}) if clean is None else clean.table(),
        annual_gwh=(np.nan, np.nan, np.nan) if clean is None else clean.annual_gwh(),
        match=None if clean is None else _match(demand, clean, wanted, storage, _emission(held, area)),
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


def place_at(layers: Layers, lon: float, lat: float, off_m: float = 0.0) -> Place:
    """A place in degrees, with the codes of the municipality whose inner point is nearest: enough for its supply area."""
    towns = load_candidates(CandidateChoice(kind="municipalities"), layers).table
    metres = np.asarray(crs.geodesic_m(lon, lat, towns["lon"].to_numpy(float), towns["lat"].to_numpy(float)))
    nearest = towns.iloc[int(metres.argmin())]
    return Place(lon, lat, off_m, "", str(nearest["muni_code"]), str(nearest["pref_code"]))


def place_of(layers: Layers, site_id: str) -> Place:
    """A listed candidate site by its id; PlannerError when there is none."""
    table = load_candidates(CandidateChoice(kind="sites"), layers).table
    if site_id not in table.index:
        raise PlannerError(
            "site {site!r}: expected LAT,LON or the id of a listed site such as {known}. See `planner rank --candidates sites`.",
            site=site_id,
            known=str(table.index[0]),
        )
    row = row_of(table, site_id)
    off = float(row["accuracy_m"])
    codes = str(row["muni_code"]), str(row["pref_code"])
    return Place(float(row["lon"]), float(row["lat"]), 0.0 if np.isnan(off) else off, str(row["name"]), *codes)


def _area(place: Place, held: Mapping[str, Layer]) -> str | None:
    if "grid_areas" not in held or not (place.muni_code or place.pref_code):
        return None
    found = grid_area_of(pd.Series([place.muni_code]), pd.Series([place.pref_code]), held["grid_areas"].frame).iloc[0]
    return found if isinstance(found, str) else None


def _equipment(place: Place, demand: Demand, held: Mapping[str, Layer]) -> tuple[pd.DataFrame, FloatArray]:
    """Equipment in reach of the place and its distance in metres; of a line that may be opened only the nearest point."""
    if "substations" not in held:
        return pd.DataFrame({"kind": [], "id": []}), np.array([])
    lines = [held["transmission_lines"]] if "transmission_lines" in held else []
    optional = (held.get(id_) for id_ in ("grid_topology", "demand_room", "grid_plans", "closing_plants"))
    table = equipment(GridLayers(held["substations"], lines, *optional), demand)
    x, y = crs.to_work(np.array([place.lon]), np.array([place.lat]))
    metres = np.hypot(table["x"] - x[0], table["y"] - y[0]).to_numpy(float)
    near = table.assign(metres=metres)[metres <= demand.assumed["line_reach_km"][1] * 1000]
    near = near.sort_values("metres", kind="stable").drop_duplicates(["kind", "id", "kv"]).reset_index(drop=True)
    return near, near["metres"].to_numpy(float)


def _options(
    place: Place, demand: Demand, table: pd.DataFrame, metres: FloatArray, held: Mapping[str, Layer]
) -> tuple[ConnectionOption, ...]:
    """The best option of each station or line, soonest first."""
    if not len(table):
        return ()
    line = line_years(demand, metres / 1000)
    years = np.column_stack([table[f"wait_{b}"] + part for b, part in zip(("low", "mid", "high"), line, strict=True)])
    order = np.lexsort((metres, years[:, 1]))
    owner = table["name"].fillna(table["id"])
    order = order[~owner.iloc[order].duplicated().to_numpy()][:_LISTED]
    off_km = (place.off_m + table["off_m"].to_numpy(float)) / 1000
    km = line_km(demand, metres / 1000, off_km)
    bills = [_bill(kind, kv, length, demand) for kind, kv, *length in zip(table["kind"], table["kv"], *km, strict=True)]
    lon, lat = crs.from_work(table["x"].to_numpy(float), table["y"].to_numpy(float))
    flows = _flows(held)
    return tuple(
        ConnectionOption(
            kind=row["kind"],
            id=str(row["id"]),
            name=_text(row["name"]),
            kv=float(row["kv"]),
            circuits=float(row["circuits"]),
            sides=_text(row["sides"]),
            side_assumed=row["side_assumed"] is True,
            straight_km=float(metres[i] / 1000),
            line_km=_three(part[i] for part in km),
            years=_three(years[i]),
            class_mw=_three(row[f"class_{b}"] for b in ("low", "mid", "high")),
            station_mw=_three(row[f"station_{b}"] for b in ("low", "mid", "high")),
            room_mw=(float(row["room_low"]), float(row["room_high"])),
            room_date=_text(row["room_date"]),
            station_ha=demand.assumed.of_kv("station_ha", float(row["kv"])) if row["kind"] == OPENING else None,
            cost_oku=bills[i],
            upstream=_text(row["upstream_name"]) or _text(row["upstream_id"]),
            upstream_kv=float(row["upstream_kv"]) if pd.notna(row["upstream_kv"]) else float("nan"),
            route=_text(row["route"]),
            flows=flows.get(str(row["id"]), ()),
            lon=float(lon[i]),
            lat=float(lat[i]),
        )
        for i, row in ((i, table.iloc[i]) for i in order)
    )


def _bill(kind: str, kv: float, km: list[float], demand: Demand) -> Range:
    """Line and customer's station in 100 million yen; NaN where there is no sourced price."""
    prices = None if kind == OPENING else prices_of(demand, kv)
    if prices is None:
        return (np.nan, np.nan, np.nan)
    return _three(length * line + bay for length, line, bay in zip(km, *prices, strict=True))


def _flows(held: Mapping[str, Layer]) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Measured flows of trunk lines by the substation that a line of the same name enters."""
    if not {"grid_topology", "trunk_flows"} <= set(held):
        return {}
    flows = held["trunk_flows"].frame[["name", "voltage_kv", "p95_mw", "most_mw"]]
    by_name: dict[str, list[Any]] = {str(name): rows.to_dict("records") for name, rows in flows.groupby("name")}
    named = held["grid_topology"].frame.dropna(subset=["line_names"])
    pairs = named.set_index("substation_id")["line_names"].str.split("、").explode()
    pairs = pairs[pairs.isin(list(by_name))]
    found: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for station, line in pairs.items():
        found[str(station)] = (*found.get(str(station), ()), *by_name[line])
    return found


def _by_year(demand: Demand, table: pd.DataFrame, metres: FloatArray) -> pd.DataFrame:
    """MW that one connection could give by each year: known room, the class of what should be built, and of all that could be."""
    years = np.arange(demand.as_of_year, demand.as_of_year + YEARS_AHEAD + 1)
    if not len(table):
        return pd.DataFrame({"year": years, "known_mw": np.nan, "expected_mw": np.nan, "most_mw": np.nan})
    low, middle, high = (
        table[f"wait_{b}"].to_numpy(float) + part
        for b, part in zip(("low", "mid", "high"), line_years(demand, metres / 1000), strict=True)
    )
    room = table["room_low"].to_numpy(float)
    columns: dict[str, tuple[FloatArray, FloatArray]] = {
        "known_mw": (room, high),
        "expected_mw": (table["class_mid"].to_numpy(float), middle),
        "most_mw": (table["class_high"].to_numpy(float), low),
    }
    ahead = years - demand.as_of_year
    grown = {name: [_most(mw, when <= n) for n in ahead] for name, (mw, when) in columns.items()}
    return pd.DataFrame({"year": years, **grown})


@dataclass(frozen=True)
class _Clean:
    """Clean supply around one place: MW, capacity factors and hourly shapes by technology."""

    capacity: supply.Capacity
    factors: Mapping[str, FloatArray]
    shapes: FloatArray
    national: tuple[str, ...]
    month: FloatArray

    def bounds(self) -> dict[str, FloatArray]:
        """MW by technology, low, middle and high."""
        return {"low": self.capacity.low[0], "mid": self.capacity.value[0], "high": self.capacity.high[0]}

    def annual_gwh(self) -> Range:
        """Energy of a year."""
        return _three(part[0] for part in supply.annual_gwh(self.capacity, self.factors))

    def table(self) -> pd.DataFrame:
        """One row per technology."""
        bounds = self.bounds()
        return pd.DataFrame(
            {
                "technology": TECHNOLOGIES,
                **{f"mw_{b}": mw for b, mw in bounds.items()},
                **{f"cf_{b}": self.factors[b][0] for b in bounds},
                **{f"gwh_{b}": mw * self.factors[b][0] * hourly.HOURS / 1000 for b, mw in bounds.items()},
                "unknown": self.capacity.unknown[0],
                "shape": ["country" if name in self.national else "area" for name in TECHNOLOGIES],
            }
        )

    def outputs(self, contracted: Range) -> list[FloatArray]:
        """MW by hour of the part that can be contracted, low, middle and high."""
        shapes = (supply.sharpened(self.shapes, self.national), self.shapes, self.shapes)
        return [
            (mw * self.factors[bound][0] * share) @ shape
            for (bound, mw), share, shape in zip(self.bounds().items(), contracted, shapes, strict=True)
        ]


def _most(mw: FloatArray, ready: npt.NDArray[np.bool_]) -> float:
    """The most that one of what is ready gives; 0 where nothing is ready, unknown where of none is it known."""
    if np.isnan(mw).all():
        return float("nan")
    return float(np.max(np.where(ready, np.nan_to_num(mw), 0.0), initial=0.0))


def _supply(place: Place, demand: Demand, held: Mapping[str, Layer], area: str | None) -> _Clean | None:
    """Clean supply within reach; None where plants or shapes are not at hand."""
    needed = ("power_plants", "hourly_profiles", "capacity_factors", "capacity_totals")
    if not set(needed) <= set(held):
        return None
    optional = (
        held.get(id_)
        for id_ in ("nuclear_outlook", "solar_municipal", "municipalities", "clean_register", "capacity_survey")
    )
    layers = supply.SupplyLayers(*(held[id_] for id_ in needed), *optional)
    sites = crs.points_in_work(pd.Series([place.lon]), pd.Series([place.lat]))
    around = supply.Around(sites, np.array([place.off_m]), REACH_M)
    shapes, national = supply.shapes_of(held["hourly_profiles"], area)
    return _Clean(
        capacity=supply.capacity(around, layers, demand.by_year or demand.as_of_year),
        factors=supply.factors_of(held["capacity_factors"], pd.Series([area])),
        shapes=shapes,
        national=national,
        month=held["hourly_profiles"].frame["month"].to_numpy(float),
    )


def _match(demand: Demand, clean: _Clean, load: FloatArray, storage: hourly.Storage, factor: float | None) -> Match:
    contracted = demand.assumed["contracted"]
    outputs = clean.outputs(contracted)
    low, balance, high = (hourly.balance(output[None], load, storage) for output in outputs)
    month, residual = clean.month, float(balance.residual.sum()) / 1000
    middle, offered = float(balance.matched[0]), clean.capacity.value[0] * contracted[1]
    scales = hourly.scales_for(TARGETS, outputs[1], load, storage)
    wanted = hourly.by_month_and_clock(load, month)
    missing = hourly.by_month_and_clock(balance.residual[0], month)
    return Match(
        share=(min(float(low.matched[0]), middle), middle, max(float(high.matched[0]), middle)),
        annual_share=float(min(outputs[1].sum() / load.sum(), 1.0)),
        curtailed_gwh=float(balance.curtailed.sum()) / 1000,
        residual_gwh=residual,
        residual_kt=None if factor is None else residual * factor,
        share_by_hour=1 - np.divide(missing, wanted, out=np.full((12, 24), np.nan), where=wanted > 0),
        residual_by_hour=missing * (1.0 if factor is None else factor),
        needed_mw={target: _needed(float(scale), offered) for target, scale in zip(TARGETS, scales, strict=True)},
        national_shapes=clean.national,
        storage=storage,
    )


def _needed(scale: float, offered_mw: FloatArray) -> Mapping[str, float] | None:
    """MW by technology of so many times the mix around the place; None where no amount of it does."""
    if not np.isfinite(scale) or not offered_mw.sum() > 0:
        return None
    return {name: float(mw) for name, mw in zip(TECHNOLOGIES, offered_mw * scale, strict=True)}


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
    bought = _three(
        gwh * 1e6 * yen / oku
        for gwh, yen in zip((energy.low, energy.value, energy.high), assumed["spot_price"], strict=True)
    )
    wheeling: Range | None = None
    if "wheeling_charges" in held and area is not None:
        rows = held["wheeling_charges"].frame.set_index("grid_area")
        base, usage = (float(rows[name][area]) for name in ("base_yen", "usage_yen"))
        if np.isfinite(base) and np.isfinite(usage):
            wheeling = _three(
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
    return _three(ha * 1e4 * yen / 1e8 for ha, yen in zip(areas_ha, yen_m2, strict=True))


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
        out[f"{name}_ms"] = _three(float(part[0]) for part in round_trip_ms(demand.assumed, km, place.off_m / 1000))
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


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _three(values: Any) -> Range:
    low, middle, high = (float(value) for value in values)
    return low, middle, high
