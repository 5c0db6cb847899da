"""Skills: who an investment needs at one site, who lives within reach, what is short and what answers it."""

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

import numpy as np
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from ...context import behind, mismatch_words, moves_words
from ...context import skills_words as words
from ...context.place import Place
from ...context.skills import SkillsAnswer
from ...model.tables import row_of
from ...output.papers.brief import brief_pdf
from ...skills.assumptions import written
from ...skills.industries import (
    EDUCATION_NAMES,
    OCCUPATION_NAMES,
    OCCUPATIONS,
    TECHNICAL,
    UNIT_NAMES,
    Occupation,
    Unit,
    coefficient,
    industries,
    units_of,
)
from ...skills.work import Work, need_of
from .. import assets, cached, charts, maps
from ..page import Page
from ..parts import choice
from ..text import plain
from ..view import View, current, site_picker

_PEOPLE = 100_000.0
_HELPED: tuple[Occupation, ...] = ("production", "professional", "construction")
_MORE_SCHOOLS = 12
_YEARS = (2020, 2030, 2035, 2040, 2045, 2050)


def draw() -> None:
    """Draw the page."""
    view = current()
    if view is None:
        return
    left, right = st.columns([2, 3])
    with left:
        site = site_picker(view, "skills")
    with right:
        work = _asked(view)
    work = _what_if(view, work)
    row = row_of(view.result.table, site)
    town = site if view.scenario.candidates.kind == "municipalities" else ""
    off = float(row.get("site_accuracy_m", float("nan")))
    codes = str(row["muni_code"] or ""), str(row["pref_code"] or "")
    place = Place(float(row["lon"]), float(row["lat"]), 0.0 if np.isnan(off) else off, str(row["name"]), *codes)
    with st.spinner(view.t("Counting who lives within reach…")):
        answer = cached.skills((town, place), work)
    _said(view, answer)
    _gap(view, answer)
    _schools(view, answer)
    _mismatch(view, answer)
    _answers(view, answer)
    _behind(view, answer)


def _asked(view: View) -> Work:
    """The investment: that of the scenario until it is changed here, for this page alone."""
    t, asked = view.t, view.scenario.work or Work()
    names = {one.id: one.title[view.language] for one in industries().values()}
    first, second, third, fourth, fifth = st.columns([3, 2, 2, 2, 2])
    order = [asked.industry, *(id_ for id_ in names if id_ != asked.industry)]
    with first:
        kind = choice(
            st.selectbox, t("Industry"), order, "skills-industry", view.language, format_func=names.__getitem__
        )
    usual = asked if kind == asked.industry else Work.usual(kind)
    units = units_of(usual.kind, usual.assumed)
    with second:
        unit = choice(
            st.selectbox, t("Unit of size"), [usual.unit, *(u for u in units if u != usual.unit)], f"skills-unit-{kind}", view.language,
            format_func=lambda u: UNIT_NAMES[u][view.language],  # type: ignore[index]
        )  # fmt: skip
    size = third.number_input(
        t("Size"), min_value=0.1, value=_same_size(usual, cast("Unit", unit)), key=f"skills-size-{kind}-{unit}"
    )
    minutes = fourth.number_input(t("Way to work (minutes by car)"), 10.0, 55.0, float(asked.minutes), 5.0)
    years = sorted({asked.year, *_YEARS})
    year = fifth.selectbox(t("People of the year"), years, index=years.index(asked.year))
    update = {"industry": kind, "size": float(size), "unit": unit, "minutes": float(minutes), "year": int(year)}
    return Work.model_validate({**asked.model_dump(), **update})


def _same_size(usual: Work, unit: Unit) -> float:
    """The size in another unit that asks for as many workers by the middle of the rates."""
    rate = coefficient(usual.kind, unit, usual.assumed)
    if unit == usual.unit or rate is None:
        return float(usual.size)
    return max(float(f"{need_of(usual).jobs[1] / rate.values[1]:.2g}"), 0.1)


