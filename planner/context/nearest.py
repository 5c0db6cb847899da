"""Nearest named feature of each kind."""

from functools import cache

import geopandas as gpd
import pandas as pd

from geodata import Layers
from geodata.country import crs
from geodata.spatial.nearest import nearest

from ..i18n import Language
from ..model.digits import at_digits
from .stanzas import Shown, read_stanzas

_SEARCH_DEGREES = 3.0


@cache
def asset_kinds() -> dict[str, Shown]:
    """What a site sheet looks for, by id and in order: one stanza each in assets.toml."""
    return read_stanzas("assets.toml", Shown)


def nearest_assets(
    store: Layers, lon: float, lat: float, language: Language, *, own_id: str | None = None
) -> pd.DataFrame:
    """
    Nearest named feature of each kind: kind (its title), layer, name, detail, km (geodesic), lon, lat, date, partial.

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
            "date": layer.passport.reference_date,
            "partial": layer.passport.inventory == "partial",
        }
        rows.append({**kind, **passport, **_nearest(asset.features(layer), lon, lat, own_id)})
    return pd.DataFrame(rows).reindex(
        columns=["kind", "layer", "name", "detail", "km", "lon", "lat", "date", "partial"]
    )


def _nearest(features: gpd.GeoDataFrame, lon: float, lat: float, own_id: str | None) -> dict[str, object]:
    """The nearest named one within 3 degrees, found as a criterion finds it; nothing when there is none."""
    if own_id is not None and "site_id" in features:
        features = features[features["site_id"] != own_id]
    box = _SEARCH_DEGREES
    near = features.cx[lon - box : lon + box, lat - box : lat + box]
    near = near[near["name"].fillna("").ne("")]
    if near.empty:
        return {}
    found = nearest(crs.points_in_work(pd.Series([lon]), pd.Series([lat])), near.geometry.to_crs(crs.WORK))
    row = near.iloc[found.position[0]]
    return {
        "name": row["name"],
        "detail": _detail(row),
        "km": at_digits(float(found.distance_m[0] / 1000), "km"),
        "lon": float(found.lon[0]),
        "lat": float(found.lat[0]),
    }


def _detail(row: pd.Series) -> str:
    parts = [
        f"{row['voltage_kv']:g} kV" if "voltage_kv" in row and pd.notna(row["voltage_kv"]) else "",
        str(row["technology"]) if "technology" in row and pd.notna(row["technology"]) else "",
        f"{row['capacity_mw']:,.0f} MW" if "capacity_mw" in row and pd.notna(row["capacity_mw"]) else "",
    ]
    return " ".join(part for part in parts if part)
