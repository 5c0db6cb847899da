"""Plan: one plan paper as work: evidence, answers, figures to watch, package, investments, schemes, and the paper itself."""

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geodata import GeodataError

from ...context import need_stock, plan_words
from ...context.area import Area
from ...context.nextsteps import today_in_japan
from ...context.plan_evidence import area_of_plan, field_of_plan, filled
from ...errors import PlannerError
from ...fields.field import field_of_profile, fields
from ...i18n import Language, translator
from ...measure.candidates import CandidateChoice, load_candidates
from ...output import document
from ...output.plan_paper import by_investment, case_of, plan_needs, plan_paper, plot_of
from ...plans.check import GIVEN, MISSING, PARTLY, check
from ...plans.incentives import match
from ...plans.plan import Answer, Plan, new_plan, parse_plan, plan_bytes
from ...plans.requirements import KINDS, TITLES
from .. import cached
from ..own import Upload
from ..page import Page
from ..parts import choice, door
from ..session import language as spoken
from ..session import session
from ..text import plain, said
from .fields import pick_area

_LISTS = {
    "kpis": ("id", "title", "unit", "baseline", "baseline_on", "target", "target_on", "actuals", "source"),
    "barriers": ("title", "kind", "measure", "who", "by", "cost_oku"),
    "investments": ("title", "firm", "industry", "start_year", "capex_oku", "jobs", "power_mw", "water_m3_day", "site_ha", "roi_pct", "size", "private"),
    "partners": ("name", "kind", "corporate_number", "role", "private"),
}  # fmt: skip
_MARKS = {GIVEN: "●", PARTLY: "◐", MISSING: "○"}
_STATUSES = ("empty", "draft", "done")


def draw() -> None:
    """Draw the page."""
    language = spoken()
    t = translator(language)
    st.subheader(t("A plan paper, item by item"), anchor=False)
    try:
        plan = session().plan
        if plan is None:
            _begin(language)
            return
        _work(plan, language)
    except GeodataError as error:
        st.error(said(error, language))


def _begin(language: Language) -> None:
    """A new plan, or one from its file."""
    t = translator(language)
    st.caption(t("Choose a paper and an area, or open the file of a plan. The file holds everything; nothing of it is kept on the server."))  # fmt: skip
    first, second, third, fourth = st.columns([3, 2, 3, 3])
    with first:
        kind = choice(
            st.selectbox, t("Paper"), [*KINDS[1:], KINDS[0]], "plan-kind", language, format_func=lambda k: TITLES[k][language]  # type: ignore[index]
        )  # fmt: skip
    area = pick_area(second, third, "plan", language)
    mine = field_of_profile(session().profile)
    names = {"": t("no field of the 17 named"), **{id_: field.title[language] for id_, field in fields().items()}}
    order = [*([mine.id] if mine else []), *(id_ for id_ in names if mine is None or id_ != mine.id)]
    with fourth:
        field = choice(st.selectbox, t("Field"), order, "plan-field", language, format_func=names.__getitem__)

    towns = _towns(area, language) if kind == "C" and not area.block else ()

    def begin() -> None:
        title = f"{area.title(language)} {names[field]}" if field else area.title(language)
        session().plan = new_plan(
            kind,  # type: ignore[arg-type]
            title,
            field=field,
            block=area.block,
            prefectures=() if area.block or towns else area.prefectures,
            municipalities=towns,
        )

    st.button(t("Begin this plan"), on_click=begin, type="primary")
    door(t("Open a plan (.plan.json)"), ["json"], "plan", _take)
    if session().plan_refused is not None:
        st.error(said(session().plan_refused, language))  # type: ignore[arg-type]


def _take(upload: Upload) -> None:
    held = session()
    held.plan_refused = None
    try:
        held.plan = parse_plan(upload.path.read_bytes(), upload.name)
    except PlannerError as error:
        held.plan_refused = error