def _what_if(view: View, work: Work) -> Work:
    """Seats, transfers, workers from abroad and remote work: those of the scenario until they are changed here."""
    t, names = view.t, OCCUPATION_NAMES
    with st.expander(t("What if: seats, re-skilling, workers from abroad, remote work")):
        levels = {level: t("Seats a year: {what}", what=EDUCATION_NAMES[level][view.language]) for level in TECHNICAL}
        moved = {one: f"{t('Retrained or moved in')}: {names[one][view.language]}" for one in _HELPED}
        abroad = {one: f"{t('From abroad (your number)')}: {names[one][view.language]}" for one in _HELPED}
        given = {
            "seats": _counts(levels, work.seats, f"seats-{view.language}"),
            "transfers": _counts(moved, work.transfers, f"transfers-{view.language}"),
            "foreign": _counts(abroad, work.foreign, f"foreign-{view.language}"),
        }
        share = st.slider(
            t("Share of professional and clerical work from elsewhere (%)"), 0, 100, round(100 * work.remote)
        )
    return Work.model_validate({**work.model_dump(), **given, "remote": share / 100})


def _counts(titles: Mapping[Any, str], held: Mapping[Any, float], key: str) -> dict[str, float]:
    """Persons by what the titles name, starting from those held; what has no field stays as it is."""
    asked = {
        name: column.number_input(
            plain(title), 0.0, _PEOPLE, float(held.get(name, 0.0)), 10.0, key=f"{key}-{name}-{held.get(name, 0.0):g}"
        )
        for (name, title), column in zip(titles.items(), st.columns(len(titles)), strict=True)
    }
    return {**held, **{name: n for name, n in asked.items() if n or name in held}}


def _said(view: View, answer: SkillsAnswer) -> None:
    st.subheader(plain(words.headline(answer, view.language)), anchor=False)
    st.markdown(plain(words.pressure_said(answer, view.language)))
    for sentence in words.cautions(answer, view.language):
        st.caption(plain(sentence))
    st.download_button(
        view.t("Brief for the regional council on talent (PDF)"),
        data=partial(brief_pdf, answer, view.language),
        file_name="brief.pdf",
        mime="application/pdf",
        on_click="ignore",
    )


def _gap(view: View, answer: SkillsAnswer) -> None:
    """Fill by occupation beside the map of the prefecture, and the table under them."""
    t, gap = view.t, answer.gap
    left, right = st.columns([2, 3])
    if gap is not None:
        rows = [
            (OCCUPATION_NAMES[name][view.language], *words.at(gap.fill, k))
            for k, name in enumerate(OCCUPATIONS)
            if answer.need.local[1, k] > 0
        ]
        left.markdown(f"**{t('People on the market per worker needed')}**")
        left.altair_chart(
            charts.ranges(pd.DataFrame(rows, columns=["name", "low", "value", "high"]), t("people per job"))
        )
    left.markdown(f"**{t('Workers by year (middle of the range)')}**")
    names = {"building": t("while it is built"), "operation": t("in operation"), "year": t("Year")}
    left.altair_chart(
        charts.stacked(
            answer.by_year.rename(columns=names), names["year"], [names["building"], names["operation"]], t("persons")
        )
    )
    with right:
        _map(view, answer)
    st.dataframe(words.need_table(answer, view.language), hide_index=True, width="stretch")


def _map(view: View, answer: SkillsAnswer) -> None:
    """Municipalities of the prefecture by the fill of the scarcest occupation."""
    t, place = view.t, answer.spot.place
    if not place.pref_code:
        return
    towns = cached.town_gaps(place.pref_code, answer.work)
    told = [
        f"{row['name']}: {words.ratio((row['low'], row['value'], row['high']), t)}" for row in towns.to_dict("records")
    ]
    st.markdown(f"**{t('Scarcest occupation, people per worker needed, by municipality')}**")
    figure = maps.town_map(
        assets.leaflet(), cached.land_picture(), cached.prefecture_lines(), towns.assign(told=told, shade=_shades(towns["value"])), cached.town_shapes(place.pref_code), place.muni_code
    )  # fmt: skip
    st_folium(figure, key=f"skills-{view.language}", height=430, use_container_width=True, returned_objects=[])
    known = towns["value"].dropna()
    if len(known):
        st.caption(
            t("Dark is little, yellow much: {low} to {high} people per job here; grey is unknown. Circles stand where areas are not pulled.", low=f"{known.min():.1f}", high=f"{known.max():.1f}")
        )  # fmt: skip
    else:
        st.caption(t("Unknown here: pull the layers of people, or choose the size of the profile."))


