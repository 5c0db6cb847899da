"""What a load can be connected to: stations by side, lines that may be opened for a new station, stations that are planned."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata import Layer
from geodata.base import FloatArray
from geodata.country import crs

from ..model.assumptions import Range
from .assumptions import LINE_KV, Assumptions
from .demand import Demand

STATION, OPENING, PLANNED, REUSE = "station", "opening", "planned", "reuse"
"""Kinds of connection: an existing station, a new one on an existing line, one that is planned, that of a closing plant."""

_CUSTOMERS = ("industrial", "traction", "rail", "generation", "transition", "converter", "compensation")
"""Roles of substations that serve one owner or none: no place for another's load."""

OPENED_KV = 110.0
"""Lines below this class are not opened for a new station."""

_SAME_STATION_M = 500.0
_LINE_STEP_M = 200.0
_SHARES = (("small", 0.1), ("middle", 0.3), ("large", 0.6), ("whole", np.inf))
_BOUNDS = ("low", "mid", "high")
COLUMNS = (
    "id", "name", "kind", "kv", "circuits", "sides", "side_assumed", "x", "y", "off_m",
    *(f"{what}_{bound}" for what in ("class", "station", "wait") for bound in _BOUNDS),
    "room_low", "room_high", "room_date", "upstream_id", "upstream_name", "upstream_kv", "route",
)  # fmt: skip


@dataclass(frozen=True)
class GridLayers:
    """Layers that the connections are read from; all but the stations may be absent."""

    substations: Layer
    lines: Sequence[Layer] = ()
    topology: Layer | None = None
    room: Layer | None = None
    plans: Layer | None = None
    closing: Layer | None = None


def equipment(layers: GridLayers, demand: Demand) -> pd.DataFrame:
    """
    Every place at which the load could be connected, one row per station and side, per line and per plan.

    Parameters
    ----------
    layers
        Substations with `voltage_kv` (and `sides_kv`, `role` where tagged); lines; topology; demand room; plans.
    demand
        The load and the assumptions.

    Returns
    -------
    table
        `kv` is the side connected to and `circuits` the number of circuits (one in reserve); `class_*` MW the smaller of line and
        transformer, `station_*` MW the station's own; `wait_*` years before the line is built; `room_*` MW where a table says it;
        `x`, `y` metres in WORK, known to `off_m`. Nothing whose class is certainly too small is listed.
    """
    parts = [
        _stations(layers, demand),
        _planned(layers, demand),
        _reused(layers, demand),
        *(_openings(line, demand) for line in layers.lines),
    ]
    held = [part for part in parts if len(part)]
    if not held:
        return pd.DataFrame({name: [] for name in COLUMNS})
    table = pd.concat(held, ignore_index=True).reindex(columns=list(COLUMNS))
    return table[table["class_high"].ge(demand.connection_mw)].reset_index(drop=True)


def circuits_for(demand: Demand, kv: float) -> int | None:
    """Circuits of a dedicated line at a voltage, one of them in reserve; None when more than the most would be needed."""
    least, _, most = demand.assumed["circuits"]
    mva, factor = demand.assumed[f"line.{kv:g}.mva"], demand.assumed["power_factor"]
    needed = int(np.ceil(demand.connection_mw / (mva[2] * factor[2]) - 1e-9)) + 1
    return None if needed > most else max(needed, int(least))


def line_class(assumed: Assumptions, kv: float, circuits: Range) -> Range:
    """MW over a route with one circuit in reserve: (n − 1) × MVA × power factor, low, middle and high."""
    mva, factor = assumed[f"line.{kv:g}.mva"], assumed["power_factor"]
    low, middle, high = ((n - 1) * s * f for n, s, f in zip(circuits, mva, factor, strict=True))
    return low, middle, high


def station_class(assumed: Assumptions, top_kv: float, side_kv: float) -> Range:
    """MW that a station can give on a side: its transformers with one bank in reserve; on its highest side, its lines."""
    if side_kv >= top_kv:
        return line_class(assumed, side_kv, assumed["circuits"])
    mva, banks, factor = assumed.of_kv("bank", top_kv, ".mva"), assumed["banks"], assumed["power_factor"]
    assert mva is not None  # noqa: S101  (every side at which a load is connected has a class)
    low, middle, high = ((n - 1) * s * f for n, s, f in zip(banks, mva, factor, strict=True))
    return low, middle, high


