"""Make a criterion of data that the visitor brought: a plain file, a file of a known kind, or a layer imported before."""

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geodata import GeodataError, Layer, imports
from geodata.catalogue import catalogue
from geodata.imports import KINDS
from geodata.imports.features import SUFFIXES

from ..i18n import Language, Translate, translator
from ..measure.criterion import Criterion, Offer
from ..measure.verbs import measures
from ..model.sourced import BRANCHES, Branch
from . import cached
from .own import Upload, names_of, told_apart
from .parts import FORMATS, choice, door, remove_button, told, uploads
from .session import session
from .text import plain, said

LAYER, CRITERION = "own_layer", "own_criterion"
_PLAIN, _BROUGHT, _BRING = "plain", "brought", "bring"
_SOURCES = {_PLAIN: "A plain file of points, lines or polygons", _BROUGHT: "A layer brought in"}
_ASKED = {"column", "reach_m", "network", "by"}
"""Fields of a measure that can be asked for here."""
_STATUSES = ["assumed", "estimated", "measured"]


def ask(branches: list[Branch], language: Language) -> dict[str, Any]:
    """Layers, criteria and weights to lay over the scenario; empty until there is data that can be read."""
    t = translator(language)
    brought = cached.brought()
    source = _PLAIN
    if brought:
        source = choice(
            st.radio, t("Source"), list(_SOURCES), "own-source", language, format_func=lambda s: plain(t(_SOURCES[s]))
        )
    if source == _BROUGHT:
        titles = told_apart({id_: layer.spec.title[language] for id_, layer in brought.items()})
        id_ = choice(st.selectbox, t("Layer"), list(titles), "own-brought", language, format_func=titles.__getitem__)
        layer = brought[id_]
        return _criterion(layer.frame, layer.spec.geometry, id_, layer.spec.title[language], branches, language)
    return _plain_file(branches, language)


def bring(language: Language) -> None:
    """Read a file of a known kind into this session, with its report."""
    t, own = translator(language), session().own
    titles = {id_: f"{kind.title[language]} ({id_})" for id_, kind in KINDS.items()}
    kind = KINDS[
        choice(st.selectbox, t("Kind of file"), list(titles), "bring-kind", language, format_func=titles.__getitem__)
    ]
    _terms(kind, language)
    left, right = st.columns(2)
    covers = left.text_input(t("Prefecture codes the file covers, such as 18,17"), key="bring-covers")
    date = right.text_input(t("Date of the data"), key="bring-date") or t("not stated")
    complete = st.checkbox(t("The list is complete where it covers"), key="bring-complete")
    suffixes = uploads(suffix for kind in KINDS.values() for suffix in kind.suffixes)
    upload = st.file_uploader(t("File"), type=suffixes, key=f"bring-file-{own.doors.get(_BRING, 0)}")
    if upload is None:
        return
    held = own.keep(upload.name, upload.getvalue())
    codes = tuple(code.strip() for code in covers.split(",") if code.strip())
    id_ = f"session_{kind.id}_{held.digest[:8]}"
    options = imports.Options(kind.fills or id_, f"{kind.title[language]} ({upload.name})", date, codes, complete)
    try:
        found = own.read(
            held.path,
            (id_, date, covers, str(complete)),
            lambda: imports.read(held.path, kind.id, options, _lookup, japanese=translator("ja")),
        )
    except GeodataError as error:
        st.error(said(error, language))
        return
    own.layers[id_] = found.layer
    _reported(found, language)


def _terms(kind: imports.Kind, language: Language) -> None:
    """What a kind of file is, and under which terms it may be used."""
    licence, answer = plain(kind.licence), plain(kind.redistributable)
    st.caption(plain(kind.note[language]))
    st.caption(translator(language)("Licence: {licence}. Redistributable: {answer}.", licence=licence, answer=answer))


def brought(language: Language) -> None:
    """The layers that this visitor brought in, each with a button that takes it away."""
    own = session().own
    titles = told_apart({id_: layer.spec.title[language] for id_, layer in own.layers.items()})
    for id_, title in titles.items():
        remove_button(title, id_, partial(_take_away, id_), language)


def _take_away(layer_id: str) -> None:
    own = session().own
    own.forget_layer(layer_id)
    own.doors[_BRING] = own.doors.get(_BRING, 0) + 1


def _reported(found: imports.Imported, language: Language) -> None:
    t, n = translator(language), f"{found.report.rows_kept:,}"
    if found.layer.spec.id in catalogue():
        st.success(t("{rows} rows are ready in this session; every profile has a gate for them.", rows=n))
    else:
        st.success(t("{rows} rows are ready in this session; under 4 in the side bar they become a criterion.", rows=n))
    told(found.report, language)
    rows = [
        {
            "action": p.action,
            "count": p.count,
            "column": p.column,
            "rows": ", ".join(map(str, p.rows)),
            "found": p.found,
            "expected": p.expected.said(t),
        }
        for p in found.report.problems
        if p.count
    ]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
    st.dataframe(
        pd.DataFrame(found.layer.frame).drop(columns="geometry", errors="ignore").head(50),
        hide_index=True,
        width="stretch",
    )


def _lookup(layer_id: str) -> Layer | None:
    store = cached.store()
    return store.layer(layer_id) if store.has(layer_id) else None


