"""Data: what the answers rest on, pulling from a folder or the network, and what was done to the publishers' rows."""

from collections import Counter
from pathlib import Path

import pandas as pd
import streamlit as st

from geodata import GeodataError

from ...explain.dates import dated
from ...i18n import Language, translator
from .. import cached, owndata
from ..page import Page
from ..session import language as spoken
from ..text import plain, said


def draw() -> None:
    """Draw the page."""
    language = spoken()
    t = translator(language)
    st.subheader(t("What the answers rest on"), anchor=False)
    _catalogue(language)
    _faults(language)
    st.subheader(t("Bring in a file"), anchor=False)
    st.caption(t("It stays in this session. To keep a layer for everybody on this machine, use `planner data import`."))
    owndata.bring(language)
    owndata.brought(language)
    _pull(language)


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
                t("Date"): dated(passport.reference_date, language),
                t("Status"): t(passport.status),
                t("Inventory"): t(passport.inventory),
                t("Coverage"): passport.inventory_note[language],
                t("Licence"): passport.licence,
                t("Source"): passport.attribution,
                "id": id_,
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=420)


def _faults(language: Language) -> None:
    """What the connectors merged, blanked or dropped."""
    t, store = translator(language), cached.store()
    pulled = [id_ for id_ in store.specs if store.pulled(id_)]
    st.subheader(t("Faults handled"), anchor=False)
    if not pulled:
        st.info(t("Nothing has been pulled: the embedded default is in use, whose rows carry their own sources."))
        return
    chosen = st.selectbox(
        t("Layer"), pulled, format_func=lambda id_: store.spec(id_).title[language], key=f"faults-{language}"
    )
    for step in store.layer(chosen).steps:
        st.markdown(f"- {plain(t(step.action))} {step.count:,}: {plain(step.note[language])}")


def _pull(language: Language) -> None:
    """Pull on request: from a folder of this machine, or from the publishers."""
    t = translator(language)
    st.subheader(t("Pull layers"), anchor=False)
    st.caption(
        t(
            "On an isolated network, name a folder with MANIFEST.csv (made by `planner data mirror`). Without a folder the publishers are asked over the network: the only request this app ever makes outside, and only on this button."
        )
    )
    folder = st.text_input(t("Folder on this machine (empty: network)"), key="pull-folder")
    if not st.button(t("Pull now"), key="pull"):
        return
    mirror = Path(folder) if folder else None
    bar = st.progress(0.0, text=t("Pulling…"))

    def tell(id_: str, k: int, n: int) -> None:
        bar.progress(k / max(n, 1), text=plain(id_))

    try:
        outcomes = cached.store().pull(mirror=mirror, progress=tell)
    except GeodataError as error:
        st.error(said(error, language))
        return
    bar.empty()
    counts = Counter(outcome.outcome for outcome in outcomes)
    st.success(
        t(
            "Done: {built} built, {unchanged} unchanged, {unavailable} unavailable.",
            built=f"{counts['built']:d}",
            unchanged=f"{counts['unchanged']:d}",
            unavailable=f"{counts['unavailable']:d}",
        )
    )
    for outcome in outcomes:
        if outcome.outcome == "unavailable":
            st.warning(plain(f"{outcome.layer_id}: {outcome.message}"))


PAGE = Page("data", "Data", draw, place=11)
