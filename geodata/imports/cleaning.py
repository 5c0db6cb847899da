"""Checks and repairs that every import shares; each one is counted in the report, nothing is guessed silently."""

import re
from collections.abc import Callable, Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj.exceptions import ProjError
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from ..country import crs
from ..country.codes import JAPAN_BOUNDS
from ..errors import FormatError, Phrase, phrase
from ..files.vectors import VectorRows
from .numbers import Reading, number_of, unit_after, without_unit
from .report import Report

_RANGE = re.compile(r"(\d+(?:\.\d+)?)")
LONGEST_TEXT = 1_000
"""Characters of a text that a table or a map can show; a remark of an estate has a tenth."""

_PREFECTURE_ENDS = ("都", "道", "府", "県")


def number(column: pd.Series, report: Report, name: str, *, extra_missing: Iterable[str] = ()) -> pd.Series:
    """
    Float64 of what people type, read by `number_of`; words are blanked and reported, and so are footnote marks.

    The unit of the heading, or the one that all cells share, may stand behind a number (1,234人).
    """
    if pd.api.types.is_numeric_dtype(column):
        text_missing = {float(m) for m in extra_missing if re.fullmatch(r"-?\d+(\.\d+)?", m)}
        value = column.astype("float64")
        return value.mask(value.isin(text_missing))
    raw = column.astype("str").where(column.notna(), "")
    texts = raw.mask(raw.str.strip().isin(set(extra_missing)), "")
    word = unit_after(name, texts.unique())
    return readings(texts, lambda text: number_of(without_unit(text, word)), report, name, phrase("a number"))


def readings(
    texts: pd.Series, read: Callable[[str], Reading], report: Report, name: str, expected: Phrase
) -> pd.Series:
    """Float64 of a column of texts by a reader of cells; what it cannot read is blanked, and both cases are reported."""
    known = {text: read(text) for text in texts.unique()}
    how = texts.map({text: reading.how for text, reading in known.items()})
    report.add("blanked", how.eq("unreadable"), name, expected, texts)
    report.add("repaired", how.eq("footnote"), name, "a number without the mark of a footnote", texts)
    return texts.map({text: reading.value for text, reading in known.items()}).astype("float64")


def mostly_numbers(texts: pd.Series) -> bool:
    """Whether at least half of the cells that hold something are numbers: one footnote does not make a column text."""
    word = unit_after(str(texts.name or ""), texts.unique())
    readings = [number_of(without_unit(text, word)) for text in texts[texts.ne("")]]
    known = [reading for reading in readings if reading.how != "missing"]
    return bool(known) and sum(reading.how != "unreadable" for reading in known) * 2 >= len(known)


def only_marks(texts: pd.Series) -> bool:
    """Whether some cells hold a mark for a value that is not there, such as X or ***, and none anything else."""
    filled = texts[texts.ne("")].unique()
    return len(filled) > 0 and all(number_of(text).how == "missing" for text in filled)


def plausible(  # noqa: PLR0913, PLR0917  (a range with its unit)
    value: pd.Series, report: Report, name: str, low: float, high: float, unit: str
) -> None:
    """Report values outside a range that the unit makes plausible; they are kept."""
    odd = (value < low) | (value > high)
    report.add(
        "noted",
        odd,
        name,
        phrase("{low:g} to {high:g} {unit} (a value in another unit?)", low=low, high=high, unit=unit),
        value,
    )


