"""National Land Numerical Information (国土数値情報): one reader for zip, GeoJSON, Shapefile and GML, told what codes mean by a table."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import Field

from ...base import Strict, Text
from ...errors import FormatError, phrase
from ...files.drivers import read_information
from ...files.opening import Member, without_entities
from ...files.vectors import read_member
from ...layer import FieldSpec
from .. import cleaning
from ..report import Report

_READABLE = (".geojson", ".json", ".shp", ".gml", ".xml", ".gpkg")
_FAMILY = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
_LAST_COLUMN = (100, 127, 140)  # of L01 to 2017, to 2021, to 2023


class Code(Strict):
    """One column: its code in the file and what it becomes."""

    code: str
    name: str
    ja: str
    en: str
    dtype: Literal["string", "float", "category", "range", "depth_text"]
    unit: str | None = None
    values: dict[str, str] = Field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    editions: dict[str, str] = Field(default_factory=dict, description="Code by edition, where it moves")
    pattern: str | None = Field(None, description="Columns that carry a year; YYYY in the name stands for it")
    missing: tuple[str, ...] = ()
    only: str | None = Field(None, description="Rows with another value are not current and are left out")
    verified: bool


class KsjLayer(Strict):
    """One layer of the publisher."""

    code: str
    title: Text
    theme: Literal["places", "land", "grid", "power", "people", "access", "facts"]
    geometry: Literal["point", "line", "polygon"]
    licence: str
    licence_note: str
    redistributable: Literal["yes", "no", "unknown"]
    crs: Literal[4612, 6668]
    verified: bool
    note: str
    fills: str | None = Field(None, description="Layer of the catalogue that is kept for it")
    fields: Annotated[tuple[Code, ...], Field(min_length=1)]


@cache
def layers() -> dict[str, KsjLayer]:
    """The table, by kind."""
    text = (files(__package__) / "layers.toml").read_text("utf-8")
    return {id_: KsjLayer.model_validate(entry) for id_, entry in tomllib.loads(text).items()}


def read(members: list[Member], kind: str, report: Report) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    """Typed, named, unit-bearing rows in STORE, and what each column is."""
    layer = layers()[kind]
    frame = _best(members, layer, report)
    columns = _columns(frame, layer)
    if not columns:
        raise FormatError(
            report.file,
            expected=phrase(
                "columns of {code} such as {known}", code=layer.code, known=", ".join(c.code for c in layer.fields[:4])
            ),
            found=", ".join(map(str, frame.columns[:8])),
            remedy="Choose another kind; see `planner data kinds`.",
        )
    family = frame.geom_type.str.removeprefix("Multi")
    wrong = family.notna() & family.ne(_FAMILY[layer.geometry])
    report.add("rejected", wrong, "geometry", phrase("a {geometry}", geometry=layer.geometry), family)
    kept = cleaning.short_texts(gpd.GeoDataFrame(frame[~wrong]), report)
    frame = cleaning.stored(kept, layer.crs, report)
    if not layer.verified:
        report.note(
            "Part of the table of codes of {code} was not read in an official source: check some values.",
            code=layer.code,
        )
    return _typed(frame, columns, report)


def _best(members: list[Member], layer: KsjLayer, report: Report) -> gpd.GeoDataFrame:
    """The members that carry most of the layer's codes, put together; GeoJSON before Shapefile before GML when they tie."""
    readable = [m for m in members if m.suffix in _READABLE and "META" not in m.name.upper()]
    order = {suffix: place for place, suffix in enumerate(_READABLE)}
    found: list[tuple[int, int, Member, list[str]]] = []
    for member in readable:
        names = _names(member)
        codes = len(_columns(pd.DataFrame(columns=names), layer)) if names else 0
        found.append((-codes, order[member.suffix], member, names))
    if not found:
        raise FormatError(
            report.file,
            expected=phrase("a file ending in {known}", known=", ".join(_READABLE)),
            found=", ".join(m.name for m in members[:4]),
            remedy="Choose the publisher's zip.",
        )
    codes, place, _, names = min(found, key=lambda item: item[:2])
    same = [m for c, p, m, n in found if (c, p) == (codes, place) and set(n) == set(names)]
    rest = [m.name for _, p, m, _ in found if p == place and m not in same]
    if rest:
        report.note("Not read, since other columns fit better: {known}.", known=", ".join(rest[:5]))
    if len(same) > 1:
        report.note(
            "{n} files with the same columns were put together: {known}.",
            n=len(same),
            known=", ".join(m.name for m in same[:6]),
        )
    frames = [_opened(member, report) for member in same]
    report.rows_read = sum(map(len, frames))
    first = frames[0]
    if any(frame.crs != first.crs for frame in frames):
        frames = [frame.to_crs(first.crs) for frame in frames]
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=first.crs) if len(frames) > 1 else first


