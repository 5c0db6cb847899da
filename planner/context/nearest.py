"""Nearest named feature of each kind."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import Store
from geodata.country import crs

ASSETS: dict[str, tuple[str, str | None, float | None]] = {
    "Substation of 275 kV and over": ("substations", "voltage_kv", 275.0),
    "Substation of 154 kV and over": ("substations", "voltage_kv", 154.0),
    "Decarbonised plant": ("power_plants", "decarbonised", None),
    "Port": ("ports", None, None),
    "Expressway interchange or junction": ("expressway_joints", None, None),
    "Station": ("stations", None, None),
    "Airport": ("airports", None, None),
    "College of technology": ("kosen", None, None),
    "University with engineering or informatics": ("universities", None, None),
    "Candidate site": ("candidate_sites", None, None),
}
"""What a site sheet looks for: layer, field and the least value it must have (None: true)."""


_SEARCH_DEGREES = 3.0


def nearest_assets(store: Store, lon: float, lat: float, *, own_id: str | None = None) -> pd.DataFrame:
    """
    Nearest named feature of each kind: kind, name, km (geodesic), lon, lat, date, origin; sorted as in ASSETS.

    A layer that is absent gives a row without name and distance; from a partial layer a nearer one may exist (`partial`).
    """
    rows: list[dict[str, object]] = []
    for kind, (layer_id, field, least) in ASSETS.items():
        if not store.has(layer_id):
            rows.append({"kind": kind, "layer": layer_id})
            continue
        layer = store.layer(layer_id)
        found = _nearest(_passing(layer.frame, field, least), lon, lat, own_id)
        passport: dict[str, object] = {
            "date": layer.passport.reference_date,
            "partial": layer.passport.inventory == "partial",
        }
        rows.append({"kind": kind, "layer": layer_id, **passport, **found})
    return pd.DataFrame(rows).reindex(
        columns=["kind", "layer", "name", "detail", "km", "lon", "lat", "date", "partial"]
    )


def _passing(frame: pd.DataFrame, field: str | None, least: float | None) -> gpd.GeoDataFrame:
    if field is None:
        return gpd.GeoDataFrame(frame)
    return gpd.GeoDataFrame(
        frame[frame[field].fillna(value=False).astype(bool) if least is None else frame[field] >= least]
    )


def _nearest(features: gpd.GeoDataFrame, lon: float, lat: float, own_id: str | None) -> dict[str, object]:
    """The nearest named one by geodesic within 3 degrees; nothing when there is none."""
    if own_id is not None and "site_id" in features:
        features = features[features["site_id"] != own_id]
    box = _SEARCH_DEGREES
    near = features.cx[lon - box : lon + box, lat - box : lat + box]
    near = near[near["name"].fillna("").ne("")]
    if near.empty:
        return {}
    points = near.geometry.representative_point() if not (near.geom_type == "Point").all() else near.geometry
    km = crs.geodesic_m(points.x.to_numpy(), points.y.to_numpy(), lon, lat) / 1000
    first = int(np.argmin(km))
    row = near.iloc[first]
    return {
        "name": row["name"],
        "detail": _detail(row),
        "km": float(km[first]),
        "lon": float(points.x.iloc[first]),
        "lat": float(points.y.iloc[first]),
    }


def _detail(row: pd.Series) -> str:
    parts = [
        f"{row['voltage_kv']:g} kV" if "voltage_kv" in row and pd.notna(row["voltage_kv"]) else "",
        str(row["technology"]) if "technology" in row and pd.notna(row["technology"]) else "",
        f"{row['capacity_mw']:,.0f} MW" if "capacity_mw" in row and pd.notna(row["capacity_mw"]) else "",
    ]
    return " ".join(part for part in parts if part)
