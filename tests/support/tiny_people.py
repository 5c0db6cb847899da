"""A made-up country of people: squares, minutes between them, one prefecture and its schools, as published and as it may truly be."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.country import crs
from geodata.country.mesh import GRIDS
from geodata.sources.commuting import PAIR, RESIDENTS, WORKERS, square_of

SERIES = {
    "pref_code": "01",
    **dict.fromkeys(("share_management_pct", "share_sales_pct", "share_farming_pct", "share_construction_pct"), 5.0),
    **dict.fromkeys(("share_transport_pct", "share_handling_pct", "share_service_pct", "share_security_pct"), 5.0),
    "share_professional_pct": 20.0,
    "share_clerical_pct": 20.0,
    "share_production_pct": 20.0,
    "movers_pct": 4.0,
    "school_leavers_to_work_pct": 25.0,
    "school_leavers_stay_pct": 80.0,
}


def claimed(rng, lon, lat, span):
    """Squares with people as published; minutes, prefecture and schools stand in its `attrs`."""
    row, col = GRIDS["1km"].locate(lon + rng.uniform(-0.1, span + 0.1, 400), lat + rng.uniform(-0.1, span + 0.1, 400))
    square, first = np.unique(square_of(row, col), return_index=True)
    west, south = (100 + (col[first] // 5 * 5 + 2.5) / 80, (row[first] // 5 * 5 + 2.5) / 120)
    counts = {name: rng.uniform(0, 5000, len(square)).round() for name in (*RESIDENTS, *WORKERS)}
    counts["high_school_students"][rng.uniform(size=len(square)) < 0.05] = np.nan
    frame = gpd.GeoDataFrame(
        {"point_id": square.astype(str), "muni_code": "01001", "square": square, **counts},
        geometry=gpd.points_from_xy(west, south),
        crs=crs.STORE,
    )
    frame.attrs["helpers"] = {
        "prefecture_series": pd.DataFrame([SERIES]),
        "commuting_minutes": _minutes(rng, square, west, south),
        "technical_schools": _schools(rng, lon, lat, span),
    }
    return frame


def _minutes(rng, square, lon, lat):
    """Pairs of most squares; a few have none, as an island off the roads."""
    on = rng.uniform(size=len(square)) < 0.9
    home, work = (part.ravel() for part in np.meshgrid(np.flatnonzero(on), np.flatnonzero(on), indexing="ij"))
    km = np.hypot((lon[home] - lon[work]) * 90, (lat[home] - lat[work]) * 111)
    taken = 4 + km * rng.uniform(1.2, 2.5, len(km))
    return pd.DataFrame({"pair": square[home] * PAIR + square[work], "minutes": taken})


def _schools(rng, lon, lat, span, k=12):
    middle = rng.uniform(20, 300, k)
    return gpd.GeoDataFrame(
        {
            "level": rng.choice(["kosen", "university"], k),
            "graduates_low": middle * 0.6,
            "graduates": middle,
            "graduates_high": middle * 1.5,
            "accuracy_m": rng.choice([0.0, 300.0, 7000.0], k),
        },
        geometry=gpd.points_from_xy(lon + rng.uniform(0, span, k), lat + rng.uniform(0, span, k)),
        crs=crs.STORE,
    )


def true(rng, frame, moved):
    """A world that the published one allows: other minutes, schools elsewhere and of other size, students where none were told."""
    told, truth = frame.attrs["helpers"], frame.copy()
    truth["high_school_students"] = truth["high_school_students"].fillna(rng.uniform(0, 5000))
    schools = told["technical_schools"].copy()
    lon, lat = moved(
        rng, schools.geometry.x.to_numpy(), schools.geometry.y.to_numpy(), schools["accuracy_m"].to_numpy()
    )
    number = rng.uniform(schools["graduates_low"], schools["graduates_high"])
    schools = schools.assign(accuracy_m=0.0, graduates_low=number, graduates=number, graduates_high=number)
    schools.geometry = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=crs.STORE)
    minutes = told["commuting_minutes"]
    slower = minutes.assign(minutes=minutes["minutes"] * rng.uniform(0.75, 1.3, len(minutes)))
    truth.attrs["helpers"] = {**told, "technical_schools": schools, "commuting_minutes": slower}
    return truth
