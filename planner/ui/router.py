"""The pages and what they share: language, question, address."""

import streamlit as st

from ..i18n import translator
from . import link, state, view
from .pages import compare, data, explore, method, region, robust, screen, site

_STYLE = """<style>
.stMainBlockContainer{padding-top:3.2rem;padding-left:2rem;padding-right:2rem}
[data-testid=stSidebarHeader]{height:2rem}
@media (max-width: 1100px){.stMainBlockContainer{padding-left:1rem;padding-right:1rem}
[data-testid=stHorizontalBlock]:has(iframe){flex-direction:column}
[data-testid=stHorizontalBlock]:has(iframe)>[data-testid=stColumn]{width:100%;flex:1 1 100%}}
</style>"""


def main() -> None:
    """Run the app."""
    link.load()
    t = translator(state.language())
    st.set_page_config(page_title=t("Regional Cluster Planner"), page_icon="🗾", layout="wide")
    st.html(_STYLE)
    pages = [
        st.Page(explore.page, title=t("Explore"), url_path="explore", default=True),
        st.Page(screen.page, title=t("Screen"), url_path="screen"),
        st.Page(compare.page, title=t("Compare"), url_path="compare"),
        st.Page(robust.page, title=t("Sureness"), url_path="robust"),
        st.Page(site.page, title=t("Site sheet"), url_path="site"),
        st.Page(region.page, title=t("Region"), url_path="region"),
        st.Page(data.page, title=t("Data"), url_path="data"),
        st.Page(method.page, title=t("Method"), url_path="method"),
    ]
    chosen = st.navigation(pages, position="top")
    view.draw_sidebar()
    chosen.run()
