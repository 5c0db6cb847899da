"""One table of power plants from four sources, no plant counted twice.

1. Restarted nuclear units (our own closed list) replace every other nuclear record.
2. OpenStreetMap via All-Japan-Grid gives places; its capacities only where they are the plant's own.
3. The Global Power Plant Database adds plants with a capacity that OpenStreetMap does not have.
4. Our own sourced list of decarbonised plants of 50 MW and over adds those that neither has.
Pumped storage is named by our own list and is not counted as decarbonised supply: it consumes what it gives.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ..base import text
from ..country import crs
from ..country.codes import grid_area_of_operator
from ..files.tables import numbers, read_csv, require_columns
from ..layer import Reading, Step
from .inputs import Inputs, read_geojson, reading
from .starter import as_plants, own_plants

DECARBONISED = frozenset({"solar", "wind", "hydro", "geothermal", "biomass"})
"""Renewable technologies (再エネ); nuclear is added unit by unit, and only when restarted."""

_TECHNOLOGIES = DECARBONISED | {"nuclear", "coal", "gas", "oil", "waste", "battery"}
_FOSSIL = "coal|gas|oil|diesel"
_SYNONYMS = {"biofuel": "biomass", "diesel": "oil"}
_SAME_SITE_M = 1_000
_SAME_PLANT_M = 3_000
_SAME_CAPACITY_RATIO = 2.0
_EQUAL_CAPACITY_M = 12_000
_EQUAL_CAPACITY_RATIO = 1.03
_SAME_LISTED_PLANT_M = 6_000
_NUCLEAR_SITE_M = 5_000


def merged(inputs: Inputs) -> Reading:
    """Power plants with technology, MW or unknown, whether decarbonised and operable, and the operator's grid area."""
    pumped = inputs.layer("pumped_storage").frame
    nuclear = as_plants(inputs.layer("nuclear_units").frame)
    osm, osm_steps = _osm(inputs, pumped, nuclear)
    gppd, gppd_steps = _gppd(inputs, pumped, osm)
    own, own_steps = _own(inputs, pd.concat([osm, gppd], ignore_index=True))
    table = pd.concat([osm, gppd, own, nuclear], ignore_index=True)
    table["operable"] = table["operable"].fillna("unknown")
    table["decarbonised"] = table["technology"].isin(DECARBONISED) | (
        table["technology"].eq("nuclear") & table["operable"].eq("yes")
    )
    table["grid_area"] = table["grid_area"].fillna(grid_area_of_operator(table["operator"]))
    table["on_land"] = _on_land(table, inputs.layer("municipalities").geometry)
    at_sea = table["record"].eq("gppd") & ~table["on_land"]
    return reading(
        table,
        *osm_steps,
        *gppd_steps,
        *own_steps,
        Step(
            "added",
            len(nuclear),
            text("再稼働済み原子力の号機（自前の閉じた一覧）", "restarted nuclear units (closed list)"),
        ),
        Step(
            "kept", int(at_sea.sum()), text("GPPDの位置が海上（位置は不正確）", "GPPD positions in the sea (inexact)")
        ),
        Step("kept", int(table["capacity_mw"].isna().sum()), text("出力不明のまま保持", "capacity unknown, kept")),
    )


def _osm(inputs: Inputs, pumped: pd.DataFrame, nuclear: pd.DataFrame) -> tuple[pd.DataFrame, list[Step]]:
    frames = [read_geojson(path, name) for name, path in inputs.named("_plants.geojson").items()]
    raw = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
    require_columns(
        raw, {"name", "fuel_type", "capacity_mw", "osm_id", "osm_type", "plant:source", "_enriched_by"}, "plants"
    )
    distinct = _distinct(raw)
    technology = distinct["fuel_type"].replace(_SYNONYMS)
    technology = technology.where(technology.isin(_TECHNOLOGIES), "unknown")
    mixed = technology.isin(DECARBONISED) & distinct["plant:source"].str.contains(_FOSSIL, na=False)
    technology = technology.mask(mixed, "mixed_fuel")
    copied = distinct["_enriched_by"].eq("p03")
    capacity = numbers(distinct["capacity_mw"])
    negative = capacity <= 0
    invented = distinct["_name_source"].eq("geocoded") if "_name_source" in distinct else copied & False
    out = pd.DataFrame(
        {
            "plant_id": _osm_ids(distinct),
            "name": distinct["name"].replace("", pd.NA).mask(copied | invented),
            "technology": technology.mask(
                _is_pumped(distinct["name"], technology, pumped["osm_name"]), "pumped_storage"
            ),
            "capacity_mw": capacity.mask(negative | copied),
            "operator": distinct["operator"].replace("", pd.NA),
            "record": "osm",
            "geometry": distinct.geometry,
        }
    )
    out, idle_steps = _settle_nuclear(out, nuclear)
    repeated = Step(
        "merged", len(raw) - len(distinct), text("重複する発電所を統合", "plants repeated across regional files")
    )
    blanked = _blanked(copied=copied & (capacity > 0), negative=negative & ~copied, invented=invented & ~copied)
    burnt = Step(
        "assigned",
        int(mixed.sum()),
        text("化石燃料との混焼は脱炭素電源に数えない", "co-fired with fossil fuel: not decarbonised"),
    )
    return out, [repeated, *blanked, burnt, *idle_steps]


