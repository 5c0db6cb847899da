"""Layers drawn over the map on request: points and lines from the store, each with its count, date and source."""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geodata import Layer, Store

MOST = 1_500
"""Features of one overlay sent to the browser; the largest, or the first, within the view of the candidates."""

_MARGIN_DEGREES = 0.3
_SIMPLIFY_DEGREES = 0.002


@dataclass(frozen=True)
class Overlay:
    """A layer, which of its rows, and how they look."""

    title: str
    layer: str
    keep: Callable[[pd.DataFrame], pd.Series]
    colour: str
    largest: str | None = None


def _all(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(data=True, index=frame.index)


def _kv(low: float, high: float) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: (frame["voltage_kv"] >= low) & (frame["voltage_kv"] < high)


def _technology(*names: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: frame["decarbonised"].fillna(value=False).astype(bool) & frame["technology"].isin(names)


OVERLAYS: dict[str, Overlay] = {
    "substations_500": Overlay("Substations of 500 kV", "substations", _kv(500, 2000), "#7a0177"),
    "substations_275": Overlay("Substations of 187 to 275 kV", "substations", _kv(187, 500), "#c51b8a"),
    "substations_154": Overlay("Substations of 154 kV", "substations", _kv(154, 187), "#f768a1"),
    "lines": Overlay(
        "Transmission lines of 154 kV and over", "transmission_lines", _kv(154, 2000), "#ae017e", "voltage_kv"
    ),
    "nuclear": Overlay("Restarted nuclear units", "power_plants", _technology("nuclear"), "#e41a1c", "capacity_mw"),
    "hydro": Overlay("Hydropower", "power_plants", _technology("hydro"), "#377eb8", "capacity_mw"),
    "wind": Overlay("Wind power", "power_plants", _technology("wind"), "#4daf4a", "capacity_mw"),
    "solar": Overlay("Solar power", "power_plants", _technology("solar"), "#ff7f00", "capacity_mw"),
    "other_decarbonised": Overlay(
        "Geothermal and biomass", "power_plants", _technology("geothermal", "biomass"), "#a65628", "capacity_mw"
    ),
    "ports": Overlay("Ports", "ports", _all, "#08519c"),
    "interchanges": Overlay("Expressway interchanges", "expressway_joints", _all, "#525252"),
    "stations": Overlay("Stations", "stations", _all, "#969696"),
    "airports": Overlay("Airports", "airports", _all, "#54278f"),
    "kosen": Overlay("Colleges of technology", "kosen", _all, "#006d2c"),
    "universities": Overlay("Universities with engineering or informatics", "universities", _all, "#31a354"),
}


def available(store: Store) -> list[str]:
    """Overlays whose layer can be opened."""
    return [key for key, overlay in OVERLAYS.items() if store.has(overlay.layer)]


def cut(layer: Layer, overlay: Overlay, bounds: tuple[float, float, float, float]) -> tuple[gpd.GeoSeries, int]:
    """Shapes within bounds, at most MOST of them, and how many there are."""
    frame = gpd.GeoDataFrame(layer.frame[overlay.keep(layer.frame)])
    west, south, east, north = bounds
    m = _MARGIN_DEGREES
    near = frame.cx[west - m : east + m, south - m : north + m]
    ordered = near.sort_values(overlay.largest, ascending=False, kind="stable") if overlay.largest else near
    shapes = ordered.geometry.head(MOST)
    return shapes.simplify(_SIMPLIFY_DEGREES) if layer.spec.geometry == "line" else shapes, len(near)
