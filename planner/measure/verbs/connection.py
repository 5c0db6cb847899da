"""The connection that gives a load its power first: years until then, line to build, class, room, bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self, cast

import numpy as np
import pandas as pd
from pydantic import Field

from geodata.base import FloatArray

from ...model.tables import Bounded, Why, bounded
from ...power.assumptions import digest, written
from ...power.demand import Demand
from ...power.equipment import GridLayers, equipment
from ...power.options import Options, most_room, options
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, quantity_text, site_off_m

_LINES, _TOPOLOGY, _ROOM, _PLANS = "transmission_lines", "grid_topology", "demand_room", "grid_plans"
_CLOSING = "closing_plants"


class Connection(Criterion):
    """
    One figure of the connection that gives the load its power first, among stations, lines that may be opened, and plans.

    Years and km are estimates on stated assumptions, with bounds over all options; from a partial inventory a nearer station is
    possible. Unknown where nothing is in reach.
    """

    label: ClassVar[str] = "Connection to the grid"
    one_layer: ClassVar[bool] = True

    measure: Literal["connection"] = "connection"
    of: Literal["years", "km", "class_mw", "room_mw", "cost"] = Field(
        description="Years to power; km of line to the nearest station that can serve it; MW of its class; room for demand in reach; cheapest bill"
    )
    demand: Demand = Field(Demand(), description="The load; a scenario's [demand] takes its place")

    def said(self) -> Self:
        """The criterion with the load in its texts."""
        load = quantity_text(self.demand.connection_mw, "MW")
        texts = {name: getattr(self, name) for name in ("title", "why", "caveat")}
        return self.model_copy(update={name: text.filled(load=load) for name, text in texts.items()})

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """Nothing: it reads substations and what belongs to them."""
        return ()

    def pass_key(self) -> str:
        """All figures of one load."""
        return self.key_of("demand")

    def optional_layers(self) -> tuple[str, ...]:
        """Lines, topology, room for demand, plans and closing plants."""
        return (_LINES, _TOPOLOGY, _ROOM, _PLANS, _CLOSING)

    def assumed_as_of(self) -> str:
        """Date of the power model's assumptions."""
        return written()[0]

    def tables(self) -> str:
        """Hash of the power model's tables."""
        return digest()

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The figure alone."""
        return self.measured_together([self], candidates, sources)[0]

    @classmethod
    def measured_together(cls, group: Sequence[Criterion], candidates: CandidateSet, sources: Sources) -> list[Bounded]:
        """All figures of one search."""
        same = cast("Sequence[Connection]", group)
        demand, helpers = same[0].demand, sources.helpers
        lines = [helpers[_LINES]] if _LINES in helpers else []
        layers = GridLayers(
            sources.layers[0], lines, *(helpers.get(id_) for id_ in (_TOPOLOGY, _ROOM, _PLANS, _CLOSING))
        )
        table = equipment(layers, demand)
        xy, off_m = np.column_stack([candidates.points.x, candidates.points.y]), site_off_m(candidates)
        open_ended = sources.partial or bool(sources.layers[0].frame["voltage_kv"].isna().any())
        found = options(xy, off_m, table, demand, open_ended=open_ended)
        chosen = _Chosen(found, table, demand, xy, off_m, open_ended)
        return [_FIGURES[criterion.of](chosen) for criterion in same]


@dataclass(frozen=True)
class _Chosen:
    """The options found for the sites, and what they were found among."""

    found: Options
    table: pd.DataFrame
    demand: Demand
    xy: FloatArray
    off_m: FloatArray
    open_ended: bool

    def of(self, name: str) -> FloatArray:
        """A column of the equipment chosen; NaN where there is none."""
        rows = self.found.best
        if not len(self.table):
            return np.full(len(rows), np.nan)
        return np.where(rows >= 0, self.table[name].to_numpy(float)[np.maximum(rows, 0)], np.nan)

    def named(self, prefix: str = "") -> pd.DataFrame:
        """Id, name and kV of the connection chosen; with `upstream_`, of the trunk station that it hangs on, else itself."""
        own = self.table[["id", "name", "kv"]]
        above = self.table[[f"{prefix}{name}" for name in own.columns]].set_axis(own.columns, axis=1)
        kept = above.where(above["id"].notna(), own).astype({"id": "str", "name": "str", "kv": "float"})
        nothing = pd.DataFrame({"id": [None], "name": [None], "kv": [np.nan]}).astype({"id": "str", "name": "str"})
        rows = np.where(self.found.best < 0, len(kept), self.found.best)
        return pd.concat([kept, nothing], ignore_index=True).take(rows).reset_index(drop=True)


def _years(chosen: _Chosen) -> Bounded:
    low, value, high = chosen.found.years
    return bounded(value, low, high, Why.INEXACT, chosen.named())


def _km(chosen: _Chosen) -> Bounded:
    low, value, high = (km * d for km, d in zip(chosen.found.station_km, chosen.demand.assumed["detour"], strict=True))
    return bounded(value, low, high, Why.AT_MOST if chosen.open_ended else Why.INEXACT)


def _class(chosen: _Chosen) -> Bounded:
    value, (low, high) = chosen.of("station_mid"), chosen.found.classes
    if chosen.open_ended:
        low, high = np.zeros_like(value), np.full_like(value, np.inf)
    return bounded(value, np.fmin(low, value), np.fmax(high, value), Why.INEXACT, chosen.named("upstream_"))


def _room(chosen: _Chosen) -> Bounded:
    sure, possible = most_room(chosen.xy, chosen.off_m, chosen.table, chosen.demand)
    high = np.full_like(sure, np.inf) if chosen.open_ended else possible
    return bounded(sure, sure, high, np.select([np.isinf(high), sure < high], [Why.AT_LEAST, Why.INEXACT], Why.EXACT))


def _cost(chosen: _Chosen) -> Bounded:
    low, value, high = chosen.found.bill
    return bounded(value, low, high, Why.AT_MOST if chosen.open_ended else Why.INEXACT)


_FIGURES = {"years": _years, "km": _km, "class_mw": _class, "room_mw": _room, "cost": _cost}
