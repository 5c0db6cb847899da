"""Results to files and back. The suffix decides the format; the same result gives the same bytes."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
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
from pyogrio.errors import DataLayerError, DataSourceError
from xlsxwriter.exceptions import XlsxFileError

from geodata.base import FloatArray
from geodata.country import crs
from geodata.errors import GeodataError
from geodata.files.documents import read_json
from geodata.files.drivers import read_information, read_vector
from geodata.files.tables import check_csv
from geodata.files.workbooks import read_table, read_workbook
from geodata.files.writing import replacing_all, sha256_of

from ..analyses.analysis import Analysis
from ..errors import PlannerError
from ..evaluation import Evaluation
from ..explain.columns import described
from ..i18n import Language
from ..model.result import HIGH, LOW, VALUE, WHY, About, Result, column, why_of_bounds

DECIMALS = 6
_METADATA_KEY = "planner"
_FIXED_DATE = "2000-01-01T00:00:00.000Z"
_FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_GPKG_LAYER = "sites"
_NO_BOUND = 1e308
"""How GeoJSON, which has no infinity, says that there is no bound."""

_EXCEL_ROWS = 1_048_575
_NUMERIC = (
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
_TEXTUAL = ("why_", "nearest_", "gate_")
_MOST_CELLS = 60_000_000
_NOT_A_RESULT = (ValueError, TypeError, RecursionError, OSError, pa.ArrowException, GeodataError)
"""What reading another file raises: not JSON, no such sheet, no metadata, metadata of another shape."""

_CONTENT_KEY = "content_sha256"
"""Under what the metadata beside a CSV hold the hash of the CSV that they belong to; older ones hold none."""

_NOT_WRITTEN = (DataSourceError, DataLayerError, sqlite3.Error, XlsxFileError)
"""What GDAL, SQLite and xlsxwriter raise where others raise OSError: the file takes no more."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class _Told:
    """What a file says beside its rows: of the result, of each column in a sentence, of the analysis where it is one."""

    result: Result
    columns: Mapping[str, str]
    analysis: Analysis | None = None

    @cached_property
    def text(self) -> str:
        """As JSON."""
        analysis = {} if self.analysis is None else {"analysis": self.analysis.metadata()}
        return _json({**self.result.metadata(), **analysis, "columns": self.columns})


def write(evaluation: Evaluation, path: Path, language: Language = "en") -> None:
    """
    Write every site with its values, contributions, gates and metadata.

    Parameters
    ----------
    evaluation
        What is written.
    path
        .geojson (RFC 7946), .parquet (GeoParquet), .gpkg, .csv (metadata beside it) or .xlsx.
    language
        In which the columns are explained.

    Raises
    ------
    PlannerError
        If the suffix is another one, or the table does not fit the format.
    SourceError
        If the folder cannot be written or the disk is full; nothing half-written is left.
    """
    result = evaluation.result()
    _write(_frame(evaluation, result), _Told(result, described(result, language)), path)


def write_analysis(analysis: Analysis, result: Result, path: Path, language: Language = "en") -> None:
    """Write the table of an analysis of a result, with the result's metadata and the choices that made it."""
    table = analysis.table.rename_axis(analysis.key)
    told = _Told(result, analysis.meanings(result, language), analysis)
    shapes = analysis.shapes if analysis.shapes is not None else _points(table, result)
    plain = gpd.GeoDataFrame(table.reset_index(), geometry=shapes.reindex(table.index).to_numpy(), crs=crs.EXPORT)
    _write(plain, told, path)


def _write(frame: gpd.GeoDataFrame, told: _Told, path: Path) -> None:
    """
    Write rows and metadata in the format of the suffix.

    .geojson (RFC 7946), .parquet (GeoParquet), .gpkg, .csv and .xlsx; PlannerError for another suffix, a folder that
    cannot be written or a full disk. Nothing half-written is left.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise PlannerError(
            "{path}: expected a name ending in {known}. Choose one of these formats.",
            path=path,
            known=", ".join(_WRITERS),
        )
    targets = (path, sidecar(path)) if path.suffix.lower() == ".csv" else (path,)
    with replacing_all(*targets) as (temporary, *beside):
        try:
            writer(frame, told, temporary)
        except _NOT_WRITTEN as error:
            raise PlannerError(
                "{path}: could not be written ({kind}); probably the disk is full. Free some space or choose another folder; nothing was changed.",
                path=path,
                kind=type(error).__name__,
            ) from error
        for passport in beside:
            passport.write_text(_json({**json.loads(told.text), _CONTENT_KEY: sha256_of(temporary)}), "utf-8")


def _points(table: pd.DataFrame, result: Result) -> gpd.GeoSeries:
    sites = result.table.reindex(table.index)
    return gpd.GeoSeries(gpd.points_from_xy(sites["lon"], sites["lat"]), index=table.index, crs=crs.EXPORT)


def read_result(path: Path) -> Result:
    """
    Read back a file that `write` made.

    Parameters
    ----------
    path
        Any of its formats; a CSV needs its metadata beside it.

    Returns
    -------
    result
        One row per site, indexed by site_id, and the metadata.

    Raises
    ------
    PlannerError
        If it is not such a file.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None or not _is_file(path):
        raise PlannerError(
            "{path}: expected a result of `planner rank` ({known}). Check the path.",
            path=path,
            known=", ".join(_READERS),
        )
    try:
        table, metadata = reader(path)
        written = metadata.pop(_CONTENT_KEY, None) if isinstance(metadata, dict) else None
        about = About.model_validate(metadata)
    except _NOT_A_RESULT as error:
        raise PlannerError(
            "{path}: not a result of `planner rank` ({kind}). Rank again.", path=path, kind=type(error).__name__
        ) from error
    if "site_id" in table and table["site_id"].duplicated().any():
        raise PlannerError(
            "{path}: expected each site_id once, found {site_id!r} again. Rank again.",
            path=path,
            site_id=table["site_id"][table["site_id"].duplicated()].iloc[0],
        )
    measured = {column(kind, id_) for id_ in about.criteria for kind in (VALUE, LOW, HIGH)}
    if not {"site_id", "status", "score", "rank"} | measured <= set(table.columns):
        raise PlannerError("{path}: expected the columns of `planner rank`, found others. Rank again.", path=path)
    if written not in {None, sha256_of(path)}:
        raise PlannerError(
            "{path}: the metadata beside it, {sidecar}, belong to another content of this file. Put back the file that was written with them, or rank again.",
            path=path,
            sidecar=sidecar(path).name,
        )
    numeric = [c for c in table.columns if c.startswith(_NUMERIC)]
    table[numeric] = table[numeric].apply(pd.to_numeric, errors="coerce")
    table[numeric] = (
        table[numeric].mask(table[numeric] >= _NO_BOUND, np.inf).mask(table[numeric] <= -_NO_BOUND, -np.inf)
    )
    table = table.assign(**{c: why for c, why in _whys(table, about.criteria).items() if c not in table})
    return Result(table.drop(columns="geometry", errors="ignore").set_index("site_id"), about)