def _blanked(*, copied: pd.Series, negative: pd.Series, invented: pd.Series) -> list[Step]:
    """What was taken out of rows because nobody published it of them."""
    notes = (
        (copied, text("近くの発電所から写された出力と名称を空欄に", "capacity and name copied from a nearby plant")),
        (negative, text("出力0以下は不明の意味", "capacities of 0 or below, which mean unknown")),
        (invented, text("住所から作られた名称を空欄に", "names invented from an address")),
    )
    return [Step("blanked", int(rows.sum()), note) for rows, note in notes]


def _settle_nuclear(osm: pd.DataFrame, nuclear: pd.DataFrame) -> tuple[pd.DataFrame, list[Step]]:
    """Nuclear places near a restarted site are that site; the others are not operable and have no capacity."""
    is_nuclear = osm["technology"].eq("nuclear")
    near = pd.Series(_near(osm, nuclear, _NUCLEAR_SITE_M), index=osm.index)
    idle = is_nuclear & ~near
    osm = osm.assign(
        capacity_mw=osm["capacity_mw"].mask(idle),
        operable=pd.Series(pd.NA, index=osm.index, dtype="str").mask(idle, "no"),
    )
    return osm[~(is_nuclear & near)], [
        Step(
            "merged",
            int((is_nuclear & near).sum()),
            text("再稼働済みサイトの別記録", "other records of restarted nuclear sites"),
        ),
        Step(
            "blanked", int(idle.sum()), text("再稼働していない原子力の出力", "capacity of nuclear sites not restarted")
        ),
    ]


def _gppd(inputs: Inputs, pumped: pd.DataFrame, osm: pd.DataFrame) -> tuple[pd.DataFrame, list[Step]]:
    columns = {"country_long", "name", "capacity_mw", "latitude", "longitude", "primary_fuel"}
    name, path = next(iter(inputs.named("power_plant_database.csv").items()))
    world = read_csv(path, columns=columns, name=name)
    japan = world[world["country_long"].eq("Japan")].reset_index(drop=True)
    technology = japan["primary_fuel"].str.lower()
    nuclear = technology.eq("nuclear")
    is_pumped = _is_pumped(japan["name"], technology, pumped["gppd_name"])
    out = gpd.GeoDataFrame(
        {
            "plant_id": "g-"
            + japan["name"].str.lower().str.replace(r"\W+", "-", regex=True)
            + "-"
            + japan.index.astype(str),
            "name": japan["name"],
            "technology": technology.where(technology.isin(_TECHNOLOGIES), "unknown").mask(is_pumped, "pumped_storage"),
            "capacity_mw": numbers(japan["capacity_mw"]),
            "capacity_year": "2021",
            "record": "gppd",
            "accuracy_m": float(_SAME_PLANT_M),
        },
        geometry=gpd.points_from_xy(numbers(japan["longitude"]), numbers(japan["latitude"]), crs=crs.STORE),
    )
    listed_twice = is_pumped & japan["name"].isin(pumped.loc[pumped["osm_name"].isin(osm["name"]), "gppd_name"])
    twice = (_already_known(out, osm, _SAME_PLANT_M) | listed_twice) & ~nuclear
    return pd.DataFrame(out[~(nuclear | twice)]), [
        Step(
            "dropped",
            int(nuclear.sum()),
            text("GPPDの原子力（設備容量であり稼働可能量ではない）", "GPPD nuclear (installed, not operable)"),
        ),
        Step(
            "merged",
            int(twice.sum()),
            text("OSMに出力がある同じ発電所", "plants that OpenStreetMap already has with a capacity"),
        ),
        Step(
            "added",
            int((~(nuclear | twice)).sum()),
            text("GPPDだけにある発電所（2021年）", "plants that only GPPD has (2021)"),
        ),
    ]


