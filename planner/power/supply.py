"""Clean supply around sites: MW by technology with bounds, capacity factors, shapes, and what they match of a load."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import Layer
from geodata.base import FloatArray
from geodata.country import crs
from geodata.sources.hourly import TECHNOLOGIES
from geodata.spatial.within import Within, sum_within

from ..model.assumptions import Range
from .demand import Demand
from .hourly import HOURS, matched_share

_SHARPER = 1.5
"""Exponent that makes a national shape as uneven as one area's may be, for the lower bound."""


@dataclass(frozen=True)
class SupplyLayers:
    """Layers that the supply is read from; all but plants and shapes may be absent."""

    plants: Layer
    shapes: Layer
    factors: Layer
    totals: Layer
    outlook: Layer | None = None
    solar: Layer | None = None
    municipalities: Layer | None = None
    register: Layer | None = None
    survey: Layer | None = None


@dataclass(frozen=True)
class Capacity:
    """
    MW by technology within reach, (n, t) in the order of TECHNOLOGIES: known to run, expected by the year asked, and the most.

    `unknown` counts plants in reach whose output is not published; for these, and where the list is partial, the most holds what
    is left of the national total.
    """

    low: FloatArray
    value: FloatArray
    high: FloatArray
    unknown: FloatArray


@dataclass(frozen=True)
class Around:
    """Sites (n points in WORK), how far each may lie from there, and how far is looked around them, metres."""

    sites: gpd.GeoSeries
    off_m: FloatArray
    reach_m: float

    def sums(self, rows: pd.DataFrame, amounts: FloatArray, accuracy_m: float) -> Within:
        """Columns of `amounts` (f, k) over the rows within reach; rows without an accuracy of their own have that of their layer."""
        own = rows["accuracy_m"] if "accuracy_m" in rows else pd.Series(np.nan, rows.index)
        return sum_within(
            self.sites,
            gpd.GeoDataFrame(rows, geometry="geometry", crs=crs.STORE).geometry.to_crs(crs.WORK),
            amounts,
            reach_m=self.reach_m,
            site_off_m=self.off_m,
            feature_off_m=pd.to_numeric(own, errors="coerce").fillna(accuracy_m).clip(lower=0).to_numpy(float),
        )


def capacity(around: Around, layers: SupplyLayers, by_year: int) -> Capacity:
    """
    Clean MW within reach of n sites in a year: operable plants, the municipal register of solar, and restarts with their years.

    Storage and pumped hydro are no source. Solar comes from the register where that layer and the municipalities are there: it is
    complete, while the map knows the output of few plants. A register of the user's own stands for the technologies in it.
    """
    rows, registered = _sources(layers)
    technology = rows["technology"].to_numpy()
    amounts = np.where(technology[:, None] == np.array(TECHNOLOGIES), rows[["capacity_mw"]].to_numpy(float), 0.0)
    found = around.sums(rows, amounts, layers.plants.passport.accuracy_m)
    totals = _totals(layers)
    left = np.array([_left(totals, rows, name) for name in TECHNOLOGIES])
    missing = np.array([name not in registered for name in TECHNOLOGIES])
    missing &= layers.plants.passport.inventory == "partial"
    low, value = found.least, found.total
    high = found.most + np.where(missing | (found.unknown > 0), left, 0.0)
    if layers.outlook is not None:
        expected, possible = _restarts(around, layers.outlook, by_year)
        at = TECHNOLOGIES.index("nuclear")
        value[:, at] += expected
        high[:, at] = np.maximum(high[:, at] + possible, value[:, at])
    return Capacity(low, value, high, found.unknown.astype(float))


def _sources(layers: SupplyLayers) -> tuple[pd.DataFrame, set[str]]:
    """Clean plants that can run, with the registers in the place of the technologies they hold; and which these are."""
    frame, columns = layers.plants.frame, ["technology", "capacity_mw", "accuracy_m", "geometry"]
    clean = frame[frame["decarbonised"] & frame["technology"].isin(TECHNOLOGIES) & frame["operable"].ne("no")]
    solar, own = _solar(layers), layers.register
    parts = [] if own is None else [own.frame[own.frame["operable"].ne("no")]]
    if solar is not None and not any(part["technology"].eq("solar").any() for part in parts):
        parts.append(solar)
    registered = {str(name) for part in parts for name in part["technology"].unique()}
    plants = clean[~clean["technology"].isin(registered)]
    whole = pd.concat([plants.reindex(columns=columns), *(part.reindex(columns=columns) for part in parts)])
    return whole.reset_index(drop=True), registered


def _solar(layers: SupplyLayers) -> pd.DataFrame | None:
    """Solar of the municipal register, each town's as a point that is known to its radius; None without it."""
    if layers.solar is None or layers.municipalities is None:
        return None
    places = gpd.GeoDataFrame(layers.municipalities.frame, geometry="geometry", crs=crs.STORE).to_crs(crs.WORK)
    radius = np.sqrt(places.area / np.pi)
    inner = gpd.GeoSeries(places.representative_point(), crs=crs.WORK).to_crs(crs.STORE)
    towns = pd.DataFrame({"muni_code": places["muni_code"], "accuracy_m": radius, "geometry": inner})
    solar = layers.solar.frame[["muni_code", "solar_mw"]].rename(columns={"solar_mw": "capacity_mw"})
    return solar.merge(towns, on="muni_code").assign(technology="solar")


