"""The pages and what they share: language, title, notice."""

import streamlit as st

from ..i18n import translator
from . import state
from .pages import explore


def main() -> None:
    """Run the app."""
    language = state.language()
    t = translator(language)
    st.set_page_config(page_title=t("Regional Cluster Planner"), page_icon="🗾", layout="wide")
    st.html("<style>.stMainBlockContainer{padding-top:3.6rem}[data-testid=stSidebarHeader]{height:2rem}</style>")
    st.navigation(
        [st.Page(explore.page, title=t("Explore"), url_path="explore", default=True)], position="hidden"
    ).run()
