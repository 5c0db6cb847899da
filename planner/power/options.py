"""The best connection of each site: within one class of equipment the nearest is the best, so few searches decide."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geodata.base import FloatArray, IntArray
from geodata.country import crs

from .demand import Demand
from .equipment import OPENING, STATION

_NONE = -1
_PRICED_KV, _LOCAL_KV = 154.0, 100.0
_CLASS = ["kind", "kv", "circuits", "wait_low", "wait_mid", "wait_high"]


@dataclass(frozen=True)
class Options:
    """
    For n sites: row of the equipment that gives power first (-1 = none in reach), and ranges over all that the positions allow.

    Ranges are (3, n), low, value and high: years to power; straight km to the nearest existing station; the cheapest bill in 100
    million yen. `classes` (2, n) are the least and most MW of the class of any option in reach.
    """

    best: IntArray
    years: FloatArray
    station_km: FloatArray
    bill: FloatArray
    classes: FloatArray


def options(xy: FloatArray, off_m: FloatArray, table: pd.DataFrame, demand: Demand, *, open_ended: bool) -> Options:
    """
    Find the connection that gives power first.

    Parameters
    ----------
    xy
        (n, 2) sites, metres in WORK.
    off_m
        (n) how far a site may lie from there.
    table
        What `equipment` found.
    demand
        The load and the assumptions.
    open_ended
        Whether a station may be missing from the table, so that a nearer one is possible.

    Returns
    -------
    found
        Years by the middle of every assumption decide; ties go to the shorter line.
    """
    n, state = len(xy), _State.empty(len(xy))
    reach_m, widest = demand.assumed["line_reach_km"][1] * 1000, float(np.max(off_m, initial=0.0))
    for _, rows in table.groupby(_CLASS, dropna=False, sort=True):
        group = _Group(rows, demand, reach_m)
        metres, where = group.nearest(xy, widest)
        state.take(group, metres, where, rows.index.to_numpy())
        state.bound(group, metres, off_m, where)
    known = state.row >= 0
    least = np.full(n, _least_years(demand)) if open_ended else np.fmin(state.least, state.years)
    years = np.stack([least, state.years, np.fmax(state.most, state.years)])
    if open_ended:
        state.station[0], state.bill[0] = np.where(np.isnan(state.station[1:2]), np.nan, 0.0), 0.0
    return Options(
        best=state.row,
        years=np.where(known, years, np.nan),
        station_km=state.station / 1000,
        bill=np.where(np.isnan(state.bill[1]), np.nan, state.bill),
        classes=state.classes,
    )


def _least_years(demand: Demand) -> float:
    """Years to power at a station beside the site that needs nothing but a study and a line."""
    return demand.assumed["study_years"][0] + float(line_years(demand, 0.0)[0])


def most_room(xy: FloatArray, off_m: FloatArray, table: pd.DataFrame, demand: Demand) -> tuple[FloatArray, FloatArray]:
    """
    The most room for demand that a table knows at a station surely within reach of each site, and possibly so (n); NaN where none.

    The room of each is that which is surely there; what else may be is not known.
    """
    sure, possible = np.full(len(xy), np.nan), np.full(len(xy), np.nan)
    reach_m, sites = demand.assumed["line_reach_km"][1] * 1000, cKDTree(xy)
    widest = float(np.max(off_m, initial=0.0))
    known = table[table["room_low"].notna()].sort_values("room_low")
    for x, y, off, room in known[["x", "y", "off_m", "room_low"]].to_numpy(float).tolist():
        near = np.asarray(sites.query_ball_point([x, y], reach_m + widest + off), dtype=np.intp)
        m = np.hypot(*(xy[near] - (x, y)).T)
        sure[near[m + off_m[near] + off <= reach_m]] = room
        possible[near[m - off_m[near] - off <= reach_m]] = room
    return sure, possible


def line_years(demand: Demand, straight_km: FloatArray | float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Years to build a line over a straight distance, low, middle and high."""
    base, per_km, detour = (demand.assumed[id_] for id_ in ("line_years.base", "line_years.per_km", "detour"))
    low, middle, high = (b + p * d * np.asarray(straight_km) for b, p, d in zip(base, per_km, detour, strict=True))
    return low, middle, high