def _own(inputs: Inputs, others: pd.DataFrame) -> tuple[pd.DataFrame, list[Step]]:
    """Plants of our own list that no other source has with a capacity; our positions are good to a few km."""
    listed = own_plants(inputs.layer("decarbonised_plants").frame)
    known = _already_known(listed, others, _SAME_LISTED_PLANT_M)
    return listed[~known], [
        Step(
            "merged",
            int(known.sum()),
            text("自前の一覧のうち他の記録に出力があるもの", "plants of our own list that another record has"),
        ),
        Step(
            "added",
            int((~known).sum()),
            text("自前の一覧だけにある脱炭素電源", "decarbonised plants that only our own list has"),
        ),
    ]


def _already_known(new: pd.DataFrame, others: pd.DataFrame, reach_m: float) -> pd.Series:
    """Same technology with a capacity within 1 km, within reach and of like capacity, or within 12 km and of equal."""
    known = others[others["capacity_mw"].notna()]
    pairs = cKDTree(_xy(new)).sparse_distance_matrix(cKDTree(_xy(known)), _EQUAL_CAPACITY_M, output_type="ndarray")
    ours, theirs = new.iloc[pairs["i"]].reset_index(drop=True), known.iloc[pairs["j"]].reset_index(drop=True)
    ratio = theirs["capacity_mw"] / ours["capacity_mw"]
    alike = ratio.between(1 / _SAME_CAPACITY_RATIO, _SAME_CAPACITY_RATIO) & (pairs["v"] <= reach_m)
    equal = ratio.between(1 / _EQUAL_CAPACITY_RATIO, _EQUAL_CAPACITY_RATIO)
    same = (alike | equal | (pairs["v"] <= _SAME_SITE_M)) & ours["technology"].eq(theirs["technology"])
    return new["plant_id"].isin(ours.loc[same, "plant_id"])


def _is_pumped(name: pd.Series, technology: pd.Series, listed: pd.Series) -> pd.Series:
    return name.isin(listed.dropna()) & technology.eq("hydro")


def _distinct(raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    place = pd.Series(shapely.to_wkb(np.asarray(raw.geometry.array), hex=True), index=raw.index)
    known = raw["osm_id"].notna()
    key = (raw["osm_type"].astype("str") + "/" + raw["osm_id"].astype("str")).where(known, place)
    own_first = raw["_enriched_by"].eq("p03").sort_values(kind="stable").index
    keep = own_first[~key.loc[own_first].duplicated().to_numpy()].sort_values()
    distinct = raw.loc[keep]
    again = pd.Series(list(zip(place.loc[keep], distinct["fuel_type"], strict=True)), index=keep).duplicated()
    return gpd.GeoDataFrame(distinct[~again.to_numpy()]).reset_index(drop=True)


def _osm_ids(frame: gpd.GeoDataFrame) -> pd.Series:
    x, y = shapely.get_x(frame.geometry.array), shapely.get_y(frame.geometry.array)
    place = pd.Series([f"o-{lon:.6f}-{lat:.6f}-" for lon, lat in zip(x, y, strict=True)], index=frame.index)
    fuel: pd.Series = frame["fuel_type"].astype("str").str[:12]
    number: pd.Series = frame.groupby([x, y]).cumcount().astype("str")
    return place + fuel + "-" + number


def _near(rows: pd.DataFrame, others: pd.DataFrame, reach_m: float) -> np.ndarray:
    return np.asarray(cKDTree(_xy(others)).query(_xy(rows))[0] <= reach_m)


def _xy(rows: pd.DataFrame) -> np.ndarray:
    return np.column_stack(crs.to_work(*shapely.get_coordinates(np.asarray(rows["geometry"].array)).T))


def _on_land(table: pd.DataFrame, land: gpd.GeoSeries) -> np.ndarray:
    points = np.asarray(gpd.GeoDataFrame(table, crs=crs.STORE).geometry.array)
    inside = np.zeros(len(points), dtype=bool)
    inside[shapely.STRtree(points).query(np.asarray(land.array), predicate="intersects")[1]] = True
    return inside
