"""How a load could be connected at one place: the options, soonest first, and MW by year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata import Layer
from geodata.base import FloatArray
from geodata.country import crs

from ..model.assumptions import Range, three
from ..power.demand import Demand
from ..power.equipment import OPENING, GridLayers, equipment
from ..power.options import bill_of, line_km, line_years
from .place import Place

YEARS_AHEAD = 20
_LISTED = 5


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


def equipment_near(place: Place, demand: Demand, held: Mapping[str, Layer]) -> tuple[pd.DataFrame, FloatArray]:
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


def options_of(
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
            line_km=three(part[i] for part in km),
            years=three(years[i]),
            class_mw=three(row[f"class_{b}"] for b in ("low", "mid", "high")),
            station_mw=three(row[f"station_{b}"] for b in ("low", "mid", "high")),
            room_mw=(float(row["room_low"]), float(row["room_high"])),
            room_date=_text(row["room_date"]),
            station_ha=demand.assumed.of_kv("station_ha", float(row["kv"])) if row["kind"] == OPENING else None,
            cost_oku=three(part[0] for part in bill_of(demand, row["kind"], row["kv"], [part[[i]] for part in km])),
            upstream=_text(row["upstream_name"]) or _text(row["upstream_id"]),
            upstream_kv=float(row["upstream_kv"]) if pd.notna(row["upstream_kv"]) else float("nan"),
            route=_text(row["route"]),
            flows=flows.get(str(row["id"]), ()),
            lon=float(lon[i]),
            lat=float(lat[i]),
        )
        for i, row in ((i, table.iloc[i]) for i in order)
    )


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


def by_year(demand: Demand, table: pd.DataFrame, metres: FloatArray) -> pd.DataFrame:
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


def _most(mw: FloatArray, ready: npt.NDArray[np.bool_]) -> float:
    """The most that one of what is ready gives; 0 where nothing is ready, unknown where of none is it known."""
    if np.isnan(mw).all():
        return float("nan")
    return float(np.max(np.where(ready, np.nan_to_num(mw), 0.0), initial=0.0))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