def line_km(demand: Demand, straight_km: FloatArray, off_km: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Length of the line over a straight distance that is known to `off_km`, low, middle and high."""
    low, middle, high = demand.assumed["detour"]
    return np.maximum(straight_km - off_km, 0) * low, straight_km * middle, (straight_km + off_km) * high


def bill_of(demand: Demand, kind: str, kv: float, km: Sequence[FloatArray]) -> list[FloatArray]:
    """Line of a length and customer's station, 100 million yen, low, middle and high; NaN where it has no sourced price."""
    if kind == OPENING or kv > _PRICED_KV:
        return [np.full_like(length, np.nan) for length in km]
    name = "66" if kv < _LOCAL_KV else "154"
    prices = demand.assumed[f"line_cost.{name}"], demand.assumed[f"bay_cost.{name}"]
    return [length * line + bay for length, line, bay in zip(km, *prices, strict=True)]


class _Group:
    """Equipment of one class: years grow with the distance alone, so that the nearest is the best of it."""

    def __init__(self, rows: pd.DataFrame, demand: Demand, reach_m: float) -> None:
        first, self._demand, self.reach_m = rows.iloc[0], demand, reach_m
        self._xy, self.off_m = rows[["x", "y"]].to_numpy(), rows["off_m"].to_numpy(float)
        self._wait = tuple(float(first[f"wait_{bound}"]) for bound in ("low", "mid", "high"))
        self.kind, self.kv = str(first["kind"]), float(first["kv"])
        self.classes = float(rows["station_low"].min()), float(rows["station_high"].max())

    def nearest(self, xy: FloatArray, widest_m: float) -> tuple[FloatArray, IntArray]:
        """Metres to the nearest of each site, and its place in the group; inf beyond every reach."""
        most = self.reach_m + widest_m + float(self.off_m.max())
        metres, at = cKDTree(self._xy).query(xy, distance_upper_bound=most, workers=-1)
        return np.asarray(metres, dtype=float), np.asarray(at, dtype=np.intp)

    def years(self, metres: FloatArray) -> list[FloatArray]:
        """Years to power over a straight distance, low, middle and high."""
        built = line_years(self._demand, metres / 1000)
        return [wait + part for wait, part in zip(self._wait, built, strict=True)]

    def bill(self, metres: FloatArray) -> list[FloatArray]:
        """Bill over a straight distance, low, middle and high."""
        return bill_of(self._demand, self.kind, self.kv, line_km(self._demand, metres / 1000, np.zeros_like(metres)))


@dataclass
class _State:
    """The best option so far, and the ranges over all."""

    row: IntArray
    metres: FloatArray
    years: FloatArray
    least: FloatArray
    most: FloatArray
    station: FloatArray
    bill: FloatArray
    classes: FloatArray

    @classmethod
    def empty(cls, n: int) -> "_State":
        far, nothing = np.full(n, np.inf), np.full(n, np.nan)
        ranges = (np.full((k, n), np.nan) for k in (3, 3, 2))
        return cls(np.full(n, _NONE, dtype=np.intp), far, far.copy(), nothing, nothing.copy(), *ranges)

    def take(self, group: _Group, metres: FloatArray, where: IntArray, rows: IntArray) -> None:
        """Take the nearest of a class where it gives power first; of two at once the nearer."""
        near = np.flatnonzero(metres <= group.reach_m)
        m, years = metres[near], group.years(metres[near])[1]
        ahead = (years < self.years[near]) | ((years == self.years[near]) & (m < self.metres[near]))
        site = near[ahead]
        self.row[site], self.metres[site], self.years[site] = rows[where[site]], m[ahead], years[ahead]

    def bound(self, group: _Group, metres: FloatArray, off_m: FloatArray, where: IntArray) -> None:
        """Take the nearest of a class into the ranges: within reach surely, possibly, and as the positions are given."""
        found = np.flatnonzero(np.isfinite(metres))
        m, reach = metres[found], group.reach_m
        low = np.maximum(m - off_m[found] - group.off_m.max(), 0)
        high = m + off_m[found] + group.off_m[where[found]]
        self.least[found] = np.fmin(self.least[found], np.where(low <= reach, group.years(low)[0], np.nan))
        self.most[found] = np.fmin(self.most[found], np.where(high <= reach, group.years(high)[2], np.inf))
        at = (
            np.where(low <= reach, low, np.nan),
            np.where(m <= reach, m, np.nan),
            np.where(high <= reach, high, np.inf),
        )
        for position, distance in enumerate(at):
            if group.kind == STATION:
                self.station[position, found] = np.fmin(self.station[position, found], distance)
            bill = group.bill(distance)[position]
            self.bill[position, found] = np.fmin(self.bill[position, found], bill)
        self.classes[0, found] = np.fmin(self.classes[0, found], group.classes[0])
        self.classes[1, found] = np.fmax(self.classes[1, found], group.classes[1])


def to_work(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Places in WORK, (n, 2) metres."""
    return np.column_stack(crs.to_work(lon, lat))
