"""The user's own candidate file: GeoJSON, GeoPackage, zipped Shapefile or CSV. Nothing is guessed silently."""

import re
from io import StringIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.country import crs
from geodata.country.codes import JAPAN_BOUNDS, PREFECTURE_CODES
from geodata.files.drivers import read_vector
from geodata.files.opening import opened

from ..errors import PlannerError

MAX_BYTES = 200 * 2**20
MAX_SITES = 200_000

_HEADINGS = {
    "site_id": ("site_id", "id", "識別子"),
    "name": ("name", "名称", "団地名", "候補地名"),
    "lon": ("lon", "lng", "longitude", "経度", "x"),
    "lat": ("lat", "latitude", "緯度", "y"),
    "area_ha": ("area_ha", "total_ha", "面積ha", "面積（ha）", "面積(ha)"),
    "available_ha": ("available_ha", "分譲可能面積ha", "分譲可能面積（ha）", "分譲可能面積(ha)"),
    "muni_code": ("muni_code", "市区町村コード"),
    "pref_code": ("pref_code", "都道府県コード"),
    "accuracy_m": ("accuracy_m",),
}
_TEXT = re.compile(r"name|id$|code|名|コード|番号", re.IGNORECASE)
_NUMBERS = ("lon", "lat", "area_ha", "available_ha", "accuracy_m")


def read_candidates(path: Path) -> gpd.GeoDataFrame:
    """Sites in STORE, indexed by unique `site_id`, with `name` and the known columns; PlannerError says what is wrong."""
    frame = _known_columns(read_features(path), path)
    check_positions(frame, path)
    return _identified(frame, path)


def read_features(path: Path) -> gpd.GeoDataFrame:
    """Features of any supported file in STORE, all columns, known headings under our names."""
    if not path.is_file():
        raise PlannerError("{path}: no such file. Check the path.", path=path)
    if path.stat().st_size > MAX_BYTES:
        raise PlannerError(
            "{path}: larger than {value} MB. Cut it to what is needed.", path=path, value=MAX_BYTES // 2**20
        )
    readers = {".csv": _csv, ".geojson": _vector, ".json": _vector, ".gpkg": _vector, ".zip": _shapefile}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise PlannerError(
            "{path}: expected .geojson, .gpkg, .zip (Shapefile) or .csv, found {value}. Convert it.",
            path=path,
            value=path.suffix or "no suffix",
        )
    frame = reader(path)
    if len(frame) > MAX_SITES:
        raise PlannerError("{path}: more than {MAX_SITES} rows. Cut the file.", path=path, MAX_SITES=MAX_SITES)
    return frame


def _csv(path: Path) -> gpd.GeoDataFrame:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp932")
        except UnicodeDecodeError as error:
            raise PlannerError(
                "{path}: expected UTF-8 or cp932 text, found neither. Save it as CSV UTF-8.", path=path
            ) from error
    try:
        table = pd.read_csv(StringIO(text), dtype="str", keep_default_na=False, na_values=[""])
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise PlannerError(
            "{path}: expected a CSV table, found {error}. Check the file.", path=path, error=error
        ) from error
    if not len(table):
        raise PlannerError("{path}: expected rows, found none. Check the file.", path=path)
    named = _renamed(table)
    if not {"lon", "lat"} <= set(named.columns):
        raise PlannerError(
            "{path}: expected columns lon and lat (or 経度 and 緯度), found {known}. Add them in decimal degrees.",
            path=path,
            known=", ".join(map(str, table.columns[:8])),
        )
    points = gpd.points_from_xy(_number(named["lon"], path), _number(named["lat"], path), crs=crs.STORE)
    rest = named.drop(columns=["lon", "lat"])
    return gpd.GeoDataFrame(rest.assign(**{c: _if_number(rest[c]) for c in rest.columns}), geometry=points)


def _if_number(column: pd.Series) -> pd.Series:
    """A column of a CSV as numbers when every cell is one; names and codes stay text."""
    known = column.dropna()
    number = pd.to_numeric(known, errors="coerce")
    is_text = _TEXT.search(str(column.name)) or known.str.match(r"0\d").any()
    return column if known.empty or number.isna().any() or is_text else column.astype("float64")


def _vector(path: Path) -> gpd.GeoDataFrame:
    return _read(path, path)


def _shapefile(path: Path) -> gpd.GeoDataFrame:
    with opened(path) as members:
        shapes = [member for member in members if member.suffix == ".shp"]
        if len(shapes) != 1:
            raise PlannerError(
                "{path}: expected one .shp inside, found {n}. Zip only one Shapefile.", path=path, n=len(shapes)
            )
        return _read(shapes[0].path, path)


def _read(source: Path, path: Path) -> gpd.GeoDataFrame:
    """Features of `source`, a file that the user knows as `path`."""
    frame = read_vector(source, most=MAX_SITES, label=path)
    if not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
        raise PlannerError(
            "{path}: expected sites with a geometry, found {n} rows without. Check the layer.", path=path, n=len(frame)
        )
    if frame.crs is None:
        raise PlannerError(
            "{path}: expected a coordinate reference system, found none (no .prj?). Save it with one, e.g. EPSG:6668.",
            path=path,
        )
    return gpd.GeoDataFrame(_renamed(frame.to_crs(crs.STORE)))


