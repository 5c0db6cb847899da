"""A plan as a paper: checklist with evidence, figures, package, investments, need beside stock, schemes, rules on land."""

import hashlib
from datetime import date

import pandas as pd

from geodata import Layers

from ..context import field_facts, field_words, need_stock, plan_words
from ..context.field_cluster import FieldAnswer, field_answer
from ..context.landrules import Plot
from ..context.plan_evidence import area_of_plan, field_of_plan
from ..fields.field import fields
from ..fields.needs import Needs, needs_of
from ..i18n import Language, Translate, translator
from ..plans.incentives import Case, Match, match
from ..plans.plan import Investment, Plan, plan_bytes
from .document import Document, Section


def plan_paper(layers: Layers, plan: Plan, language: Language, today: date, *, public: bool = False) -> Document:
    """
    The paper of a plan.

    Parameters
    ----------
    layers
        Where the area, its stocks and its field are read.
    plan
        The plan; evidence stands as it was drawn, nothing is drawn anew.
    language
        Of every sentence.
    today
        The day that lights, calls and standings are told for.
    public
        Leave out private texts, private partners and the names of investing firms.

    Returns
    -------
    document
        What PDF, Word and Excel are written from.
    """
    shown = plan.redacted() if public else plan
    t, area = translator(language), area_of_plan(layers, plan)
    answer = field_answer(layers, field_of_plan(plan) or fields()["casting-forging"], area)
    needs = plan_needs(plan, answer)
    lines = need_stock.lines(layers, area, needs)
    case = case_of(plan, answer)
    notes = plan_words.about(shown, area.title(language), language)
    if public:
        notes.append(t("Version for publication: private texts, partners and names of investing firms are left out."))
    sections = [
        Section(t("Checklist"), (), plan_words.checklist(shown, language), (1, 1.2, 3, 0.8, 0.7, 1.3, 2.5, 2)),
        Section(t("Evidence"), (), plan_words.evidence_table(shown, language), (1.2, 4, 1, 0.8, 2)),
        Section(t("Figures to watch"), (t("Lights as of {day}.", day=today),), plan_words.kpi_table(shown, today, language)),
        Section(t("Barriers and infrastructure as one package"), (plan_words.package_said(shown, language),), plan_words.barriers_table(shown, language)),
        Section(t("Investment plan"), (), plan_words.investments_table(shown, language)),
        Section(t("Need beside stock"), (_stock_note(t),), plan_words.needs_table(lines, need_stock.measures(lines, case, today), language), (1.2, 1.3, 1, 1, 0.8, 3)),
        Section(t("Schemes of support"), (t("As of {day}; a scheme whose call has ended is shown as over. Status as last read: check before relying on it.", day=today),), plan_words.incentives_table(match(case, today), plan, today, language), (1.5, 1, 1.2, 1, 1, 1, 3.5, 1.8)),
        Section(t("Schemes by investment"), (), plan_words.matches_table(shown, by_investment(shown, answer, today), language), (1.5, 3, 3, 2)),
        Section(t("Rules on industrial land"), (), plan_words.rules_table(plot_of(plan), language), (3, 2, 3)),
        Section(t("Partners"), (), plan_words.partners_table(shown, language)),
        Section(t("States kept"), (), plan_words.snapshots_table(shown, language)),
        *_field_sections(plan, answer, language, public=public),
    ]  # fmt: skip
    held = tuple(section for section in sections if len(section.table) or section.title == t("Checklist"))
    digest = hashlib.sha256(plan_bytes(shown)).hexdigest()
    return Document(plan_words.headline(shown, language), tuple(notes), held, digest)


def plan_needs(plan: Plan, answer: FieldAnswer) -> Needs:
    """Needs of the plan's own investments, else of those planned in the area."""
    if not plan.investments:
        return answer.needs
    rows = [
        {
            "name": one.title,
            "industry": one.industry or (plan.field and f"field-{plan.field}") or "manufacturing",
            **{key: getattr(one, key) for key in ("jobs", "power_mw", "water_m3_day", "site_ha", "capex_oku")},
        }
        for one in plan.investments
    ]
    return needs_of(pd.DataFrame(rows))


def case_of(plan: Plan, answer: FieldAnswer, investment: Investment | None = None) -> Case:
    """What is known of an investment for the rules of the schemes; without one the largest of the plan stands for size and amount."""
    one = investment or max(plan.investments, key=lambda each: each.capex_oku or 0.0, default=None)
    return Case(
        size=None if one is None else one.size,
        capex_oku=None if one is None else one.capex_oku,
        roi_pct=None if one is None else one.roi_pct,
        plan=plan.kind,
        field=plan.field or None,
        area=("special_zone",) if len(answer.zones) else (),
    )


def by_investment(plan: Plan, answer: FieldAnswer, today: date) -> tuple[tuple[Match, ...], ...]:
    """The schemes against each investment of a plan, in their order."""
    return tuple(match(case_of(plan, answer, one), today) for one in plan.investments)


def plot_of(plan: Plan) -> Plot:
    """The largest plot of the investments, for what rules on land mean."""
    areas = [one.site_ha for one in plan.investments if one.site_ha is not None]
    return Plot(
        area_ha=max(areas) if areas else float("nan"), data_centre=plan.kind == "gx2" or plan.field == "datacentre"
    )


def _stock_note(t: Translate) -> str:
    return t("Workers: people who change their work in a year in the area, by share of the prefecture, all of them: no more than these could be won, so that workers are never covered. 空容量 is room for generation and counts for nothing here.")  # fmt: skip


def _field_sections(plan: Plan, answer: FieldAnswer, language: Language, *, public: bool) -> list[Section]:
    """Value chain, firms and facts of the field, where the plan has one."""
    if field_of_plan(plan) is None:
        return []
    t = translator(language)
    return [
        Section(t("Value chain"), (field_words.chain_said(answer, language), *field_words.cautions(answer, language)), field_words.chain_table(answer, language), (2.4, 0.7, 1, 0.7, 1, 2.4, 2.4)),
        Section(t("Firms of the field"), (), field_words.firms_table(answer, language, public=public), (1.5, 2, 0.8, 1.4, 1, 1, 3)),
        Section(t("Ripple"), (field_words.ripple_said(answer, language),), field_words.ripple_table(answer, language)),
        Section(t("Essential services"), (), field_facts.services_table(answer.services, language)),
        Section(t("Places of the papers' systems"), (field_facts.points_said(answer, language),) if field_facts.points_said(answer, language) else (), field_facts.points_table(answer, language), (1.5, 2, 2, 1, 3)),
        Section(t("Readiness for manufacturing AI"), (field_facts.ready_said(answer, language),), field_facts.ready_table(answer, language), (1.5, 3, 2, 2)),
        Section(t("What the papers say of the field"), (field_facts.tags_said(answer, language),), field_facts.facts_table(answer, language), (1, 4, 2)),
    ]  # fmt: skip