def _work(plan: Plan, language: Language) -> None:
    t, today = translator(language), today_in_japan()
    area = area_of_plan(cached.store(), plan)
    st.markdown(f"**{plain(plan_words.headline(plan, language))}**")
    for sentence in plan_words.about(plan, area.title(language), language):
        st.caption(plain(sentence))
    st.progress(plan_words.share(plan), text=t("Items that hold all that the paper asks for"))
    _buttons(plan, language, today)
    _about(plan, language)
    answers, figures, package, support = st.tabs(
        [t("Items and evidence"), t("Figures to watch"), t("Partners, package and investments"), t("Need, schemes and rules")]
    )  # fmt: skip
    with answers:
        _items(plan, language)
    with figures:
        _list(plan, "kpis", language, t("Dates as 2027-03-31; measured values as 2027-03-31=12, 2028-03-31=14."))
        st.dataframe(plan_words.kpi_table(plan, today, language), hide_index=True, width="stretch")
        st.dataframe(plan_words.snapshots_table(plan, language), hide_index=True, width="stretch")
    with package:
        _list(plan, "partners", language)
        _list(plan, "barriers", language)
        st.caption(plain(plan_words.package_said(plan, language)))
        _list(plan, "investments", language, t("Names of firms stay private in what is published."))
    with support:
        _support(plan, language, today)


def _towns(area: Area, language: Language) -> tuple[str, ...]:
    """Municipalities of a prefecture that a plan is for; none = the prefecture as a whole."""
    names = load_candidates(CandidateChoice(kind="municipalities", prefectures=area.prefectures), cached.store()).table
    labels = names["name"].to_dict()
    chosen = st.multiselect(
        translator(language)("Municipalities (none: the whole prefecture)"),
        list(labels),
        format_func=labels.__getitem__,
        key=f"plan-towns-{'-'.join(area.prefectures)}",
    )
    return tuple(str(code) for code in chosen)


def _about(plan: Plan, language: Language) -> None:
    """Title, period, stage, announcement and wish for a special zone."""
    t = translator(language)
    with st.expander(t("Title, period, stage, announcement, wish for a special zone")), st.form("plan-about"):
        first, second, third = st.columns(3)
        title = st.text_input(t("Title"), plan.title)
        stages = list(plan_words.STAGES)
        stage = first.selectbox(
            t("Stage of the screening"),
            stages,
            stages.index(plan.stage),
            format_func=lambda key: t(plan_words.STAGES[key]),
        )
        starts = second.date_input(t("First day"), plan.starts)
        ends = third.date_input(t("Last day"), plan.ends)
        announced = st.text_input(t("Who announces it, and when"), plan.announced_by)
        wish = st.text_input(t("Wish for a national strategic special zone"), plan.zone_wish)
        if st.form_submit_button(t("Take over")):
            days = {name: None if day is None else str(day) for name, day in (("starts", starts), ("ends", ends))}
            told = {"title": title, "stage": stage, "announced_by": announced, "zone_wish": wish, **days}
            _replace(plan, told, language)


def _replace(plan: Plan, told: dict[str, Any], language: Language) -> None:
    """The plan with some parts changed; what cannot be is said, and the plan stays as it was."""
    try:
        session().plan = parse_plan(json.dumps({**plan.model_dump(mode="json"), **told}).encode(), plan.title)
        st.rerun()
    except PlannerError as error:
        st.error(said(error, language))


def _buttons(plan: Plan, language: Language, today: date) -> None:
    """Draw evidence, keep the state, take the paper away, close."""
    t, held = translator(language), session()
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(t("Draw evidence"), on_click=_update, args=(lambda: filled(cached.seen(), plan, today),), type="primary")  # fmt: skip
    row.button(t("Keep today's state"), on_click=_update, args=(lambda: plan.snapshot(today),))
    public = row.toggle(t("For publication"), key="plan-public")
    shown = plan.redacted() if public else plan
    row.download_button(t("Plan file"), data=partial(plan_bytes, shown), file_name="plan.plan.json", mime="application/json", on_click="ignore")  # fmt: skip
    for name, suffix, write in (
        ("PDF", "pdf", lambda paper: document.pdf(paper, language)),
        ("Word", "docx", document.word),
        ("Excel", "xlsx", document.excel),
    ):
        row.download_button(
            plain(name), data=partial(_paper, plan, language, today, write, public=public), file_name=f"plan.{suffix}", on_click="ignore"
        )  # fmt: skip

    def close() -> None:
        held.plan = None

    row.button(t("Close this plan"), on_click=close, help=t("Save the plan file first: nothing of it is kept."))


