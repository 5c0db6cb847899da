"""One writer and one reader for each format of a result's file."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pydantic import BaseModel

from geodata.base import FloatArray
from geodata.country import crs
from geodata.files.documents import read_json
from geodata.files.drivers import read_information, read_vector
from geodata.files.tables import check_csv
from geodata.files.workbooks import read_table, read_workbook

from ..analyses.analysis import Analysis
from ..errors import PlannerError
from ..model.result import Result

DECIMALS = 6
NO_BOUND = 1e308
"""How GeoJSON, which has no infinity, says that there is no bound."""

NUMERIC = (
    "value_",
    "contribution_",
    "low_",
    "high_",
    "margin_",
    "score",
    "completeness",
    "rank",
    "nearest_kv_",
    "area_ha",
    "lon",
    "lat",
)
"""How the names of columns of numbers begin."""

_TEXTUAL = ("why_", "nearest_", "gate_")
_METADATA_KEY = "planner"
_FIXED_DATE = "2000-01-01T00:00:00.000Z"
_FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_GPKG_LAYER = "sites"
_EXCEL_ROWS = 1_048_575
_MOST_CELLS = 60_000_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Told:
    """What a file says beside its rows: of the result, of each column in a sentence, of the analysis where it is one."""

    result: Result
    columns: Mapping[str, str]
    analysis: Analysis | None = None

    @cached_property
    def text(self) -> str:
        """As JSON."""
        analysis = {} if self.analysis is None else {"analysis": self.analysis.metadata()}
        return as_json({**self.result.metadata(), **analysis, "columns": self.columns})


def sidecar(path: Path) -> Path:
    """Where the metadata of a CSV stand."""
    return path.with_name(path.name + ".metadata.json")


def _geojson(frame: gpd.GeoDataFrame, told: Told) -> str:
    shapes = shapely.orient_polygons(np.asarray(frame.geometry.array))
    rounded = rounded_shapes(shapes)
    plain = pd.DataFrame(frame.drop(columns="geometry")).replace({np.inf: NO_BOUND, -np.inf: -NO_BOUND})
    lines = plain.to_json(orient="records", lines=True, force_ascii=False, double_precision=15)
    rows = lines.split("\n")[: len(plain)]
    features = ",\n".join(
        f'{{"type":"Feature","id":{json.dumps(id_, ensure_ascii=False)},"geometry":{shape},"properties":{row}}}'
        for id_, shape, row in zip(frame.iloc[:, 0], shapely.to_geojson(rounded), rows, strict=True)
    )
    return f'{{"type":"FeatureCollection","metadata":{told.text},"features":[\n{features}\n]}}\n'


def rounded_shapes(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Shapes at DECIMALS, valid where they were: snapped to the grid where rounding crosses lines, as they are where they would vanish."""
    rounded = np.asarray(shapely.transform(shapes, _round))
    broken = np.flatnonzero(~shapely.is_valid(rounded) & shapely.is_valid(shapes))
    if len(broken):
        snapped = shapely.orient_polygons(
            shapely.transform(shapely.set_precision(shapes[broken], 10.0**-DECIMALS), _round)
        )
        near = shapely.hausdorff_distance(snapped, shapes[broken]) <= 2 * 10.0**-DECIMALS
        whole = shapely.is_valid(snapped) & ~shapely.is_empty(snapped) & near
        rounded[broken] = np.where(whole, snapped, shapes[broken])
    return rounded


def _round(xy: FloatArray) -> FloatArray:
    return np.round(xy, DECIMALS)


def _write_geojson(frame: gpd.GeoDataFrame, told: Told, path: Path) -> None:
    path.write_text(_geojson(frame, told), "utf-8")


def _write_parquet(frame: gpd.GeoDataFrame, told: Told, path: Path) -> None:
    whole = frame.to_arrow(index=False, geometry_encoding="WKB")
    table = pa.table(whole)
    column = {
        "encoding": "WKB",
        "geometry_types": sorted(frame.geom_type.unique()),
        "crs": json.loads(crs.EXPORT.to_json()),
    }
    if len(frame):
        column["bbox"] = [float(b) for b in frame.total_bounds]
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = table.replace_schema_metadata({"geo": as_json(geo), _METADATA_KEY: told.text})
    pq.write_table(table, path, compression="zstd")


def _write_gpkg(frame: gpd.GeoDataFrame, told: Told, path: Path) -> None:
    path.unlink()
    pyogrio.write_dataframe(
        frame,
        path,
        driver="GPKG",
        layer=_GPKG_LAYER,
        dataset_metadata={_METADATA_KEY: told.text},
        dataset_options={"ADD_GPKG_OGR_CONTENTS": "NO"},
    )
    _date_gpkg(path)


