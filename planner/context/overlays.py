"""Layers drawn over the map on request: points and lines from the store, each with its count, date and source."""

from functools import cache
from typing import Annotated

import geopandas as gpd
from pydantic import Field

from geodata import Layer, Layers

from .stanzas import Shown, read_stanzas

MOST = 1_500
"""Features of one overlay sent to the browser; the largest, or the first, within the view of the candidates."""

_MARGIN_DEGREES = 0.3
_SIMPLIFY_DEGREES = 0.002


class Overlay(Shown):
    """Features of a layer and how they look."""

    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    largest: str | None = Field(None, description="Field by which the largest are drawn first")


@cache
def overlays() -> dict[str, Overlay]:
    """Every overlay by id: one stanza each in overlays.toml."""
    return read_stanzas("overlays.toml", Overlay)


def available(store: Layers) -> list[str]:
    """Overlays whose layer can be opened."""
    return [key for key, overlay in overlays().items() if store.has(overlay.layer)]


def cut(layer: Layer, overlay: Overlay, bounds: tuple[float, float, float, float]) -> tuple[gpd.GeoSeries, int]:
    """Shapes within bounds (west, south, east, north in degrees) and a margin, at most MOST, and how many there are."""
    west, south, east, north = bounds
    m = _MARGIN_DEGREES
    near = overlay.features(layer).cx[west - m : east + m, south - m : north + m]
    ordered = near.sort_values(overlay.largest, ascending=False, kind="stable") if overlay.largest else near
    shapes = ordered.geometry.head(MOST)
    return shapes.simplify(_SIMPLIFY_DEGREES) if layer.spec.geometry == "line" else shapes, len(near)
