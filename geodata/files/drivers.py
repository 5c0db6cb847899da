"""
Vector files of others, read by the one driver that their suffix names and by no other.

GDAL chooses its driver by content: a file called `.geojson` may be a recipe that reads other files or asks other hosts. So
it runs in a process of its own (`worker`) that has unloaded every driver but the named one, with bounds on memory, time and rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely
import shapely.errors
from pyproj.exceptions import CRSError as ProjError

from ..errors import FormatError, phrase
from .databases import HEAD, database
from .opening import MAX_UNPACKED, readable_size
from .process import ask

SECONDS, SECONDS_PER_MB = 20.0, 0.5
"""A small file has little to say: what takes longer than its size explains does not end."""

MOST_FEATURES = 2_000_000
_SHAPEFILE = b"\x00\x00\x27\x0a"
_HEAD = 4096


def _starts_json(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def _starts_xml(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


@dataclass(frozen=True)
class Kind:
    """A format: GDAL's driver for it, and how its content begins."""

    driver: str
    title: str
    begins: Callable[[bytes], bool]


_GEOJSON = Kind("GeoJSON", "GeoJSON", _starts_json)
_GML = Kind("GML", "GML", _starts_xml)
KINDS: dict[str, Kind] = {
    ".geojson": _GEOJSON,
    ".json": _GEOJSON,
    ".gpkg": Kind("GPKG", "a GeoPackage", lambda head: head.startswith(HEAD)),
    ".shp": Kind("ESRI Shapefile", "a Shapefile", lambda head: head.startswith(_SHAPEFILE)),
    ".gml": _GML,
    ".xml": _GML,
    ".topojson": Kind("TopoJSON", "TopoJSON", _starts_json),
}
"""Every format that GDAL may read for us, by suffix; nothing else reaches it."""


@dataclass(frozen=True)
class Information:
    """What a file says of itself without its rows."""

    fields: tuple[str, ...]
    crs: str | None
    metadata: dict[str, str]


def read_vector(  # noqa: PLR0913  (a file and its bounds)
    path: Path,
    *,
    suffix: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    most: int = MOST_FEATURES,
    label: Path | str | None = None,
) -> pd.DataFrame:
    """
    Rows of a vector file, at most `most` + 1 of them; a GeoDataFrame in the file's own CRS (or none) when it has shapes.

    `suffix` names the format where the path does not. FormatError, naming `label`, when content and suffix disagree, the file
    is broken, or it takes more memory or time than a file of this product may.
    """
    shown = label or path
    with TemporaryDirectory(prefix="planner-read-") as folder:
        to = Path(folder) / "rows.arrow"
        answer = _asked(path, suffix, shown, layer=layer, encoding=encoding, most=most + 1, to=str(to))
        with pa.memory_map(str(to)) as source:
            table = pa.ipc.open_file(source).read_all()
        return _frame(table, answer, shown)


def read_information(
    path: Path, *, suffix: str | None = None, layer: str | None = None, encoding: str | None = None
) -> Information:
    """Columns, CRS and metadata of a vector file; FormatError as in `read_vector`."""
    answer = _asked(path, suffix, path, layer=layer, encoding=encoding, most=0, to=None)
    return Information(tuple(answer["fields"]), answer["crs"], answer["dataset_metadata"] or {})


def _asked(path: Path, suffix: str | None, label: Path | str, **request: Any) -> dict[str, Any]:
    kind = _kind(path, suffix or path.suffix.lower(), label)
    wanted = {
        "task": "vector",
        "driver": kind.driver,
        "seconds": SECONDS + SECONDS_PER_MB * path.stat().st_size / 2**20,
        "geometry": True,
    }
    return ask({**wanted, **request}, title=kind.title, path=path, label=label)


def _kind(path: Path, suffix: str, label: Path | str) -> Kind:
    """The format of the suffix, once the content has been seen to be of it."""
    kind = KINDS.get(suffix)
    if kind is None:
        raise FormatError(
            label,
            expected=phrase("a file ending in {known}", known=", ".join(KINDS)),
            found=suffix or "no suffix",
            remedy="Convert it.",
        )
    readable_size(path, label=label, most=MAX_UNPACKED)
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not kind.begins(head):
        raise FormatError(
            label,
            expected=phrase("{title}, as its name ends in {suffix}", title=kind.title, suffix=suffix),
            found="another content",
            remedy="Give the file the ending of what it is, or export it again.",
        )
    if kind.driver == "GPKG":
        _plain_tables(path, label)
    return kind


def _plain_tables(path: Path, label: Path | str) -> None:
    """Refuse a GeoPackage whose layers are computed when read (views, virtual tables): they may never end."""
    with database(path, label, phrase("a GeoPackage file")) as opened:
        rows = opened.execute("SELECT name, type, lower(coalesce(sql, '')) FROM sqlite_master").fetchall()
        listed = {name for (name,) in opened.execute("SELECT table_name FROM gpkg_contents")}
    computed = [
        name
        for name, type_, sql in rows
        if (type_ == "view" and name in listed) or ("virtual table" in sql and "using rtree" not in sql)
    ]
    if computed:
        raise FormatError(
            label,
            expected="a GeoPackage whose layers are tables",
            found=phrase("the view or virtual table {computed!r}", computed=computed[0]),
            remedy="Export the layer again as a table of its own.",
        )


def _frame(table: pa.Table, answer: dict[str, Any], label: Path | str) -> pd.DataFrame:
    name = answer["geometry"]
    plain = table.drop_columns([name]) if name else table
    frame: pd.DataFrame = plain.to_pandas(date_as_object=False)
    if name is None:
        return frame
    try:
        shapes = shapely.from_wkb(table.column(name).to_numpy())
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=answer["crs"]))
    except (shapely.errors.ShapelyError, ProjError, ValueError) as error:
        raise FormatError(
            label,
            expected="shapes in a known coordinate reference system",
            found=phrase("others ({error})", error=str(error)[:120]),
            remedy="Save it in EPSG:6668 or EPSG:4326.",
        ) from error
    return frame
