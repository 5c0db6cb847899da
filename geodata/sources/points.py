"""Point tables that need little more than reading."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..base import text
from ..country import crs
from ..files.tables import numbers, read_csv
from ..layer import Reading, Step
from .inputs import Inputs, read_parquet, reading


def stations(inputs: Inputs) -> Reading:
    """Railway stations in service."""
    name, path = next(iter(inputs.files.items()))
    table = read_csv(path, columns={"code", "name", "lat", "lng", "closed"}, name=name)
    closed = table["closed"].eq("1")
    used = table[~closed]
    points = gpd.points_from_xy(numbers(used["lng"]), numbers(used["lat"]), crs=crs.STORE)
    out = gpd.GeoDataFrame({"station_id": used["code"], "name": used["name"]}, geometry=points)
    return reading(pd.DataFrame(out), Step("dropped", int(closed.sum()), text("廃止された駅", "closed stations")))


def universities(inputs: Inputs) -> Reading:
    """Universities with engineering or informatics units, at their city: good to its farthest corner."""
    name, path = next(iter(inputs.files.items()))
    columns = {"school_code", "university", "type", "jis_code", "units", "geometry"}
    table = read_parquet(path, name, columns=columns)
    shapes = shapely.from_wkb(table["geometry"].to_numpy())
    placed = np.isfinite(shapely.bounds(shapes)).all(axis=1) & table["jis_code"].notna()
    out = gpd.GeoDataFrame(
        {
            "school_code": table["school_code"],
            "name": table["university"],
            "founder": table["type"],
            "muni_code": table["jis_code"],
            "units": table["units"],
        },
        geometry=gpd.GeoSeries(shapes, crs=crs.STORE),
    )[placed]
    towns = gpd.GeoDataFrame(inputs.layer("municipalities").frame).set_index("muni_code").geometry.to_crs(crs.WORK)
    ground = towns.reindex(out["muni_code"])
    out["accuracy_m"] = shapely.hausdorff_distance(out.geometry.to_crs(crs.WORK).array, ground.array)
    repeated = out.duplicated("school_code")
    return reading(
        pd.DataFrame(out[~repeated]),
        Step("dropped", int((~placed).sum()), text("所在地の分からない大学", "universities without a place")),
        Step("merged", int(repeated.sum()), text("複数市町村の同じ大学", "the same university in several cities")),
    )