def _whys(table: pd.DataFrame, criteria: Iterable[str]) -> dict[str, pd.Series]:
    """Why each value is bounded, from its bounds."""
    return {
        column(WHY, id_): why_of_bounds(*(table[column(kind, id_)] for kind in (VALUE, LOW, HIGH))) for id_ in criteria
    }


def sidecar(path: Path) -> Path:
    """Where the metadata of a CSV stand."""
    return path.with_name(path.name + ".metadata.json")


def result_bytes(evaluation: Evaluation, suffix: str, language: Language) -> bytes:
    """The file of a result, for a download; a CSV and its metadata come as one zip."""
    with TemporaryDirectory(prefix="planner-") as folder:
        path = Path(folder) / f"sites.{suffix}"
        write(evaluation, path, language)
        return _file_bytes(path)


def analysis_bytes(analysis: Analysis, result: Result, suffix: str, language: Language) -> bytes:
    """The file of an analysis, for a download; a CSV and its metadata come as one zip."""
    with TemporaryDirectory(prefix="planner-") as folder:
        path = Path(folder) / f"{analysis.kind}.{suffix}"
        write_analysis(analysis, result, path, language)
        return _file_bytes(path)


def _file_bytes(path: Path) -> bytes:
    if path.suffix != ".csv":
        return path.read_bytes()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (path, sidecar(path)):
            archive.write(file, file.name)
    return stream.getvalue()


def _frame(evaluation: Evaluation, result: Result) -> gpd.GeoDataFrame:
    shapes = evaluation.candidates.geometry().to_crs(crs.EXPORT).reindex(result.table.index)
    return gpd.GeoDataFrame(result.table, geometry=shapes).rename_axis("site_id").reset_index()


def _geojson(frame: gpd.GeoDataFrame, told: _Told) -> str:
    shapes = shapely.orient_polygons(np.asarray(frame.geometry.array))
    rounded = rounded_shapes(shapes)
    plain = pd.DataFrame(frame.drop(columns="geometry")).replace({np.inf: _NO_BOUND, -np.inf: -_NO_BOUND})
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


def _write_geojson(frame: gpd.GeoDataFrame, told: _Told, path: Path) -> None:
    path.write_text(_geojson(frame, told), "utf-8")


def _write_parquet(frame: gpd.GeoDataFrame, told: _Told, path: Path) -> None:
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
    table = table.replace_schema_metadata({"geo": _json(geo), _METADATA_KEY: told.text})
    pq.write_table(table, path, compression="zstd")


def _write_gpkg(frame: gpd.GeoDataFrame, told: _Told, path: Path) -> None:
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


def _write_csv(frame: gpd.GeoDataFrame, _: _Told, path: Path) -> None:
    escape_formulas(frame).to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")


def _write_xlsx(frame: gpd.GeoDataFrame, told: _Told, path: Path) -> None:
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
    flat = [{k: v if isinstance(v, str | int | float | None) else _json(v) for k, v in row.items()} for row in rows]
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


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name longer than the file system takes
        return False


def _held(holder: Any, key: Any) -> Any:
    """What a file holds under a key; ValueError when it holds no such thing."""
    if not isinstance(holder, Mapping | pd.DataFrame) or key not in holder:
        raise ValueError(key)
    return holder[key]


def _text_columns(head: pd.DataFrame) -> dict[str, str]:
    """Columns that are texts even where they look like numbers."""
    fixed = {"site_id", "name", "pref_code", "muni_code", "status", "failed_gates"}
    prefixed = [c for c in head.columns if str(c).startswith(_TEXTUAL) and not str(c).startswith(_NUMERIC)]
    return {str(name): "str" for name in [*prefixed, *(c for c in head.columns if c in fixed)]}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


_WRITERS: dict[str, Callable[[gpd.GeoDataFrame, _Told, Path], None]] = {
    ".geojson": _write_geojson,
    ".parquet": _write_parquet,
    ".gpkg": _write_gpkg,
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
}
_READERS: dict[str, Callable[[Path], tuple[pd.DataFrame, dict[str, Any]]]] = {
    ".geojson": _read_geojson,
    ".parquet": _read_parquet,
    ".gpkg": _read_gpkg,
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
}