def _plain_file(branches: list[Branch], language: Language) -> dict[str, Any]:
    t, own = translator(language), session().own
    door(t("Points, lines or polygons"), uploads(SUFFIXES), "own-file", _take)
    st.caption(t(FORMATS))
    names = names_of(own.features)
    for held in own.features:
        remove_button(names[str(held.path)], f"features-{held.digest}", partial(own.forget, held), language)
    upload = _chosen(own.features, language)
    if upload is None:
        return {}
    try:
        features = cached.own_features(upload.path)
    except GeodataError as error:
        st.error(said(error, language))
        return {}
    told(features.report, language)
    name = Path(upload.name).stem[:40]
    title = st.text_input(t("Name of the criterion"), value=name, key=f"own-title-{upload.digest[:8]}") or name
    layer = {
        "path": str(upload.path),
        "title": {"ja": title, "en": title},
        "reference_date": st.text_input(t("Date of the data"), value="", key="own-date") or t("not stated"),
        "status": choice(st.selectbox, t("Status"), _STATUSES, "own-status", language, format_func=t),
        "inventory": "complete"
        if st.checkbox(t("The list is complete"), value=False, key="own-complete")
        else "partial",
    }
    return {"layers": {LAYER: layer}, **_criterion(features.frame, features.geometry, LAYER, title, branches, language)}


def _take(upload: Upload) -> None:
    features = session().own.features
    if upload not in features:
        features.append(upload)


def _chosen(uploads: list[Upload], language: Language) -> Upload | None:
    """The file to make a criterion of; the last one given unless another is chosen."""
    if len(uploads) <= 1:
        return uploads[0] if uploads else None
    names = names_of(uploads)
    chosen = st.selectbox(
        translator(language)("File"),
        list(names),
        index=len(names) - 1,
        format_func=names.__getitem__,
        key=f"own-chosen-{len(uploads)}",
    )
    return next(upload for upload in uploads if str(upload.path) == chosen)


def _criterion(  # noqa: PLR0913, PLR0917  (what a criterion is made of)
    features: pd.DataFrame, geometry: str, layer_id: str, title: str, branches: list[Branch], language: Language
) -> dict[str, Any]:
    t = translator(language)
    text = {"ja": title, "en": title}
    measured = _measure(features, geometry, language)
    if not measured:
        return {}
    names: dict[str, str] = {branch: BRANCHES[branch][language] for branch in branches}
    branch = choice(st.selectbox, t("Branch"), list(names), "own-branch", language, format_func=names.__getitem__)
    stanza = {**measured, "branch": branch, "title": text, "layers": [layer_id], "why": text, "caveat": text}
    used = st.toggle(t("Use it in the score"), value=False, key="own-used")
    weight = st.slider(t("Weight inside the branch"), 1, 200, 50, key="own-weight") if used else 0
    weighed = {"weight": float(weight), "basis": "assumption", "source": "Set by the user of this scenario."}
    return {"own": {CRITERION: stanza}, "criteria": {CRITERION: weighed}}


def _offers(features: pd.DataFrame, geometry: str, numeric: list[str]) -> dict[str, tuple[Offer, type[Criterion]]]:
    """Ways to measure a layer of this shape by their id, the most particular first."""
    found = {
        offer.id: (offer, kind)
        for kind in measures().values()
        if _asked_whole(kind)
        for offer in kind.offers()
        if geometry in offer.shapes
        or (geometry == "none" and not features.columns.intersection(list(offer.keys)).empty)
        if numeric or not offer.column
    }
    return dict(sorted(found.items(), key=lambda item: _breadth(*item[1])))


def _asked_whole(kind: type[Criterion]) -> bool:
    """Whether every field that must be stated is one that is asked for here, and is there."""
    required = {name for name, field in kind.model_fields.items() if field.is_required()} - set(Criterion.model_fields)
    return required <= _ASKED and ("network" not in required or cached.roads() is not None)


def _breadth(offer: Offer, kind: type[Criterion]) -> tuple[bool, int, int]:
    return "network" in kind.model_fields, len(offer.shapes), len(offer.keys)


def _measure(features: pd.DataFrame, geometry: str, language: Language) -> dict[str, Any]:
    """How the layer is measured and scored; empty, with the reason on the page, when no measure fits it."""
    t = translator(language)
    numeric = [c for c in features.columns if pd.api.types.is_numeric_dtype(features[c])]
    offers = _offers(features, geometry, numeric)
    if not offers:
        st.error(
            t("This layer has neither shapes nor numbers by prefecture, municipality or 1 km cell: no measure fits.")
        )
        return {}
    labels = {id_: t(offer.label) for id_, (offer, _) in offers.items()}
    id_ = choice(st.selectbox, t("Measure"), list(labels), "own-measure", language, format_func=labels.__getitem__)
    offer, kind = offers[id_]
    fields = _fields(offer, kind, features, numeric, t)
    worst = st.number_input(t("Scored 0 at"), value=offer.worst, key=f"own-worst-{id_}")
    best = st.number_input(t("Scored in full at"), value=offer.best, key=f"own-best-{id_}")
    return {
        "measure": kind.model_fields["measure"].default,
        "unit": offer.unit or fields.get("column") or "sites",
        **fields,
        "direction": "more" if best > worst else "less",
        "value": {"kind": "linear", "worst": worst, "best": best},
    }


def _fields(
    offer: Offer, kind: type[Criterion], features: pd.DataFrame, numeric: list[str], t: Translate
) -> dict[str, Any]:
    """The fields of the measure's own, asked for or taken from the layer."""
    known, found = kind.model_fields, dict[str, Any]()
    if offer.column:
        found["column"] = st.selectbox(t("Column"), numeric, key="own-column")
    if "reach_m" in known:
        found["reach_m"] = 1000 * st.number_input(t("Reach (km)"), 1.0, 200.0, 30.0, key="own-reach")
    if "network" in known and known["network"].is_required():
        found["network"] = cached.roads()
    if "by" in known:
        by_town = "muni_code" in features and features["muni_code"].notna().any()
        found["by"] = "muni_code" if by_town else "pref_code"
    return found
