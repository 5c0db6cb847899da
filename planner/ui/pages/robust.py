"""Sureness: robustness, break-even, clusters, portfolios, and judgements that become weights."""

from collections.abc import Callable
from functools import partial
from itertools import combinations

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from ... import analyses
from ...analyses import Words
from ...analyses.analysis import Choices
from ...analyses.breakeven import exchange_sentence
from ...analyses.portfolio import first_choice
from ...analyses.stakeholders import agreement_sentence
from ...decision.breakeven import unit_per_point
from ...decision.clusters import ClusterChoice
from ...decision.portfolio import PortfolioChoice
from ...decision.problem import problem_of
from ...decision.robustness import RobustnessChoice
from ...decision.weights import CONSISTENT, ahp_weights
from ...errors import PlannerError
from ...model.sourced import BRANCHES
from ...model.tables import FAIL, PASS, UNKNOWN
from .. import assets, cached, maps, question
from ..page import Page
from ..parts import analysis_downloads, choice
from ..session import session
from ..text import plain, said
from ..view import View, current, site_picker

_MAP_HEIGHT = 460
_FEW, _LARGE = 1_000, 20_000
_AT_LEAST = 2
_JUDGED = (1 / 9, 1 / 7, 1 / 5, 1 / 3, 1.0, 3.0, 5.0, 7.0, 9.0)
_LABELS = {"robust": "robust", "depends": "depends on the weights and unknowns", "weak": "weak"}
_CLUSTERS = {
    "disc": "In a disc round a candidate",
    "prefecture": "Within a prefecture",
    "block": "Within a block of prefectures",
}


def draw() -> None:
    """Draw the page."""
    view = current()
    if view is None:
        return
    t = view.t
    st.subheader(t("How far can this ranking be trusted?"), anchor=False)
    st.caption(t("All settings here are assumptions, and yours to change. Screening, not a siting decision."))
    chosen = choice(
        st.segmented_control,
        t("Question"),
        list(_PARTS),
        "part",
        view.language,
        format_func=lambda part: plain(t(part)),
        label_visibility="collapsed",
    )
    _shown(_PARTS[chosen], view)


def _shown(draw: Callable[[View], None], view: View) -> None:
    try:
        draw(view)
    except PlannerError as error:
        st.error(said(error, view.language))


def _said(found: analyses.Analysis) -> None:
    for sentence in found.sentences:
        st.markdown(f"- {plain(sentence)}")


def _files(view: View, found: analyses.Analysis) -> None:
    titles = {suffix: suffix.upper() for suffix in ("xlsx", "csv", "geojson")}
    analysis_downloads(found, view.result, titles, found.kind, view.language)


def _robustness(view: View) -> None:
    t, base = view.t, view.scenario.robustness
    one, two, three, four = st.columns(4)
    top = one.number_input(t("Top k"), 1, 1000, base.top, key=f"robust-top-{base.top}")
    ways = {
        "dirichlet": t("round the chosen ones"),
        "ordered": t("any in the same order"),
        "fixed": t("the chosen ones alone"),
    }
    how = two.selectbox(
        t("Weights drawn"),
        list(ways),
        index=list(ways).index(base.weights),
        format_func=ways.__getitem__,
        key=f"robust-weights-{base.weights}-{view.language}",
    )
    data = three.toggle(t("Draw unknown values too"), value=base.data, key=f"robust-data-{base.data}")
    most = _FEW if len(view.result.table) > _LARGE else base.draws
    draws = four.number_input(t("Draws"), 100, 100_000, most, step=100, key=f"robust-draws-{most}")
    choice = RobustnessChoice.model_validate(
        {**base.model_dump(), "top": top, "weights": how, "data": data, "draws": draws}
    )
    with st.spinner(t("Drawing weights and unknowns…"), show_time=True):
        found = cached.robust(view.evaluated, choice, view.language)
    _said(found)
    best = found.table.head(200)
    rows = pd.DataFrame(
        {
            t("Rank"): best["rank"],
            t("Name"): best["name"],
            t("In the top k"): best["p_top_k"],
            t("5 %"): best["rank_p05"],
            t("Median"): best["rank_p50"],
            t("95 %"): best["rank_p95"],
            t("Verdict"): best["label"].map({label: t(words) for label, words in _LABELS.items()}),
            t("Balanced rank"): best["rank_balanced"],
        }
    )
    share = st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")
    st.dataframe(rows, hide_index=True, width="stretch", height=360, column_config={t("In the top k"): share})
    _files(view, found)