def _shades(values: pd.Series) -> pd.Series:
    """0 to 100 from the least to the most of the values, each doubling alike; unknown stays unknown."""
    logs = np.log1p(values.to_numpy(float))
    known = logs[~np.isnan(logs)]
    width = np.ptp(known) if len(known) else 0.0
    return pd.Series((logs - known.min()) / width * 100 if width > 0 else logs * 0 + 50, index=values.index)


def _schools(view: View, answer: SkillsAnswer) -> None:
    t = view.t
    st.subheader(t("Schools and years to fill"), anchor=False)
    st.dataframe(words.education_table(answer, view.language), hide_index=True, width="stretch")
    left, right = st.columns(2)
    near = answer.schools.head(_MORE_SCHOOLS)
    if len(near):
        rows = near[["name", "graduates_low", "graduates", "graduates_high"]].set_axis(
            ["name", "low", "value", "high"], axis=1
        )
        left.markdown(f"**{t('Finish a year at schools within reach')}**")
        left.altair_chart(charts.ranges(rows, t("persons")))
    for half, table in (
        (right, words.schools_table(answer, view.language)),
        (left, words.supply_table(answer, view.language)),
    ):
        if len(table):
            half.dataframe(table, hide_index=True, width="stretch")


def _mismatch(view: View, answer: SkillsAnswer) -> None:
    t = view.t
    rows = mismatch_words.mismatch_rows(answer, view.language)
    if not len(rows):
        return
    st.subheader(t("Surplus (+) and shortage (−) in 2040, whole country, 10,000 persons"), anchor=False)
    left, right = st.columns([3, 2])
    derived = rows["name"] + np.where(rows["derived"], t(" (derived)"), "")
    left.altair_chart(charts.bars(rows.assign(name=derived), "name", "mismatch", t("10k persons"), signed=True))
    for sentence in mismatch_words.mismatch_notes(answer, view.language):
        right.markdown(f"- {plain(sentence)}")


def _answers(view: View, answer: SkillsAnswer) -> None:
    """Moves, courses, instruments and planned projects."""
    t = view.t
    left, right = st.columns(2)
    parts = (
        (left, t("Who else could do the work"), moves_words.moves_table(answer, view.language)),
        (right, t("Which course opens most"), moves_words.courses_table(answer, view.language)),
        (left, t("From clerical work to where people are short"), moves_words.routes_table(answer, view.language)),
        (right, t("Instruments for what is short"), words.instruments_table(answer, view.language)),
    )
    for half, title, table in parts:
        if len(table):
            half.markdown(f"**{plain(title)}**")
            half.dataframe(table, hide_index=True, width="stretch")
    left.caption(
        t("Skills and shares of occupations are our own assumptions; bring a table of your own to `planner skills --occupations`.")
    )  # fmt: skip
    if len(answer.planned):
        st.markdown(f"**{t('Planned investments of the prefecture')}**")
        st.markdown(plain(words.planned_said(answer, view.language)))
        st.dataframe(words.planned_table(answer, view.language), hide_index=True, width="stretch")


def _behind(view: View, answer: SkillsAnswer) -> None:
    t = view.t
    with st.expander(t("Workers per size, assumptions and layers behind this answer")):
        told = t("Each can be set otherwise in a scenario file, under [work.assume]. As of {date}.", date=written()[0])
        st.caption(plain(told))
        for table in (
            words.rates_table(answer, view.language),
            words.projects_table(answer, view.language),
            behind.assumptions_table(answer.work.assumed, view.language),
            behind.layers_table(answer.locks, view.language),
        ):
            st.dataframe(table, hide_index=True, width="stretch")


PAGE = Page("skills", "Skills", draw, place=7)