def room_years(demand: Demand, class_mw: float) -> Range:
    """Years of reinforcement upstream where the room is not known, by the load's share of the class."""
    share = demand.connection_mw / class_mw
    name = next(name for name, most in _SHARES if share <= most)
    return demand.assumed[f"room_years.{name}"]


def is_worth(demand: Demand, kv: float) -> bool:
    """Whether a load is large enough to be connected at a voltage."""
    least = demand.assumed.of_kv("least", kv, ".mw")
    return least is None or demand.connection_mw >= least[1]


def _sides(frame: pd.DataFrame, assumed: Assumptions) -> pd.DataFrame:
    """Sides of each station by its row; of one whose map names a single voltage, also the lower side that its class has."""
    told = frame["sides_kv"].fillna(frame["voltage_kv"].map("{:g}".format)).str.split(";")
    known = told.explode().astype(float).rename("kv").to_frame().assign(assumed=False)
    single = frame["voltage_kv"][~told.index.duplicated() & known.groupby(level=0).size().eq(1)]
    below = {kv: assumed[f"lower_side.{kv:g}"][1] for kv in LINE_KV if f"lower_side.{kv:g}" in assumed.table}
    lower = single.map(below).dropna().rename("kv").to_frame().assign(assumed=True)
    return pd.concat([known, lower])


def _stations(layers: GridLayers, demand: Demand) -> pd.DataFrame:
    """One row per station and side at which the load can be connected."""
    frame = layers.substations.frame
    if "role" in frame:
        frame = frame[~frame["role"].isin(_CUSTOMERS)]
    if "sides_kv" not in frame:
        frame = frame.assign(sides_kv=pd.Series(pd.NA, index=frame.index, dtype="str"))
    frame = frame[frame["voltage_kv"].isin(LINE_KV)].reset_index(drop=True)
    sides = _sides(frame, demand.assumed)
    circuits = {kv: circuits_for(demand, kv) for kv in LINE_KV}
    usable = [kv for kv, count in circuits.items() if count is not None and is_worth(demand, kv)]
    sides = sides[sides["kv"].isin(usable)]
    rows = frame.loc[sides.index].assign(kv=sides["kv"], side_assumed=sides["assumed"]).reset_index(drop=True)
    pairs = rows[["voltage_kv", "kv"]].drop_duplicates()
    classes = {(top, side): station_class(demand.assumed, top, side) for top, side in pairs.itertuples(index=False)}
    feeder = {kv: line_class(demand.assumed, kv, demand.assumed["circuits"]) for kv in LINE_KV}
    keys = list(zip(rows["voltage_kv"], rows["kv"], strict=True))
    station = np.array([classes[key] for key in keys]).reshape(-1, 3)
    whole = np.minimum(station, np.array([feeder[kv] for _, kv in keys]).reshape(-1, 3))
    room = _room(rows, layers.room, demand)
    study = np.array(demand.assumed["study_years"])
    wait = np.array([room_years(demand, middle) for middle in station[:, 1]]).reshape(-1, 3)
    wait = _known_room(wait, room, demand)
    placed = _placed(rows, layers.substations)
    return pd.DataFrame(
        {
            "id": rows["substation_id"],
            "name": rows["name"],
            "kind": STATION,
            "kv": rows["kv"],
            "circuits": rows["kv"].map(circuits).astype(float),
            "sides": rows["sides_kv"].fillna(rows["voltage_kv"].map("{:g}".format)),
            "side_assumed": rows["side_assumed"],
            **placed,
            **_three("class", whole),
            **_three("station", station),
            **_three("wait", study + wait),
            **room[["room_low", "room_high", "room_date"]],
            **_upstream(rows["substation_id"], layers.topology),
        }
    )


