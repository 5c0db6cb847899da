"""The small tables inside the package, each row with its own source."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from ..country import crs
from ..files.tables import numbers, read_csv
from ..layer import Reading
from .availability import NOW, PLANNED, TAKEN, availability
from .inputs import Inputs

_NUMBERS = (
    "_ha",
    "_mw",
    "_kv",
    "_m",
    "_persons",
    "_gwh",
    "_pct",
    "_cf",
    "_year",
    "_year_low",
    "_year_high",
    "_yen",
    "_kwh",
    "_share",
)


def table(inputs: Inputs) -> Reading:
    """Rows of the one table, as written."""
    (path,) = inputs.files.values()
    return Reading(_rows(path))


def plants(inputs: Inputs) -> Reading:
    """Restarted nuclear units and our own list of other decarbonised plants, in the shape of the power-plant layer."""
    others = _rows(inputs.file("decarbonised_plants.csv"))
    return Reading(
        pd.concat([as_plants(_rows(inputs.file("nuclear_units.csv"))), own_plants(others)], ignore_index=True)
    )


def sites(inputs: Inputs) -> Reading:
    """Candidate sites, with the published hectares told apart by whether they can be had now or are planned."""
    (path,) = inputs.files.values()
    rows = _rows(path)
    state = availability(rows["available_status"])
    return Reading(
        rows.assign(
            availability=state,
            available_now_ha=rows["available_ha"].where(state.isin([NOW, TAKEN])),
            planned_ha=rows["available_ha"].where(state.eq(PLANNED)),
        )
    )


def _rows(path: Path) -> pd.DataFrame:
    """Columns that name a unit are numbers; `lon`, `lat` become points."""
    rows = read_csv(path, columns=set())
    for name in rows.columns:
        if name.endswith(_NUMBERS):
            rows[name] = numbers(rows[name])
    if {"lon", "lat"} <= set(rows.columns):
        points = gpd.points_from_xy(numbers(rows["lon"]), numbers(rows["lat"]), crs=crs.STORE)
        rows = gpd.GeoDataFrame(rows.drop(columns=["lon", "lat"]), geometry=points)
    return rows


def own_plants(others: pd.DataFrame) -> pd.DataFrame:
    """Rows of our own list of decarbonised plants as rows of the power-plant layer."""
    return others.assign(
        plant_id="d-" + others["plant_id"],
        decarbonised=True,
        operable="unknown",
        capacity_year=others["as_of"].str.extract(r"(\d{4})", expand=False),
        record="decarbonised_plants",
    )


def as_plants(units: pd.DataFrame) -> pd.DataFrame:
    """Nuclear units as rows of the power-plant layer."""
    return units.assign(
        plant_id="n-" + units["unit_id"],
        technology="nuclear",
        decarbonised=True,
        operable="yes",
        capacity_year=units["as_of"].str[:4],
        record="nuclear_units",
    )
