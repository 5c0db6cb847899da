"""A plan in sentences and tables, in the reader's language."""

from datetime import date

import numpy as np
import pandas as pd

from ..explain.dates import dated
from ..fields.field import fields
from ..i18n import Language, Translate, translator
from ..model.sources import citation
from ..plans.check import GIVEN, Checked, check, share_given
from ..plans.incentives import FITS, MAYBE, NOT, Match
from ..plans.plan import Kpi, Plan
from ..plans.requirements import TITLES, UNITS, WRITERS
from ..skills.industries import OCCUPATION_NAMES
from .field_words import need_name, number, ranged
from .landrules import Plot, land_rules, meaning
from .need_stock import Line

STAGES = {
    "candidate": "candidate",
    "applied": "applied",
    "promising": "promising area (有望地域)",
    "refining": "refining the plan",
    "final": "final screening",
    "supported": "supported",
    "not_chosen": "not chosen",
}
_LACKING = {
    "text": "what the planner says",
    "amount": "an amount (100m yen)",
    "firms": "a firm among the partners",
    "investments": "an investment with its size and first year",
    "kpis": "a figure to watch",
    "announced_by": "who announces it",
    "municipality": "a prefecture or municipality among the partners",
}
_RULES = {
    "size": "size of the firm",
    "capex": "least investment",
    "roi": "return on investment",
    "plan": "listed in a plan that was decided",
    "field": "field",
    "area": "condition on place",
    "conditions": "conditions (not stated in what was read)",
}
_STANDINGS = {
    "law": "law",
    "bill": "bill, not law",
    "budget": "budget",
    "running": "running",
    "announced": "announced",
    "ended": "ended",
    "unknown": "unknown",
}
_LIGHTS = {"green": "● on the way", "yellow": "▲ behind", "red": "× far behind", "unknown": "– no value yet"}
_STATUSES = {"empty": "empty", "draft": "draft", "done": "done"}
BARRIERS = {
    "power": "Power",
    "water": "Industrial water",
    "sewage": "Sewage",
    "roads": "Roads",
    "rail": "Railway",
    "port": "Port",
    "airport": "Airport",
    "land": "Land",
    "people": "People",
    "rules": "Rules",
    "telecom": "Telecom",
    "other": "Other",
}


PARTNERS = {
    "prefecture": "prefecture",
    "municipality": "municipality",
    "firm": "firm",
    "university": "university",
    "other": "other",
}
"""Kinds of partners."""


def headline(plan: Plan, language: Language) -> str:
    """Paper, field and how far it is."""
    t = translator(language)
    checked = check(plan)
    given = sum(one.standing == GIVEN for one in checked)
    return t(
        "{paper}: {title}. {given} of {n} items hold all that the paper asks for.",
        paper=TITLES[plan.kind][language],
        title=plan.title,
        given=given,
        n=len(checked),
    )


def about(plan: Plan, area: str, language: Language) -> list[str]:
    """Who writes it, for which unit, in which stage, and what this paper is not."""
    t = translator(language)
    field = fields()[plan.field].title[language] if plan.field in fields() else t("no field of the 17 named")
    said = [
        t("Area: {area}. Field: {field}. Stage: {stage}.", area=area, field=field, stage=t(STAGES[plan.stage])),
        t("Written by {who}; unit: {unit}.", who=WRITERS[plan.kind][language], unit=UNITS[plan.kind][language]),
    ]
    if plan.starts and plan.ends:
        said.append(t("Period: {starts} to {ends}.", starts=plan.starts, ends=plan.ends))
    if plan.zone_wish:
        said.append(t("Wish for a national strategic special zone: {wish}", wish=plan.zone_wish))
    return [*said, t("Evidence is screening from open data, never a decision; the requirements are those of the ministry's paper as we read it.")]  # fmt: skip


def checklist(plan: Plan, language: Language) -> pd.DataFrame:
    """Item by item: what is asked, how far it is, what is lacking, what the planner says."""
    t = translator(language)
    checked = check(plan)
    return pd.DataFrame(
        {
            t("Part of the paper"): [one.item.group[language] for one in checked],
            t("Item"): [one.item.title[language] for one in checked],
            t("What the paper asks"): [one.item.asks[language] for one in checked],
            t("How far"): [t(one.standing) for one in checked],
            t("Status"): [t(_STATUSES[one.status]) for one in checked],
            t("What is lacking"): [lacking(one, t) for one in checked],
            t("What the planner says"): [_said(plan, one, t) for one in checked],
            t("Source"): [citation(one.item.asks.sources)[language] for one in checked],
        }
    )


