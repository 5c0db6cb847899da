"""The one door for a file of one's own: features of any supported format, opened within bounds, in STORE."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..country import crs
from ..country.codes import JAPAN_BOUNDS
from ..country.places import Places
from ..errors import FormatError, phrase
from ..files.opening import ARCHIVES, TEXT_TABLES, WORKBOOKS, Member, opened
from ..files.vectors import read_member
from ..layer import Layer
from . import cleaning, codes
from .positions import ZONE, given_points, refuse_cells
from .report import Report
from .tables.columns import Column, columns_of
from .tables.grids import grids
from .tables.headings import Heading, Rows, body_rows, cell_of, find_heading, matched, normalised, tables_of, unit_texts
from .tables.placing import note_elsewhere, placed
from .tables.units import measured

MOST_FEATURES = 200_000
VECTORS = (".geojson", ".shp", ".gpkg", ".json")
TABLES = (*WORKBOOKS, *TEXT_TABLES, ".xls")
SUFFIXES = (*VECTORS, *TEXT_TABLES, *WORKBOOKS, *ARCHIVES)
_TOWN = ("municipality", "address")
"""Columns that name where a row without coordinates lies."""
_NAMES = (*_TOWN, "prefecture", ZONE)
_PLACE = (*_TOWN, "muni_code")
_BESIDE = ("prefecture", "pref_code")
"""Columns by which a row without coordinates can be placed, and those that tell namesakes apart."""
_TEXT = re.compile(r"name|id$|code|名|コード|番号", re.IGNORECASE)
_SURE = {"ha": re.compile(r"ha$")}
"""Units that a heading must state before a column of an own layer takes our name, which says the unit."""


@dataclass(frozen=True)
class Features:
    """
    Features in STORE under the file's own headings.

    `meanings` says what a heading means, `units` the texts that may hold its unit, `placed_by` the headings by which rows
    without coordinates were placed.
    """

    frame: gpd.GeoDataFrame
    meanings: dict[str, Column] = field(default_factory=dict)
    units: dict[str, tuple[str, ...]] = field(default_factory=dict)
    placed_by: frozenset[str] = frozenset()


def read_features(path: Path, report: Report | None = None, *, municipalities: Layer | None = None) -> gpd.GeoDataFrame:
    """
    Features of a file in STORE, all columns; those whose heading is known take our name.

    Reads GeoJSON, GeoPackage, Shapefile (alone or in a zip), CSV and Excel with coordinates or, where `municipalities` are
    given, with the town in which each row lies. What was repaired or left out goes to `report`; FormatError, naming the file,
    when it cannot be used.
    """
    report = report or Report(file=path.name, kind="features")
    features = open_features(path, report, municipalities)
    frame, names = features.frame, {}
    for heading, column in features.meanings.items():
        sure = _SURE.get(column.unit or "")
        if column.name not in frame.columns and (sure is None or sure.search(normalised(heading))):
            names[heading] = column.name
    told = {
        heading: _own_numbers(features, heading, known=heading in names, report=report)
        for heading in _textual(features)
    }
    frame = gpd.GeoDataFrame(frame.assign(**told).rename(columns=names))
    return with_codes(frame, path, report)


def _textual(features: Features) -> list[str]:
    """Headings of columns with a unit that are still texts."""
    return [h for h, c in features.meanings.items() if c.unit and not pd.api.types.is_numeric_dtype(features.frame[h])]


def _own_numbers(features: Features, heading: str, *, known: bool, report: Report) -> pd.Series:
    """A column with a unit of ours: in that unit where it takes our name, else as it stands."""
    texts = features.frame[heading].fillna("").astype("str")
    if known:
        return measured(texts, features.meanings[heading], features.units[heading], report)
    return _numbers_or_texts(texts, report)


def open_features(path: Path, report: Report, municipalities: Layer | None = None) -> Features:
    """As `read_features`, under the file's own headings and with their meanings."""
    with opened(path) as members:
        member = _chosen(members, path, report)
        if member.suffix in VECTORS:
            features = _vector(member, path, report)
        else:
            features = _table(member, path, report, municipalities)
    if len(features.frame) > MOST_FEATURES:
        raise FormatError(
            path,
            expected=phrase("at most {MOST_ROWS:,} rows", MOST_ROWS=MOST_FEATURES),
            found="more",
            remedy="Cut the file.",
        )
    report.rows_kept = len(features.frame)
    return features


def with_codes(frame: gpd.GeoDataFrame, path: Path, report: Report | None = None) -> gpd.GeoDataFrame:
    """Codes of prefectures and municipalities with all their digits; FormatError for one that cannot be."""
    told = report or Report(file=path.name, kind="features")
    found: dict[str, pd.Series] = {}
    if "pref_code" in frame:
        found["pref_code"] = codes.prefecture_codes(frame["pref_code"], told, "pref_code")
        refuse_cells(frame["pref_code"], found["pref_code"], path, phrase("01 to 47"))
    if "muni_code" in frame:
        found["muni_code"] = codes.area_codes(
            frame["muni_code"], told, "muni_code", prefectures=found.get("pref_code", frame.get("pref_code"))
        )
        refuse_cells(
            frame["muni_code"],
            found["muni_code"],
            path,
            phrase("a municipality code, its check digit right if it has six digits"),
        )
    return gpd.GeoDataFrame(frame.assign(**found))


