"""Power: what the load of the side bar would need at one site, in one answer."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from geodata import GeodataError
from geodata.base import FloatArray

from ...context import behind, clean_words
from ...context import power_words as words
from ...context.place import Place
from ...context.power import PowerAnswer, read_load
from ...model.assumptions import Range
from ...model.result import HIGH, LOW, VALUE, column
from ...model.tables import row_of
from ...power.assumptions import written
from ...power.demand import Demand
from ...power.hourly import LOADS, Storage, load_shape
from .. import assets, cached, charts, maps
from ..own import Upload
from ..page import Page
from ..parts import choice, door
from ..session import session
from ..text import plain, said
from ..view import View, current, site_picker

_HIGHEST = 20_000.0
_OWN = "own"


def draw() -> None:
    """Draw the page."""
    view = current()
    if view is None:
        return
    left, right = st.columns([2, 3])
    with left:
        site = site_picker(view, "power")
    with right:
        demand, shape, storage = _load(view)
    answer = _answer(view, site, demand, shape, storage)
    _said(view, answer)
    _connection(view, answer)
    _supply(view, answer)
    _cost_and_telecom(view, answer)
    _assumptions(view, answer)


def _load(view: View) -> tuple[Demand, str, Storage]:
    """The load: that of the scenario until it is changed here, for this page alone."""
    t, asked = view.t, view.scenario.demand or Demand()
    mw, year, kind, store = st.columns(4)
    given = mw.number_input(
        t("Load (MW of grid connection)"),
        min_value=1.0,
        max_value=_HIGHEST,
        value=float(asked.connection_mw),
        step=50.0,
    )
    until = year.slider(t("Year"), asked.as_of_year, asked.as_of_year + 20, asked.by_year or asked.as_of_year + 6)
    names = {
        "flat": t("flat, such as a data centre"),
        "two_shift": t("two shifts, such as a factory"),
        _OWN: t("my own file (CSV)"),
    }
    with kind:
        shape = choice(
            st.selectbox, t("Load by hour"), (*LOADS, _OWN), "load-shape", view.language, format_func=names.__getitem__
        )
    hours = store.number_input(t("Storage (hours of the load)"), min_value=0.0, max_value=24.0, value=0.0, step=1.0)
    demand = asked.model_copy(update={"connection_mw": given, "by_year": until})
    battery = Storage(given if hours else 0.0, given * hours, demand.assumed["battery_efficiency"][1])
    return demand, shape, battery


def _answer(view: View, site: str, demand: Demand, shape: str, storage: Storage) -> PowerAnswer:
    row = row_of(view.result.table, site)
    off = float(row.get("site_accuracy_m", float("nan")))
    place = Place(
        float(row["lon"]),
        float(row["lat"]),
        0.0 if np.isnan(off) else off,
        str(row["name"]),
        str(row["muni_code"] or ""),
        str(row["pref_code"] or ""),
        _land_price(row),
    )
    load = _own_load(view) if shape == _OWN else None
    if load is None:
        load = load_shape("flat" if shape == _OWN else shape) * demand.connection_mw * demand.assumed["load_factor"][1]
    with st.spinner(view.t("Looking for connections and matching hours…")):
        return cached.power(place, demand, load, storage)


def _own_load(view: View) -> FloatArray | None:
    """The load in the visitor's own file, in MW by hour; None without one that can be read, and then it is said."""
    held, t = session(), view.t

    def take(upload: Upload) -> None:
        held.load = upload

    door(t("Load by hour: a CSV with a column mw, 8,760 rows from 1 April"), ["csv"], "load-file", take)
    upload = held.load
    if upload is None:
        st.info(t("Until a file is given, the load is flat."))
        return None
    try:
        return held.own.read(upload.path, ("load",), lambda: read_load(upload.path))
    except GeodataError as error:
        st.error(said(error, view.language))
        return None


def _land_price(row: pd.Series) -> Range | None:
    """Price of industrial land at the site as the ranking measured it; None where it did not."""
    names = [column(kind, "industrial_price") for kind in (LOW, VALUE, HIGH)]
    if not set(names) <= set(row.index):
        return None
    low, middle, high = (float(row[name]) for name in names)
    return (low, middle, high) if np.isfinite([low, middle, high]).all() else None


