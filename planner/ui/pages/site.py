"""Site sheet: everything about one site, its nearest assets on a small map, and the page as PDF."""

from functools import partial

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from ...context import field_facts
from ...context.area import Area
from ...context.field_cluster import services
from ...context.landrules import plot_of
from ...context.nearest import measured_from, nearest_assets
from ...model.tables import row_of
from ...output.papers import site_pdf
from .. import assets, cached, maps
from ..page import Page
from ..parts import criteria_table, gates_table, plan_steps
from ..text import plain
from ..view import View, current, site_picker


def draw() -> None:
    """Draw the page."""
    view = current()
    if view is None:
        return
    t = view.t
    site = site_picker(view, "sheet")
    said = cached.explanation(view.evaluated, site, view.language)
    row = row_of(view.result.table, site)
    st.subheader(plain(said.headline), anchor=False)
    st.markdown(f"**{plain(said.verdict)}**")
    gates_table(said, view.language)
    st.download_button(
        t("This sheet as PDF"),
        data=partial(site_pdf, view.result, site, cached.store(), view.language),
        file_name=f"{site}.pdf",
        mime="application/pdf",
        on_click="ignore",
        type="primary",
        key="sheet-pdf",
    )
    criteria_table(said, view.language, median=False)
    _nearest(view, site, row)
    st.subheader(t("Facts and sources"), anchor=False)
    for sentence in said.facts:
        st.caption(plain(sentence))
    _services(view, row)
    with st.expander(t("The next administrative steps, by plan paper")):
        kind, area_ha = view.scenario.candidates.kind, float(row.get("area_ha", float("nan")))
        plan_steps(view.scenario.profile, view.language, plot_of(view.scenario.profile, kind, area_ha))


def _services(view: View, row: pd.Series) -> None:
    """Essential services of the municipality, for those who would live there."""
    t, code = view.t, str(row["muni_code"] or "")
    if not code:
        return
    found = services(cached.seen(), Area("", "", (code[:2],), (code,)))
    if len(found):
        st.subheader(t("Essential services of the municipality"), anchor=False)
        st.dataframe(field_facts.services_table(found, view.language), hide_index=True, width="stretch")


def _nearest(view: View, site: str, row: pd.Series) -> None:
    t = view.t
    st.subheader(t("Nearest assets"), anchor=False)
    off_m = float(row.get("site_accuracy_m", float("nan")))
    place = float(row["lon"]), float(row["lat"])
    found = nearest_assets(cached.store(), *place, view.language, own_id=site, off_m=off_m)
    left, right = st.columns([3, 2])
    names = found["name"].fillna("") + " " + found["detail"].fillna("")
    absent = found["km"].isna()
    rows = pd.DataFrame(
        {
            t("Kind"): found["kind"],
            t("Nearest named"): names.mask(absent, t("not pulled or none near")),
            t("Distance"): found["distance"].fillna(""),
            t("Date"): found["date"].fillna(""),
            t("Inventory"): found["partial"].map({True: t("partial"), False: t("complete")}).fillna(""),
        }
    )
    left.dataframe(rows, hide_index=True, width="stretch")
    left.caption(plain(measured_from(view.scenario.candidates.kind, view.language)))
    with right:
        figure = maps.near_map(assets.leaflet(), cached.land_picture(), cached.prefecture_lines(), row, found)
        st_folium(figure, key=f"near-{site}", height=380, use_container_width=True, returned_objects=[])


PAGE = Page("site", "Site sheet", draw, place=5)
