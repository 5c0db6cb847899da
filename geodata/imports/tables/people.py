"""Tables about people of the user's own: occupations by municipality, seats of schools, planned projects."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ...base import Text
from ...errors import phrase
from ...files.opening import Member
from ...layer import FieldSpec, Layer
from ..codes import area_codes
from ..report import Report
from .columns import Column, Columns, columns_of, specs_of
from .placing import placed_by_code
from .reading import read_table

Look = Callable[[str], Layer | None]
_Frame = tuple[pd.DataFrame, dict[str, FieldSpec]]

CLASSES = {
    "A": ("management", "管理的職業"),
    "B": ("professional", "専門的・技術的職業"),
    "C": ("clerical", "事務"),
    "D": ("sales", "販売"),
    "E": ("service", "サービス職業"),
    "F": ("security", "保安職業"),
    "G": ("farming", "農林漁業"),
    "H": ("production", "生産工程"),
    "I": ("transport", "輸送・機械運転"),
    "J": ("construction", "建設・採掘"),
    "K": ("handling", "運搬・清掃・包装"),
}
"""Major classes of occupation of the census, by letter; L (unclassifiable) is left out."""

_JOINED = {"transport": ("transport", "handling"), "service": ("service", "security")}
_KEPT = ("management", "professional", "clerical", "production", "transport", "construction", "service")
_UNCLASSIFIED = {"L", "分類不能の職業"}
_LEVELS = {
    **dict.fromkeys(("technical_high", "工業高校", "工業科", "高等学校"), "technical_high"),
    **dict.fromkeys(("kosen", "高専", "高等専門学校"), "kosen"),
    **dict.fromkeys(("university", "大学", "大学院"), "university"),
}


def occupations(members: list[Member], report: Report) -> _Frame:
    """
    One row per municipality: employed, and persons by occupation, from rows of municipality, class and persons.

    A class that is none is rejected and listed; a municipality that lacks a class of A to K is left out, since its shares are unknown.
    """
    needed = _needing("occupation", "persons", "muni_code")
    columns = tuple(_as_name(column) for column in needed if column.name != "name")
    table = read_table(members, columns, report).rename(columns={"name": "occupation"})
    code = area_codes(table["muni_code"], report, "muni_code", prefectures=table.get("prefecture"))
    said = table["occupation"].fillna("").astype("str").str.strip()
    kind = said.map(_class_of)
    left = said.isin(_UNCLASSIFIED)
    expected = phrase("a major class of occupation, A to K or its name")
    report.add("rejected", kind.isna() & ~left, "occupation", expected, said)
    report.add("dropped", left, "occupation", phrase("an occupation that can be classified"), said)
    report.add("noted", kind.notna() & table["persons"].isna(), "persons", phrase("a number of persons"), said)
    held = pd.DataFrame({"muni_code": code, "kind": kind, "persons": table["persons"]}).dropna(
        subset=["muni_code", "kind"]
    )
    twice = held.duplicated(["muni_code", "kind"], keep=False)
    report.add("rejected", twice.reindex(table.index, fill_value=False), "occupation", phrase("each class once"), said)
    wide = held[~twice].pivot_table(index="muni_code", columns="kind", values="persons", sort=True)
    wide = wide.reindex(columns=[name for name, _ in CLASSES.values()])
    whole = wide.notna().all(axis=1)
    if not whole.all():
        report.note(
            "{n} municipalities lack a class of occupation and were left out, since their shares are unknown; the first is {code}.",
            n=int((~whole).sum()),
            code=str(wide.index[~whole][0]),
        )
    counts = wide[whole]
    out = {name: counts[list(_JOINED.get(name, (name,)))].sum(axis=1) for name in _KEPT}
    frame = pd.DataFrame({"employed": counts.sum(axis=1), **out}).reset_index()
    specs = {name: _persons(Text(ja=name, en=name)) for name in ("employed", *_KEPT)}
    return frame, {"muni_code": specs_of(columns, frame)["muni_code"], **specs}


def _class_of(said: str) -> str | None:
    """Our name of a major class that is given by letter, by our name or by its Japanese name, with or without 従事者."""
    for letter, (name, japanese) in CLASSES.items():
        if said.upper() in {letter, name.upper()} or said.lstrip(letter + " 　").removesuffix("従事者") == japanese:
            return name
    return None


def seats(members: list[Member], report: Report, look: Look) -> _Frame:
    """Schools with their level and seats a year; one without seats is kept and unknown, one of another level rejected."""
    columns = _needing("name", "level")
    table = read_table(members, columns, report)
    said = table["level"].fillna("").astype("str").str.strip()
    level = said.map(lambda text: _LEVELS.get(text.lower()))
    report.add("rejected", level.isna(), "level", phrase("one of {known}", known=", ".join(_LEVELS)), said)
    kept = table.assign(level=level)[level.notna()].reset_index(drop=True)
    number = kept["seats"] if "seats" in kept else pd.Series(np.nan, kept.index)
    report.add(
        "noted",
        number.isna(),
        "seats",
        phrase("a number of seats: without one, what the school gives is unknown"),
        kept["name"],
    )
    frame = placed_by_code(kept, report, look).drop(columns=["seats", "lon", "lat"], errors="ignore")
    for name in ("graduates_low", "graduates", "graduates_high"):
        frame[name] = number.reindex(frame.index)
    specs = {name: _persons(Text(ja="1年の定員", en="Seats a year")) for name in frame if name.startswith("graduates")}
    return frame, specs_of(columns, frame) | specs | _ACCURACY


def projects(members: list[Member], report: Report, look: Look) -> _Frame:
    """Planned projects: industry, workers or a size with its unit, first year; one with neither is kept, its workers unknown."""
    columns = _needing("name", "industry")
    table = read_table(members, columns, report)
    for name in ("size", "start_year"):
        table[name] = table[name].fillna("").astype("str").str.strip() if name in table else ""
    jobs = table["jobs"] if "jobs" in table else pd.Series(np.nan, table.index)
    lacking = jobs.isna() & table["size"].eq("")
    expected = phrase("workers or a size: without either, what the project needs is unknown")
    report.add("noted", lacking, "jobs", expected, table["name"])
    frame = placed_by_code(table.assign(jobs=jobs), report, look).drop(columns=["lon", "lat"], errors="ignore")
    return frame, specs_of(columns, frame) | {"jobs": _persons(Text(ja="雇用人数", en="Workers"))} | _ACCURACY


def _needing(*names: str) -> Columns:
    """Columns of tables about people, some of them required."""
    return tuple(
        column.model_copy(update={"required": True}) if column.name in names else column
        for column in columns_of("people")
    )


def _as_name(column: Column) -> Column:
    """The column of occupations in the place of a name, which every row of a table has."""
    return column.model_copy(update={"name": "name"}) if column.name == "occupation" else column


def _persons(title: Text) -> FieldSpec:
    return FieldSpec(dtype="float", unit="persons", title=title, minimum=0)


_ACCURACY = {
    "accuracy_m": FieldSpec(dtype="float", unit="m", title=Text(ja="位置の精度", en="Accuracy of the position"))
}
