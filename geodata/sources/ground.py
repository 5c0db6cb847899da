"""Land prices, faults, volcanoes, works and densely inhabited districts, each from its publisher's table."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..base import text
from ..country import crs
from ..country.codes import JAPAN_BOUNDS
from ..country.mesh import GRIDS
from ..errors import FormatError, phrase
from ..files.tables import numbers, read_csv
from ..layer import Reading, Step
from .inputs import Inputs, read_parquet, reading, repaired_polygons

_INDUSTRIAL = "工業地"
_WARD_DIGIT = "1"
_STEP_DEGREES = 0.0025


def land_prices(inputs: Inputs) -> Reading:
    """Published prices of 2022; those of industrial land brought to 2026 by the index of their prefecture."""
    name, path = next((n, p) for n, p in inputs.files.items() if n.endswith(".parquet"))
    columns = {"lon", "lat", "municipality_code", "use_code", "use", "serial", "year", "price_yen_m2", "address"}
    table = read_parquet(path, name, columns=columns)
    years = sorted(set(table["year"]))
    if len(years) != 1:
        raise FormatError(
            name,
            expected="prices of one year",
            found=phrase("years {known}", known=", ".join(map(str, years))),
            remedy="Keep the rows of one year; the index brings them to 2026.",
        )
    west, south, east, north = JAPAN_BOUNDS
    inside = table["lon"].between(west, east) & table["lat"].between(south, north)
    kept = table[inside]
    pref = kept["municipality_code"].str[:2]
    price = kept["price_yen_m2"].astype(float)
    factor = pref.map(_index(inputs, years[0]))
    out = gpd.GeoDataFrame(
        {
            "point_id": kept["municipality_code"] + "-" + kept["use_code"] + "-" + kept["serial"],
            "name": kept["address"],
            "use": kept["use"],
            "price_yen_m2": price,
            "industrial_2026_yen_m2": (price * factor).where(kept["use"].eq(_INDUSTRIAL)),
        },
        geometry=gpd.points_from_xy(kept["lon"], kept["lat"], crs=crs.STORE),
    )
    note = text("日本の外にある地点", "points outside Japan")
    return reading(pd.DataFrame(out), Step("dropped", int((~inside).sum()), note))


def _index(inputs: Inputs, year: int) -> pd.Series:
    """Industrial land prices of 2026 over those of `year`, by prefecture."""
    name, path = next((n, p) for n, p in inputs.files.items() if n.endswith(".csv"))
    then = f"index_{year}"
    table = read_csv(path, columns={"prefecture_code", then, "index_2026"}, name=name)
    ratio = numbers(table["index_2026"]) / numbers(table[then])
    return pd.Series(ratio.to_numpy(), index=table["prefecture_code"].str.zfill(2))


def faults(inputs: Inputs) -> Reading:
    """Traces of active faults that lie on land, at least in part."""
    name, path = next(iter(inputs.files.items()))
    columns = {"fault_no", "slip_type", "name", "land_share", "length_km"}
    frame = gpd.GeoDataFrame(read_parquet(path, name, columns=columns, with_geometry=True)).to_crs(crs.STORE)
    at_sea = frame["land_share"].astype(float) <= 0
    out = frame.assign(fault_id="F" + frame["fault_no"].astype("str"))[~at_sea]
    return reading(pd.DataFrame(out), Step("dropped", int(at_sea.sum()), text("海域の断層", "faults at sea")))


def fault_points(inputs: Inputs) -> Reading:
    """The traces as points no further apart than a step, so that the nearest of them is found fast and is off by half a step at most."""
    traces = gpd.GeoDataFrame(inputs.layer("active_faults").frame)
    dense = shapely.segmentize(np.asarray(traces.geometry.array), _STEP_DEGREES)
    spots, trace = shapely.get_coordinates(dense, return_index=True)
    out = gpd.GeoDataFrame(
        {
            "point_id": [f"{id_}-{n}" for n, id_ in enumerate(traces["fault_id"].to_numpy()[trace])],
            "name": traces["name"].to_numpy()[trace],
        },
        geometry=gpd.points_from_xy(*spots.T, crs=crs.STORE),
    )
    return reading(pd.DataFrame(out))


def volcanoes(inputs: Inputs) -> Reading:
    """Volcanoes of the Holocene on land."""
    name, path = next(iter(inputs.files.items()))
    columns = {"volcano_number", "volcano_name", "lat", "lon", "last_year", "elevation_m"}
    table = read_csv(path, columns=columns, name=name)
    submarine = numbers(table["elevation_m"]) < 0
    kept = table[~submarine]
    out = gpd.GeoDataFrame(
        {
            "volcano_id": kept["volcano_number"],
            "name": kept["volcano_name"],
            "last_eruption_year": numbers(kept["last_year"]),
        },
        geometry=gpd.points_from_xy(numbers(kept["lon"]), numbers(kept["lat"]), crs=crs.STORE),
    )
    return reading(pd.DataFrame(out), Step("dropped", int(submarine.sum()), text("海底火山", "submarine volcanoes")))


def industrial_areas(inputs: Inputs) -> Reading:
    """Works as OpenStreetMap had them in 2021: what stands there, not land for sale."""
    name, path = next(iter(inputs.files.items()))
    frame = gpd.GeoDataFrame(read_parquet(path, name, columns={"area_ha"}, with_geometry=True))
    frame, repaired = repaired_polygons(frame.to_crs(crs.STORE))
    out = frame.assign(area_id=[f"W{k}" for k in range(len(frame))])
    return reading(pd.DataFrame(out), repaired)


def cities(inputs: Inputs) -> Reading:
    """Densely inhabited districts of each municipality as one point: the cell of most residents among its dense cells."""
    name, path = next(iter(inputs.files.items()))
    table = read_csv(path, columns={"code", "population"}, name=name)
    cells = inputs.layer("land_use_1km").frame[["mesh_code", "muni_code", "did_pct"]]
    towns = _towns(table["code"], cells["muni_code"])
    persons = numbers(table["population"]).groupby(towns).sum()
    dense = cells.merge(inputs.layer("population_1km").frame[["mesh_code", "persons_2015"]], on="mesh_code")
    dense = dense[dense["did_pct"] > 0].sort_values(["persons_2015", "mesh_code"], ascending=[False, True])
    centre = dense.drop_duplicates("muni_code").set_index("muni_code")["mesh_code"].reindex(persons.index)
    placed = centre.notna().to_numpy()
    codes = centre[placed]
    lon, lat = GRIDS["1km"].centres(*GRIDS["1km"].decode(codes))
    names = inputs.layer("municipalities").frame.set_index("muni_code")["name"]
    out = gpd.GeoDataFrame(
        {
            "muni_code": codes.index.to_numpy(),
            "name": names.reindex(codes.index).to_numpy(),
            "did_persons": persons[placed].to_numpy(float),
        },
        geometry=gpd.points_from_xy(lon, lat, crs=crs.STORE),
    )
    note = text("位置の分からないDID", "districts without a place")
    return reading(pd.DataFrame(out), Step("dropped", int((~placed).sum()), note))


def _towns(codes: pd.Series, known: pd.Series) -> pd.Series:
    """Codes of municipalities; a ward of a designated city counts for its city, whose code comes before the wards'."""
    towns = np.unique(np.array(known.to_list()))
    before = towns[np.maximum(np.searchsorted(towns, np.array(codes.to_list()), side="right") - 1, 0)]
    of_a_city = codes.str[2].eq(_WARD_DIGIT) & codes.str[:3].eq(pd.Series(before, index=codes.index).str[:3])
    return codes.where(codes.isin(towns) | ~of_a_city, before)


def municipal_land(inputs: Inputs) -> Reading:
    """Area, building land, cultivated land and the price of residential land by municipality."""
    name, path = next(iter(inputs.files.items()))
    columns = {
        "municipality_code": "muni_code",
        "municipality": "name",
        "total_ha": "total_ha",
        "habitable_ha": "habitable_ha",
        "building_land_ha": "building_land_ha",
        "cultivated_ha": "cultivated_ha",
        "lv_2023": "residential_yen_m2",
    }
    table = read_csv(path, columns=set(columns), name=name)[list(columns)].rename(columns=columns)
    amounts = {column: numbers(table[column]) for column in list(columns.values())[2:]}
    unknown = int(np.sum([values.isna().sum() for values in amounts.values()]))
    return reading(
        table.assign(**amounts), Step("kept", unknown, text("欠測は不明のまま", "missing values kept unknown"))
    )