def _openings(lines: Layer, demand: Demand) -> pd.DataFrame:
    """Places along the lines that may be opened for a new station for this load, every 200 m."""
    assumed = demand.assumed
    kv = lines.frame["voltage_kv"]
    worth = kv.isin([v for v in LINE_KV if v >= OPENED_KV and is_worth(demand, v)])
    frame = gpd.GeoDataFrame(lines.frame[worth]).reset_index(drop=True)
    if not len(frame):
        return pd.DataFrame()
    study, build = np.array(assumed["study_years"]), np.array(assumed["station_years"])
    drawn = frame["circuits"] if "circuits" in frame else pd.Series(np.nan, index=frame.index)
    kinds = pd.DataFrame({"kv": frame["voltage_kv"], "circuits": drawn.fillna(0)})
    said = {key: _opening_class(assumed, *key) for key in set(kinds.itertuples(index=False, name=None))}
    whole = np.array([said[key] for key in kinds.itertuples(index=False, name=None)])
    wait = study + build + np.array([room_years(demand, middle) for middle in whole[:, 1]])
    xy, owner = along(np.asarray(frame.geometry.to_crs(crs.WORK).array), _LINE_STEP_M)
    table = pd.DataFrame(
        {
            "id": frame["line_id"],
            "name": frame["name"],
            "kind": OPENING,
            "kv": frame["voltage_kv"],
            "circuits": drawn,
            **_three("class", whole),
            **_three("station", whole),
            **_three("wait", wait),
        }
    )
    off = lines.passport.accuracy_m + _LINE_STEP_M / 2
    return table.take(owner).reset_index(drop=True).assign(x=xy[:, 0], y=xy[:, 1], off_m=off)


def _opening_class(assumed: Assumptions, kv: float, circuits: float) -> Range:
    """MW of a line that is opened: its own circuits with one in reserve; from two to the most where they are not drawn."""
    least, _, most = assumed["circuits"]
    drawn = max(circuits, least)
    return line_class(assumed, kv, (least, drawn, drawn) if circuits else (least, least, most))


def along(lines: np.ndarray, step_m: float) -> tuple[FloatArray, np.ndarray]:
    """Points along lines (p, 2), no farther than `step_m` apart, and the line of each (p)."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    length = shapely.length(parts)
    count = np.maximum(np.ceil(length / step_m).astype(int), 1) + 1
    of = np.repeat(np.arange(len(parts)), count)
    place = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    points = shapely.line_interpolate_point(parts[of], place / (count[of] - 1), normalized=True)
    return shapely.get_coordinates(points), owner[of]


def _planned(layers: GridLayers, demand: Demand) -> pd.DataFrame:
    """Stations that are planned, from the year they are to work in."""
    if layers.plans is None:
        return pd.DataFrame()
    frame = layers.plans.frame
    rows = frame[frame["plan_kind"].eq("station") & frame["side_kv"].isin(LINE_KV)].reset_index(drop=True)
    fits = rows["side_kv"].map({kv: circuits_for(demand, kv) for kv in LINE_KV})
    rows, circuits = rows[fits.notna()].reset_index(drop=True), fits.dropna().reset_index(drop=True)
    if not len(rows):
        return pd.DataFrame()
    assumed = demand.assumed
    classed = np.array(
        [station_class(assumed, top, side) for top, side in zip(rows["top_kv"], rows["side_kv"], strict=True)]
    )
    said = rows[["first_mw", "final_mw"]].to_numpy(float)
    station = np.column_stack(
        [np.where(np.isnan(mw), own, mw) for mw, own in zip(said[:, [0, 0, 1]].T, classed.T, strict=True)]
    )
    station.sort(axis=1)
    feeder = np.array([line_class(assumed, kv, assumed["circuits"]) for kv in rows["side_kv"]])
    years = rows[["from_year_low", "from_year", "from_year_high"]].to_numpy(float) - demand.as_of_year
    wait = np.maximum(years, np.array(assumed["study_years"])) + np.array(
        [room_years(demand, middle) for middle in station[:, 1]]
    )
    return pd.DataFrame(
        {
            "id": rows["plan_id"],
            "name": rows["name"],
            "kind": PLANNED,
            "kv": rows["side_kv"],
            "circuits": circuits.astype(float),
            "sides": rows["top_kv"].map("{:g}".format) + ";" + rows["side_kv"].map("{:g}".format),
            **_placed(rows, layers.plans),
            **_three("class", np.minimum(station, feeder)),
            **_three("station", station),
            **_three("wait", wait),
        }
    )


def _reused(layers: GridLayers, demand: Demand) -> pd.DataFrame:
    """Connections of closing plants, from the year they close in: as much of the nameplate as demand may use."""
    if layers.closing is None:
        return pd.DataFrame()
    frame = layers.closing.frame
    usable = [kv for kv in LINE_KV if circuits_for(demand, kv) is not None and is_worth(demand, kv)]
    rows = frame[frame["connection_kv"].isin(usable)].reset_index(drop=True)
    if not len(rows):
        return pd.DataFrame()
    usable_mw = rows[["capacity_mw"]].to_numpy(float) * np.array(demand.assumed["plant_reuse"])
    closed = np.maximum(rows[["closes_year"]].to_numpy(float) - demand.as_of_year, 0)
    study, works = np.array(demand.assumed["study_years"]), np.array(demand.assumed["room_years.middle"])
    return pd.DataFrame(
        {
            "id": rows["plant_id"],
            "name": rows["name"],
            "kind": REUSE,
            "kv": rows["connection_kv"],
            "circuits": rows["connection_kv"].map({kv: circuits_for(demand, kv) for kv in usable}).astype(float),
            **_placed(rows, layers.closing),
            **_three("class", usable_mw),
            **_three("station", usable_mw),
            **_three("wait", np.maximum(closed, study) + works),
        }
    )


def _room(rows: pd.DataFrame, room: Layer | None, demand: Demand) -> pd.DataFrame:
    """Room for demand at each station, net of what is applied for and not withdrawn, where the user's table has it."""
    nothing = pd.DataFrame(
        {"room_low": np.nan, "room_high": np.nan, "lead_years": np.nan, "room_date": None}, index=rows.index
    )
    if room is None or not len(room.frame):
        return nothing
    table = room.frame.reindex(
        columns=["room_mw", "room_to_mw", "applied_mw", "lead_years", "as_of", "voltage_kv", "from_year", "geometry"]
    )
    here, there = (
        gpd.GeoDataFrame(f, geometry="geometry", crs=crs.STORE).geometry.to_crs(crs.WORK) for f in (rows, table)
    )
    site, row = shapely.STRtree(np.asarray(there.array)).query(
        np.asarray(here.array), predicate="dwithin", distance=_SAME_STATION_M
    )
    pairs = table.take(row).assign(site=site)
    same_side = pairs["voltage_kv"].isna().to_numpy() | np.isclose(pairs["voltage_kv"], rows["kv"].take(site))
    deadline = demand.by_year or demand.as_of_year
    in_time = pairs["from_year"].isna() | pairs["from_year"].le(deadline)
    pairs = pairs[same_side & in_time].sort_values("from_year", na_position="first")
    last = pairs.drop_duplicates("site", keep="last").set_index("site").reindex(range(len(rows)))
    least, _, most = demand.assumed["withdrawn"]
    applied = last["applied_mw"].fillna(0.0)
    high = last["room_to_mw"].fillna(last["room_mw"])
    return nothing.assign(
        room_low=(last["room_mw"] - applied * (1 - least)).clip(lower=0).to_numpy(),
        room_high=(high - applied * (1 - most)).clip(lower=0).to_numpy(),
        lead_years=last["lead_years"].to_numpy(),
        room_date=last["as_of"].to_numpy(),
    )