def check_positions(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise FormatError naming the first row that has no place in Japan."""
    west, south, east, north = shapely.bounds(np.asarray(frame.geometry.array)).T
    empty = ~np.isfinite([west, south]).all(axis=0)
    if empty.any():
        raise FormatError(
            path,
            expected="a position in every row",
            found=phrase("no position in row {row}", row=int(np.flatnonzero(empty)[0]) + 1),
            remedy="Add it or remove the row.",
        )
    lon0, lat0, lon1, lat1 = JAPAN_BOUNDS
    outside = (west < lon0) | (east > lon1) | (south < lat0) | (north > lat1)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        swapped = lon0 <= south[row] <= lon1 and lat0 <= west[row] <= lat1
        raise FormatError(
            path,
            expected="a place in Japan (122-154 E, 20-46 N)",
            found=phrase("{west:.3f}, {south:.3f} in row {row}", west=west[row], south=south[row], row=row + 1),
            remedy=phrase("Longitude and latitude look swapped: exchange them.")
            if swapped
            else phrase("Check the coordinates and their CRS."),
        )


def _chosen(members: list[Member], path: Path, report: Report) -> Member:
    """The one file to read: the only one, or the first format of several that carry the same name."""
    readable = [m for m in members if m.suffix in VECTORS] or [m for m in members if m.suffix in TABLES]
    if len(members) > 1:
        readable = [m for m in readable if m.suffix != ".json"] or readable
    if not readable:
        nested = any(m.suffix in ARCHIVES for m in members)
        raise FormatError(
            path,
            expected=phrase("a file ending in {known}", known=", ".join(SUFFIXES)),
            found=", ".join(m.name for m in members[:4]),
            remedy="Take the file out of the inner zip." if nested else "Convert it.",
        )
    first = min(readable, key=lambda member: (*VECTORS, *TABLES).index(member.suffix))
    same = [m for m in readable if m.suffix == first.suffix]
    if len({Path(m.name).stem for m in readable}) > 1 or len(same) > 1:
        raise FormatError(
            path,
            expected="one file of features inside",
            found=phrase("{n}: {known}", n=len(readable), known=", ".join(m.name for m in readable[:4])),
            remedy="Keep only one in the zip.",
        )
    rest = [m.name for m in readable if m is not first]
    if rest:
        report.note("Not read, since another format of the same name was: {known}.", known=", ".join(rest[:4]))
    return first


def _vector(member: Member, path: Path, report: Report) -> Features:
    rows = read_member(member, label=path, most=MOST_FEATURES)
    report.encoding, report.rows_read = rows.encoding, len(rows.frame)
    cleaning.note_cut(rows, report)
    if not isinstance(rows.frame, gpd.GeoDataFrame) or rows.frame.empty:
        raise FormatError(
            path,
            expected="sites with a geometry",
            found=phrase("{n} rows without", n=len(rows.frame)),
            remedy="Check the layer.",
        )
    placed_shapes = cleaning.stored(cleaning.short_texts(rows.frame, report), None, report)
    frame = cleaning.repaired(cleaning.one_kind(placed_shapes, report), report)
    headings = [str(c) for c in frame.columns if c != frame.geometry.name]
    frame = gpd.GeoDataFrame(frame.rename(columns=str))
    meanings = _meanings(headings)
    return Features(frame, meanings, {heading: (normalised(heading),) for heading in meanings})


def _meanings(headings: list[str]) -> dict[str, Column]:
    """What the headings of a vector file mean; a column under our own name before others that mean the same."""
    columns = tuple(c for c in columns_of("candidates") if c.unit != "degrees" and c.name not in _NAMES)
    own = {c.name: c for c in columns if c.name in headings}
    rest = [heading for heading in headings if heading not in own]
    found = matched([[heading] for heading in rest], tuple(c for c in columns if c.name not in own))
    return own | {rest[n]: column for n, column in found.items()}


def _table(member: Member, path: Path, report: Report, municipalities: Layer | None) -> Features:
    """Points of every table of every sheet or CSV with coordinates or towns, put together."""
    sheets = [part for rows in grids(member, report) for part in _stacked(rows, municipalities)]
    found = [(rows, _placeable(rows, municipalities)) for rows in sheets]
    parts = [_points(rows, heading, path, report, municipalities) for rows, heading in found if heading is not None]
    if not parts:
        first = next((row for rows in sheets for row in rows if any(row)), [])
        raise FormatError(
            path,
            expected="columns lon and lat (or 経度 and 緯度)",
            found=", ".join(cell for cell in first if cell)[:120] or "none",
            remedy="Add them in decimal degrees; once the layer municipalities is pulled, 所在地, 市町村名 or 市区町村コード will do.",
        )
    frame = gpd.GeoDataFrame(pd.concat([part.frame for part in parts], ignore_index=True), crs=crs.STORE)
    if frame.empty:
        expected = "rows in a known municipality" if report.rows_read else "rows below the heading"
        raise FormatError(path, expected=phrase(expected), found="none", remedy="Check the file.")
    meanings = {heading: column for part in parts for heading, column in part.meanings.items()}
    units = {heading: texts for part in parts for heading, texts in part.units.items()}
    return Features(frame, meanings, units, frozenset().union(*(part.placed_by for part in parts)))


def _ways(municipalities: Layer | None) -> list[set[str]]:
    """What a heading may place rows by, best first: coordinates, else, where towns are known, the municipality or address."""
    return [{"lon", "lat"}, *({name} for name in _PLACE if municipalities is not None)]


def _stacked(rows: Rows, municipalities: Layer | None) -> list[Rows]:
    """The tables that stand one below the other in a sheet."""
    columns = columns_of("candidates")
    for way in _ways(municipalities):
        if find_heading(rows, columns, required=way) is not None:
            return list(tables_of(rows, columns, required=way))
    return [rows]


def _placeable(rows: Rows, municipalities: Layer | None) -> Heading | None:
    """The heading that names a way to place the rows."""
    headings = (find_heading(rows, columns_of("candidates"), required=way) for way in _ways(municipalities))
    return next((heading for heading in headings if heading is not None), None)


def _points(rows: Rows, heading: Heading, path: Path, report: Report, municipalities: Layer | None) -> Features:
    body = body_rows(rows, heading, report)
    names = dict(_unique_headings(heading))
    table = pd.DataFrame({name: [cell_of(row, n) for row in body] for n, name in names.items()}, dtype="str")
    ours = {column.name: names[n] for n, column in heading.named.items()}
    report.rows_read += len(table)
    points = given_points(table, ours, path, report)
    units = {ours[name]: texts for name, texts in unit_texts(rows, heading).items()}
    known = {
        ours[column.name]: column for column in heading.named.values() if column.name not in {"lon", "lat", *_NAMES}
    }
    by_town = frozenset[str]()
    if municipalities is not None and not ours.keys().isdisjoint(_PLACE) and points.x.notna().all():
        places = Places.of(municipalities.frame)
        note_elsewhere(_naming(table, ours), points, places, gpd.GeoDataFrame(municipalities.frame), report)
    elif municipalities is not None and not ours.keys().isdisjoint(_PLACE):
        table, points = _by_town(table, points, ours, report, municipalities)
        by_town = frozenset(ours[name] for name in _NAMES if name in ours)
        accuracy = next(column for column in columns_of("candidates") if column.name == "accuracy_m")
        known, units = known | {ours["accuracy_m"]: accuracy}, {ours["accuracy_m"]: ("accuracy_m",)} | units
    rest = table.drop(columns=[ours[name] for name in ("lon", "lat", ZONE) if name in ours])
    texts = {name for name, column in known.items() if column.unit}
    kept = {c: rest[c].mask(rest[c].eq("")) if c in texts else _numbers_or_texts(rest[c], report) for c in rest}
    return Features(gpd.GeoDataFrame(kept, geometry=points), known, {name: units[name] for name in known}, by_town)


def _by_town(
    table: pd.DataFrame, points: gpd.GeoSeries, ours: dict[str, str], report: Report, municipalities: Layer
) -> tuple[pd.DataFrame, gpd.GeoSeries]:
    """Rows and points, those without one inside their municipality, with the radius of it as accuracy; others are left out."""
    named = _naming(table, ours)
    named = named.assign(name=named.get("name", ""), lon=points.x, lat=points.y)
    found = placed(named, None, report, places=Places.of(municipalities.frame), municipalities=municipalities.frame)
    kept = table.loc[found.index]
    own = ours.setdefault("accuracy_m", "accuracy_m")
    stated = kept[own] if own in kept else pd.Series("", index=kept.index)
    radius = found["accuracy_m"].map("{:.0f}".format).where(found["accuracy_m"] > 0, stated)
    return kept.assign(**{own: radius}).reset_index(drop=True), found.geometry.reset_index(drop=True)


def _naming(table: pd.DataFrame, ours: dict[str, str]) -> pd.DataFrame:
    """The columns that name a row and its place, under our names."""
    names = [name for name in ("name", *_PLACE, *_BESIDE) if name in ours]
    return pd.DataFrame({name: table[ours[name]] for name in names}, index=table.index)


def _unique_headings(heading: Heading) -> Iterator[tuple[int, str]]:
    """Column number and heading; a repeated heading gets its number, columns without one are left out."""
    seen: dict[str, int] = {}
    for n, texts in enumerate(heading.texts):
        if texts:
            said = re.sub(r"\s+", " ", heading.said(n))
            seen[said] = seen.get(said, 0) + 1
            yield n, said if seen[said] == 1 else f"{said} ({seen[said]})"


def _numbers_or_texts(texts: pd.Series, report: Report) -> pd.Series:
    """A column as numbers when most of its cells are; names and codes stay text."""
    if _TEXT.search(str(texts.name)) or texts.str.match(r"0\d").any() or not cleaning.mostly_numbers(texts):
        return texts.mask(texts.eq(""))
    return cleaning.number(texts, report, str(texts.name))
