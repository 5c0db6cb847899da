"""Coordinates of the rows of a table as points in STORE: degrees of either datum, or a plane coordinate system that is stated."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..country import crs
from ..errors import FormatError, Phrase, phrase
from .numbers import degrees_of
from .report import Report
from .tables.headings import normalised

ZONE = "plane_zone"
"""Our name of the column that states a row's coordinate system."""

_OLD_DATUM = re.compile(r"旧|日本測地系(?!20)|tokyo|4301")
_TURN = 360


def given_points(table: pd.DataFrame, ours: dict[str, str], path: Path, report: Report) -> gpd.GeoSeries:
    """Points in STORE of the rows' own coordinates; an empty one where they have none."""
    if not {"lon", "lat"} <= set(ours):
        return gpd.GeoSeries([shapely.Point()] * len(table), index=table.index, crs=crs.STORE)
    lon, lat = (_degrees(table[ours[name]], path, report) for name in ("lon", "lat"))
    stated = table[ours[ZONE]] if ZONE in ours else pd.Series("", index=table.index)
    points = in_store(lon, lat, (ours["lon"], ours["lat"]), stated, report)
    _refuse_metres(points.x, points.y, path)
    return points


def in_store(
    lon: pd.Series, lat: pd.Series, heads: tuple[str, str], stated: pd.Series, report: Report
) -> gpd.GeoSeries:
    """
    Points in STORE of numbers read from two columns; an empty one where a number is missing.

    `heads` are their headings and `stated` the texts of the rows' column of coordinate systems: a plane coordinate system or
    the old Japanese datum that either names is converted, and said. Metres without a system stay as they are.
    """
    zones, old = _zones(heads, stated), _in_old_datum(heads, stated, report)
    lon, lat = _off_planes(lon, lat, zones, report)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), index=lon.index, crs=crs.STORE)
    old &= zones.isna() & lon.abs().le(_TURN) & lat.abs().le(_TURN)
    if old.any():
        points[old] = points[old].set_crs(crs.OLD, allow_override=True).to_crs(crs.STORE)
    return points


def are_metres(lon: pd.Series, lat: pd.Series) -> "pd.Series[bool]":
    """Rows whose numbers are no degrees."""
    return (lon.abs() > _TURN) | (lat.abs() > _TURN)


def _zones(heads: tuple[str, str], stated: pd.Series) -> pd.Series:
    """EPSG code of the plane coordinate system of each row, by its column 系 or the headings of X and Y; NaN for degrees."""
    if "x" not in normalised(heads[0]) or "y" not in normalised(heads[1]):
        return pd.Series(np.nan, index=stated.index)
    inside = [text for head in heads for text in re.findall(r"[(（]([^)）]+)[)）]", head)]
    of_headings = next((epsg for text in inside if (epsg := crs.plane_epsg(text)) is not None), np.nan)
    return stated.map(crs.plane_epsg).astype("float64").fillna(of_headings)


def _off_planes(x: pd.Series, y: pd.Series, zones: pd.Series, report: Report) -> tuple[pd.Series, pd.Series]:
    """Longitude and latitude in place of X (northing) and Y (easting) where a plane coordinate system is stated."""
    lon, lat = x.copy(), y.copy()
    for epsg in zones.dropna().unique():
        here = zones.eq(epsg)
        lon[here], lat[here] = crs.from_plane(int(epsg), northing_m=x[here], easting_m=y[here])
        report.note(
            "{n} rows are in the plane coordinate system EPSG:{epsg}: X was read as northing, Y as easting.",
            n=int(here.sum()),
            epsg=int(epsg),
        )
    finite = np.isfinite(lon) & np.isfinite(lat)
    return lon.where(finite), lat.where(finite)


def _in_old_datum(heads: tuple[str, str], stated: pd.Series, report: Report) -> "pd.Series[bool]":
    """Whether the headings, or the row's column of coordinate systems, name the old Japanese datum."""
    if _OLD_DATUM.search(normalised("".join(heads))):
        report.note("The headings name the old Japanese datum (EPSG:4301); the points were brought to JGD2011.")
        return pd.Series(data=True, index=stated.index)
    old = stated.map(normalised).astype("str").str.contains(_OLD_DATUM)
    report.add("repaired", old, ZONE, "JGD2011 (the old Japanese datum was converted)", stated)
    return old


def _degrees(texts: pd.Series, path: Path, report: Report) -> pd.Series:
    formulas = np.flatnonzero(texts.eq("="))
    if len(formulas):
        raise FormatError(
            path,
            expected=phrase("a number of degrees in {column}", column=texts.name),
            found=phrase("a formula without a stored value (row {row})", row=int(formulas[0]) + 1),
            remedy="Open the file in Excel and save it.",
        )
    readings = {text: degrees_of(text) for text in texts.unique()}
    value = texts.map({text: reading.value for text, reading in readings.items()}).astype("float64")
    unreadable = texts.map(
        {text: reading.how not in {"number", "missing"} for text, reading in readings.items()}
    ).astype(bool)
    refuse_cells(
        texts, value.mask(unreadable).where(texts.ne("") & unreadable, 0.0), path, phrase("a number of degrees")
    )
    angles = texts.str.contains(r"[°度º]") & value.notna()
    report.add(
        "repaired", angles, str(texts.name), "decimal degrees (degrees, minutes and seconds were converted)", texts
    )
    return value


def _refuse_metres(lon: pd.Series, lat: pd.Series, path: Path) -> None:
    metres = are_metres(lon, lat)
    if metres.any():
        row = int(np.flatnonzero(metres)[0])
        raise FormatError(
            path,
            expected="longitude and latitude in degrees",
            found=phrase("{x}, {y} (row {row})", x=f"{lon[row]:g}", y=f"{lat[row]:g}", row=row + 1),
            remedy="These look like metres of a plane coordinate system: add a column 系 with its number (1 to 19) beside X座標 and Y座標, or save a GeoPackage with its CRS.",
        )


def refuse_cells(raw: pd.Series, read: pd.Series, path: Path, expected: Phrase) -> None:
    """Raise on the first cell that holds something of which nothing could be read."""
    wrong = np.flatnonzero(read.isna() & raw.notna() & raw.astype("str").str.strip().ne(""))
    if len(wrong):
        raise FormatError(
            path,
            expected=phrase("{expected} in {column}", expected=expected, column=raw.name),
            found=phrase("{cell!r} (row {row})", cell=str(raw.iloc[wrong[0]]), row=int(wrong[0]) + 1),
            remedy="Correct it.",
        )
