"""Nearest named feature of each kind."""

import math
from functools import cache

import geopandas as gpd
import pandas as pd

from geodata import Layer, Layers
from geodata.country import crs
from geodata.spatial.nearest import Nearest, nearest

from ..explain.amounts import shown
from ..explain.dates import dated
from ..i18n import Language, translator
from ..measure.criterion import feature_off_m
from ..model.digits import at_digits, told
from ..model.tables import Known, Why
from .stanzas import Shown, read_stanzas

_SEARCH_DEGREES = 3.0


@cache
def asset_kinds() -> dict[str, Shown]:
    """What a site sheet looks for, by id and in order: one stanza each in assets.toml."""
    return read_stanzas("assets.toml", Shown)


def measured_from(kind: str, language: Language) -> str:
    """What the distances of `nearest_assets` are, for candidates of a kind."""
    t = translator(language)
    said = t("Straight-line distances on the ellipsoid. From a partial list a nearer one may exist.")
    if kind != "municipalities":
        return said
    here = t("They start at one point inside the municipality; its values start at its best cells and may differ.")
    return f"{said} {here}"


def nearest_assets(  # noqa: PLR0913  (a place, how far it may be off, and how it is told)
    store: Layers, lon: float, lat: float, language: Language, *, own_id: str | None = None, off_m: float = 0.0
) -> pd.DataFrame:
    """
    Nearest named feature of each kind: kind (its title), layer, name, detail, km (geodesic), distance, lon, lat, date, partial.

    `distance` says the km with what is known of them: `off_m` is the accuracy of the place in metres, NaN where none is stated.

    A layer that is absent gives a row without name and distance; from a partial layer a nearer one may exist (`partial`).
    `own_id` leaves out the site itself.
    """
    rows: list[dict[str, object]] = []
    for asset in asset_kinds().values():
        kind: dict[str, object] = {"kind": asset.title[language], "layer": asset.layer}
        if not store.has(asset.layer):
            rows.append(kind)
            continue
        layer = store.layer(asset.layer)
        passport: dict[str, object] = {
            "date": dated(layer.passport.reference_date, language),
            "partial": layer.passport.inventory == "partial",
        }
        features = asset.features(layer)
        if own_id is not None and "site_id" in features:
            features = features[features["site_id"] != own_id]
        off = 0.0 if math.isnan(off_m) else off_m
        rows.append({**kind, **passport, **_nearest(features, layer, (lon, lat, off), language)})
    return pd.DataFrame(rows).reindex(
        columns=["kind", "layer", "name", "detail", "km", "distance", "lon", "lat", "date", "partial"]
    )


def _nearest(
    features: gpd.GeoDataFrame, layer: Layer, place: tuple[float, float, float], language: Language
) -> dict[str, object]:
    """The nearest named one within 3 degrees of a place (lon, lat, accuracy in metres), found as a criterion finds it; nothing when there is none."""
    lon, lat, off_m = place
    box = _SEARCH_DEGREES
    near = features.cx[lon - box : lon + box, lat - box : lat + box]
    near = near[near["name"].fillna("").ne("")]
    if near.empty:
        return {}
    here = crs.points_in_work(pd.Series([lon]), pd.Series([lat]))
    found = nearest(here, near.geometry.to_crs(crs.WORK), feature_off_m(near, layer))
    row = near.iloc[found.position[0]]
    return {
        "name": row["name"],
        "detail": _detail(row),
        "km": at_digits(float(found.distance_m[0] / 1000), "km"),
        "distance": shown(_known(found, off_m, partial=layer.passport.inventory == "partial"), "km", language),
        "lon": float(found.lon[0]),
        "lat": float(found.lat[0]),
    }


def _known(found: Nearest, off_m: float, *, partial: bool) -> Known:
    """Km with the bounds that both positions allow; from a partial layer at the most, for a nearer one may exist."""
    value, least, most = (float(part[0]) for part in (found.distance_m, found.least_m - off_m, found.most_m + off_m))
    low = 0.0 if partial else max(least, 0.0)
    why = Why.AT_MOST if partial else Why.INEXACT if low < most else Why.EXACT
    return told(Known(value / 1000, low / 1000, most / 1000, why), "km")


def _detail(row: pd.Series) -> str:
    parts = [
        f"{row['voltage_kv']:g} kV" if "voltage_kv" in row and pd.notna(row["voltage_kv"]) else "",
        str(row["technology"]) if "technology" in row and pd.notna(row["technology"]) else "",
        f"{row['capacity_mw']:,.0f} MW" if "capacity_mw" in row and pd.notna(row["capacity_mw"]) else "",
    ]
    return " ".join(part for part in parts if part)
