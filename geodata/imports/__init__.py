"""Files that planners actually have, brought in as layers; every kind is an entry of `kinds`."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd

from ..base import text
from ..country.codes import PREFECTURE_CODES
from ..errors import FormatError, GeodataError, Phrase, Translate, english, phrase
from ..files.opening import opened
from ..layer import IMPORT, FieldSpec, Layer, LayerSpec
from ..passport import Passport
from . import cleaning
from .kinds import KINDS, Kind, Lookup, kind_of
from .report import Problem, Report

_KSJ_PREFECTURE = re.compile(r"[A-Z]\d{2}[a-z]?-?\d*-?\d{2}(?:_|-)(\d{2})(?:_|-|\.)")
_LAYER_ID = re.compile(r"[a-z][a-z0-9_]{0,40}")
_KEY = "feature_id"


@dataclass(frozen=True)
class Options:
    """What the user says of a file; nothing is assumed of it."""

    layer_id: str = "imported"
    title: str | None = None
    reference_date: str = "not stated"
    covers: tuple[str, ...] = ()
    complete: bool = False
    licence: str | None = None

    def check(self) -> None:
        """Raise GeodataError for an id or a prefecture code that is none."""
        if not _LAYER_ID.fullmatch(self.layer_id):
            raise GeodataError(
                "layer {layer_id!r}: expected small letters, digits and _, such as flood_18. Choose another id.",
                layer_id=self.layer_id,
            )
        wrong = [code for code in self.covers if code not in PREFECTURE_CODES]
        if wrong:
            raise GeodataError(
                "covers {wrong!r}: expected prefecture codes from 01 to 47, such as 18,17. Correct it.", wrong=wrong[0]
            )


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
    options.check()
    report = Report(file=path.name, kind=kind.id)
    with opened(path) as members:
        frame, fields = kind.read(members, report, lookup)
        if isinstance(frame, gpd.GeoDataFrame):
            frame = cleaning.repaired(cleaning.in_japan(frame, report), report)
        frame = cleaning.drop_duplicate_rows(frame, report).reset_index(drop=True)
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


def _layer(  # noqa: PLR0913, PLR0917  (everything that a layer is made of)
    path: Path,
    kind: Kind,
    options: Options,
    frame: pd.DataFrame,
    fields: Mapping[str, FieldSpec],
    report: Report,
    japanese: Translate,
) -> Layer:
    if kind.geometry == "polygon" and not options.complete:
        report.note(
            "Outside its shapes the layer tells nothing: unknown there, unless you say that it is complete where it covers."
        )
    present = {name: spec for name, spec in fields.items() if name in frame}
    spec = _spec(path.name, kind, options, present)
    frame = frame.assign(**{_KEY: [f"{options.layer_id}-{n:07d}" for n in range(1, len(frame) + 1)]})
    dtypes = {name: "float64" if field.dtype == "float" else "str" for name, field in spec.fields.items()}
    kept = frame[[_KEY, *present, *(["geometry"] if kind.geometry != "none" else [])]].astype(dtypes)
    version = _version(path, spec)
    passport = Passport.model_validate(spec.model_dump(include=set(Passport.model_fields)))
    read_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Layer(spec, kept, passport, "imported", version, read_at, report.steps(japanese))


def _version(path: Path, spec: LayerSpec) -> str:
    """Sixteen digits that stand for the file's bytes and what the layer is; the file is not held."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    digest.update(spec.model_dump_json().encode())
    return digest.hexdigest()[:16]


def _spec(name: str, kind: Kind, options: Options, fields: Mapping[str, FieldSpec]) -> LayerSpec:
    """What the layer is, from its kind and what the user says of the file."""
    covers = options.covers or _covered(name, kind)
    return LayerSpec.model_validate(
        {
            "id": options.layer_id,
            "title": {"ja": options.title or kind.title.ja, "en": options.title or kind.title.en},
            "theme": kind.theme,
            "geometry": kind.geometry,
            "connector": IMPORT,
            "key": _KEY,
            "fields": {
                _KEY: {"dtype": "string", "title": {"ja": "識別子", "en": "Identifier"}},
                **{field: spec.model_dump() for field, spec in fields.items()},
            },
            "outside": [code for code in PREFECTURE_CODES if code not in covers] if covers else [],
            "licence": options.licence or kind.licence,
            "attribution": kind.attribution or "user",
            "reference_date": options.reference_date,
            "status": kind.status,
            "inventory": "complete" if options.complete else "partial",
            "inventory_note": text(f"利用者が取り込んだ {name}", f"imported by the user from {name}").model_dump(),
        }
    )


def _covered(name: str, kind: Kind) -> tuple[str, ...]:
    """Prefecture in the publisher's file name, such as A33-24_13_GML.zip."""
    found = _KSJ_PREFECTURE.search(name) if kind.id.startswith("ksj_") else None
    return (found.group(1),) if found and found.group(1) in PREFECTURE_CODES else ()


__all__ = ["KINDS", "Imported", "Kind", "Options", "Problem", "Report", "kind_of", "read"]