def _totals(layers: SupplyLayers) -> pd.Series:
    """National MW by technology: of the electricity survey where the user has brought it, else of the embedded facts."""
    ours = layers.totals.frame.set_index("technology")["total_mw"].astype(float)
    if layers.survey is None:
        return ours
    return layers.survey.frame.set_index("technology")["total_mw"].astype(float).combine_first(ours)


def _left(totals: pd.Series, listed: pd.DataFrame, technology: str) -> float:
    """MW of the national total that no listed plant accounts for: what plants not listed or of unknown output can hold."""
    known = listed.loc[listed["technology"].eq(technology), "capacity_mw"].sum()
    return max(float(totals[technology]) - float(known), 0.0) if technology in totals else np.inf


def _restarts(around: Around, outlook: Layer, by_year: int) -> tuple[FloatArray, FloatArray]:
    """Nuclear MW expected to run by a year, and possible by then, that do not run today."""
    years = outlook.frame[["from_year", "from_year_low"]].le(by_year).to_numpy()
    amounts = np.where(years, outlook.frame[["capacity_mw"]].to_numpy(float), 0.0)
    found = around.sums(outlook.frame, amounts, outlook.passport.accuracy_m)
    return found.total[:, 0], found.most[:, 1]


def factors_of(layer: Layer, areas: pd.Series) -> Mapping[str, FloatArray]:
    """Capacity factors (n, t) low, mid and high: of the supply area where there is one, else of the country."""
    frame = layer.frame
    national = frame[frame["grid_area"].isna() | frame["grid_area"].eq("")].set_index("technology")
    own = frame.set_index(["technology", "grid_area"])
    out = {}
    for bound in ("low", "mid", "high"):
        columns = []
        for technology in TECHNOLOGIES:
            keys = pd.MultiIndex.from_arrays([[technology] * len(areas), areas])
            column = own[f"{bound}_cf"].reindex(keys).to_numpy(float)
            columns.append(np.where(np.isnan(column), national[f"{bound}_cf"][technology], column))
        out[bound] = np.column_stack(columns)
    return out


def shapes_of(layer: Layer, area: str | None) -> tuple[FloatArray, tuple[str, ...]]:
    """Hourly shapes (t, 8760) of an area, and the technologies whose shape is the country's and not the area's own."""
    rows, national = [], []
    for technology in TECHNOLOGIES:
        own = f"{technology}_{area}"
        local = own in layer.frame and layer.frame[own].notna().any()
        rows.append(layer.frame[own if local else technology].to_numpy(float))
        if not local:
            national.append(technology)
    return np.stack(rows), tuple(national)


def sharpened(shapes: FloatArray, national: tuple[str, ...]) -> FloatArray:
    """Shapes for the lower bound: a national shape smooths what one area's plants do, so it is made more uneven."""
    out = shapes.copy()
    for technology in national:
        at = TECHNOLOGIES.index(technology)
        uneven = shapes[at] ** _SHARPER
        out[at] = uneven / uneven.mean()
    return out


def area_hours(means_mw: Mapping[str, float], demand_mw: float, layer: Layer, area: str) -> tuple[float, float]:
    """
    Of a supply area: the share of its demand that decarbonised supply meets in the same hour, and the GWh a year beyond demand.

    From measured means and hourly shapes. What lies beyond demand is a lower bound of the surplus: thermal plants that must run
    and lines out of the area are not in it.
    """
    shapes, _ = shapes_of(layer, area)
    clean = np.array([means_mw.get(technology, 0.0) for technology in TECHNOLOGIES]) @ shapes
    wanted = demand_mw * layer.frame[f"demand_{area}"].to_numpy(float)
    beyond = np.maximum(clean - wanted, 0)
    return float(np.minimum(clean, wanted).sum() / wanted.sum()), float(beyond.sum() / 1000)


def annual_gwh(held: Capacity, factors: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """GWh of a year (n): low, middle and high."""
    parts = ((held.low, "low"), (held.value, "mid"), (held.high, "high"))
    low, middle, high = ((mw * factors[bound]).sum(axis=1) * HOURS / 1000 for mw, bound in parts)
    return low, middle, high


def matched(
    held: Capacity, factors: Mapping[str, FloatArray], areas: pd.Series, layer: Layer, demand: Demand
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    Share of a flat load that plants within reach match hour by hour (n), 0 to 1: low, middle and high.

    Only the share of them that is assumed to be open to a contract counts. The load is the connection times the load factor.
    """
    out = [np.full(len(areas), np.nan) for _ in range(3)]
    contracted, factor = demand.assumed["contracted"], demand.assumed["load_factor"]
    parts = ((held.low, "low"), (held.value, "mid"), (held.high, "high"))
    loads: Range = (factor[2], factor[1], factor[0])
    for area, rows in areas.fillna("").groupby(areas.fillna("").to_numpy()).indices.items():
        shapes, national = shapes_of(layer, str(area) or None)
        for position, (mw, bound) in enumerate(parts):
            mean_mw = mw[rows] * factors[bound][rows] * contracted[position]
            load = np.full(HOURS, demand.connection_mw * loads[position])
            shape = sharpened(shapes, national) if position == 0 else shapes
            out[position][rows] = matched_share(mean_mw, shape, load)
    low, middle, high = out
    return np.minimum(low, middle), middle, np.maximum(high, middle)