def lacking(one: Checked, t: Translate) -> str:
    """What an item lacks, in words."""
    return "、".join(t(_LACKING[key]) for key in one.lacking)


def _said(plan: Plan, one: Checked, t: Translate) -> str:
    answer = plan.answer(one.item.id)
    parts = [answer.text, answer.private_text and t("(private) {said}", said=answer.private_text)]
    if answer.amount_oku is not None:
        parts.append(t("{n} (100m yen)", n=f"{answer.amount_oku:,.0f}"))
    return " / ".join(part for part in parts if part)


def evidence_table(plan: Plan, language: Language) -> pd.DataFrame:
    """Evidence drawn from the layers, by item."""
    t, rows = translator(language), []
    for one in check(plan):
        for evidence in plan.answer(one.item.id).evidence:
            said = evidence.text_ja if language == "ja" else evidence.text
            status = t(evidence.status) if evidence.status else t("unknown")
            rows.append((one.item.title[language], said, told_date(evidence.date, language), status, evidence.source))
    return pd.DataFrame(rows, columns=[t("Item"), t("Evidence"), t("Date"), t("Status"), t("Source")])


def told_date(date: str, language: Language) -> str:
    """Date of a piece of evidence as a reader writes it; empty where it has none."""
    return dated(date, language) if date else ""


def kpi_table(plan: Plan, today: date, language: Language) -> pd.DataFrame:
    """Figures to watch with their light as of a day."""
    t = translator(language)
    rows = [
        (
            kpi.title,
            f"{kpi.baseline:g} ({kpi.baseline_on})",
            f"{kpi.target:g} ({kpi.target_on})",
            _newest(kpi, today, t),
            f"{kpi.due(today):.4g}",
            t(_LIGHTS[kpi.light(today)]),
            kpi.unit,
        )
        for kpi in plan.kpis
    ]
    heads = ["Figure", "Baseline", "Target", "Newest value", "Due today", "Light", "Unit"]
    return pd.DataFrame(rows, columns=[t(head) for head in heads])


def _newest(kpi: Kpi, today: date, t: Translate) -> str:
    found = kpi.latest(today)
    return t("none yet") if found is None else f"{found[1]:g} ({found[0]})"


def barriers_table(plan: Plan, language: Language) -> pd.DataFrame:
    """Barriers with the infrastructure that answers each: one package."""
    t = translator(language)
    rows = [
        (one.title, t(BARRIERS[one.kind]), one.measure, one.who, str(one.by or ""), _or_unknown(one.cost_oku, t))
        for one in plan.barriers
    ]
    heads = ["Barrier", "Kind", "Measure to take", "Who acts", "By", "Cost (100m yen)"]
    return pd.DataFrame(rows, columns=[t(head) for head in heads])


def package_said(plan: Plan, language: Language) -> str:
    """Cost of the package, what is unknown counted apart."""
    t = translator(language)
    known = [one.cost_oku for one in plan.barriers if one.cost_oku is not None]
    return t(
        "The package: {n} measures, {cost} (100m yen) known, {unknown} without a cost.",
        n=len(plan.barriers),
        cost=f"{sum(known):,.0f}",
        unknown=len(plan.barriers) - len(known),
    )


def investments_table(plan: Plan, language: Language) -> pd.DataFrame:
    """The investment plan."""
    t = translator(language)
    rows = [
        (
            one.title,
            one.firm,
            str(one.start_year or ""),
            *(_or_unknown(v, t) for v in (one.capex_oku, one.jobs, one.power_mw, one.water_m3_day, one.site_ha)),
        )
        for one in plan.investments
    ]
    heads = ["Investment", "Firm", "First year of operation", "100m yen", "Workers", "MW", "m3/day", "ha"]
    return pd.DataFrame(rows, columns=[t(head) for head in heads])


def _or_unknown(value: float | None, t: Translate) -> str:
    return t("unknown") if value is None else f"{value:,.4g}"


def needs_table(found: tuple[Line, ...], measures: dict[str, tuple[Match, ...]], language: Language) -> pd.DataFrame:
    """Need, stock, gap and the measure that answers it."""
    t, rows = translator(language), []
    for line in found:
        if line.kind == "need":
            name, unit = need_name(line.what)  # type: ignore[arg-type]
            title = f"{t(name)} ({t(unit)})"
        else:
            title = f"{OCCUPATION_NAMES[line.what][language]} ({t('persons')})"  # type: ignore[index]
        least, most = line.gap
        gap = t("unknown") if np.isnan(most) else f"{least:,.0f}–{most:,.0f}"
        schemes = "、".join(one.incentive.title[language] for one in measures.get(line.what, ())[:4])
        rows.append(
            (
                title,
                _needed(line, t),
                _stock(line, t),
                gap,
                t(line.standing),
                schemes,
            )
        )
    heads = [
        "Need",
        "Planned investments",
        "Stock of the area",
        "Gap (least–most)",
        "Standing",
        "Measures that could answer it",
    ]
    return pd.DataFrame(rows, columns=[t(head) for head in heads])