def _renamed(table: pd.DataFrame) -> pd.DataFrame:
    """Known headings under our names; the first match wins and other columns are left out later."""
    by_heading = {str(c).strip().lower(): c for c in table.columns}
    found = {
        by_heading[h]: name for name, headings in reversed(_HEADINGS.items()) for h in headings[::-1] if h in by_heading
    }
    once = {column: name for column, name in found.items() if list(found.values()).count(name) == 1 or column == name}
    return table.rename(columns=once)


def _known_columns(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    kept = frame[[c for c in _HEADINGS if c in frame.columns and c not in {"lon", "lat"}] + ["geometry"]].copy()
    for name in set(_NUMBERS) & set(kept.columns):
        kept[name] = _number(kept[name], path)
    for name in {"site_id", "name", "muni_code", "pref_code"} & set(kept.columns):
        kept[name] = kept[name].astype("str")
    for name, digits in (("pref_code", 2), ("muni_code", 5)):
        if name in kept:
            wrong = kept[name][~kept[name].fillna("").str.fullmatch(rf"\d{{{digits}}}|")]
            if len(wrong):
                raise PlannerError(
                    "{path}: {name} expected {digits} digits, found {iloc!r} (row {value}). Keep the leading zero: format the column as text.",
                    path=path,
                    name=name,
                    digits=digits,
                    iloc=wrong.iloc[0],
                    value=wrong.index[0] + 1,
                )
            kept[name] = kept[name].fillna("")
    _check_values(kept, path)
    return kept


def _check_values(kept: gpd.GeoDataFrame, path: Path) -> None:
    """Raise on areas below 0 and on codes that do not exist or contradict each other."""
    for name in {"area_ha", "available_ha", "accuracy_m"} & set(kept.columns):
        negative = kept[name][kept[name] < 0]
        if len(negative):
            raise PlannerError(
                "{path}: {name} expected 0 or more, found {iloc:g} (row {value}). Correct it.",
                path=path,
                name=name,
                iloc=negative.iloc[0],
                value=negative.index[0] + 1,
            )
    if "pref_code" in kept:
        unknown = kept["pref_code"][~kept["pref_code"].isin(["", *PREFECTURE_CODES])]
        if len(unknown):
            raise PlannerError(
                "{path}: pref_code expected 01 to 47, found {iloc!r}. Correct it.", path=path, iloc=unknown.iloc[0]
            )
    if {"pref_code", "muni_code"} <= set(kept.columns):
        other = kept[
            kept["muni_code"].ne("") & kept["pref_code"].ne("") & kept["muni_code"].str[:2].ne(kept["pref_code"])
        ]
        if len(other):
            raise PlannerError(
                "{path}: pref_code {iloc} and muni_code {iloc_2} contradict each other. Correct one.",
                path=path,
                iloc=other["pref_code"].iloc[0],
                iloc_2=other["muni_code"].iloc[0],
            )


def _number(column: pd.Series, path: Path) -> pd.Series:
    """Numbers as people type them: full-width digits and thousands separators are understood, words are an error."""
    if not pd.api.types.is_numeric_dtype(column):
        plain = column.astype("str").str.normalize("NFKC").str.replace(",", "").str.strip()
        number = pd.to_numeric(plain, errors="coerce")
        wrong = column[number.isna() & column.notna() & plain.ne("")]
        if len(wrong):
            raise PlannerError(
                "{path}: {column} expected a number, found {iloc!r} (row {value}). Correct it.",
                path=path,
                column=column.name,
                iloc=wrong.iloc[0],
                value=wrong.index[0] + 1,
            )
        column = number
    return column.astype("float64")


def check_positions(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise PlannerError naming the first row that has no place in Japan."""
    shapes = np.asarray(frame.geometry.array)
    west, south, east, north = shapely.bounds(shapes).T
    empty = ~np.isfinite([west, south]).all(axis=0)
    if empty.any():
        raise PlannerError(
            "{path}: row {value} has no position. Add it or remove the row.",
            path=path,
            value=int(np.flatnonzero(empty)[0]) + 1,
        )
    lon0, lat0, lon1, lat1 = JAPAN_BOUNDS
    outside = (west < lon0) | (east > lon1) | (south < lat0) | (north > lat1)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        swapped = lon0 <= south[row] <= lon1 and lat0 <= west[row] <= lat1
        hint = "Longitude and latitude look swapped." if swapped else "Check the coordinates and their CRS."
        raise PlannerError(
            "{path}: row {value} expected a place in Japan (122-154 E, 20-46 N), found {west:.3f}, {south:.3f}. {hint}",
            path=path,
            value=row + 1,
            west=west[row],
            south=south[row],
            hint=hint,
        )


def _identified(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    if "site_id" not in frame:
        frame = frame.assign(site_id=[f"row-{number:06d}" for number in range(1, len(frame) + 1)])
    twice = frame["site_id"][frame["site_id"].duplicated() | frame["site_id"].isna()]
    if len(twice):
        raise PlannerError(
            "{path}: site_id must be present and unique, found {iloc!r} again. Correct it.",
            path=path,
            iloc=twice.iloc[0],
        )
    if "name" not in frame:
        frame = frame.assign(name=frame["site_id"])
    return gpd.GeoDataFrame(frame.assign(name=frame["name"].fillna(frame["site_id"])).set_index("site_id"))
