"""Clean supply around one place, and how it meets a load hour by hour."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata import Layer
from geodata.base import FloatArray
from geodata.country import crs
from geodata.sources.hourly import TECHNOLOGIES

from ..model.assumptions import Range, three
from ..power import hourly, supply
from ..power.demand import Demand
from .place import Place

REACH_M = 50_000.0
"""Clean plants within so far of the place count, as in the criteria."""

TARGETS = (0.8, 0.9, 0.95, 1.0)


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
class Clean:
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
        return three(part[0] for part in supply.annual_gwh(self.capacity, self.factors))

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


def clean_supply(place: Place, demand: Demand, held: Mapping[str, Layer], area: str | None) -> Clean | None:
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
    return Clean(
        capacity=supply.capacity(around, layers, demand.by_year or demand.as_of_year),
        factors=supply.factors_of(held["capacity_factors"], pd.Series([area])),
        shapes=shapes,
        national=national,
        month=held["hourly_profiles"].frame["month"].to_numpy(float),
    )


def match_of(demand: Demand, clean: Clean, load: FloatArray, storage: hourly.Storage, factor: float | None) -> Match:
    """The load met hour by hour by the part of the supply that can be contracted; `factor` is kg of CO2 per kWh of the rest."""
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