def in_japan(frame: gpd.GeoDataFrame, report: Report) -> gpd.GeoDataFrame:
    """Rows with a place in Japan; FormatError when none is, and when longitude and latitude are swapped throughout."""
    bounds = shapely.bounds(np.asarray(frame.geometry.array))
    west, south, east, north = bounds.T
    empty = pd.Series(~np.isfinite(bounds).all(axis=1), index=frame.index)
    report.add("rejected", empty, "geometry", "a position")
    lon0, lat0, lon1, lat1 = JAPAN_BOUNDS
    inside = (west >= lon0) & (east <= lon1) & (south >= lat0) & (north <= lat1)
    swapped = (south >= lon0) & (north <= lon1) & (west >= lat0) & (east <= lat1)
    if swapped.sum() > len(frame) / 2:
        raise FormatError(
            report.file, expected="longitude before latitude", found="the two swapped", remedy="Exchange the columns."
        )
    outside = pd.Series(~inside, index=frame.index) & ~empty
    places = pd.Series([f"{a:.3f}, {b:.3f}" for a, b in zip(west, south, strict=True)], index=frame.index)
    report.add("rejected", outside, "geometry", "a place in Japan (122-154 E, 20-46 N)", places)
    return gpd.GeoDataFrame(frame[~outside & ~empty])


def repaired(frame: gpd.GeoDataFrame, report: Report) -> gpd.GeoDataFrame:
    """Invalid shapes made valid; what leaves nothing is rejected."""
    invalid = ~frame.geometry.is_valid
    if not invalid.any():
        return frame
    report.add("repaired", invalid, "geometry", "a valid shape")
    shapes = frame.geometry.copy()
    try:
        made = shapely.make_valid(np.asarray(shapes[invalid].array), method="structure", keep_collapsed=False)
    except ShapelyError as error:
        raise FormatError(
            report.file,
            expected="shapes that can be made valid",
            found=phrase("others ({error})", error=str(error)[:120]),
            remedy="Repair them in a GIS and export again.",
        ) from error
    shapes[invalid] = gpd.GeoSeries(made, index=shapes.index[invalid], crs=shapes.crs)
    fixed = frame.set_geometry(shapes)
    nothing = fixed.geometry.is_empty
    report.add("rejected", nothing, "geometry", "a shape with an extent")
    return gpd.GeoDataFrame(fixed[~nothing])


def one_kind(frame: gpd.GeoDataFrame, report: Report) -> gpd.GeoDataFrame:
    """Collections of shapes as their polygons, else their lines, else their points, in one shape; what else they hold is left out."""
    mixed = frame.geom_type.eq("GeometryCollection") & ~frame.geometry.is_empty
    if not mixed.any():
        return frame
    report.add(
        "repaired", mixed, "geometry", "shapes of one kind (of a collection the polygons, else the lines, were kept)"
    )
    shapes = frame.geometry.copy()
    made = [_of_highest_kind(shape) for shape in shapes[mixed]]
    shapes[mixed] = gpd.GeoSeries(made, index=shapes.index[mixed], crs=shapes.crs)
    return gpd.GeoDataFrame(frame.set_geometry(shapes))


def _of_highest_kind(collection: BaseGeometry) -> BaseGeometry:
    parts = [collection]
    while any(part.geom_type == "GeometryCollection" for part in parts):
        parts = [inner for part in parts for inner in getattr(part, "geoms", [part])]
    most = max(shapely.get_dimensions(part) for part in parts)
    return shapely.union_all([part for part in parts if shapely.get_dimensions(part) == most])