def _breakeven(view: View) -> None:
    t = view.t
    site = site_picker(view, "breakeven")
    top = st.number_input(
        t("Top k"), 1, 1000, view.scenario.robustness.top, key=f"breakeven-top-{view.scenario.robustness.top}"
    )
    found = analyses.breakeven(view.result, site, int(top), view.language)
    _said(found)
    units = unit_per_point(problem_of(view.result))
    st.caption(plain(exchange_sentence(units, Words(view.result, view.language))))
    _files(view, found)


def _clusters(view: View) -> None:
    t, base = view.t, view.scenario.clusters
    one, two, three = st.columns(3)
    kind = one.selectbox(
        t("Group"),
        list(_CLUSTERS),
        index=list(_CLUSTERS).index(base.kind),
        format_func=lambda k: t(_CLUSTERS[k]),
        key=f"cluster-kind-{base.kind}-{view.language}",
    )
    radius = two.number_input(
        t("Radius (km)"), 1.0, 200.0, base.radius_km, key=f"cluster-radius-{base.radius_km:g}", disabled=kind != "disc"
    )
    area = three.number_input(t("At least (ha)"), 0.0, value=base.min_area_ha, key=f"cluster-area-{base.min_area_ha:g}")
    choice = ClusterChoice(kind=kind, radius_km=radius, min_area_ha=area, min_members=base.min_members)
    found = analyses.clusters(view.result, choice, view.language)
    _said(found)
    drawn = found.table[found.table["requirement"].eq(PASS)].head(100)
    if len(drawn) and found.shapes is not None:
        figure = maps.base_map(assets.leaflet(), cached.land_picture(), cached.prefecture_lines(), view.result)
        maps.add_outlines(figure, found.shapes.loc[drawn.index])
        st_folium(figure, key="cluster-map", height=_MAP_HEIGHT, use_container_width=True, returned_objects=[])
    names = {PASS: t("met"), FAIL: t("not met"), UNKNOWN: t("unknown")}
    rows = pd.DataFrame(
        {
            t("Rank"): found.table["rank"],
            t("Name"): found.table["name"],
            t("Sites"): found.table["members"],
            t("Hectares, at least"): found.table["area_ha"],
            t("Unknown areas"): found.table["unknown_areas"],
            t("Requirement"): found.table["requirement"].map(names),
            t("Points"): found.table["score"],
        }
    ).head(300)
    number = st.column_config.NumberColumn(format="%.1f")
    st.dataframe(
        rows, hide_index=True, width="stretch", column_config={t("Points"): number, t("Hectares, at least"): number}
    )
    _files(view, found)


def _portfolio(view: View) -> None:
    t = view.t
    one, two, three = st.columns(3)
    first = first_choice(view.result)
    mark = f"{first.k}-{first.spacing_km:g}-{first.max_per_block}"
    k = one.number_input(t("Number of sites"), 1, 50, first.k, key=f"portfolio-k-{mark}")
    spacing = two.number_input(
        t("At least this far apart (km)"), 0.0, 1000.0, first.spacing_km, step=10.0, key=f"portfolio-spacing-{mark}"
    )
    most = three.number_input(
        t("At most per block of prefectures"), 1, 50, first.max_per_block or first.k, key=f"portfolio-most-{mark}"
    )
    choice = PortfolioChoice(k=int(k), spacing_km=spacing, max_per_block=int(most), time_limit_s=20)
    with st.spinner(t("Looking for the best choice and its proof…"), show_time=True):
        found = cached.portfolio(view.evaluated, choice, view.language)
    _said(found)
    if len(found.table):
        rows = found.table.rename(
            columns={"name": t("Name"), "rank": t("Rank"), "score": t("Points proven"), "block": t("Block")}
        )
        st.dataframe(rows[[t("Name"), t("Rank"), t("Points proven"), t("Block")]], hide_index=True, width="stretch")
        _files(view, found)


