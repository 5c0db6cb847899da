"""Pieces that several pages draw."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geodata.imports.report import Report

from ..analyses.analysis import Analysis
from ..context.landrules import Plot, land_rules, meaning
from ..context.nextsteps import said_steps
from ..explain.reasons import Explanation
from ..i18n import Language, translator
from ..model.result import Result
from ..model.tables import FAIL, PASS, UNKNOWN
from ..output.files import analysis_bytes
from .own import Upload
from .session import bound, session
from .text import plain

STATUSES = {"ranked": "ranked", "not_ranked": "not ranked", "excluded": "excluded"}
FORMATS = (
    "GeoJSON, GeoPackage, zipped Shapefile, or Excel or CSV with lon and lat or the town. It stays in this session."
)
"""What an uploader of features says."""


def criteria_table(explanation: Explanation, language: Language, *, median: bool) -> None:
    """One line per criterion: value, points and source; with a bar and the median where `median`."""
    t, lines = translator(language), explanation.lines
    columns = {
        t("Branch"): [line.branch for line in lines],
        t("Criterion"): [line.title for line in lines],
        t("Value"): [line.value for line in lines],
        t("Points proven"): [line.points for line in lines],
        **({t("Median of the known"): [line.median_points for line in lines]} if median else {}),
        t("Possible"): [line.points_possible for line in lines],
        t("Date, status, inventory, licence"): [line.source for line in lines],
    }
    table = pd.DataFrame(columns)
    number = st.column_config.NumberColumn(format="%.1f")
    most = float(table[t("Possible")].max())
    bar = st.column_config.ProgressColumn(min_value=0, max_value=most, format="%.1f")
    config = {t("Points proven"): bar if median else number, t("Median of the known"): number, t("Possible"): number}
    unknown = t("unknown")
    st.dataframe(table, hide_index=True, width="stretch", column_config=config, placeholder=unknown)


def gates_table(explanation: Explanation, language: Language) -> None:
    """One line per gate: whether the site passes, its value, how far it is from the limit, and on what the limit rests."""
    t, lines = translator(language), explanation.gate_lines
    words = {PASS: t("✓ passes"), FAIL: t("× fails"), UNKNOWN: t("? unknown")}
    columns = {
        t("Gate"): [line.title for line in lines],
        t("Outcome"): [words[line.outcome] for line in lines],
        t("Value"): [line.value for line in lines],
        t("To spare or short"): [line.margin for line in lines],
        t("Basis of the limit"): [line.basis for line in lines],
    }
    st.dataframe(pd.DataFrame(columns), hide_index=True, width="stretch", height="content")


def plan_steps(profile: str, language: Language, plot: Plot | None = None) -> None:
    """The next steps towards each plan paper of a profile, and the rules on land: their stage, and what they mean for a plot."""
    t = translator(language)
    for found in said_steps(profile, language):
        st.markdown(f"**{plain(found.title)}**")
        for number, step in enumerate(found.steps, 1):
            st.markdown(f"{number:d}. {plain(step.text)}")
            if step.passed:
                st.caption(f"⏱ {plain(step.passed)}")
            st.caption(plain(step.note))
    st.markdown(f"**{t('Rules on industrial land')}**")
    st.caption(t("Stages as last read: check whether a bill has passed before you rely on it."))
    for id_, rule in land_rules().items():
        text, note = rule.said(language)
        st.markdown(f"- {plain(text)}")
        st.caption(plain(f"{note} · {meaning(id_, plot or Plot(), t)}"))


def analysis_downloads(
    found: Analysis, result: Result, titles: Mapping[str, str], name: str, language: Language
) -> None:
    """One button per format of an analysis: suffix -> label."""
    row = st.container(horizontal=True)
    for suffix, title in titles.items():
        row.download_button(
            plain(title),
            data=partial(analysis_bytes, found, result, suffix, language),
            file_name=f"{name}.{'zip' if suffix == 'csv' else suffix}",
            on_click="ignore",
            key=f"{name}-{suffix}",
        )


def choice(  # noqa: PLR0913  (what a choice is made of)
    draw: Callable[..., Any],
    label: str,
    options: Sequence[str],
    name: str,
    language: Language,
    *,
    format_func: Callable[[str], str],
    **settings: Any,
) -> str:
    """
    One of several options, kept when the language or the page changes.

    `draw` is a widget of Streamlit. It tells its options apart by their words, hence a widget of its own per language.
    """
    held, key = session().choices, f"{name}-{language}"
    if held.get(name) not in options:
        held[name] = options[0]

    def chosen() -> None:
        held[name] = st.session_state[key] or held[name]

    draw(label, options, format_func=format_func, key=bound(key, held[name]), on_change=chosen, **settings)
    return held[name]


def uploads(suffixes: Iterable[str]) -> list[str]:
    """
    Suffixes as an uploader takes them.

    A .shp alone lacks its parts; an old workbook is taken, so that it is said what to do with it.
    """
    return sorted({suffix.removeprefix(".") for suffix in suffixes} - {"shp"} | {"xls"})


def door(label: str, suffixes: list[str], name: str, take: Callable[[Upload], None]) -> None:
    """An uploader that hands each file on and is empty again: the session holds the files, not the widget."""
    doors = session().own.doors
    key = f"{name}-{doors.get(name, 0)}"
    st.file_uploader(label, type=suffixes, key=key, on_change=_taken, args=(name, key, take))


def _taken(name: str, key: str, take: Callable[[Upload], None]) -> None:
    given, own = st.session_state[key], session().own
    if given is not None:
        own.doors[name] = own.doors.get(name, 0) + 1
        take(own.keep(given.name, given.getvalue()))


def remove_button(name: str, key: str, remove: Callable[[], None], language: Language) -> None:
    """A button that says what it takes away."""
    st.button(f"✕ {plain(name)}", key=f"take-off-{key}", on_click=remove, help=translator(language)("Remove"))


def told(report: Report, language: Language) -> None:
    """What was read of a file of the visitor's own, and what was not used, one sentence each."""
    own = session().own
    for sentence in report.sentences(translator(language)):
        st.markdown(f"- {plain(own.shown(sentence))}")
