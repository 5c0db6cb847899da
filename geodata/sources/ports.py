"""World Port Index (NGA Pub 150, US public domain): the Japanese rows."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..base import text
from ..country import crs
from ..files.tables import numbers, read_csv
from ..layer import Reading, Step
from .inputs import Inputs, reading

_COLUMNS = {
    "World Port Index Number",
    "Main Port Name",
    "Country Code",
    "Harbor Size",
    "Channel Depth (m)",
    "Cargo Pier Depth (m)",
    "Latitude",
    "Longitude",
}


def merged(inputs: Inputs) -> Reading:
    """
    The listed ports with their class, and the other Japanese ports of the index; no port twice.

    A depth of 0 means not known, and positions stand up to some kilometres off the quay.
    """
    name, path = next(iter(inputs.files.items()))
    world = read_csv(path, columns=_COLUMNS, name=name)
    table = world[world["Country Code"].str.strip().eq("Japan")].reset_index(drop=True)
    depths = table[["Channel Depth (m)", "Cargo Pier Depth (m)"]].apply(numbers)
    zero = depths.eq(0)
    size = table["Harbor Size"].str.strip()
    points = gpd.points_from_xy(numbers(table["Longitude"]), numbers(table["Latitude"]), crs=crs.STORE)
    index = gpd.GeoDataFrame(
        {
            "port_id": "W" + numbers(table["World Port Index Number"]).astype("int64").astype("str"),
            "name": table["Main Port Name"].str.strip(),
            "harbour_size": size.mask(size.eq("")),
            "channel_depth_m": depths["Channel Depth (m)"].mask(zero["Channel Depth (m)"]),
            "pier_depth_m": depths["Cargo Pier Depth (m)"].mask(zero["Cargo Pier Depth (m)"]),
        },
        geometry=points,
    )
    placed = np.isfinite(shapely.get_coordinates(np.asarray(points))).all(axis=1)
    listed = inputs.layer("ports_listed").frame[["port_id", "name", "port_class", "wpi_name", "accuracy_m", "geometry"]]
    known = index["name"].isin(listed["wpi_name"].dropna())
    facts = index.drop_duplicates("name").set_index("name")[["harbour_size", "channel_depth_m", "pier_depth_m"]]
    classed = listed.merge(facts, left_on="wpi_name", right_index=True, how="left")
    others = index[placed & ~known].assign(port_class=pd.Series(pd.NA, index=index.index, dtype="str"))
    return reading(
        pd.concat([classed, others], ignore_index=True),
        Step("dropped", len(world) - len(table), text("日本以外の港", "ports outside Japan")),
        Step("dropped", int((~placed).sum()), text("位置のない港", "ports without a position")),
        Step("merged", int(known.sum()), text("港格のある港と同じもの", "ports that are listed with their class")),
        Step("blanked", int(zero.to_numpy().sum()), text("水深0は不明の意味", "depths of 0, which mean unknown")),
    )
