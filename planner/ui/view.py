"""What every page starts from: the scenario of the side bar, evaluated."""

from dataclasses import dataclass

import streamlit as st

from geodata import GeodataError

from ..errors import PlannerError
from ..evaluation import Evaluation
from ..i18n import Language, Translate, translator
from ..model.result import Result
from ..scenario.scenario import Scenario
from . import cached, link, question, state
from .text import said

_VIEW = "view"


@dataclass(frozen=True)
class View:
    """A scenario and what follows from it, in one language."""

    language: Language
    t: Translate
    scenario: Scenario
    evaluation: Evaluation
    result: Result


def draw_sidebar() -> None:
    """Language and question; the scenario is kept for the page."""
    with st.sidebar:
        state.language_switch()
        try:
            st.session_state[_VIEW] = question.ask(state.language())
        except PlannerError as error:
            st.session_state[_VIEW] = None
            st.error(said(error, state.language()))


def current() -> View | None:
    """The scenario evaluated; None after an error that has been shown."""
    language = state.language()
    scenario: Scenario | None = st.session_state.get(_VIEW)
    if scenario is None:
        st.info(translator(language)("Correct the question in the side bar; the reason stands there."))
        return None
    t = translator(language)
    try:
        with st.spinner(t("Measuring and ranking the candidates…"), show_time=True):
            evaluation, result = cached.evaluation(scenario)
    except (PlannerError, GeodataError) as error:
        st.error(said(error, state.language()))
        return None
    if state.selected_site() not in result.table.index:
        state.select(str(result.table.index[0]))
    link.store()
    return View(language, t, scenario, evaluation, result)


def site_picker(view: View, key: str) -> str:
    """Choose a site by name; the chosen one is shared by all pages."""
    options = [str(site) for site in view.result.table.index[:1000]]
    chosen = state.selected_site()
    if chosen not in options:
        options = [str(chosen), *options]
    names = view.result.table["name"]
    site = st.selectbox(
        view.t("Site"),
        options,
        index=options.index(str(chosen)),
        format_func=lambda s: f"{names[s]} ({s})",
        key=f"{key}-{view.language}-{chosen}",
    )
    if site != chosen:
        state.select(site)
        st.rerun()
    return str(site)
