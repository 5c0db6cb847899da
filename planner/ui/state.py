"""What a session remembers, beyond the widgets that a language or a page draws."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import streamlit as st

from geodata import Layer

from ..i18n import LANGUAGES, Language

LANGUAGE = "language"
MAP = "map"
TABLE = "table"
TICKED = "ticked"
CLICKS = "clicks"
FOLDER = "folder"
OWN_RESULT = "own_result"
BROUGHT = "brought"
SHORTLISTED = 5
_CHOICES = "choices"
_NAMES = {"ja": "日本語", "en": "English"}


def everything() -> dict[str, Any]:
    """All choices of the session, by name."""
    choices: dict[str, Any] = st.session_state.setdefault(_CHOICES, {})
    return choices


def put(name: str, value: Any) -> None:
    """Remember a choice."""
    everything()[name] = value
    if name == LANGUAGE and value in LANGUAGES:
        st.session_state[LANGUAGE] = value


def get(name: str, otherwise: Any = None) -> Any:
    """A remembered choice."""
    return everything().get(name, otherwise)


def language() -> Language:
    """Language of the session: chosen, else the browser's, else Japanese."""
    chosen = st.session_state.get(LANGUAGE)
    if chosen in LANGUAGES:
        return "ja" if chosen == "ja" else "en"
    return "en" if (st.context.locale or "ja").startswith("en") else "ja"


def language_switch() -> None:
    """Draw the language switch."""
    st.session_state.setdefault(LANGUAGE, language())
    st.segmented_control(
        "Language / 言語", LANGUAGES, key=LANGUAGE, format_func=_NAMES.__getitem__, label_visibility="collapsed"
    )


def one_of(name: str, options: list[str], otherwise: str) -> str:
    """The choice remembered, when it is still one of the options; else `otherwise`."""
    value = get(name, otherwise)
    return str(value) if value in options else otherwise


def folder() -> Path:
    """A folder of this session alone, for what it uploads; removed when the session ends."""
    if FOLDER not in st.session_state:
        st.session_state[FOLDER] = TemporaryDirectory(prefix="planner-")
    return Path(st.session_state[FOLDER].name)


def bring(layer: Layer) -> None:
    """Keep a layer for this session alone."""
    st.session_state[BROUGHT] = {**brought(), layer.spec.id: layer}


def brought() -> dict[str, Layer]:
    """Layers that this visitor brought in."""
    held: dict[str, Layer] = st.session_state.get(BROUGHT, {})
    return held


def selected_site() -> str | None:
    """Id of the site under discussion."""
    site = get("site")
    return None if site is None else str(site)


def select(site_id: str) -> None:
    """Choose a site."""
    put("site", site_id)


def shortlist() -> list[str]:
    """Sites set aside to compare."""
    return list(get("shortlist", []))


def toggle_shortlist(site_id: str) -> None:
    """Set a site aside, or put it back; at most five."""
    held = shortlist()
    put("shortlist", [s for s in held if s != site_id] if site_id in held else [*held, site_id][:SHORTLISTED])


def tick(rows: pd.Index) -> None:
    """Tick the row of the chosen site, wherever the ranking has moved it; call before the table is drawn."""
    place = [int(rows.get_loc(selected_site()))] if selected_site() in rows else []
    if st.session_state.get(TABLE, {}).get("selection", {}).get("rows") != place:
        st.session_state[TABLE] = {"selection": {"rows": place}}
    st.session_state[TICKED] = place


def picked_row() -> int | None:
    """Row that the visitor has just ticked; None for the table's echo of what `tick` ticked."""
    rows = st.session_state[TABLE]["selection"]["rows"]
    return int(rows[0]) if rows and rows != st.session_state.get(TICKED) else None
