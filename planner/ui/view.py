"""What every page starts from: the scenario of the side bar, evaluated."""

from dataclasses import dataclass

import streamlit as st

from geodata import GeodataError

from ..evaluation import Evaluation
from ..i18n import LANGUAGES, Language, Translate, translator
from ..model.result import Result
from ..scenario.scenario import Scenario
from . import address, cached, question
from .cached import Evaluated
from .session import bound, language, session
from .text import plain, said

_LANGUAGES = {"ja": "日本語", "en": "English"}


@dataclass(frozen=True)
class View:
    """A scenario and what follows from it, in one language."""

    language: Language
    t: Translate
    scenario: Scenario
    evaluated: Evaluated

    @property
    def evaluation(self) -> Evaluation:
        """Everything that follows from the scenario."""
        return self.evaluated.evaluation

    @property
    def result(self) -> Result:
        """One row per site, best first."""
        return self.evaluated.result


def draw_sidebar() -> None:
    """Language and question; the scenario is kept for the page."""
    held = session()
    with st.sidebar:
        _language_switch()
        try:
            held.question = question.ask(language())
        except GeodataError as error:
            held.question = None
            st.error(said(error, language()))


def note_address() -> None:
    """Say which parts of the address could not be read."""
    unread = session().unread
    if unread:
        t = translator(language())
        sentence = t(
            "The link holds what cannot be, in: {parameters}. That part is left out; everything else was taken over.",
            parameters=plain(", ".join(unread)),
        )
        st.warning(sentence)


def _language_switch() -> None:
    def chosen() -> None:
        session().language = st.session_state["language"] or session().language

    st.segmented_control(
        "Language / 言語",
        LANGUAGES,
        key=bound("language", language()),
        format_func=lambda id_: plain(_LANGUAGES[id_]),
        label_visibility="collapsed",
        on_change=chosen,
    )


def current() -> View | None:
    """The scenario evaluated; None after an error that has been shown."""
    held, spoken = session(), language()
    t, scenario = translator(spoken), held.question
    if scenario is None:
        st.info(t("Correct the question in the side bar; the reason stands there."))
        return None
    try:
        with st.spinner(t("Measuring and ranking the candidates…"), show_time=True):
            evaluated = cached.evaluation(scenario)
    except GeodataError as error:
        st.error(said(error, spoken))
        return None
    for sentence in held.notes:
        st.warning(plain(sentence.said(t)))
    if held.site not in evaluated.result.table.index:
        held.select(str(evaluated.result.table.index[0]))
    address.store()
    question.note(scenario, spoken)
    return View(spoken, t, scenario, evaluated)


def site_picker(view: View, key: str) -> str:
    """Choose a site by name; the chosen one is shared by all pages."""
    held = session()
    options = [str(site) for site in view.result.table.index[:1000]]
    if held.site not in options:
        options = [str(held.site), *options]
    names = view.result.table["name"]
    key = f"{key}-{view.language}"
    st.selectbox(
        view.t("Site"),
        options,
        format_func=lambda s: f"{names[s]} ({s})",
        key=bound(key, held.site),
        on_change=lambda: held.select(st.session_state[key]),
    )
    return str(held.site)
