"""Ask for a file of the user's own and make a criterion of it."""

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from ..criteria import BRANCHES, Branch
from ..errors import PlannerError
from ..i18n import Language, Translate, translator
from ..ownlayers import read_own
from . import state

_LAYER, _CRITERION = "own_layer", "own_criterion"
_MEASURES = {"nearest_km": "Distance to the nearest", "count": "Number within reach", "sum": "Sum within reach"}
_SUFFIXES = ["geojson", "gpkg", "zip", "csv"]


def ask(branches: list[Branch], language: Language) -> dict[str, Any]:
    """Layers, criteria and weights to lay over the scenario; empty until a file that can be read is there."""
    t = translator(language)
    upload = st.file_uploader(t("Points, lines or polygons"), type=_SUFFIXES, key="own-file")
    if upload is None:
        st.caption(t("GeoJSON, GeoPackage, zipped Shapefile, or CSV with lon and lat. It stays in this session."))
        return {}
    path = _kept(upload.getvalue(), Path(upload.name).suffix.lower())
    try:
        features, _ = read_own(path)
    except PlannerError as error:
        st.error(str(error).replace(str(path), upload.name))
        return {}
    return _described(path, upload.name, features, branches, language)


def _kept(content: bytes, suffix: str) -> Path:
    """The upload in the session's folder, under a name that owes nothing to the user's."""
    path = state.folder() / f"{hashlib.sha256(content).hexdigest()[:16]}{suffix}"
    if not path.is_file():
        path.write_bytes(content)
    return path


def _described(
    path: Path, name: str, features: pd.DataFrame, branches: list[Branch], language: Language
) -> dict[str, Any]:
    t = translator(language)
    title = st.text_input(t("Name of the criterion"), value=Path(name).stem[:40], key="own-title") or name
    date = st.text_input(t("Date of the data"), value="", key="own-date") or t("not stated")
    status = st.selectbox(t("Status"), ["assumed", "estimated", "measured"], format_func=t, key="own-status")
    whole = st.checkbox(t("The list is complete"), value=False, key="own-complete")
    branch = st.selectbox(t("Branch"), branches, format_func=lambda b: BRANCHES[b][language], key="own-branch")
    text = {"ja": title, "en": title}
    stanza = {**_measure(features, t), "branch": branch, "title": text, "layers": [_LAYER], "why": text, "caveat": text}
    used = st.toggle(t("Use it in the score"), value=False, key="own-used")
    weight = st.slider(t("Weight inside the branch"), 1, 200, 50, key="own-weight") if used else 0
    layer = {
        "path": str(path),
        "title": text,
        "reference_date": date,
        "status": status,
        "inventory": "complete" if whole else "partial",
    }
    choice = {"weight": float(weight), "basis": "assumption", "source": "Set by the user of this scenario."}
    return {"layers": {_LAYER: layer}, "own": {_CRITERION: stanza}, "criteria": {_CRITERION: choice}}


def _measure(features: pd.DataFrame, t: Translate) -> dict[str, Any]:
    numeric = [c for c in features.columns if pd.api.types.is_numeric_dtype(features[c])]
    kinds = [kind for kind in _MEASURES if kind != "sum" or numeric]
    kind = st.selectbox(t("Measure"), kinds, format_func=lambda k: t(_MEASURES[k]), key="own-measure")
    near = kind == "nearest_km"
    column = st.selectbox(t("Column"), numeric, key="own-column") if kind == "sum" else None
    reach_km = 0.0 if near else st.number_input(t("Reach (km)"), 1.0, 200.0, 30.0, key="own-reach")
    worst = st.number_input(t("Scored 0 at"), value=50.0 if near else 0.0, key=f"own-worst-{kind}")
    best = st.number_input(t("Scored in full at"), value=2.0 if near else 10.0, key=f"own-best-{kind}")
    return {
        "measure": "nearest_km" if near else "sum_within",
        "unit": "km" if near else (column or "sites"),
        "column": column,
        "reach_m": None if near else reach_km * 1000,
        "direction": "more" if best > worst else "less",
        "value": {"kind": "linear", "worst": worst, "best": best},
    }