def _paper(plan: Plan, language: Language, today: date, write: Callable[[Any], bytes], *, public: bool) -> bytes:
    return write(plan_paper(cached.seen(), plan, language, today, public=public))


def _update(make: Callable[[], Plan]) -> None:
    session().plan = make()


def _items(plan: Plan, language: Language) -> None:
    """Each item with what it asks, what is lacking, its evidence, and what the planner says."""
    t = translator(language)
    for one in check(plan):
        answer, item = plan.answer(one.item.id), one.item
        left, right = st.columns([1, 9])
        left.markdown(f"{_MARKS[one.standing]} {plain(t(one.standing))}")
        with right.expander(plain(f"{item.group[language]} · {item.title[language]}")):
            st.markdown(plain(item.asks[language]))
            if one.lacking:
                st.caption(plain(t("Lacking: {what}", what=plan_words.lacking(one, t))))
            for evidence in answer.evidence:
                words = evidence.text_ja if language == "ja" else evidence.text
                st.markdown(
                    f"- {plain(words)} ({plain(plan_words.told_date(evidence.date, language) or t('no date'))}, {plain(t(evidence.status or 'unknown'))})"
                )
            _answer(plan, item.id, answer, language)


def _answer(plan: Plan, id_: str, answer: Answer, language: Language) -> None:
    """The planner's own words on one item."""
    t = translator(language)
    left, right = st.columns([4, 1])
    text = left.text_area(t("What the planner says"), answer.text, key=f"plan-text-{plan.kind}-{id_}")
    private = left.text_input(t("Not for publication"), answer.private_text, key=f"plan-private-{plan.kind}-{id_}")
    status = right.selectbox(t("Status"), _STATUSES, _STATUSES.index(answer.status), format_func=t, key=f"plan-status-{plan.kind}-{id_}-{answer.status}")  # fmt: skip
    amount = right.number_input(t("Amount (100m yen)"), 0.0, value=answer.amount_oku, key=f"plan-amount-{plan.kind}-{id_}")  # fmt: skip
    said_now = {"text": text, "private_text": private, "status": status, "amount_oku": amount}
    if any(getattr(answer, name) != value for name, value in said_now.items()):
        changed = answer.model_copy(update=said_now)
        session().plan = plan.model_copy(update={"answers": {**plan.answers, id_: changed}})
        st.rerun()


def _list(plan: Plan, name: str, language: Language, note: str = "") -> None:
    """One list of the plan as a table to edit; what cannot be is said, and the plan stays as it was."""
    t = translator(language)
    titles = {
        "kpis": t("Figures to watch"),
        "barriers": t("Barriers and infrastructure as one package"),
        "investments": t("Investment plan"),
        "partners": t("Partners"),
    }
    st.markdown(f"**{plain(titles[name])}**")
    if note:
        st.caption(plain(note))
    columns = _LISTS[name]
    rows = [{c: _cell(row[c]) for c in columns} for row in plan.model_dump(mode="json")[name]]
    table = pd.DataFrame(rows, columns=list(columns)).astype("str") if rows else pd.DataFrame({c: pd.Series(dtype="str") for c in columns})  # fmt: skip
    heads = {c: _column(name, c, language) for c in columns}
    with st.form(f"plan-{name}"):
        edited = st.data_editor(table, num_rows="dynamic", width="stretch", column_config=heads, key=f"plan-edit-{name}-{len(rows)}")  # fmt: skip
        if st.form_submit_button(t("Take over")):
            _take_over(plan, name, edited, language)


