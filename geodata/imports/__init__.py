"""Files that planners actually have, brought in as layers: one line in KINDS per kind. A new publisher is a reader and its line."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd
import pyogrio.errors
import shapely.errors

from ..base import Text, text
from ..country.codes import PREFECTURE_CODES
from ..errors import FormatError, GeodataError, Phrase, Translate, english, phrase
from ..files.opening import Member, opened, without_entities
from ..layer import FieldSpec, Layer, LayerSpec, Passport, Step
from . import cleaning
from .ksj import reader as ksj
from .report import Problem, Report
from .tables import capacity, demand, estat, estates

Lookup = Callable[[str], Layer | None]
_BROKEN = (
    *(UnicodeError, shapely.errors.ShapelyError, pyogrio.errors.DataSourceError),
    *(OverflowError, KeyError, IndexError, TypeError, ValueError, AttributeError),
)
"""What a broken file makes libraries raise; each becomes one sentence."""

_Frame = tuple[pd.DataFrame, dict[str, FieldSpec]]
_KSJ_PREFECTURE = re.compile(r"[A-Z]\d{2}[a-z]?-?\d*-?\d{2}(?:_|-)(\d{2})(?:_|-|\.)")
_ACTIONS: dict[str, Literal["dropped", "repaired", "blanked", "kept"]] = {
    "rejected": "dropped",
    "repaired": "repaired",
    "blanked": "blanked",
    "dropped": "dropped",
    "kept": "kept",
}


@dataclass(frozen=True)
class Kind:
    """One kind of file."""

    id: str
    title: Text
    theme: str
    geometry: Literal["point", "line", "polygon", "none"]
    suffixes: tuple[str, ...]
    licence: str
    note: Text
    read: Callable[[list[Member], Report, Lookup], _Frame]
    redistributable: str = "unknown"
    attribution: str = ""
    status: Literal["measured", "estimated", "assumed"] = "measured"
    template: str | None = None
    verified: bool = True


@dataclass(frozen=True)
class Options:
    """What the user says of a file; nothing is assumed of it."""

    layer_id: str = "imported"
    title: str | None = None
    reference_date: str = "not stated"
    covers: tuple[str, ...] = ()
    complete: bool = False
    licence: str | None = None


@dataclass(frozen=True)
class Imported:
    """A layer made from a file, and what was found on the way."""

    layer: Layer
    report: Report


def read(path: Path, kind_id: str, options: Options, lookup: Lookup, *, japanese: Translate = english) -> Imported:
    """
    Read a file as one of the KINDS; nothing is stored.

    Parameters
    ----------
    path
        The publisher's file, zipped or not.
    kind_id
        Key of KINDS.
    options
        What the user says of the file.
    lookup
        Opens the layers that some kinds join to; None when a layer is not there.
    japanese
        Says a sentence of the report in Japanese, for the steps of the layer.

    Returns
    -------
    imported
        The layer in STORE, and a report of what is wrong with single rows.

    Raises
    ------
    FormatError
        If the file as a whole cannot be used.
    GeodataError
        If the kind, the layer's id or a prefecture code is none.
    """
    kind = kind_of(kind_id)
    report = Report(file=path.name, kind=kind.id)
    with opened(path) as members:
        try:
            frame, fields = kind.read(members, report, lookup)
            if isinstance(frame, gpd.GeoDataFrame):
                frame = cleaning.repaired(cleaning.in_japan(frame, report), report)
            frame = cleaning.drop_duplicate_rows(frame, report).reset_index(drop=True)
        except _BROKEN as error:
            if isinstance(error, GeodataError):
                raise
            raise FormatError(
                path,
                expected=phrase("a file of kind {kind}", kind=kind.id),
                found=f"{type(error).__name__}: {error}"[:160],
                remedy="Check that the kind fits; see `planner data kinds`.",
            ) from error
    if frame.empty:
        raise FormatError(
            path,
            expected="at least one usable row",
            found="none",
            remedy=_first(report) if report.problems else "Check the file.",
        )
    report.rows_kept = len(frame)
    return Imported(_layer(path, kind, options, frame, fields, report, japanese), report)


def _first(report: Report) -> Phrase:
    """The first problems, one after the other."""
    told = [problem.phrase() for problem in report.problems[:3]]
    return phrase("; ".join(f"{{p{n}}}" for n in range(len(told))), **{f"p{n}": part for n, part in enumerate(told)})


def kind_of(kind_id: str) -> Kind:
    """One kind; GeodataError lists the known ids."""
    if kind_id not in KINDS:
        raise GeodataError(
            "kind {kind_id!r}: expected one of {known}. See `planner data kinds`.",
            kind_id=kind_id,
            known=", ".join(KINDS),
        )
    return KINDS[kind_id]


def _layer(  # noqa: PLR0913, PLR0917  (everything that a layer is made of)
    path: Path,
    kind: Kind,
    options: Options,
    frame: pd.DataFrame,
    fields: Mapping[str, FieldSpec],
    report: Report,
    japanese: Translate,
) -> Layer:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", options.layer_id):
        raise GeodataError(
            "layer {layer_id!r}: expected small letters, digits and _, such as flood_18. Choose another id.",
            layer_id=options.layer_id,
        )
    key = "feature_id"
    frame = frame.assign(**{key: [f"{options.layer_id}-{n:07d}" for n in range(1, len(frame) + 1)]})
    wrong = [code for code in options.covers if code not in PREFECTURE_CODES]
    if wrong:
        raise GeodataError(
            "covers {wrong!r}: expected prefecture codes from 01 to 47, such as 18,17. Correct it.", wrong=wrong[0]
        )
    covers = options.covers or _covered(path.name, kind)
    if kind.geometry == "polygon" and not options.complete:
        report.note(
            "Outside its shapes the layer tells nothing: unknown there, unless you say that it is complete where it covers."
        )
    title = options.title or kind.title.ja
    note = text(f"利用者が取り込んだ {path.name}", f"imported by the user from {path.name}")
    spec = LayerSpec.model_validate(
        {
            "id": options.layer_id,
            "title": {"ja": title, "en": options.title or kind.title.en},
            "theme": kind.theme,
            "geometry": kind.geometry,
            "connector": "import",
            "key": key,
            "fields": {
                key: {"dtype": "string", "title": {"ja": "識別子", "en": "Identifier"}},
                **{n: s.model_dump() for n, s in fields.items() if n in frame},
            },
            "outside": [code for code in PREFECTURE_CODES if code not in covers] if covers else [],
            "licence": options.licence or kind.licence,
            "attribution": kind.attribution or "user",
            "reference_date": options.reference_date,
            "status": kind.status,
            "inventory": "complete" if options.complete else "partial",
            "inventory_note": note.model_dump(),
        }
    )
    columns = [key, *(n for n in fields if n in frame), *(["geometry"] if kind.geometry != "none" else [])]
    kept = frame[columns]
    dtypes = {
        name: "float64" if spec.fields[name].dtype == "float" else "str" for name in columns if name != "geometry"
    }
    kept = kept.astype(dtypes)
    version = hashlib.sha256(path.read_bytes() + spec.model_dump_json().encode()).hexdigest()[:16]
    passport = Passport.model_validate(spec.model_dump(include=set(Passport.model_fields)))
    steps = tuple(
        Step(_ACTIONS[p.action], p.count, text(p.phrase().said(japanese), str(p.phrase())))
        for p in report.problems
        if p.action in _ACTIONS
    )
    return Layer(spec, kept, passport, "imported", version, datetime.now(UTC).isoformat(timespec="seconds"), steps)


def _covered(name: str, kind: Kind) -> tuple[str, ...]:
    """Prefecture in the publisher's file name, such as A33-24_13_GML.zip."""
    found = _KSJ_PREFECTURE.search(name) if kind.id.startswith("ksj_") else None
    return (found.group(1),) if found and found.group(1) in PREFECTURE_CODES else ()