def _names(member: Member) -> list[str]:
    try:
        if member.suffix in {".xml", ".gml"}:
            without_entities(member.path, member.name)
        return list(read_information(member.path, encoding="cp932" if member.suffix == ".shp" else None).fields)
    except FormatError:
        return []


def _opened(member: Member, report: Report) -> gpd.GeoDataFrame:
    rows = read_member(member, label=member.name)
    report.encoding, frame = rows.encoding, rows.frame
    cleaning.note_cut(rows, report)
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise FormatError(
            report.file,
            expected="features",
            found=phrase("none in {member}", member=member.name),
            remedy="Choose another file.",
        )
    report.rows_read = len(frame)
    return frame.set_crs(6668, allow_override=True) if member.suffix in {".geojson", ".json"} else frame


def _columns(frame: pd.DataFrame, layer: KsjLayer) -> dict[str, tuple[str, Code]]:
    """File column -> (our name, code): by code, by alias, by edition or by pattern; the first that fits."""
    by_name = {str(c).lower(): str(c) for c in frame.columns if c != "geometry"}
    edition = _edition(by_name, layer)
    found: dict[str, tuple[str, Code]] = {}
    for code in layer.fields:
        if code.pattern:
            for column in by_name.values():
                if match := re.match(code.pattern, column):
                    found[column] = (code.name.replace("YYYY", match.group(1)), code)
            continue
        names = (
            [code.editions[edition]]
            if edition in code.editions
            else []
            if code.editions
            else [code.code, *code.aliases]
        )
        held = next((by_name[n.lower()] for n in names if n.lower() in by_name), None)
        if held is not None and held not in found:
            found[held] = (code.name, code)
    return found


def _edition(by_name: dict[str, str], layer: KsjLayer) -> str:
    """For a layer whose columns move: the edition all of whose codes are there, the latest first."""
    editions = {edition for code in layer.fields for edition in code.editions}
    highest = max((int(m.group(1)) for name in by_name if (m := re.fullmatch(r"l01_(\d+)", name))), default=0)
    number = sum(highest > last for last in _LAST_COLUMN)
    names = sorted(editions)
    ordered = [*(e for e in names if e.startswith("to_")), *(e for e in names if not e.startswith("to_"))]
    return ordered[number] if ordered else ""


def _typed(
    frame: gpd.GeoDataFrame, columns: dict[str, tuple[str, Code]], report: Report
) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    out: dict[str, pd.Series] = {}
    specs: dict[str, FieldSpec] = {}
    current = pd.Series(data=True, index=frame.index)
    for column, (name, code) in columns.items():
        report.columns[column] = name
        raw = frame[column]
        if code.only is not None:
            current &= _text(raw).eq(code.only)
        for part, series, unit in _parts(raw, name, code, report):
            out[part] = series
            dtype = "float" if series.dtype == np.float64 else "string"
            specs[part] = FieldSpec(dtype=dtype, unit=unit, title=Text(ja=code.ja, en=code.en))
    report.add("dropped", ~current, "", "rows still in force")
    typed = gpd.GeoDataFrame(out, geometry=frame.geometry)
    return gpd.GeoDataFrame(typed[current]), specs


def _parts(raw: pd.Series, name: str, code: Code, report: Report) -> list[tuple[str, pd.Series, str | None]]:
    """The columns that one code becomes."""
    if code.dtype == "float":
        return [(name, cleaning.number(raw, report, name, extra_missing=code.missing), code.unit)]
    text = _text(raw)
    if code.dtype == "depth_text":
        low, high = cleaning.depth_bounds(text, report, name)
        return [(name, text, None), ("depth_min_m", low, "m"), ("depth_max_m", high, "m")]
    if not code.values:
        return [(name, text.mask(text.isin(code.missing)), None)]
    padded = text.where(text.isin(code.values), text.str.zfill(len(next(iter(code.values)))))
    meaning = padded.map(code.values)
    report.add(
        "blanked",
        meaning.isna() & text.notna() & ~text.isin(code.missing),
        name,
        phrase("one of {known}", known=", ".join(code.values)),
        text,
    )
    if code.dtype == "range":
        ends = meaning.str.partition("-")
        stem = name.removesuffix("_rank").replace("depth_rank", "depth")
        low, high = pd.to_numeric(ends[0], errors="coerce"), pd.to_numeric(ends[2], errors="coerce")
        return [
            (f"{stem}_min_{code.unit}", low.astype("float64"), code.unit),
            (f"{stem}_max_{code.unit}", high.astype("float64"), code.unit),
        ]
    return [(name, meaning.mask(text.isin(code.missing)).astype("str"), None)]


def _text(raw: pd.Series) -> pd.Series:
    """Codes as text: a number read as 1.0 is 1."""
    if pd.api.types.is_float_dtype(raw):
        whole = raw.dropna() == raw.dropna().round()
        if whole.all():
            raw = raw.astype("Int64")
    return raw.astype("str").where(raw.notna())