def _column(name: str, column: str, language: Language) -> Any:
    """How a column is edited: chosen from what is known, or written."""
    t = translator(language)
    title = plain(t(_HEADS[column]))
    known = _CHOICES.get((name, column)) or _CHOICES.get(("", column))
    if known is None:
        return st.column_config.TextColumn(title)
    return st.column_config.SelectboxColumn(title, options=list(known), format_func=lambda key: t(known[str(key)]))


_CHOICES: dict[tuple[str, str], dict[str, str]] = {
    ("barriers", "kind"): plan_words.BARRIERS,
    ("partners", "kind"): plan_words.PARTNERS,
    ("", "private"): {"yes": "yes", "no": "no"},
    ("", "size"): {"large": "large firm", "mid": "mid-sized firm (中堅)", "sme": "small or medium firm"},
}

_HEADS = {
    "id": "Key",
    "title": "Title",
    "unit": "Unit",
    "baseline": "Baseline",
    "baseline_on": "Baseline on",
    "target": "Target",
    "target_on": "Target on",
    "actuals": "Measured values",
    "source": "Source",
    "kind": "Kind",
    "measure": "Measure to take",
    "who": "Who acts",
    "by": "By",
    "cost_oku": "Cost (100m yen)",
    "firm": "Firm",
    "industry": "Industry",
    "start_year": "First year of operation",
    "capex_oku": "Investment (100m yen)",
    "jobs": "Workers",
    "power_mw": "MW",
    "water_m3_day": "m3/day",
    "site_ha": "ha",
    "roi_pct": "Return on investment (%)",
    "size": "Size of the firm",
    "private": "Private",
    "name": "Name",
    "corporate_number": "Corporate number",
    "role": "Role",
}


def _take_over(plan: Plan, name: str, edited: pd.DataFrame, language: Language) -> None:
    rows = [_row(name, row) for row in edited.fillna("").astype("str").to_dict("records")]
    _replace(plan, {name: [row for row in rows if row]}, language)


def _row(name: str, row: dict[Any, str]) -> dict[str, Any]:
    """A row of the editor as the file has it; empty cells are left out, so that they stay unknown."""
    held: dict[str, Any] = {str(key): value.strip() for key, value in row.items() if value.strip() not in {"", "None"}}
    if not held:
        return {}
    if "private" in held:
        held["private"] = held["private"].lower() in {"yes", "true", "1", "はい"}
    if name == "kpis" and "actuals" in held:
        pairs = [part.partition("=") for part in held["actuals"].split(",") if part.strip()]
        held["actuals"] = [(day.strip(), value.strip()) for day, _, value in pairs]
    return held


def _cell(value: Any) -> str:
    """A value of the file in a cell of the editor."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(f"{day}={number:g}" for day, number in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _support(plan: Plan, language: Language, today: date) -> None:
    """Need beside stock, schemes as of today, rules on land."""
    t, seen = translator(language), cached.seen()
    area = area_of_plan(seen, plan)
    field = field_of_plan(plan) or fields()["casting-forging"]
    answer = cached.field(field.id, area, None)
    case = case_of(plan, answer)
    lines = need_stock.lines(seen, area, plan_needs(plan, answer))
    st.markdown(f"**{t('Need beside stock')}**")
    st.dataframe(plan_words.needs_table(lines, need_stock.measures(lines, case, today), language), hide_index=True, width="stretch")  # fmt: skip
    st.markdown(f"**{t('Schemes of support')}**")
    st.caption(t("As of {day}; a scheme whose call has ended is shown as over. Status as last read: check before relying on it.", day=plain(today)))  # fmt: skip
    st.dataframe(plan_words.incentives_table(match(case, today), plan, today, language), hide_index=True, width="stretch")  # fmt: skip
    if plan.investments:
        st.markdown(f"**{t('Schemes by investment')}**")
        st.dataframe(
            plan_words.matches_table(plan, by_investment(plan, answer, today), language),
            hide_index=True,
            width="stretch",
        )
    st.markdown(f"**{t('Rules on industrial land')}**")
    st.dataframe(plan_words.rules_table(plot_of(plan), language), hide_index=True, width="stretch")


PAGE = Page("plan", "Plan", draw, place=9)
