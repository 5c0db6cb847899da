"""Compare: two scenarios side by side, the moves with their reasons, the difference on the map and as a file."""

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from geodata import GeodataError

from ... import analyses
from ...analyses import Words
from ...analyses.compare import reason_sentence
from ...errors import PlannerError
from ...scenario.merge import merged_scenario, scenario_from_profile
from ...scenario.profiles import profiles
from ...scenario.scenario import Scenario
from .. import assets, cached, maps
from ..page import Page
from ..parts import analysis_downloads, choice
from ..session import session
from ..text import plain, said
from ..view import View, current

_STRESS, _SAVED, _PROFILE = "stress", "saved", "profile"
_KINDS = {
    _STRESS: "A stress test of this question",
    _SAVED: "A question kept earlier",
    _PROFILE: "Another zone type or industry",
}
_MAP_HEIGHT = 480
_FORMATS = {"xlsx": "Excel", "geojson": "GeoJSON"}


def draw() -> None:
    """Draw the page."""
    view = current()
    if view is None:
        return
    t = view.t
    st.subheader(t("What would another scenario change?"), anchor=False)
    _keep(view)
    try:
        other = _other(view)
        if other is None:
            return
        with st.spinner(t("Measuring and ranking the candidates…"), show_time=True):
            result = cached.evaluation(other).result
        found = analyses.compare(view.result, result, view.language)
    except (PlannerError, GeodataError) as error:
        st.error(said(error, view.language))
        return
    for sentence in found.sentences:
        st.markdown(f"- {plain(sentence)}")
    _table(view, found, Words(result, view.language))
    _map(view, found)
    titles = {suffix: t("Difference as {format}", format=name) for suffix, name in _FORMATS.items()}
    analysis_downloads(found, result, titles, "difference", view.language)


def _keep(view: View) -> None:
    """Keep the present question under a name, for later."""
    t = view.t
    name = st.text_input(t("Keep the present question under a name"), key="keep-name", max_chars=40)
    if st.button(t("Keep"), disabled=not name, key="keep"):
        session().kept[name] = view.scenario
        st.success(t("Kept. Change the question in the side bar, then compare with it below."))


def _other(view: View) -> Scenario | None:
    t = view.t
    kind = choice(
        st.radio,
        t("Compare the present question with"),
        list(_KINDS),
        "against",
        view.language,
        format_func=lambda k: plain(t(_KINDS[k])),
        horizontal=True,
    )
    if kind == _PROFILE:
        others = [id_ for id_ in profiles() if id_ != view.scenario.profile]
        profile = choice(
            st.selectbox,
            t("Zone type or industry"),
            others,
            "other",
            view.language,
            format_func=lambda id_: scenario_from_profile(id_).title[view.language],
        )
        return merged_scenario({"profile": profile, "candidates": view.scenario.candidates.model_dump()}, "app")
    if kind == _SAVED:
        kept = session().kept
        if not kept:
            st.info(t("Nothing kept yet: give the present question a name above, change it, and come back."))
            return None
        return kept[st.selectbox(t("Kept question"), list(kept), key="kept-name")]
    return _stressed(view)


def _stressed(view: View) -> Scenario:
    """Every known value of one criterion, times a factor."""
    t, criteria = view.t, view.result.criteria
    weighted = [id_ for id_, c in criteria.items() if c.weight > 0]
    left, right = st.columns(2)
    chosen = choice(
        left.selectbox,
        t("Criterion"),
        weighted,
        "stress",
        view.language,
        format_func=lambda id_: criteria[id_].title[view.language],
    )
    percent = right.slider(t("Every known value becomes (%)"), 10, 200, 70, step=5, key="stress-percent")
    change = {"kind": "shift", "criterion": chosen, "times": percent / 100}
    dumped = view.scenario.model_dump(mode="json", exclude_none=True)
    return Scenario.model_validate({**dumped, "changes": [*dumped["changes"], change]})


def _table(view: View, found: analyses.Analysis, words: Words) -> None:
    t = view.t
    shown = found.table.head(300)
    rows = pd.DataFrame(
        {
            t("Name"): shown["name"],
            t("Now"): shown["rank_a"],
            t("Then"): shown["rank_b"],
            t("Move"): shown["move"],
            t("Points now"): shown["score_a"],
            t("Points then"): shown["score_b"],
            t("Reason"): [reason_sentence(row, words) for _, row in shown.iterrows()],
        }
    )
    number = st.column_config.NumberColumn(format="%.1f")
    st.dataframe(
        rows, hide_index=True, width="stretch", column_config={t("Points now"): number, t("Points then"): number}
    )


def _map(view: View, found: analyses.Analysis) -> None:
    t = view.t
    figure = maps.base_map(assets.leaflet(), cached.land_picture(), cached.prefecture_lines(), view.result)
    drawn = found.table.head(maps.MAX_MARKERS)
    places = view.result.table.loc[drawn.index, ["lon", "lat"]].assign(move=drawn["move"])
    maps.add_moves(figure, places, drawn["name"])
    st_folium(figure, key="difference-map", height=_MAP_HEIGHT, use_container_width=True, returned_objects=[])
    st.html(
        maps.swatch("#2166ac", t("moves up"))
        + maps.swatch("#b2182b", t("moves down"))
        + maps.swatch("#d0d0d0", t("stays"))
    )
    if len(found.table) > maps.MAX_MARKERS:
        st.caption(t("The best {n} of the second scenario are drawn; the file holds all.", n=f"{maps.MAX_MARKERS:,}"))


PAGE = Page("compare", "Compare", draw, place=3)
