"""Rows of a table given a point: their own, a substation's, or one inside their municipality."""

import re
from collections.abc import Callable, Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...country import crs
from ...country.places import Place, Places, Position, city_of, prefecture_of
from ...errors import phrase
from ...layer import Layer
from ..codes import area_codes
from ..report import Report

TOWN_M = 1_000.0
"""Accuracy of a town's point, metres: an assumption, towns differ."""

ELSEWHERE_M = 5_000.0
"""How far from the municipality that a row names its position may lie without a word: boundaries and coasts are simplified."""

_TAKEN = {
    "municipality": phrase("a position (an inner point of the municipality was taken)"),
    "town": phrase("a position (the point of the town was taken, good to about 1 km)"),
    "ward": phrase("a position (an inner point of the city of this ward was taken)"),
    "former": phrase("a position (an inner point of the municipality that this former one is now part of was taken)"),
}


def placed(
    table: pd.DataFrame,
    substations: Layer | None,
    report: Report,
    *,
    places: Places | None = None,
    municipalities: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Rows with a point: their own, else their substation's, else an inner point of their municipality; the rest is listed."""
    lon = table.get("lon", pd.Series(np.nan, index=table.index))
    lat = table.get("lat", pd.Series(np.nan, index=table.index))
    shapes = gpd.GeoSeries(gpd.points_from_xy(lon, lat), index=table.index, crs=crs.STORE)
    accuracy = pd.Series(np.where(lon.notna(), 0.0, np.nan), index=table.index)
    missing = lon.isna() | lat.isna()
    if substations is not None:
        known = joinable(substations).drop_duplicates("key", keep=False).set_index("key")["geometry"]
        found = table["name"].map(stem).map(known)
        shapes = points_of([f if m and not is_none(f) else s for s, f, m in zip(shapes, found, missing, strict=True)])
        missing &= pd.Series([is_none(f) for f in found], index=table.index)
    if places is not None:
        note_elsewhere(table, shapes, places, gpd.GeoDataFrame(municipalities), report)
        found = places_of_rows(table, places, set(pd.DataFrame(municipalities)["muni_code"]), missing, report)
        points, reach = positions(found, gpd.GeoDataFrame(municipalities))
        here = missing & points.notna()
        report_places(found.where(here), report)
        shapes = gpd.GeoSeries(np.where(here, points.to_numpy(), shapes.to_numpy()), index=table.index, crs=crs.STORE)
        accuracy = accuracy.where(~here, reach)
        missing &= ~here
    report.add("rejected", missing, "lon", "a position, a known substation or a municipality", table["name"])
    placed = gpd.GeoDataFrame(table.assign(accuracy_m=accuracy), geometry=shapes)
    return gpd.GeoDataFrame(placed[~missing])


def placed_by_code(table: pd.DataFrame, report: Report, look: Callable[[str], Layer | None]) -> gpd.GeoDataFrame:
    """Rows at their position, address or municipality, the code of which is read first; those without any are listed."""
    if "muni_code" in table:
        front = table.get("prefecture")
        table = table.assign(muni_code=area_codes(table["muni_code"], report, "muni_code", prefectures=front))
    municipalities = look("municipalities")
    boundaries = None if municipalities is None else municipalities.frame
    return placed(table, None, report, places=places_from(look), municipalities=boundaries)


def note_elsewhere(
    table: pd.DataFrame, points: gpd.GeoSeries, places: Places, municipalities: gpd.GeoDataFrame, report: Report
) -> None:
    """Say which rows name one municipality and have the position of another, farther off than boundaries are inexact."""
    shapes = municipalities.set_index("muni_code").geometry
    named, coded = places_named(table, places), places_coded(table, set(shapes.index))
    codes = named.where(named.notna(), coded).map(lambda place: place.code if place else "")
    given = codes.isin(shapes.index) & points.x.notna()
    if given.any():
        areas = shapes.reindex(codes[given]).set_axis(points.index[given]).to_crs(crs.WORK)
        off_m = points[given].to_crs(crs.WORK).distance(areas)
        wrong = off_m.gt(ELSEWHERE_M).reindex(table.index, fill_value=False)
        places_of = table.get("municipality", table.get("address", codes))
        report.add(
            "noted", wrong, "lon", "a position in the municipality that the row names, or within 5 km of it", places_of
        )


def places_from(look: Callable[[str], Layer | None]) -> Places | None:
    """Names from the layers municipalities, mergers and town_positions, as far as they are there; None without the first."""
    municipalities, changes, towns = look("municipalities"), look("mergers"), look("town_positions")
    if municipalities is None:
        return None
    former = [] if changes is None else zip(changes.frame["name"], changes.frame["muni_code"], strict=True)
    inside: Iterable[tuple[str, str, Position]] = ()
    if towns is not None:
        at = zip(*(getattr(gpd.GeoDataFrame(towns.frame).geometry, axis) for axis in "xy"), strict=True)
        inside = zip(towns.frame["muni_code"], towns.frame["name"], at, strict=True)
    return Places.of(municipalities.frame, mergers=former, towns=inside)


def places_of_rows(
    table: pd.DataFrame, places: Places, known: set[str], wanted: pd.Series, report: Report
) -> pd.Series:
    """Place of each row by the names and the code that it states; None where they contradict each other, which is said."""
    named, coded = places_named(table, places), places_coded(table, known)
    town = texts_of(table, "municipality")
    several = wanted & town.where(town.ne(""), texts_of(table, "address")).map(places.several).astype(bool)
    report.add("noted", several & named.isna(), "municipality", "one municipality, not several in one cell", town)
    by_name, by_code = (found.map(lambda place: place.code if place else "") for found in (named, coded))
    prefecture = texts_of(table, "prefecture").map(prefecture_of).fillna("")
    other = by_code.ne("") & (
        (by_name.ne("") & by_name.ne(by_code)) | (prefecture.ne("") & prefecture.ne(by_code.str[:2]))
    )
    report.add("noted", wanted & other, "muni_code", "the code of the place that the row names", by_code)
    return named.where(named.notna(), coded).mask(other, None)


def places_coded(table: pd.DataFrame, known: set[str]) -> pd.Series:
    """Place of each row by its column muni_code, that of a ward as its city's; None where it is no municipality of today."""
    front = table.get("pref_code")
    codes = area_codes(texts_of(table, "muni_code"), Report("", ""), "muni_code", prefectures=front)
    cities = [city_of(code) if isinstance(code, str) else "" for code in codes]
    found = [Place(city, "municipality") if city in known else None for city in cities]
    return pd.Series(np.array([*found, None], dtype=object)[:-1], index=table.index)


def texts_of(table: pd.DataFrame, name: str) -> pd.Series:
    """Texts of a column, "" where it holds nothing or is not there."""
    return table.get(name, pd.Series("", index=table.index)).fillna("").astype("str")


def places_named(table: pd.DataFrame, places: Places) -> pd.Series:
    """Place of each row by its columns municipality, address and prefecture; None where they name none."""
    municipality, address, prefecture = (texts_of(table, name) for name in ("municipality", "address", "prefecture"))
    found = [place_in(places, town, rest, of) for town, rest, of in zip(municipality, address, prefecture, strict=True)]
    return pd.Series(np.array([*found, None], dtype=object)[:-1], index=table.index)


def place_in(places: Places, municipality: str, address: str, prefecture: str) -> Place | None:
    """The most exact place of a municipality and an address: the address as it stands, or as it goes on after the municipality."""
    texts = (address, f"{municipality} {address}", municipality)
    found = [place for text in texts if text.strip() and (place := places.find(text, prefecture)) is not None]
    named = places.find(municipality, prefecture) if municipality.strip() else None
    agreeing = [place for place in found if named is None or place.code == named.code]
    return next((place for place in agreeing if place.level == "town"), next(iter(agreeing), None))


def positions(found: pd.Series, municipalities: gpd.GeoDataFrame) -> tuple[gpd.GeoSeries, pd.Series]:
    """Point of each place, its town's or an inner one of its municipality, and within how many metres it is right."""
    by_code = municipalities.set_index("muni_code").geometry
    codes = found.map(lambda place: place.code if place else None)
    used = by_code[by_code.index.isin(codes.dropna())]
    inner = used.representative_point()
    reach = np.sqrt(used.to_crs(crs.WORK).area / np.pi)
    points = [
        None if place is None else shapely.Point(place.position) if place.position else inner[place.code]
        for place in found
    ]
    metres = [np.nan if place is None else TOWN_M if place.position else float(reach[place.code]) for place in found]
    shapes = gpd.GeoSeries(points_of(points).to_numpy(), index=found.index, crs=crs.STORE)
    return shapes, pd.Series(metres, index=found.index, dtype="float64")


def report_places(found: pd.Series, report: Report) -> None:
    """Say which rows took their position from a name, and how exactly the name was known."""
    level = found.map(lambda place: place.level if isinstance(place, Place) else "")
    codes = found.map(lambda place: place.code if isinstance(place, Place) else "")
    for name, expected in _TAKEN.items():
        report.add("repaired", level.eq(name), "lon", expected, codes)
    if level.isin(["ward", "former"]).any():
        report.note(
            "Names of wards and former municipalities come from a list of ours that is not yet checked against a published one: look at these rows."
        )


def points_of(shapes: list[object]) -> gpd.GeoSeries:
    """Points in STORE; what is none is None, also when all are."""
    return gpd.GeoSeries(np.array([None if is_none(s) else s for s in shapes], dtype=object), crs=crs.STORE)


def joinable(substations: Layer) -> pd.DataFrame:
    """Stem, kV and place of each substation whose name and voltage are unambiguous."""
    frame = substations.frame
    table = pd.DataFrame(
        {"key": frame["name"].map(stem), "kv": frame["voltage_kv"].round(), "geometry": list(frame["geometry"])}
    )
    return table[table["key"].ne("")].drop_duplicates(["key", "kv"], keep=False)


def stem(name: object) -> str:
    """Name without the word for its kind: 新福井変電所 and 新福井 are one."""
    text = pd.Series([str(name) if name is not None and name == name else ""]).str.normalize("NFKC").iloc[0]  # noqa: PLR0124  (NaN)
    return re.sub(r"(超高圧)?(変電所|開閉所|変換所|SS|S/S)$", "", re.sub(r"\s", "", str(text)))


def is_none(shape: object) -> bool:
    """Whether a shape is missing or empty."""
    return shape is None or isinstance(shape, float) or bool(getattr(shape, "is_empty", True))