def drop_duplicate_rows(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Rows without exact copies of one another."""
    keys = frame.drop(columns="geometry", errors="ignore").astype("str")
    if "geometry" in frame:
        keys = keys.assign(_shape=shapely.to_wkb(np.asarray(frame["geometry"].array)))
    twice = pd.Series(keys.duplicated().to_numpy(), index=frame.index)
    report.add("dropped", twice, "", "each row once")
    return frame[~twice]


def depth_bounds(texts: pd.Series, report: Report, name: str) -> tuple[pd.Series, pd.Series]:
    """
    Lower and upper depth in metres of free text such as 「1m以上2m未満」, 「0.3m未満」 or 「5m以上」.

    What cannot be read is unknown and reported; without an upper bound the second is NaN.
    """
    plain = texts.astype("str").where(texts.notna(), "").str.normalize("NFKC")
    plain = plain.str.replace(r"(\d+(?:\.\d+)?)\s*cm", lambda m: f"{float(m.group(1)) / 100:g}m", regex=True)
    numbers = plain.str.findall(_RANGE)
    count = plain.str.count(_RANGE.pattern)
    first = pd.to_numeric(numbers.str[0], errors="coerce")
    second = pd.to_numeric(numbers.str[1], errors="coerce")
    below_only = count.eq(1) & plain.str.contains("未満|以下")
    low = first.mask(below_only, 0.0)
    high = second.mask(below_only, first)
    report.add("blanked", low.isna() & plain.ne(""), name, "a depth such as 1m以上2m未満", plain)
    return low.astype("float64"), high.astype("float64")


def prefecture_code(texts: pd.Series, names: Mapping[str, str], report: Report, column: str) -> pd.Series:
    """
    Two-digit code of prefectures: names with or without 県, spaced out, or with their number in front (01 北海道).

    What is unknown, or whose number and name contradict, is blanked and reported.
    """
    known = {**names, **{n[:-1]: code for n, code in names.items() if n.endswith(_PREFECTURE_ENDS) and n != "北海道"}}
    codes = set(names.values())
    plain = texts.astype("str").where(texts.notna(), "").str.normalize("NFKC").str.replace(r"\s", "", regex=True)
    parts = plain.str.extract(r"^(?P<number>\d{1,2})?(?:\.0)?[_.:・-]?(?P<name>\D*)$")
    number = parts["number"].str.zfill(2)
    named = parts["name"].map(known)
    code = named.where(parts["name"].fillna("").ne(""), number.where(number.isin(codes)))
    code = code.mask(number.notna() & named.notna() & number.ne(named))
    report.add("blanked", code.isna() & plain.ne(""), column, "a prefecture", plain)
    return code


def stored(frame: gpd.GeoDataFrame, epsg: int | None, report: Report) -> gpd.GeoDataFrame:
    """Shapes in STORE; a file without CRS takes the publisher's, which is noted; FormatError without either."""
    if frame.crs is None:
        if epsg is None:
            raise FormatError(
                report.file,
                expected="a coordinate reference system",
                found="none (no .prj?)",
                remedy="Save it with one, such as EPSG:6668.",
            )
        report.note(
            "The file carries no coordinate reference system; the publisher's, EPSG:{epsg}, was taken.", epsg=epsg
        )
        frame = frame.set_crs(epsg)
    report.crs = f"EPSG:{frame.crs.to_epsg()}" if frame.crs.to_epsg() else str(frame.crs.name)
    try:
        return frame.to_crs(crs.STORE)
    except (ProjError, ShapelyError) as error:
        raise FormatError(
            report.file,
            expected="a coordinate reference system of places on earth",
            found=phrase("{crs} ({error})", crs=report.crs, error=str(error)[:120]),
            remedy="Save it in EPSG:6668 or EPSG:4326.",
        ) from error


def shortened(text: str) -> str:
    """A text of at most LONGEST_TEXT characters; what was cut ends in …, so that it is no number."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def short_texts(frame: gpd.GeoDataFrame, report: Report) -> gpd.GeoDataFrame:
    """The rows with texts of at most LONGEST_TEXT characters; how many were cut is noted."""
    columns = [c for c in frame.columns if c != frame.geometry.name and isinstance(frame[c].dtype, pd.StringDtype)]
    long = {c: frame[c].str.len().gt(LONGEST_TEXT).fillna(value=False) for c in columns}
    note_long(sum(int(where.sum()) for where in long.values()), report)
    cut = {
        c: frame[c].where(~where, frame[c].str.slice(stop=LONGEST_TEXT) + "…")
        for c, where in long.items()
        if where.any()
    }
    return gpd.GeoDataFrame(frame.assign(**cut)) if cut else frame


def note_long(count: int, report: Report) -> None:
    """Say how many texts were longer than LONGEST_TEXT."""
    if count:
        report.note("{n} texts of more than {most:,} characters were cut there.", n=count, most=LONGEST_TEXT)


def note_cut(rows: VectorRows, report: Report) -> None:
    """Say how many texts of a Shapefile end within a character."""
    if rows.cut:
        report.note("{n} texts end in the middle of a character, which was left out.", n=rows.cut)