def _judgements(view: View) -> None:
    """Pairwise judgements of the branches, from worst to best of their ranges; and named sets of weights."""
    t = view.t
    st.markdown(
        t(
            "**Pairwise**: how many times more does the swing of the first matter, from worst to best of its printed ranges?"
        )
    )
    branches = [b for b, choice in view.scenario.branches.items() if choice.weight > 0]
    names: dict[str, str] = {b: BRANCHES[b][view.language] for b in branches}
    judged = ahp_weights(branches, _compared(names, view))
    shares = ", ".join(f"{names[b]} {100 * share:.0f}" for b, share in zip(branches, judged.weights, strict=True))
    st.markdown(
        t(
            "Weights: {shares}. Consistency ratio {ratio}; accepted up to {limit}.",
            shares=plain(shares),
            ratio=f"{judged.consistency_ratio:.2f}",
            limit=CONSISTENT,
        )
    )
    if judged.worst and not judged.consistent:
        first, second, given, fitting = judged.worst
        st.warning(
            t(
                "Ask again first: {first} against {second} is {given}; {fitting} would fit the others.",
                first=plain(names[first]),
                second=plain(names[second]),
                given=plain(_times(given)),
                fitting=f"{fitting:.2f}",
            )
        )
    st.button(
        t("Use these weights"),
        on_click=question.use_weights,
        args=((100 * judged.weights).to_dict(),),
        key="use-ahp",
    )
    st.divider()
    _stakeholders(view)


def _compared(names: dict[str, str], view: View) -> dict[tuple[str, str], float]:
    """How many times more each branch matters than each that follows, asked pair by pair."""
    asked: dict[tuple[str, str], float] = {}
    columns = st.columns(3)
    for number, (a, b) in enumerate(combinations(names, 2)):
        label = view.t("{first} against {second}", first=plain(names[a]), second=plain(names[b]))
        asked[a, b] = columns[number % 3].select_slider(
            label,
            _JUDGED,
            value=1.0,
            format_func=lambda value: plain(_times(value)),
            key=f"ahp-{a}-{b}-{view.language}",
        )
    return asked


def _times(value: float) -> str:
    return f"{value:g}" if value >= 1 else f"1/{1 / value:g}"


def _stakeholders(view: View) -> None:
    t = view.t
    st.markdown(
        t("**Stakeholders**: keep the present weights under a name; the ranking is then compared across all sets.")
    )
    held = session().stakeholders
    name = st.text_input(t("Name of the set"), key="stakeholder-name", max_chars=30)
    weights = {b: c.weight for b, c in view.scenario.branches.items()}
    st.button(
        t("Keep these weights"),
        disabled=not name,
        on_click=held.update,
        args=({name: weights},),
        key="stakeholder-keep",
    )
    if len(held) < _AT_LEAST:
        st.info(t("Keep at least two sets to compare them; {n} kept.", n=len(held)))
        return
    spread = cached.stakeholders(view.evaluated, held)
    best = spread[spread["best"] <= view.scenario.robustness.top].head(100)
    fixed = {"best": t("Best rank"), "worst": t("Worst rank"), "spread": t("Spread")}
    agreed = agreement_sentence(spread, view.scenario.robustness.top, Words(view.result, view.language))
    st.markdown(f"- {plain(agreed)}")
    st.dataframe(
        best.rename(columns=fixed).set_index(view.result.table.loc[best.index, "name"].rename(t("Name"))),
        width="stretch",
    )


def _as_chosen(choices: Choices, view: View) -> None:
    """An analysis without a drawing of its own: with the scenario's settings, in sentences and a table."""
    found = choices.run(view.result, choices.of(view.result, {}), view.language)
    _said(found)
    st.dataframe(found.table.head(200), width="stretch")
    _files(view, found)


_PARTS: dict[str, Callable[[View], None]] = {
    "Robustness": _robustness,
    "What would have to change": _breakeven,
    "Clusters": _clusters,
    "Portfolio": _portfolio,
    "Judgements and stakeholders": _judgements,
}
_PARTS |= {
    spec.title: partial(_as_chosen, spec.choices)
    for spec in analyses.SPECS.values()
    if spec.choices is not None and spec.title not in _PARTS
}


PAGE = Page("robust", "Sureness", draw, place=4)
