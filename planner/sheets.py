"""What pages, papers and files show of one site or a few: nearest assets, side by side, funnels. No page computes these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import Store, crs

from .explain import shown
from .i18n import Language, translator
from .model import FAIL, PASS, UNKNOWN, Measurements, Result
from .screening import Gate, screen

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


@dataclass(frozen=True)
class Funnel:
    """`steps`: per threshold, what is left, unknown and out, in the order given; `outcome`: pass, fail, unknown per site."""

    steps: pd.DataFrame
    outcome: pd.Series


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


def side_by_side(result: Result, site_ids: Sequence[str], language: Language) -> pd.DataFrame:
    """Criteria by sites: values as they are shown, and each one's percentile among the candidates with a known value."""
    t = translator(language)
    columns: dict[str, list[str]] = {}
    for site in site_ids:
        row = result.table.loc[site]
        columns[f"{row['name']} ({site})"] = [_cell(result, row, id_, language) for id_ in result.criteria()]
    titles = [c["title"][language] for c in result.metadata["criteria"].values()]
    return pd.DataFrame(columns, index=pd.Index(titles, name=t("Criterion")))


def funnel(result: Result, limits: Mapping[str, tuple[str, float]]) -> Funnel:
    """
    Hard thresholds one after the other; `limits` maps a criterion to ("at_least" | "at_most", number in its unit).

    A site leaves only when it certainly fails; what is unknown stays and is counted. Gates of the scenario come first.
    """
    table = result.table
    gates = {id_: _gate(result, id_, side, number) for id_, (side, number) in limits.items()}
    parts = {
        side: table[[f"{side}_{id_}" for id_ in limits]].set_axis(list(limits), axis=1) for side in ("low", "high")
    }
    parts["high"] = parts["high"].where(parts["high"].notna() | parts["low"].isna(), np.inf)
    values = table[[f"value_{id_}" for id_ in limits]].set_axis(list(limits), axis=1)
    outcome = screen(Measurements(table, values, parts["low"], parts["high"], {}, ()), gates).outcome
    left = table["failed_gates"].fillna("").eq("").to_numpy()
    unsure = np.zeros(len(table), dtype=bool)
    steps = [{"criterion": "", "left": int(left.sum()), "unknown": 0, "out": int((~left).sum())}]
    for id_ in limits:
        out = left & outcome[id_].eq(FAIL).to_numpy()
        left = left & ~out
        unsure = unsure | outcome[id_].eq(UNKNOWN).to_numpy()
        steps.append(
            {"criterion": id_, "left": int(left.sum()), "unknown": int((left & unsure).sum()), "out": int(out.sum())}
        )
    final = np.where(~left, FAIL, np.where(unsure, UNKNOWN, PASS))
    return Funnel(pd.DataFrame(steps), pd.Series(final, index=table.index, name="outcome"))


def percentile(result: Result, id_: str, value: float) -> float:
    """Share of the candidates with a known value that this one is at least as good as; NaN when unknown."""
    known = result.table[f"value_{id_}"].dropna().to_numpy()
    if np.isnan(value) or not len(known):
        return np.nan
    better = result.metadata["criteria"][id_]["direction"] == "more"
    return float((known <= value).mean() if better else (known >= value).mean())


def _cell(result: Result, row: pd.Series, id_: str, language: Language) -> str:
    criterion = result.metadata["criteria"][id_]
    text = shown(row[f"value_{id_}"], row[f"low_{id_}"], row[f"high_{id_}"], criterion["unit"], language)
    share = percentile(result, id_, float(row[f"value_{id_}"]))
    if np.isnan(share):
        return text
    return translator(language)("{value} (as good as {share} of the candidates)", value=text, share=f"{share:.0%}")


def _gate(result: Result, id_: str, side: str, number: float) -> Gate:
    title = result.metadata["criteria"][id_]["title"]
    return Gate.model_validate({"title": title, "criterion": id_, side: number, "basis": "assumption"})


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