def _ksj(kind_id: str) -> Callable[[list[Member], Report, Lookup], _Frame]:
    return lambda members, report, _: ksj.read(members, kind_id, report)


def _roads(members: list[Member], report: Report, _: Lookup) -> _Frame:
    from ..sources import osm  # noqa: PLC0415  (osmnx takes seconds to import)

    member = next((m for m in members if m.suffix in {".osm", ".graphml", ".xml"}), None)
    if member is None:
        raise FormatError(
            report.file,
            expected=".osm or .graphml",
            found=", ".join(m.name for m in members[:3]),
            remedy="A .pbf must be converted first.",
        )
    without_entities(member.path, member.name)
    frame = osm.edges(member.path, report.file)
    report.rows_read, report.crs = len(frame), "EPSG:4326"
    report.note(
        "Speeds by class are assumptions; unreachable places and places further than 1 km from a road are unknown."
    )
    return frame, osm.FIELDS


def _kinds() -> dict[str, Kind]:
    found = {}
    for id_, layer in ksj.layers().items():
        flag = {
            "yes": "",
            "no": "非商用または再配布不可: 自分の業務でのみ使い、再配布しない。 ",
            "unknown": "版ごとに利用条件を確認する。 ",
        }[layer.redistributable]
        found[id_] = Kind(
            id=id_,
            title=layer.title,
            theme=layer.theme,
            geometry=layer.geometry,
            suffixes=(".zip", ".geojson", ".shp", ".gml"),
            licence=layer.licence,
            note=text(flag + layer.note, layer.licence_note + " " + layer.note),
            read=_ksj(id_),
            redistributable=layer.redistributable,
            attribution="国土交通省 国土数値情報を加工",
            verified=layer.verified,
        )
    found["tso_capacity"] = Kind(
        "tso_capacity", text("一般送配電事業者の空容量表（発電側）", "Grid company's capacity table (generation side)"), "grid", "point",
        (".csv", ".zip", ".xlsx"), "all rights reserved",
        text("空容量は発電（逆潮流）の余裕で、需要の余裕ではない。公表表は再配布できない。", "空容量 is room for generation, never for demand. The published tables must not be redistributed."),
        lambda m, r, look: capacity.capacity(m, r, look("substations")), redistributable="no", attribution="各一般送配電事業者の公表表（利用者が取得）",
    )  # fmt: skip
    found["demand_room"] = Kind(
        "demand_room", text("需要側の余裕（利用者の表）", "Demand room (the user's table)"), "grid", "point", (".csv", ".xlsx"), "not stated",
        text("ウェルカムゾーンマップの帯、または事前検討のMW・年数・時点。", "Bands of the welcome-zone maps, or MW, years and date of a connection study."),
        lambda m, r, look: demand.demand(m, r, look("substations")), redistributable="no", status="estimated", template="demand_room",
    )  # fmt: skip
    found["estates"] = Kind(
        "estates", text("産業用地・工業団地の一覧", "List of industrial estates and plots"), "land", "point", (".csv", ".xlsx"), "not stated",
        text("緑地率は工場立地法の全国準則（法律）で確認。市町村準則で緩和され得る。工業用水の供給義務は改正法案（成否未確認）。", "The green ratio is checked against the national standard (law); by-laws may ask less. The duty to supply industrial water is in a bill whose outcome is not confirmed."),
        lambda m, r, look: estates.estates(m, r, look("municipalities")), template="estates",
    )  # fmt: skip
    found["estat"] = Kind(
        "estat", text("e-Stat データベース表示のダウンロード", "e-Stat database download"), "people", "none", (".csv", ".xlsx"), "e-Stat 利用規約 (credit)",
        text("地域コードで都道府県・市区町村に結び付ける。「-」は0とみなさない。", "Joined by area code. A mark such as - is unknown, never 0."),
        lambda m, r, _: estat.estat(m, r), redistributable="yes", attribution="e-Stat（政府統計の総合窓口）",
    )  # fmt: skip
    found["prefecture_table"] = Kind(
        "prefecture_table", text("都道府県の表（職業別・2040年推計など）", "Table by prefecture (occupations, 2040 estimates …)"), "people", "none",
        (".csv", ".xlsx"), "not stated", text("1列目に都道府県、以降に数値。", "Prefecture first, numbers beside it."),
        lambda m, r, _: estat.by_prefecture(m, r), status="estimated", template="prefecture_table",
    )  # fmt: skip
    found["road_network"] = Kind(
        "road_network", text("道路網（OpenStreetMap 抽出）", "Road network (OpenStreetMap extract)"), "access", "line",
        (".osm", ".graphml", ".gz"), "ODbL-1.0", text("所要時間の基準 drive_min に使う。", "For the measure drive_min."),
        _roads, redistributable="yes", attribution="© OpenStreetMap contributors", status="estimated",
    )  # fmt: skip
    return found


KINDS: dict[str, Kind] = _kinds()

__all__ = ["KINDS", "Imported", "Kind", "Options", "Problem", "Report", "kind_of", "read"]