def _date_gpkg(path: Path) -> None:
    """
    Set the dates that GDAL takes from the clock.

    GDAL's own option for it (OGR_CURRENT_DATE) holds for the whole process, where another thread may be writing.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as book:
        book.execute("PRAGMA secure_delete = ON")  # no trace of the old date between the cells
        book.execute("UPDATE gpkg_contents SET last_change = ?", (_FIXED_DATE,))
        book.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (_FIXED_DATE,))


def _write_csv(frame: gpd.GeoDataFrame, _: Told, path: Path) -> None:
    escape_formulas(frame).to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")


def _write_xlsx(frame: gpd.GeoDataFrame, told: Told, path: Path) -> None:
    if len(frame) > _EXCEL_ROWS:
        raise PlannerError("{n} sites do not fit an Excel sheet. Choose .parquet, .gpkg or .csv.", n=len(frame))
    text = told.text
    pages = [text[start : start + 30_000] for start in range(0, len(text), 30_000)]
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=options) as book:
        book.book.set_properties({"created": _FIXED_TIME})
        escape_formulas(frame).to_excel(book, sheet_name="sites", index=False)
        meanings = pd.DataFrame(told.columns.items(), columns=["column", "meaning"])
        escape_formulas(meanings).to_excel(book, sheet_name="columns", index=False)
        for name, rows in _sheets(told.result).items():
            escape_formulas(rows).to_excel(book, sheet_name=name, index=False)
        pd.DataFrame({_METADATA_KEY: pages}).to_excel(book, sheet_name="metadata", index=False)


def _sheets(result: Result) -> dict[str, pd.DataFrame]:
    """Layers, criteria and gates as sheets: one row each, nested values as text."""
    plain = partial(BaseModel.model_dump, mode="json", exclude_unset=True)
    entries = {
        "layers": [plain(lock) for lock in result.layers],
        "criteria": [{"id": id_, **plain(criterion)} for id_, criterion in result.criteria.items()],
        "gates": [{"id": id_, **plain(gate)} for id_, gate in result.gates.items()],
    }
    return {name: _sheet(rows) for name, rows in entries.items()}


def _sheet(rows: list[dict[str, Any]]) -> pd.DataFrame:
    flat = [{k: v if isinstance(v, str | int | float | None) else as_json(v) for k, v in row.items()} for row in rows]
    return pd.DataFrame(flat)


def escape_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Table without shapes whose texts and headings no spreadsheet takes for a formula."""
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).copy()
    for name in plain.columns:
        if isinstance(plain[name].dtype, pd.StringDtype) or plain[name].dtype == object:
            risky = plain[name].astype("str").str.startswith(_FORMULA_STARTS, na=False)
            plain[name] = plain[name].mask(risky, "'" + plain[name].astype("str"))
    return plain.rename(columns=lambda name: f"'{name}" if str(name).startswith(_FORMULA_STARTS) else name)


def _read_geojson(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    whole = read_json(path)
    features = _held(whole, "features")
    if not isinstance(features, list):
        raise ValueError(path)  # noqa: TRY004  (a file's mistake, not a call's)
    rows = [_held(feature, "properties") for feature in features]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError(path)
    return pd.DataFrame(rows), _held(whole, "metadata")


def _read_parquet(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    table, metadata = read_table(path)
    return table, json.loads(_held(metadata, _METADATA_KEY))


def _read_gpkg(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    metadata = json.loads(_held(read_information(path, layer=_GPKG_LAYER).metadata, _METADATA_KEY))
    return pd.DataFrame(read_vector(path, layer=_GPKG_LAYER)), metadata


def _read_csv(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    check_csv(path, most_cells=_MOST_CELLS)
    texts = _text_columns(pd.read_csv(path, nrows=0, encoding="utf-8-sig"))
    return pd.read_csv(path, dtype=texts, encoding="utf-8-sig"), read_json(sidecar(path))


def _read_xlsx(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    sheets = {sheet["title"]: sheet["rows"] for sheet in read_workbook(path, typed=True, only=("metadata", "sites"))}
    pages = _held(_sheet_table(_held(sheets, "metadata")), _METADATA_KEY)
    table = _sheet_table(_held(sheets, "sites"))
    texts = {name: dtype for name, dtype in _text_columns(table).items() if table[name].notna().any()}
    return table.astype(texts).where(table.notna()), json.loads("".join(pages))


def _sheet_table(rows: list[tuple[int, list[Any]]]) -> pd.DataFrame:
    """A sheet's rows below its heading; ValueError when there is none."""
    if not rows:
        raise ValueError(rows)
    head = [str(cell) for cell in rows[0][1]]
    body = [[*line[: len(head)], *[None] * (len(head) - len(line))] for _, line in rows[1:]]
    return pd.DataFrame(body, columns=head).infer_objects()


def _held(holder: Any, key: Any) -> Any:
    """What a file holds under a key; ValueError when it holds no such thing."""
    if not isinstance(holder, Mapping | pd.DataFrame) or key not in holder:
        raise ValueError(key)
    return holder[key]


def _text_columns(head: pd.DataFrame) -> dict[str, str]:
    """Columns that are texts even where they look like numbers."""
    fixed = {"site_id", "name", "pref_code", "muni_code", "status", "failed_gates"}
    prefixed = [c for c in head.columns if str(c).startswith(_TEXTUAL) and not str(c).startswith(NUMERIC)]
    return {str(name): "str" for name in [*prefixed, *(c for c in head.columns if c in fixed)]}


def as_json(value: Any) -> str:
    """Plain data as JSON without spaces; ValueError for a number that JSON has not."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


WRITERS: dict[str, Callable[[gpd.GeoDataFrame, Told, Path], None]] = {
    ".geojson": _write_geojson,
    ".parquet": _write_parquet,
    ".gpkg": _write_gpkg,
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
}
READERS: dict[str, Callable[[Path], tuple[pd.DataFrame, dict[str, Any]]]] = {
    ".geojson": _read_geojson,
    ".parquet": _read_parquet,
    ".gpkg": _read_gpkg,
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
}
