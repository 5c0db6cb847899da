"""Made-up worlds for the laws of bounds: a layer as published, and the worlds that it allows."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import tiny_people

from geodata import Layer, LayerSpec, Store
from geodata.country import crs
from geodata.country.mesh import GRIDS
from geodata.layer import FieldSpec
from planner.measure.candidates import CandidateSet
from planner.measure.criterion import Sources
from planner.measure.verbs import criterion_of

LON, LAT, SPAN = 137.0, 36.0, 0.25
NODES = 29
TEXT = {"ja": "あ", "en": "a"}
STANZA = {"id": "x", "branch": "land", "title": TEXT, "unit": "km", "why": TEXT, "caveat": TEXT, "direction": "more"}
LINEAR = {"kind": "linear", "worst": 0.0, "best": 100.0}
WHERE = [{"field": "kv", "at_least": 100.0}]
VERBS = {
    "nearest_km": {"where": WHERE},
    "sum_within": {"where": WHERE, "column": "amount", "reach_m": 6_000.0},
    "distance_from_km": {"layers": [], "places": [{"name": TEXT, "lon": LON, "lat": LAT}]},
    "admin_value": {"by": "muni_code", "column": "amount"},
    "mesh_value": {"column": "amount"},
    "share_pct": {"where": WHERE},
    "worst_value": {"where": WHERE, "column": "amount"},
    "drive_min": {"where": WHERE, "network": "roads"},
    "sum_within_min": {"where": WHERE, "column": "amount", "network": "roads", "reach_min": 9.0},
    "cell_value": {"column": "amount"},
    "cells_within": {"where": WHERE, "column": "amount", "reach_m": 6_000.0},
    "nearest_cell_km": {"where": WHERE},
    "nearest_value": {"where": WHERE, "column": "amount", "spread": [[0.0, 1.0], [5.0, 1.2], [60.0, 4.0]]},
    "road_min": {"where": WHERE, "network": "roads"},
    "road_min_from": {
        "layers": [],
        "places": [{"name": TEXT, "lon": LON + 0.1, "lat": LAT + 0.1}],
        "network": "roads",
    },
    "connection": {"of": "years"},
    "clean_supply": {"of": "gwh", "reach_m": 6_000.0},
    "people": {"of": "fill"},
    "round_trip_ms": {"layers": [], "places": [{"name": TEXT, "lon": LON, "lat": LAT}]},
}
NEVER_EXACT = {
    "connection",
    "clean_supply",
    "people",
    "round_trip_ms",
    "sum_within_min",
    "nearest_cell_km",
    "nearest_value",
    "road_min",
    "road_min_from",
}
"""Measures that are wide even at exact places: a part of the roads, cells for what lies in them, prices between points."""
CELLS = {"mesh_value", "cell_value", "cells_within", "nearest_cell_km"}


def criterion(verb):
    return criterion_of({**STANZA, "value": LINEAR, "measure": verb, "layers": ["l"], **VERBS[verb]})


def moved(rng, lon, lat, off_m):
    """Places anywhere within their accuracy, its very edge included."""
    angle, metres = rng.uniform(0, 360, len(lon)), off_m * np.sqrt(rng.choice([1.0, rng.uniform()], len(lon)))
    there = crs.GEOD.fwd(lon, lat, angle, metres * (1 - 1e-9))
    return np.asarray(there[0]), np.asarray(there[1])


def layer(frame, inventory="complete"):
    fields = {
        "row": FieldSpec(dtype="string", title=TEXT),
        "amount": FieldSpec(dtype="float", title=TEXT, minimum=0, maximum=50),
    }
    spec = LayerSpec(
        id="l", title=TEXT, theme="facts", geometry="point", connector="own", key="row", fields=fields, licence="-", attribution="-",
        reference_date="2026", status="measured", inventory=inventory, inventory_note=TEXT,
    )  # fmt: skip
    return Layer(spec, frame, spec, "own", "v", None, ())


def candidates(rng, n, off_m, area_ha):
    lon, lat = LON + rng.uniform(0, SPAN, n), LAT + rng.uniform(0, SPAN, n)
    table = pd.DataFrame({"name": "s", "area_ha": area_ha, "lon": lon, "lat": lat, "accuracy_m": off_m})
    return located(table)


def located(table):
    """The candidates with the area each lies in, and those that it may lie in."""
    towns = the_towns()
    points = crs.points_in_work(table["lon"], table["lat"])
    site, town = shapely.STRtree(towns.geometry.array).query(points.array, predicate="intersects")
    own = pd.Series(towns["muni_code"].to_numpy()[town], index=site).groupby(level=0).min().reindex(range(len(table)))
    table = table.assign(muni_code=own.fillna("").to_numpy(), pref_code="01")
    near = shapely.STRtree(towns.geometry.array).query(
        points.array, predicate="dwithin", distance=table["accuracy_m"].to_numpy() * (1 + crs.WORK_DISTORTION)
    )
    around = pd.DataFrame({"site": near[0], "pref_code": "01", "muni_code": towns["muni_code"].to_numpy()[near[1]]})
    shapes = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), index=table.index, crs=crs.STORE)
    inexact = table["accuracy_m"].to_numpy()[around["site"]] > 0
    return CandidateSet(table, "file", shapes=shapes, around=around[inexact])


@cache
def the_towns():
    edges = np.linspace(-0.2, SPAN + 0.2, 6)
    boxes = [shapely.box(LON + w, LAT + s, LON + e, LAT + n) for w, e in pairwise(edges) for s, n in pairwise(edges)]
    codes = [f"010{k:02d}" for k in range(len(boxes))]
    return gpd.GeoDataFrame({"muni_code": codes}, geometry=boxes, crs=crs.STORE).to_crs(crs.WORK)


@cache
def roads():
    steps = np.linspace(-0.05, SPAN + 0.05, NODES)
    rows = []
    rng = np.random.default_rng(1)
    for i in range(NODES):
        for j in range(NODES):
            for di, dj in ((0, 1), (1, 0)):
                if i + di < NODES and j + dj < NODES and rng.uniform() > 0.1:
                    a, b = (LON + steps[i], LAT + steps[j]), (LON + steps[i + di], LAT + steps[j + dj])
                    seconds = rng.uniform(60, 150)
                    rows += [
                        (f"{i}-{j}", f"{i + di}-{j + dj}", seconds, [a, b]),
                        (f"{i + di}-{j + dj}", f"{i}-{j}", seconds * 1.2, [b, a]),
                    ]
    frame = gpd.GeoDataFrame(
        {
            "u": [r[0] for r in rows],
            "v": [r[1] for r in rows],
            "time_s": [r[2] for r in rows],
            "piece_nodes": 5000,
            "u_lon": [r[3][0][0] for r in rows],
            "u_lat": [r[3][0][1] for r in rows],
            "v_lon": [r[3][1][0] for r in rows],
            "v_lat": [r[3][1][1] for r in rows],
        },
        geometry=[shapely.LineString(r[3]) for r in rows],
        crs=crs.STORE,
    )
    return layer(frame)


@cache
def supply_helpers():
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        names = ("hourly_profiles", "capacity_factors", "capacity_totals", "grid_areas")
        return {id_: store.layer(id_) for id_ in names}


def claimed_world(rng, verb, k):
    """A layer as published: positions to their accuracy, some values and some filtered fields unknown."""
    amount = np.where(rng.uniform(size=k) < 0.15, np.nan, rng.uniform(0, 50, k).round(1))
    kv = np.where(rng.uniform(size=k) < 0.15, np.nan, rng.choice([66.0, 154.0], k))
    columns = {"row": [str(i) for i in range(k)], "amount": amount, "kv": kv, "name": "f"}
    if verb == "admin_value":
        return pd.DataFrame(
            {"muni_code": the_towns()["muni_code"], "amount": rng.permutation(np.r_[np.nan, rng.uniform(0, 50, 24)])}
        )
    if verb == "people":
        return tiny_people.claimed(rng, LON, LAT, SPAN)
    if verb in CELLS:
        row, col = GRIDS["1km"].locate(
            LON + rng.uniform(-0.1, SPAN + 0.1, 3000), LAT + rng.uniform(-0.1, SPAN + 0.1, 3000)
        )
        codes = np.unique(GRIDS["1km"].encode(row, col))
        values = rng.uniform(0, 50, len(codes))
        lacking = rng.uniform(size=(2, len(codes))) < rng.choice([0.0, 0.002, 0.02])
        kv = np.where(lacking[1], np.nan, rng.choice([66.0, 154.0], len(codes), p=[0.95, 0.05]))
        return pd.DataFrame({"mesh_code": codes, "amount": np.where(lacking[0], np.nan, values), "kv": kv})
    lon, lat = LON + rng.uniform(-0.1, SPAN + 0.1, k), LAT + rng.uniform(-0.1, SPAN + 0.1, k)
    frame = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(lon, lat), crs=crs.STORE)
    frame["accuracy_m"] = rng.choice([0.0, 0.0, 300.0, 1500.0], k)
    if verb == "connection":
        return frame.assign(substation_id=frame["row"], voltage_kv=frame["kv"])
    if verb == "clean_supply":
        technology = rng.choice(["solar", "hydro"], k)
        return frame.assign(capacity_mw=frame["amount"], technology=technology, decarbonised=True, operable="unknown")
    if verb in {"share_pct", "worst_value"}:
        frame = frame.assign(accuracy_m=rng.choice([0.0, 200.0]))
        frame.geometry = frame.geometry.to_crs(crs.WORK).buffer(rng.uniform(500, 9000, k)).to_crs(crs.STORE)
    return frame


def true_world(rng, verb, frame, partial):
    """One of the worlds that the published layer allows."""
    if verb == "people":
        return tiny_people.true(rng, frame, moved)
    truth = frame.copy()
    if verb in {"admin_value", *CELLS}:
        truth = truth.assign(amount=truth["amount"].fillna(pd.Series(rng.uniform(0, 50, len(truth)))))
        return truth if "kv" not in truth else truth.fillna({"kv": rng.choice([66.0, 154.0])})
    if verb != "nearest_value":  # of which a point without a value is none
        truth["amount"] = truth["amount"].fillna(pd.Series(rng.uniform(0, 50, len(truth))))
    truth["kv"] = truth["kv"].fillna(pd.Series(rng.choice([66.0, 154.0], len(truth))))
    centres = truth.geometry.to_crs(crs.WORK).centroid
    lonlat = centres.to_crs(crs.STORE)
    lon, lat = moved(rng, lonlat.x.to_numpy(), lonlat.y.to_numpy(), truth["accuracy_m"].to_numpy())
    new = crs.points_in_work(pd.Series(lon), pd.Series(lat))
    shapes = truth.geometry.to_crs(crs.WORK)
    shifted = [
        shapely.affinity.translate(s, a.x - b.x, a.y - b.y) for s, a, b in zip(shapes, new, centres, strict=True)
    ]
    truth.geometry = gpd.GeoSeries(shifted, crs=crs.WORK).to_crs(crs.STORE)
    if partial and verb != "nearest_value":  # whose spread says how far a price not listed may differ
        more = truth.assign(kv=154.0)
        more.geometry = gpd.GeoSeries(
            [shapely.affinity.translate(g, *rng.uniform(-0.1, 0.1, 2)) for g in truth.geometry], crs=crs.STORE
        )
        truth = pd.concat([truth, more.iloc[: len(truth) // 2]], ignore_index=True)
    renewed = {"voltage_kv": "kv", "capacity_mw": "amount"}
    renewed = {name: truth[other] for name, other in renewed.items() if name in truth}
    ids = {"substation_id": [str(i) for i in range(len(truth))]} if "substation_id" in truth else {}
    return truth.assign(accuracy_m=0.0, **renewed, **ids)


def sources(frame, *, partial):
    tables = {id_: layer(table) for id_, table in frame.attrs.get("helpers", {}).items()}
    helpers = {"roads": roads(), **supply_helpers(), **tables}
    return Sources((layer(frame, "partial" if partial else "complete"),), helpers)
