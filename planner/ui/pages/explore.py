"""Explore: the map and the ranking side by side, linked both ways, and why this site."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from geodata.catalogue import catalogue
from geodata.country.codes import prefectures

from ...context import overlays
from ...explain.dates import dated
from ...explain.reasons import counted
from ...i18n import Language, Translate, translator
from ...measure.ground import SHARE
from ...measure.shipped import LAND
from ...model.result import NOTHING, Result
from ...model.tables import RANKED, place_of, row_of
from ...output.files import result_bytes
from .. import address, assets, cached, charts, maps
from ..page import Page
from ..parts import STATUSES, criteria_table, gates_table, plan_steps
from ..session import SHORTLISTED, picked_row, session, tick
from ..text import plain
from ..view import View, current

PULLED = frozenset(id_ for id_, spec in catalogue().items() if spec.connector and not spec.from_user)
"""Layers that a pull brings."""

TABLE_ROWS = 1000
MAP_HEIGHT = 560
_TABLE, _MAP = "table", "map"
FORMATS = {"geojson": "GeoJSON", "parquet": "GeoParquet", "gpkg": "GeoPackage", "csv": "CSV (zip)", "xlsx": "Excel"}


def draw() -> None:
    """Draw the page."""
    view = current()
    if view is None:
        return
    t, language, result = view.t, view.language, view.result
    st.subheader(plain(view.scenario.question[language]), anchor=False)
    _first_steps(language)
    _notice(result, language)
    st.caption(plain(counted(result, language)))
    if view.scenario.candidates.kind == "municipalities":
        _over_what(result, t)
    _flat(result, language)
    _map_and_table(view)
    with st.expander(t("What the scheme asks, what is measured of it, and the next administrative steps")):
        st.markdown(f"{plain(view.scenario.asks[language])}\n\n{plain(view.scenario.measures[language])}")
        plan_steps(view.scenario.profile, language)
    _downloads(view)


def _over_what(result: Result, t: Translate) -> None:
    """Say over which ground municipalities were measured."""
    if any(lock.id == LAND and lock.origin != "absent" for lock in result.layers):
        share = f"{SHARE:.0%}"
        st.caption(
            t(
                "Municipalities are measured over the best {share} of their buildable land; the bounds are its range.",
                share=share,
            )
        )
    else:
        st.caption(t("Municipalities are measured at one point inside each, not over their whole area."))


def _first_steps(language: Language) -> None:
    """Three steps for a first visit, until put away."""
    t = translator(language)
    if session().introduced:
        return
    words, button = st.columns([5, 1], vertical_alignment="center")
    words.markdown(
        t(
            "**First time?** 1. Choose a zone type and a region on the left. 2. Click a site on the map or tick a row. 3. Read why it stands there, then open «Sureness»."
        )
    )
    button.button(t("Understood"), on_click=_understood, key="introduced", width="stretch")


def _understood() -> None:
    session().introduced = True


def _notice(result: Result, language: Language) -> None:
    """Say plainly which layers that a pull brings are the embedded default, stood for by shipped measurements, or not there."""
    t = translator(language)
    titles: dict[str, list[str]] = {"embedded": [], "shipped": [], "absent": []}
    for lock in (lock for lock in result.layers if lock.id in PULLED):
        if lock.origin in {"absent", "shipped"} or (lock.origin == "embedded" and lock.inventory == "partial"):
            titles[lock.origin].append(lock.title[language])
    if not any(titles.values()):
        return
    st.info(
        t(
            "Not on the national data yet: {embedded} layers are a first, partial stock, {shipped} stand as measurements that come with the product, {absent} are unknown. Run `planner data pull` (with `--mirror FOLDER` on an isolated network).",
            embedded=len(titles["embedded"]),
            shipped=len(titles["shipped"]),
            absent=len(titles["absent"]),
        ),
        icon="ℹ️",
    )
    listed = {origin: t(", ").join(named) for origin, named in titles.items() if named}
    with st.expander(t("Which layers?")):
        if "embedded" in listed:
            st.caption(t("Embedded default, a first and partial stock: {layers}.", layers=plain(listed["embedded"])))
        if "shipped" in listed:
            st.caption(
                t(
                    "Not pulled, so the table of measurements that comes with the product stands for: {layers}.",
                    layers=plain(listed["shipped"]),
                )
            )
        if "absent" in listed:
            st.caption(t("Not pulled, so unknown: {layers}.", layers=plain(listed["absent"])))


def _flat(result: Result, language: Language) -> None:
    """Name the weighted criteria that do not tell these sites apart."""
    t = translator(language)
    used = [c for c in result.criteria.values() if c.weight > 0]
    flat = [c.title[language] for c in used if not c.discriminates or (c.spread is not None and c.spread < NOTHING)]
    if flat:
        st.caption(t("These criteria do not tell these sites apart: {titles}.", titles=plain(t(", ").join(flat))))


@st.fragment
def _map_and_table(view: View) -> None:
    rows = view.result.table.head(TABLE_ROWS)
    left, right = st.columns(2, gap="small")
    with right:
        _ranking_table(rows, view.language)
    with left:
        _map(view, st.container())
    address.store()
    _why(view)


def _ranking_table(rows: pd.DataFrame, language: Language) -> None:
    t = translator(language)
    statuses = {status: t(label) for status, label in STATUSES.items()}
    shown = pd.DataFrame(
        {
            "rank": rows["rank"],
            "name": rows["name"],
            "score": rows["score"],
            "pref": rows["pref_code"].map(prefectures()["name" if language == "ja" else "name_en"]).fillna(""),
            "score_high": rows["score_high"],
            "completeness": rows["completeness"],
            "status": rows["status"].map(statuses),
        }
    )
    scales = {"rank_region": t("Rank of its municipality"), "rank_ground": t("Rank within it")}
    shown = shown.join(rows[[name for name in scales if name in rows]])

    def chosen() -> None:
        picked = picked_row(_TABLE)
        if picked is not None:
            session().select(str(rows.index[picked]))

    tick(_TABLE, rows.index)
    column = st.column_config
    st.dataframe(
        shown,
        key=_TABLE,
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
            **{name: column.NumberColumn(title, width="small") for name, title in scales.items()},
        },
    )
    if len(rows) == TABLE_ROWS:
        st.caption(t("The best {n}; the download holds every site.", n=f"{TABLE_ROWS:,}"))


def _map(view: View, above: Any) -> None:
    """The map in the box `above`, the choice of layers to lay over it below."""
    t, result, level = view.t, view.result, view.evaluation.candidates.mesh_level
    chosen = st.multiselect(
        t("Show on the map"),
        overlays.available(cached.store()),
        format_func=lambda key: overlays.overlays()[key].title[view.language],
        key=f"overlays-{view.language}",
        placeholder=t("Grid, power, transport, schools …"),
        label_visibility="collapsed",
    )
    figure = maps.base_map(assets.leaflet(), cached.land_picture(), cached.prefecture_lines(), result)
    if level is None:
        maps.add_sites(figure, result, t("points"))
    else:
        maps.add_mesh(figure, cached.mesh_picture(view.evaluated, level))
    drawn = [cached.overlay(key, maps.extent(result)) for key in chosen]
    for key, (shapes, _) in zip(chosen, drawn, strict=True):
        maps.add_overlay(figure, shapes, overlays.overlays()[key].colour)
    with above:
        st_folium(
            figure,
            key=_MAP,
            height=MAP_HEIGHT,
            use_container_width=True,
            returned_objects=["last_clicked", "last_object_clicked", "last_object_clicked_count"],
            feature_group_to_add=maps.selection(result, session().site, level),
            on_change=_clicked(view),
        )
        labels = {
            "low": t("0 points"),
            "high": t("100 points"),
            "not_ranked": t("not ranked"),
            "excluded": t("excluded"),
        }
        st.html(maps.legend(labels))
    for key, (shapes, count) in zip(chosen, drawn, strict=True):
        _overlay_note(view, key, len(shapes), count)


def _overlay_note(view: View, key: str, shown: int, count: int) -> None:
    """Colour, count, date and source of what is drawn."""
    overlay = overlays.overlays()[key]
    passport, origin, _ = cached.passport(overlay.layer)
    note = view.t(
        "{title}: {shown} of {count} here, {date}, {inventory}, {origin}; {source}",
        title=overlay.title[view.language],
        shown=f"{shown:,}",
        count=f"{count:,}",
        date=dated(passport.reference_date, view.language),
        inventory=view.t(passport.inventory),
        origin=view.t(origin),
        source=passport.attribution,
    )
    st.html(maps.swatch(overlay.colour, note))


def _clicked(view: View) -> Callable[[], None]:
    def callback() -> None:
        held = session()
        level = view.evaluation.candidates.mesh_level
        answer: dict[str, Any] = st.session_state.get(_MAP) or {}
        spot = answer.get("last_clicked") if level else answer.get("last_object_clicked")
        click = spot if level else answer.get("last_object_clicked_count")
        if not spot or click == held.clicked:
            return
        held.clicked = click
        site = maps.site_at(view.result, spot["lng"], spot["lat"], level)
        if site is not None:
            held.select(site)

    return callback


def _why(view: View) -> None:
    t, result, held, site = view.t, view.result, session(), session().site
    if site is None:
        return
    explanation = cached.explanation(view.evaluated, site, view.language)
    row = row_of(result.table, site)
    title, aside = st.columns([4, 1], vertical_alignment="center")
    title.subheader(t("Why this site: {name}", name=plain(explanation.headline)), anchor=False)
    listed = site in held.shortlist
    aside.button(
        t("Take off the shortlist") if listed else t("Put on the shortlist"),
        on_click=held.toggle_shortlist,
        args=(site,),
        disabled=not listed and len(held.shortlist) >= SHORTLISTED,
        key="shortlist",
        width="stretch",
    )
    (st.success if row["status"] == RANKED else st.warning)(plain(explanation.verdict))
    gates_table(explanation, view.language)
    following = _next_site(result, site)
    then = cached.explanation(view.evaluated, following, view.language) if following else None
    st.altair_chart(
        charts.contributions(explanation, then, view.language),
        alt=t("Points per criterion of the chosen site, the median and the next site"),
    )
    if then is not None:
        st.caption(t("Next site: {name}", name=plain(then.headline)))
    criteria_table(explanation, view.language, median=True)
    for sentence in explanation.facts:
        st.caption(plain(sentence))
    with st.expander(t("Why each criterion matters, and what it does not say")):
        for line in explanation.lines:
            st.markdown(f"**{plain(line.title)}** — {plain(line.why)} {plain(line.caveat)}")
            st.caption(plain(line.source))


def _next_site(result: Result, site: str) -> str | None:
    """The site ranked just below, else just above."""
    place = place_of(result.table.index, site)
    for other in (place + 1, place - 1):
        if 0 <= other < len(result.table) and result.table["status"].iloc[other] == RANKED:
            return str(result.table.index[other])
    return None


def _downloads(view: View) -> None:
    t, scenario = view.t, view.scenario
    name = f"{scenario.profile}-{scenario.digest()[:8]}"
    columns = st.columns(len(FORMATS))
    for column, (suffix, title) in zip(columns, FORMATS.items(), strict=True):
        column.download_button(
            plain(title),
            data=partial(result_bytes, view.evaluation, suffix, view.language),
            file_name=f"{name}.{'zip' if suffix == 'csv' else suffix}",
            on_click="ignore",
            key=f"download-{suffix}",
            width="stretch",
            help=t("All sites with every value, weight, source and licence"),
        )
    st.caption(
        t(
            "Scenario {digest}; the file carries every value, weight, source and licence.",
            digest=plain(scenario.digest()[:12]),
        )
    )
    sources = [
        maps.BASE_CREDIT,
        *dict.fromkeys(str(lock.attribution) for lock in view.result.layers if lock.attribution),
    ]
    st.caption(t("Map and data: {credits}", credits=plain("; ".join(sources))))


PAGE = Page("explore", "Explore", draw, place=1)
