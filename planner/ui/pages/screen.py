"""Screen: hard thresholds with a funnel, a shortlist, and up to five sites side by side."""

import pandas as pd
import streamlit as st

from ...explain.funnel import funnel
from ...explain.side_by_side import side_by_side
from ...model.result import VALUE, Result
from ...model.result import column as column_of
from ...model.tables import PASS, UNKNOWN, row_of
from ...output.formats import escape_formulas
from .. import address
from ..page import Page
from ..session import SHORTLISTED, Range, Session, bound, session
from ..text import plain
from ..view import View, current

_ENDS = {
    "km": ("No nearer than", "No farther than"),
    "m": ("No lower than", "No higher than"),
    "min": ("No shorter than", "No longer than"),
}


def draw() -> None:
    """Draw the page."""
    view = current()
    if view is None:
        return
    t = view.t
    st.subheader(t("Which sites meet your own limits?"), anchor=False)
    st.caption(
        t(
            "A site leaves only when it certainly fails; what is unknown stays, and is counted. The limits are yours, not a ministry's."
        )
    )
    limits = _limits(view)
    if not limits:
        st.info(t("Choose a criterion above and set its limit; the funnel then says how many sites are left."))
    found = funnel(view.result, limits)
    _funnel(view, found.steps)
    _left(view, found.outcome)
    _shortlist(view)
    address.store()


def _limits(view: View) -> dict[str, Range]:
    held, criteria = session(), view.result.criteria
    key = f"limits-{view.scenario.profile}-{view.language}"
    chosen = [id_ for id_ in held.limits if id_ in criteria]
    st.multiselect(
        view.t("Criteria with a limit"),
        list(criteria),
        format_func=lambda id_: plain(criteria[id_].title[view.language]),
        key=bound(key, chosen),
        placeholder=view.t("Choose criteria"),
        on_change=_chosen,
        args=(held, key, view.result),
    )
    for id_ in chosen:
        title, unit = criteria[id_].title[view.language], view.t(criteria[id_].unit)
        words, *ends = st.columns([2, 1, 1], vertical_alignment="bottom")
        words.markdown(plain(title))
        for side, (column, said) in enumerate(zip(ends, _ends(criteria[id_].unit), strict=True)):
            key = f"limit-{side}-{id_}-{view.language}"
            column.number_input(
                f"{plain(view.t(said))} ({plain(unit)})",
                value=None,
                key=bound(key, held.limits[id_][side]),
                placeholder=view.t("no limit"),
                on_change=_limited,
                args=(held, id_, key, side),
            )
    return {id_: held.limits[id_] for id_ in chosen}


def _ends(unit: str) -> tuple[str, str]:
    """How the lower and the upper limit of a criterion are called, in its own terms."""
    return _ENDS.get(unit, ("No less than", "No more than"))


def _chosen(held: Session, key: str, result: Result) -> None:
    """Limits on the criteria chosen; a new one starts on its worse side, at the median of what is known."""
    held.limits = {id_: held.limits.get(id_) or _start(result, id_) for id_ in st.session_state[key]}


def _start(result: Result, id_: str) -> Range:
    median = result.table[column_of(VALUE, id_)].median()
    start = 0.0 if pd.isna(median) else float(f"{median:.2g}")
    return (start, None) if result.criteria[id_].direction == "more" else (None, start)


def _limited(held: Session, id_: str, key: str, side: int) -> None:
    given = st.session_state[key]
    ends = list(held.limits[id_])
    ends[side] = None if given is None else float(given)
    held.limits[id_] = (ends[0], ends[1])


def _funnel(view: View, steps: pd.DataFrame) -> None:
    t, criteria = view.t, view.result.criteria
    names = [
        t("After the gates of the profile") if not id_ else criteria[id_].title[view.language]
        for id_ in steps["criterion"]
    ]
    table = pd.DataFrame(
        {
            t("Step"): names,
            t("Left"): steps["left"],
            t("of which proven"): steps["proven"],
            t("of which unknown"): steps["unknown"],
            t("Out"): steps["out"],
        }
    )
    most = len(view.result.table)
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        column_config={t("Left"): st.column_config.ProgressColumn(min_value=0, max_value=most, format="%d")},
    )


def _left(view: View, outcome: pd.Series) -> None:
    t, table = view.t, view.result.table
    only = st.toggle(t("Only what is proven to meet every limit"), key=f"proven-{view.language}")
    left = table[outcome.isin([PASS] if only else [PASS, UNKNOWN]).to_numpy()]
    st.markdown(t("**{n} sites left**, best first; tick one to put it on the shortlist.", n=f"{len(left):,}"))
    if left.empty:
        st.warning(t("No site is left: loosen the limit that takes out most sites."))
        return
    shown = left.head(200)
    rows = pd.DataFrame(
        {
            t("Rank"): shown["rank"],
            t("Name"): shown["name"],
            t("Points proven"): shown["score"],
            t("Limits"): outcome[shown.index].map({PASS: t("all met"), UNKNOWN: t("some unknown")}),
        }
    )
    picked = st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        height=280,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"left-{view.scenario.digest()[:8]}-{view.language}",
        column_config={t("Points proven"): st.column_config.NumberColumn(format="%.1f")},
    )
    ticked = [str(shown.index[row]) for row in picked["selection"]["rows"]]
    st.button(
        t("Put the ticked sites on the shortlist"),
        disabled=not ticked,
        on_click=session().set_aside,
        args=(ticked,),
        key="to-shortlist",
    )


def _shortlist(view: View) -> None:
    t, everyone, toggle = view.t, list(session().shortlist), session().toggle_shortlist
    held = [site for site in everyone if site in view.result.table.index]
    st.subheader(t("Shortlist ({n} of {most})", n=len(everyone), most=SHORTLISTED), anchor=False)
    for site in everyone:
        if site not in held:
            words, button = st.columns([5, 1], vertical_alignment="center")
            words.caption(t("{site} is not among these candidates.", site=plain(site)))
            button.button(t("Remove"), key=f"remove-{site}", on_click=toggle, args=(site,))
    if not held:
        st.info(t("Nothing yet: tick sites above, or use the button beside «Why this site» on Explore."))
        return
    columns = st.columns(len(held))
    for column, site in zip(columns, held, strict=True):
        row = row_of(view.result.table, site)
        rank = t("rank {rank}", rank=int(row["rank"])) if pd.notna(row["rank"]) else t("not ranked")
        column.metric(
            plain(row["name"]),
            t("{score} points", score=f"{row['score']:.1f}"),
            rank,
            delta_color="off",
            delta_arrow="off",
        )
        column.button(t("Remove"), key=f"remove-{site}", on_click=toggle, args=(site,))
    table = side_by_side(view.result, held, view.language)
    st.dataframe(table, width="stretch", height=38 * (len(table) + 1))
    st.caption(
        t(
            "Percentages say how many of these candidates with a known value the site is at least as good as; they change with the candidates."
        )
    )
    st.download_button(
        t("Comparison as CSV"),
        data=lambda: escape_formulas(table.reset_index()).to_csv(index=False).encode("utf-8-sig"),
        file_name="shortlist.csv",
        mime="text/csv",
        on_click="ignore",
    )


PAGE = Page("screen", "Screen", draw, place=2)