def _said(view: View, answer: PowerAnswer) -> None:
    st.subheader(plain(words.headline(answer, view.language)), anchor=False)
    st.markdown(plain(words.why(answer, view.language)))
    for sentence in words.cautions(answer, view.language):
        st.caption(plain(sentence))
    if view.scenario.candidates.kind == "municipalities":
        st.caption(
            view.t(
                "The answer is for one point inside the municipality; the ranking measures its best cells and may differ."
            )
        )


def _connection(view: View, answer: PowerAnswer) -> None:
    """The chosen line on the map beside capacity by year, and every option with its numbers."""
    t = view.t
    left, right = st.columns([3, 2])
    with left:
        figure = maps.connection_map(
            assets.leaflet(), cached.land_picture(), cached.prefecture_lines(), answer, view.language
        )
        st_folium(figure, key=f"power-{view.language}", height=360, use_container_width=True, returned_objects=[])
    with right:
        st.markdown(f"**{t('MW by year')}**")
        names = words.year_columns(view.language)
        st.altair_chart(
            charts.capacity(answer.by_year, names, answer.demand.connection_mw, answer.demand.by_year, view.language)
        )
        st.caption(
            t(
                "The class is what equipment of this kind carries with one unit in reserve, not room; room is known only from a table."
            )
        )
    st.markdown(f"**{t('Options')}**")
    table = words.options_table(answer, view.language)
    if len(table):
        st.dataframe(table, hide_index=True, width="stretch")


def _supply(view: View, answer: PowerAnswer) -> None:
    t = view.t
    st.subheader(t("Clean power, hour by hour"), anchor=False)
    for sentence in clean_words.match_said(answer, view.language):
        st.markdown(f"- {plain(sentence)}")
    if answer.match is not None:
        left, right = st.columns(2)
        left.markdown(f"**{t('Share matched by month and hour')}**")
        left.altair_chart(charts.hours(answer.match.share_by_hour * 100, "%", view.language))
        known = answer.match.residual_kt is not None
        right.markdown(f"**{t('What is left by month and hour')}**")
        right.altair_chart(
            charts.hours(answer.match.residual_by_hour, "t-CO2/h" if known else "MW", view.language, good="low")
        )
    left, right = st.columns(2)
    for half, title, table in (
        (left, t("Clean supply"), clean_words.supply_table(answer, view.language)),
        (right, t("MW needed, in the proportions found here"), clean_words.needed_table(answer, view.language)),
    ):
        half.markdown(f"**{plain(title)}**")
        if len(table):
            half.dataframe(table, hide_index=True, width="stretch")
    st.markdown(plain(clean_words.area_said(answer, view.language)))
    plans = clean_words.plans_table(answer, view.language)
    if len(plans):
        st.markdown(f"**{t('Planned reinforcement that touches this supply area')}**")
        st.dataframe(plans, hide_index=True, width="stretch")


def _cost_and_telecom(view: View, answer: PowerAnswer) -> None:
    t = view.t
    points, mean = words.watt_bit(answer, view.language)
    left, right = st.columns(2)
    left.markdown(f"**{plain(t('Watt and bit: {points}', points=words.ranged(mean, 'points', t)))}**")
    left.dataframe(points, hide_index=True, width="stretch")
    left.caption(
        t("The mean of the parts, equal weights: our assumption. A part that is unknown may be anything from 0 to 100.")
    )
    right.markdown(f"**{t('Delivered cost')}**")
    right.dataframe(words.costs_table(answer, view.language), hide_index=True, width="stretch")
    left.markdown(f"**{t('Terms of a large connection')}**")
    left.dataframe(words.terms_table(view.language), hide_index=True, width="stretch")
    right.markdown(f"**{t('Figures of the load')}**")
    right.dataframe(words.figures_table(answer, view.language), hide_index=True, width="stretch")


def _assumptions(view: View, answer: PowerAnswer) -> None:
    t = view.t
    with st.expander(t("Assumptions and layers behind this answer")):
        told = t(
            "Each can be set otherwise in a scenario file, under [demand.assume]. As of {date}.", date=written()[0]
        )
        st.caption(plain(told))
        st.dataframe(behind.assumptions_table(answer.demand.assumed, view.language), hide_index=True, width="stretch")
        st.dataframe(behind.layers_table(answer.locks, view.language), hide_index=True, width="stretch")


PAGE = Page("power", "Power", draw, place=6)
