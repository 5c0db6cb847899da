"""The small tables inside the package, each row with its own source."""

import geopandas as gpd
import pandas as pd

from .. import crs
from ..layer import Reading
from .inputs import Inputs, numbers, read_csv

_NUMBERS = ("_ha", "_mw", "_kv", "_m", "_persons")


def table(inputs: Inputs) -> Reading:
    """Rows as written; columns that name a unit are numbers; `lon`, `lat` become points."""
    rows = read_csv(inputs.file("starter"), columns=set())
    for name in rows.columns:
        if name.endswith(_NUMBERS):
            rows[name] = numbers(rows[name])
    if {"lon", "lat"} <= set(rows.columns):
        points = gpd.points_from_xy(numbers(rows["lon"]), numbers(rows["lat"]), crs=crs.STORE)
        return Reading(pd.DataFrame(gpd.GeoDataFrame(rows.drop(columns=["lon", "lat"]), geometry=points)))
    return Reading(rows)


def nuclear_plants(inputs: Inputs) -> Reading:
    """Restarted nuclear units in the shape of the power-plant layer."""
    units = table(inputs).frame
    return Reading(as_plants(units))


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