def _stock(line: Line, t: Translate) -> str:
    """The stock as it is known: exact, or a bound."""
    said = number(line.stock, 0, t)
    if np.isnan(line.stock) or line.bound == "exact":
        return said
    return t("at least {number}", number=said) if line.bound == "at least" else t("at most {number}", number=said)


def _needed(line: Line, t: Translate) -> str:
    """What is needed, with the projects of which it is not known."""
    said = ranged(line.need, 0, t)
    return said + t(" + {n} unknown", n=line.unknown) if line.unknown and not np.isnan(line.need[1]) else said


def incentives_table(found: tuple[Match, ...], plan: Plan, today: date, language: Language) -> pd.DataFrame:
    """Schemes with their standing as of a day, and the conditions met, open and not met."""
    t = translator(language)
    rows = [
        (
            one.incentive.title[language],
            t(one.verdict) + (t(" (this plan is named)") if plan.kind in one.incentive.plans else ""),
            t(_STANDINGS[one.incentive.standing(today)]) + f" ({one.incentive.as_of})" + _call(one, today, t),
            _named(one.met, t),
            _named(one.open, t),
            _named(one.failed, t),
            one.incentive.text[language] + (f" ※{one.incentive.doubt[language]}" if one.incentive.doubt else ""),
            citation(one.incentive.text.sources)[language],
        )
        for one in found
    ]
    heads = ["Scheme", "Match", "Status (as of)", "Met", "Open", "Not met", "What it gives", "Source"]
    return pd.DataFrame(rows, columns=[t(head) for head in heads])


def matches_table(plan: Plan, found: tuple[tuple[Match, ...], ...], language: Language) -> pd.DataFrame:
    """For each investment the schemes that fit, those with open conditions, and those that do not fit."""
    t = translator(language)

    def named(matches: tuple[Match, ...], verdict: str) -> str:
        return "、".join(one.incentive.title[language] for one in matches if one.verdict == verdict)

    rows = [
        (one.title, *(named(matches, verdict) for verdict in (FITS, MAYBE, NOT)))
        for one, matches in zip(plan.investments, found, strict=True)
    ]
    return pd.DataFrame(rows, columns=[t("Investment"), t(FITS), t(MAYBE), t(NOT)])


def _named(rules: tuple[str, ...], t: Translate) -> str:
    return "、".join(t(_RULES[rule]) for rule in rules)


def _call(one: Match, today: date, t: Translate) -> str:
    """Days of a call, shown as over once the last has passed."""
    opens, closes = one.incentive.opens, one.incentive.closes
    if closes is None and opens is None:
        return ""
    said = f"{opens or ''}–{closes or ''}"
    over = closes is not None and closes < today
    return " " + (t("call {days}, over", days=said) if over else t("call {days}", days=said))


def rules_table(plot: Plot, language: Language) -> pd.DataFrame:
    """Rules on industrial land: stage, date, and what each means for a plot."""
    t = translator(language)
    rows = [(*rule.said(language), meaning(id_, plot, t)) for id_, rule in land_rules().items()]
    return pd.DataFrame(rows, columns=[t("Rule"), t("Stage, date and source"), t("For this plot")])


def partners_table(plan: Plan, language: Language) -> pd.DataFrame:
    """Who takes part."""
    t = translator(language)
    rows = [
        (one.name, t(PARTNERS[one.kind]), one.corporate_number, one.role, t("private") if one.private else "")
        for one in plan.partners
    ]
    return pd.DataFrame(rows, columns=[t("Partner"), t("Kind"), t("Corporate number"), t("Role"), t("Published")])


def snapshots_table(plan: Plan, language: Language) -> pd.DataFrame:
    """States kept: how many items were done, and the lights."""
    t = translator(language)
    rows = [
        (
            str(one.on),
            sum(status == "done" for status in one.statuses.values()),
            len(one.statuses),
            "、".join(f"{id_}: {t(_LIGHTS[light])}" for id_, light in one.lights.items()),
            one.note,
        )
        for one in plan.snapshots
    ]
    return pd.DataFrame(rows, columns=[t("Day"), t("Items done"), t("Items"), t("Lights"), t("Note")])


def share(plan: Plan) -> float:
    """Share of the items that hold all that the paper asks for."""
    return share_given(check(plan))