def _known_room(wait: FloatArray, room: pd.DataFrame, demand: Demand) -> FloatArray:
    """Years of reinforcement: those of the table where the load fits, those of a full station where it certainly does not."""
    fits = room["room_low"].ge(demand.connection_mw).to_numpy()
    full = room["room_high"].lt(demand.connection_mw).to_numpy()
    lead = room["lead_years"].to_numpy(float)
    told = np.column_stack([np.nan_to_num(lead), np.nan_to_num(lead), np.where(np.isnan(lead), wait[:, 2], lead)])
    wait = np.where(fits[:, None], told, wait)
    return np.where(full[:, None], np.array(demand.assumed["room_years.none"]), wait)


def _upstream(ids: pd.Series, topology: Layer | None) -> dict[str, object]:
    """The trunk station that each hangs on, and by which route; unknown without the topology."""
    names = ("upstream_id", "upstream_name", "upstream_kv", "route")
    if topology is None:
        return dict.fromkeys(names, None)
    table = topology.frame.set_index("substation_id")
    return {name: ids.map(table[name]) for name in names}


def _placed(rows: pd.DataFrame, layer: Layer) -> dict[str, FloatArray]:
    points = gpd.GeoDataFrame(rows, geometry="geometry", crs=crs.STORE).geometry
    x, y = crs.to_work(points.x.to_numpy(), points.y.to_numpy())
    own = pd.to_numeric(rows["accuracy_m"], errors="coerce") if "accuracy_m" in rows else pd.Series(np.nan, rows.index)
    off: FloatArray = np.asarray(own.fillna(layer.passport.accuracy_m), dtype=float)
    return {"x": np.asarray(x, dtype=float), "y": np.asarray(y, dtype=float), "off_m": off}


def _three(name: str, values: FloatArray) -> dict[str, FloatArray]:
    return {f"{name}_{bound}": values[:, position] for position, bound in enumerate(_BOUNDS)}
