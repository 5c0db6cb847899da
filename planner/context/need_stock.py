"""What planned investments of an area need beside what it has: the gap, and the schemes that answer it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from geodata import Layers

from ..fields.needs import Kind, Needs
from ..model.assumptions import Range, three
from ..plans.incentives import FITS, MAYBE, Case, Match, match
from ..skills.industries import OCCUPATIONS, Occupation
from ..skills.supply import SHARES
from . import region
from .area import Area, municipality_codes

Bound = Literal["exact", "at least", "at most"]
"""A stock is known as it is, as a lower bound (a partial list), or as an upper bound (people who might be won)."""

COVERED, SHORT, OPEN = "covered", "short", "unknown"
"""The stock holds what is needed at most, it is smaller than what is needed at least, or neither can be told."""

ANSWERS: dict[str, tuple[str, ...]] = {
    "power_mw": ("power",),
    "water_m3_day": ("water",),
    "land_ha": ("land",),
    "capex_oku": ("capex",),
    "jobs": ("people", "schools", "experienced"),
}
"""Gaps that a need becomes where it is not covered, in the words of the incentives."""


@dataclass(frozen=True)
class Line:
    """One need beside its stock: `stock` NaN = unknown, `bound` says how it is known, `source` is its layer."""

    what: str
    kind: Literal["need", "occupation"]
    need: Range
    unknown: int
    stock: float
    bound: Bound
    source: str
    standing: str

    @property
    def gap(self) -> tuple[float, float]:
        """Least and most that is lacking; NaN where need or stock is unknown. Of a stock that is an upper bound nothing may be there."""
        low, _, high = self.need
        if np.isnan(self.stock) or np.isnan(low):
            return float("nan"), float("nan")
        least = 0.0 if self.bound == "at least" else max(low - self.stock, 0.0)
        return least, high if self.bound == "at most" else max(high - self.stock, 0.0)


def lines(layers: Layers, area: Area, needs: Needs) -> tuple[Line, ...]:
    """Every need of the planned investments beside the stock of the area."""
    stocks = _stocks(layers, area)
    out = []
    for kind in ("power_mw", "water_m3_day", "land_ha", "jobs"):
        need, unknown = needs.total(kind)
        out.append(_line(kind, "need", need, unknown, *stocks[kind]))
    people = _moving(layers, area)
    workers, unknown = needs.occupations().to_numpy(float), needs.total("jobs")[1]
    for name, row in zip(OCCUPATIONS, workers, strict=True):
        need = three(row)
        if len(needs.names) and need[2] > 0:
            out.append(_line(name, "occupation", need, unknown, people[name], "at most", "prefecture_series"))
    return tuple(out)


def measures(found: tuple[Line, ...], case: Case, today: date) -> dict[str, tuple[Match, ...]]:
    """Schemes for each need that is not covered: those that fit or whose conditions are open, never one that is over."""
    out = {}
    for line in found:
        gaps = ANSWERS["jobs"] if line.kind == "occupation" else ANSWERS[line.what]
        if line.standing != COVERED and not np.isnan(line.need[1]):
            out[line.what] = tuple(one for one in match(case, today, gaps) if one.verdict in {FITS, MAYBE})
    return out


def _line(  # noqa: PLR0913, PLR0917  (what a line is made of)
    what: str, kind: Literal["need", "occupation"], need: Range, unknown: int, stock: float, bound: Bound, source: str
) -> Line:
    """Covered where the stock holds the most that is needed and no project is unknown; short where it is smaller than the least needed."""
    low, _, high = need
    standing = OPEN
    if not np.isnan(stock) and not np.isnan(low):
        if high <= stock and not unknown and bound != "at most":
            standing = COVERED
        elif low > stock and bound != "at least":
            standing = SHORT
    return Line(what, kind, need, unknown, stock, bound, source, standing)


def _stocks(layers: Layers, area: Area) -> dict[Kind, tuple[float, Bound, str]]:
    """Stock of each need: value, how it is known, and its layer; prefectures as a whole, since land is told so."""
    land = region.stock(layers, list(area.prefectures), "available_now_ha", "en")
    room = _room(layers, area)
    return {
        "power_mw": (room, "at least", "demand_room"),
        "water_m3_day": (float("nan"), "exact", ""),
        "land_ha": (land.value, "at least" if land.bound else "exact", land.layer),
        "capex_oku": (float("nan"), "exact", ""),
        "jobs": (float(sum(_moving(layers, area).values())), "at most", "prefecture_series"),
    }


def _room(layers: Layers, area: Area) -> float:
    """Room for demand of the stations in the area by the user's table; NaN without one."""
    if not layers.has("demand_room"):
        return float("nan")
    rows = layers.layer("demand_room").frame
    here = rows[area.holds(municipality_codes(layers, rows))]
    return float(here["room_mw"].sum(min_count=1)) if "room_mw" in here else float("nan")


def _moving(layers: Layers, area: Area) -> dict[Occupation, float]:
    """People of each occupation who change their work in a year in the area: employed x share x movers, of its prefectures; NaN unknown."""
    unknown = dict.fromkeys(OCCUPATIONS, float("nan"))
    if not layers.has("municipal_statistics") or not layers.has("prefecture_series"):
        return unknown
    towns = layers.layer("municipal_statistics").frame
    employed = towns[area.holds(towns["muni_code"])]
    by_prefecture = employed.groupby(employed["muni_code"].str[:2])["employed"].sum(min_count=1)
    series = layers.layer("prefecture_series").frame.set_index("pref_code").reindex(by_prefecture.index)
    if not {"movers_pct", *(c for columns in SHARES.values() for c in columns)} <= set(series):
        return unknown
    out = {}
    for name, columns in SHARES.items():
        share = series[list(columns)].sum(axis=1, min_count=len(columns))
        people = by_prefecture * share / 100 * series["movers_pct"] / 100
        out[name] = float(people.sum(skipna=False)) if len(people) else float("nan")
    return out


def frame(found: tuple[Line, ...]) -> pd.DataFrame:
    """Lines as a table of plain values."""
    return pd.DataFrame(
        [
            {
                "what": line.what,
                "kind": line.kind,
                "need_low": line.need[0],
                "need": line.need[1],
                "need_high": line.need[2],
                "unknown_projects": line.unknown,
                "stock": line.stock,
                "stock_bound": line.bound,
                "standing": line.standing,
            }
            for line in found
        ]
    )
