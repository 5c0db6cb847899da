"""Explore: the question, the map and the ranking side by side, and why this site."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from geodata import GeodataError
from geodata.admin import prefectures

from ...criteria import BRANCHES
from ...engine import Evaluation
from ...errors import PlannerError
from ...explain import Explanation, counted, explain
from ...export import geojson_text
from ...i18n import Language, translator
from ...model import RANKED, Result
from ...profiles import profiles
from ...scenario import Scenario, merged_scenario, scenario_from_profile
from .. import assets, cached, maps, owndata, state

TABLE_ROWS = 1000
_FIRST_PROFILE = "gx2-datacentre"
MAP_HEIGHT = 560
_STATUSES = {"ranked": "ranked", "not_ranked": "not ranked", "excluded": "excluded"}
_KINDS = {"sites": "Candidate sites", "municipalities": "Municipalities", "mesh": "1 km mesh"}
_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()<>#+-.!|~$:"})


def page() -> None:
    """Draw the page."""
    with st.sidebar:
        state.language_switch()
        language = state.language()
        try:
            scenario = _question(language)
        except PlannerError as error:
            st.error(plain(str(error)))
            return
    t = translator(language)
    st.subheader(scenario.question[language], anchor=False)
    try:
        with st.spinner(t("Measuring and ranking the candidates…")):
            evaluation, result = cached.evaluation(scenario)
    except (PlannerError, GeodataError) as error:
        st.error(plain(str(error)))
        return
    with st.expander(t("What the scheme asks, and what is measured of it")):
        st.markdown(f"{plain(scenario.asks[language])}\n\n{plain(scenario.measures[language])}")
    _notice(result, language)
    st.caption(counted(result, language))
    if scenario.candidates.kind == "municipalities":
        st.caption(t("Municipalities are measured at one point inside each, not over their whole area."))
    _flat(result, language)
    _map_and_table(evaluation, result, language)
    _downloads(evaluation, result, language)
    with st.expander(t("All data: date, status, inventory, licence")):
        _catalogue(language)


def plain(text: str) -> str:
    """Text that Markdown shows as it is written: no link, picture or markup from data."""
    return text.translate(_MARKDOWN)


def _question(language: Language) -> Scenario:
    t = translator(language)
    st.subheader(t("1. What do you want to place?"), anchor=False)
    profile = st.selectbox(
        t("Zone type or industry"),
        list(profiles()),
        index=list(profiles()).index(state.kept("profile", list(profiles()), _FIRST_PROFILE)),
        format_func=lambda id_: scenario_from_profile(id_).title[language],
        key=f"profile-{language}",
    )
    state.keep("profile", profile)
    st.subheader(t("2. Where, and among what?"), anchor=False)
    names = prefectures()["name" if language == "ja" else "name_en"]
    chosen = st.multiselect(
        t("Prefectures"),
        names.index,
        default=state.kept_list("prefectures"),
        format_func=names.get,
        key=f"prefectures-{language}",
        placeholder=t("All of Japan"),
    )
    state.keep("prefectures", chosen)
    kinds = _available_kinds()
    kind = st.radio(
        t("Candidates"),
        kinds,
        index=kinds.index(state.kept("kind", kinds, "sites")),
        format_func=lambda k: t(_KINDS[k]),
        key=f"kind-{language}",
    )
    state.keep("kind", kind)
    if len(kinds) == 1:
        st.caption(t("Municipalities and mesh need the boundaries: `planner data pull`."))
    st.subheader(t("3. What matters more?"), anchor=False)
    st.caption(t("Weights are assumptions: no ministry has published any. They are relative; any scale."))
    base = scenario_from_profile(profile)
    weights = {
        branch: st.slider(BRANCHES[branch][language], 0, 100, int(choice.weight), key=f"weight-{profile}-{branch}")
        for branch, choice in base.branches.items()
    }
    changed = {b: {"weight": float(w)} for b, w in weights.items() if w != base.branches[b].weight}
    table = {"profile": profile, "candidates": {"kind": kind, "prefectures": sorted(chosen)}, "branches": changed}
    with st.expander(t("4. Add your own data as a criterion")):
        table |= owndata.ask(list(base.branches), language)
    return merged_scenario(table, "app")


def _available_kinds() -> list[str]:
    pulled = cached.store().pulled
    needs = {"sites": True, "municipalities": pulled("municipalities"), "mesh": pulled("land_mesh_1km")}
    return [kind for kind, there in needs.items() if there]


def _notice(result: Result, language: Language) -> None:
    """Say plainly which layers are the embedded default and which are not there."""
    t = translator(language)
    titles: dict[str, list[str]] = {"embedded": [], "absent": []}
    for lock in result.metadata["layers"]:
        if lock["origin"] == "absent" or (lock["origin"] == "embedded" and lock["inventory"] == "partial"):
            titles[lock["origin"]].append(lock["title"][language])
    if not any(titles.values()):
        return
    embedded = t("Embedded default, a first and partial stock: {layers}.", layers=t(", ").join(titles["embedded"]))
    absent = t("Not pulled, so unknown: {layers}.", layers=t(", ").join(titles["absent"]))
    remedy = t("Run `planner data pull` (with `--mirror FOLDER` on an isolated network) for the national layers.")
    sentences = [
        s
        for s, there in ((embedded, titles["embedded"]), (absent, titles["absent"]), (remedy, titles["absent"]))
        if there
    ]
    st.info(" ".join(sentences), icon="ℹ️")


def _flat(result: Result, language: Language) -> None:
    """Name the weighted criteria that do not tell these sites apart."""
    t = translator(language)
    criteria = result.metadata["criteria"].values()
    flat = [c["title"][language] for c in criteria if c["weight"] > 0 and not c["discriminates"]]
    if flat:
        st.caption(t("These criteria do not tell these sites apart: {titles}.", titles=plain(t(", ").join(flat))))


@st.fragment
def _map_and_table(evaluation: Evaluation, result: Result, language: Language) -> None:
    rows = result.table.head(TABLE_ROWS)
    if state.selected_site() not in result.table.index:
        state.select(str(rows.index[0]))
    left, right = st.columns(2, gap="small")
    with right:
        _ranking_table(rows, language)
    with left:
        _map(evaluation, result, language)
    _why(result, language)


def _ranking_table(rows: pd.DataFrame, language: Language) -> None:
    t = translator(language)
    statuses = {status: t(label) for status, label in _STATUSES.items()}
    shown = pd.DataFrame(
        {
            "rank": rows["rank"],
            "name": rows["name"],
            "score": rows["score"],
            "pref": rows["pref_code"].map(prefectures()["name" if language == "ja" else "name_en"]),
            "score_high": rows["score_high"],
            "completeness": rows["completeness"],
            "status": rows["status"].map(statuses),
        }
    )

    def chosen() -> None:
        picked = state.picked_row()
        if picked is not None:
            state.select(str(rows.index[picked]))

    state.tick(rows.index)
    column = st.column_config
    st.dataframe(
        shown,
        key=state.TABLE,
        on_select=chosen,
        selection_mode="single-row",
        hide_index=True,
        height=MAP_HEIGHT,
        width="stretch",
        column_config={
            "rank": column.NumberColumn(t("Rank"), width=44),
            "name": column.TextColumn(t("Name"), width=170),
            "score": column.ProgressColumn(t("Points proven"), min_value=0, max_value=100, format="%.1f", width=90),
            "pref": column.TextColumn(t("Prefecture"), width=76),
            "score_high": column.NumberColumn(t("Up to"), format="%.0f", width="small"),
            "completeness": column.NumberColumn(t("Known"), format="percent", width="small"),
            "status": column.TextColumn(t("Status"), width="small"),
        },
    )
    if len(rows) == TABLE_ROWS:
        st.caption(t("The best {n}; the download holds every site.", n=f"{TABLE_ROWS:,}"))


def _map(evaluation: Evaluation, result: Result, language: Language) -> None:
    t = translator(language)
    level = evaluation.candidates.mesh_level
    figure = maps.base_map(assets.leaflet(), cached.land_picture(), cached.prefecture_lines(), result)
    if level is None:
        maps.add_sites(figure, result, t("points"))
    else:
        maps.add_mesh(figure, result, level)
    st_folium(
        figure,
        key=state.MAP,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_clicked", "last_object_clicked", "last_object_clicked_count"],
        feature_group_to_add=maps.selection(result, state.selected_site(), level),
        on_change=_clicked(evaluation, result),
    )
    labels = {"low": t("0 points"), "high": t("100 points"), "not_ranked": t("not ranked"), "excluded": t("excluded")}
    st.html(maps.legend(labels))


def _clicked(evaluation: Evaluation, result: Result) -> Callable[[], None]:
    def callback() -> None:
        level = evaluation.candidates.mesh_level
        answer: dict[str, Any] = st.session_state.get(state.MAP) or {}
        spot = answer.get("last_clicked") if level else answer.get("last_object_clicked")
        click = spot if level else answer.get("last_object_clicked_count")
        if not spot or click == st.session_state.get(state.CLICKS):
            return
        st.session_state[state.CLICKS] = click
        site = maps.site_at(result, spot["lng"], spot["lat"], level)
        if site is not None:
            state.select(site)

    return callback


def _why(result: Result, language: Language) -> None:
    t = translator(language)
    site = state.selected_site()
    if site is None:
        return
    explanation = explain(result, site, language)
    row = result.table.loc[site]
    st.subheader(t("Why this site: {name}", name=plain(explanation.headline)), anchor=False)
    (st.success if row["status"] == RANKED else st.warning)(plain(explanation.verdict))
    for sentence in explanation.gates:
        st.markdown(f"- {plain(sentence)}")
    _contributions(explanation, language)
    for sentence in explanation.facts:
        st.caption(plain(sentence))
    with st.expander(t("Why each criterion matters, and what it does not say")):
        for line in explanation.lines:
            st.markdown(f"**{plain(line.title)}** — {plain(line.why)} {plain(line.caveat)}")
            st.caption(plain(line.source))


def _contributions(explanation: Explanation, language: Language) -> None:
    t = translator(language)
    table = pd.DataFrame(
        {
            t("Branch"): [line.branch for line in explanation.lines],
            t("Criterion"): [line.title for line in explanation.lines],
            t("Value"): [line.value for line in explanation.lines],
            t("Points proven"): [line.points for line in explanation.lines],
            t("Median of the known"): [line.median_points for line in explanation.lines],
            t("Possible"): [line.points_possible for line in explanation.lines],
            t("Date, status, inventory, licence"): [line.source for line in explanation.lines],
        }
    )
    most = float(table[t("Possible")].max())
    points = st.column_config.ProgressColumn(min_value=0, max_value=most, format="%.1f")
    number = st.column_config.NumberColumn(format="%.1f")
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        column_config={t("Points proven"): points, t("Median of the known"): number, t("Possible"): number},
    )


def _downloads(evaluation: Evaluation, result: Result, language: Language) -> None:
    t = translator(language)
    scenario = evaluation.plan.scenario
    st.download_button(
        t("Download all sites as GeoJSON"),
        data=lambda: geojson_text(evaluation),
        file_name=f"{scenario.profile}-{scenario.digest()[:8]}.geojson",
        mime="application/geo+json",
        on_click="ignore",
    )
    st.caption(
        t("Scenario {digest}; the file carries every value, weight, source and licence.", digest=scenario.digest()[:12])
    )
    sources = [
        maps.BASE_CREDIT,
        *dict.fromkeys(str(lock["attribution"]) for lock in result.metadata["layers"] if "attribution" in lock),
    ]
    st.caption(t("Map and data: {credits}", credits=plain("; ".join(sources))))


def _catalogue(language: Language) -> None:
    t = translator(language)
    rows = []
    for id_, spec in cached.store().specs.items():
        passport, origin, count = cached.passport(id_)
        rows.append(
            {
                t("Layer"): spec.title[language],
                t("State"): t(origin),
                t("Rows"): count,
                t("Date"): passport.reference_date,
                t("Status"): t(passport.status),
                t("Inventory"): t(passport.inventory),
                t("Coverage"): passport.inventory_note[language],
                t("Licence"): passport.licence,
                t("Source"): passport.attribution,
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
