"""Results to files and back. The suffix decides the format; the same result gives the same bytes."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import tomli_w
from pyogrio.errors import DataLayerError, DataSourceError
from xlsxwriter.exceptions import XlsxFileError

from geodata.country import crs
from geodata.errors import GeodataError
from geodata.files.writing import replacing, replacing_all, sha256_of

from ..analyses.analysis import Analysis
from ..errors import PlannerError
from ..evaluation import Evaluation
from ..explain.columns import described
from ..i18n import Language
from ..model.result import HIGH, LOW, VALUE, WHY, About, Result, column, why_of_bounds
from .formats import NO_BOUND, NUMERIC, READERS, WRITERS, Told, as_json, sidecar

_NOT_A_RESULT = (ValueError, TypeError, RecursionError, OSError, pa.ArrowException, GeodataError)
"""What reading another file raises: not JSON, no such sheet, no metadata, metadata of another shape."""

_CONTENT_KEY = "content_sha256"
"""Under what the metadata beside a CSV hold the hash of the CSV that they belong to; older ones hold none."""

_NOT_WRITTEN = (DataSourceError, DataLayerError, sqlite3.Error, XlsxFileError)
"""What GDAL, SQLite and xlsxwriter raise where others raise OSError: the file takes no more."""


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
    _write(_frame(evaluation, result), Told(result, described(result, language)), path)


def write_analysis(analysis: Analysis, result: Result, path: Path, language: Language = "en") -> None:
    """Write the table of an analysis of a result, with the result's metadata and the choices that made it."""
    table = analysis.table.rename_axis(analysis.key)
    told = Told(result, analysis.meanings(result, language), analysis)
    shapes = analysis.shapes if analysis.shapes is not None else _points(table, result)
    plain = gpd.GeoDataFrame(table.reset_index(), geometry=shapes.reindex(table.index).to_numpy(), crs=crs.EXPORT)
    _write(plain, told, path)


def write_scenario(table: Mapping[str, Any], path: Path) -> None:
    """Write a scenario as TOML; SourceError when the folder cannot be written or the disk is full. Nothing half-written is left."""
    with replacing(path) as temporary:
        temporary.write_text(tomli_w.dumps(dict(table)), "utf-8")


def _write(frame: gpd.GeoDataFrame, told: Told, path: Path) -> None:
    """
    Write rows and metadata in the format of the suffix.

    .geojson (RFC 7946), .parquet (GeoParquet), .gpkg, .csv and .xlsx; PlannerError for another suffix, a folder that
    cannot be written or a full disk. Nothing half-written is left.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise PlannerError(
            "{path}: expected a name ending in {known}. Choose one of these formats.",
            path=path,
            known=", ".join(WRITERS),
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
            passport.write_text(as_json({**json.loads(told.text), _CONTENT_KEY: sha256_of(temporary)}), "utf-8")


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
    reader = READERS.get(path.suffix.lower())
    if reader is None or not _is_file(path):
        raise PlannerError(
            "{path}: expected a result of `planner rank` ({known}). Check the path.",
            path=path,
            known=", ".join(READERS),
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
    numeric = [c for c in table.columns if c.startswith(NUMERIC)]
    table[numeric] = table[numeric].apply(pd.to_numeric, errors="coerce")
    table[numeric] = table[numeric].mask(table[numeric] >= NO_BOUND, np.inf).mask(table[numeric] <= -NO_BOUND, -np.inf)
    table = table.assign(**{c: why for c, why in _whys(table, about.criteria).items() if c not in table})
    return Result(table.drop(columns="geometry", errors="ignore").set_index("site_id"), about)


def _whys(table: pd.DataFrame, criteria: Iterable[str]) -> dict[str, pd.Series]:
    """Why each value is bounded, from its bounds."""
    return {
        column(WHY, id_): why_of_bounds(*(table[column(kind, id_)] for kind in (VALUE, LOW, HIGH))) for id_ in criteria
    }


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


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name longer than the file system takes
        return False
