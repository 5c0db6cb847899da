"""What a session remembers."""

import streamlit as st

from ..i18n import LANGUAGES, Language

LANGUAGE, SITE, MAP, TABLE, CLICKS, SOURCE = "language", "site", "map", "table", "clicks", "source"
_NAMES = {"ja": "日本語", "en": "English"}


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


def selected_site() -> str | None:
    """Id of the site under discussion."""
    site = st.session_state.get(SITE)
    return None if site is None else str(site)


def select(site_id: str | None, source: str) -> None:
    """Choose a site; `source` is where it was chosen."""
    st.session_state[SITE] = site_id
    st.session_state[SOURCE] = source
