"""What stands in an area for a field, and what the papers say of it, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..fields.field import SAID, readiness, technologies
from ..i18n import Language, translator
from ..model.sources import citation
from .field_cluster import HUBS, INSTITUTES, FieldAnswer
from .field_words import number

_TITLES = {
    "market": "Market and growth",
    "winning": "Winning path",
    "benefit": "Benefit at home",
    "offtake": "Capacity and off-take",
    "recycling": "Recycling and scrap",
}
_SERVICES = {
    "hospitals": "General hospitals",
    "clinics": "Clinics",
    "doctors": "Doctors",
    "large_shops": "Large shops",
    "primary_schools": "Primary schools",
}
_POINTS = {
    "research_institutes": "National institutes and large research facilities",
    "ax_hubs": "Hubs of manufacturing AI (製造AX拠点)",
    "recycling_bases": "Recycling bases",
    "heavy_conversions": "Heavy plants converting or closing",
}
_INSTITUTES = {
    "national_institute": "national institute",
    "large_facility": "large research facility",
    "public_test_lab": "public testing laboratory",
}
_READY = {
    "plants": "{n} plants take part in the hubs imported",
    "vendors": "location quotient of information and communications {n}",
    "kosen": "{n} kosen",
    "hub": "{n} hubs imported",
}


def services_table(services: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Essential services beside Japan."""
    t = translator(language)
    rows = services.to_dict("records")
    return pd.DataFrame(
        {
            t("Essential service (per so many persons)"): [
                f"{t(_SERVICES[row['service']])} ({row['per']:,})" for row in rows
            ],
            t("In the area"): [number(row["here"], 1, t) for row in rows],
            t("Japan"): [number(row["japan"], 1, t) for row in rows],
            t("Number here"): [number(row["count"], 0, t) for row in rows],
        }
    )


def institutes_here(answer: FieldAnswer) -> int:
    """Number of listed institutes in the area."""
    return len(answer.points.get(INSTITUTES, ()))


def points_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """Institutes, hubs, recycling bases and converting plants in the area, and special zones."""
    t = translator(language)
    rows = [
        (
            t(_POINTS[id_]),
            str(row["name"]),
            _what(row, language),
            str(row.get("as_of") or ""),
            str(row.get("source_url") or row.get("source") or ""),
        )
        for id_, frame in answer.points.items()
        for row in frame.to_dict("records")
    ]
    rows += [
        (
            t("National strategic special zones"),
            str(row["zone"]),
            t("named on {day}", day=row["named_on"]),
            str(row["as_of"]),
            str(row["source_url"]),
        )
        for row in answer.zones.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=[t("Kind"), t("Name"), t("What"), t("As of"), t("Source")])


def _what(row: Mapping[Any, Any], language: Language) -> str:
    """What stands at a place: of ours in the reader's language, of the user's table as it is written there."""
    if language == "ja" and isinstance(row.get("what_ja"), str):
        return str(row["what_ja"])
    if isinstance(row.get("from_what"), str):
        return " → ".join(str(row[name]) for name in ("from_what", "to_what") if isinstance(row[name], str))
    what = row.get("what") or row.get("kind")
    return translator(language)(_INSTITUTES.get(what, what)) if isinstance(what, str) else ""


def points_said(answer: FieldAnswer, language: Language) -> str:
    """What lists are empty, and why."""
    t = translator(language)
    if HUBS in answer.points:
        return ""
    return t("No site of a 製造AX拠点 has been published: that list is empty until you import one (kind ax_hubs).")


def ready_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """Checklist of readiness for manufacturing AI, with what the layers tell of each thing."""
    t, rows = translator(language), []
    for item in readiness().values():
        value = answer.ready.get(item.evidence, np.nan)
        said = t("to be asked") if np.isnan(value) else t(_READY[item.evidence], n=f"{value:,.4g}")
        rows.append((item.title[language], item.asks[language], said, citation(item.asks.sources)[language]))
    return pd.DataFrame(rows, columns=[t("Readiness"), t("What is asked"), t("Known here"), t("Source")])


def ready_said(answer: FieldAnswer, language: Language) -> str:
    """Casting and forging base, and firms within the reach of a hub."""
    t, base, caught = translator(language), answer.ready["base"], answer.ready["caught"]
    said = t("Casting and forging base: {n} firms on the list stand here.", n=number(base, 0, t))
    if np.isnan(caught):
        return said
    return (
        said
        + " "
        + t("{n} firms of the field stand within the reach of a hub of manufacturing AI.", n=number(caught, 0, t))
    )


def facts_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """What the papers say of the field."""
    t = translator(language)
    rows = [
        (t(_TITLES[name]), statement[language], citation(statement.sources)[language])
        for name in SAID
        for statement in getattr(answer.field, name)
    ]
    silent = [t(_TITLES[name]) for name in SAID if not getattr(answer.field, name)]
    if silent:
        rows.append(("、".join(silent), t("the papers read say nothing of it"), "–"))
    return pd.DataFrame(rows, columns=[t("What"), t("Statement"), t("Source")])


def tags_said(answer: FieldAnswer, language: Language) -> str:
    """Tags of the field: critical goods and technologies under dialogue."""
    t = translator(language)
    named = [technologies()[n - 1] for n in answer.field.technologies]
    parts = []
    if answer.field.goods:
        parts.append(t("Critical goods (特定重要物資): {names}", names="、".join(answer.field.goods)))
    if named:
        parts.append(
            t("Technologies under dialogue: {names}", names=_listed(text[language] + (t(" (proposed)") if standing == "proposed" else "") for text, standing in named))
        )  # fmt: skip
    if not parts:
        return t("No tag of critical goods or technologies under dialogue belongs to this field, as we read the lists.")
    return " / ".join(parts) + " " + t("Our reading; a flag, no legal advice.")


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)
