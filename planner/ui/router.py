"""The pages and what they share: language, question, address."""

import streamlit as st

from ..faults import told
from ..i18n import translator
from . import address, view
from .pages import PAGES
from .session import language
from .text import plain

_STYLE = """<style>
[data-testid=stTopNavLink]{padding-left:.3rem;padding-right:.3rem}
[data-testid=stTopNav]{min-width:calc(100% - 4rem)}
[data-testid=stMainMenu]{position:fixed;right:.5rem}
.stMainBlockContainer{padding-top:4rem;padding-left:2rem;padding-right:2rem}
[data-testid=stSidebarHeader]{height:2rem}
@media (max-width: 1300px){[data-testid=stTopNavLink]{padding-left:.12rem;padding-right:.12rem}
[data-testid=stTopNavLink] *{font-size:.8rem}}
@media (max-width: 1100px){.stMainBlockContainer{padding-left:1rem;padding-right:1rem}
[data-testid=stHorizontalBlock]:has(iframe){flex-direction:column}
[data-testid=stHorizontalBlock]:has(iframe)>[data-testid=stColumn]{width:100%;flex:1 1 100%}}
</style>"""


def main() -> None:
    """Run the app."""
    address.load()
    t = translator(language())
    st.set_page_config(page_title=t("Regional Cluster Planner"), page_icon="🗾", layout="wide")
    st.html(_STYLE)
    pages = [
        st.Page(page.draw, title=t(page.title), icon=page.icon, url_path=page.id, default=page is PAGES[0])
        for page in PAGES
    ]
    chosen = st.navigation(pages, position="top")
    try:
        view.note_address()
        view.draw_sidebar()
        chosen.run()
    except Exception as error:  # noqa: BLE001  (whatever nobody raised on purpose is a fault of ours)
        st.error(plain(told(error, f"app: {chosen.url_path}", to_visitor=True).said(t)))
