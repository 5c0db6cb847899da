"""What is still missing in a plan: per item what is asked, what is there, and how far it is."""

from dataclasses import dataclass
from datetime import date

from .plan import Plan, Status
from .requirements import Requirement, requirements

MISSING, PARTLY, GIVEN = "not given", "partly", "all given"
"""How far an item is: nothing is there, something is, or all that its paper asks for."""


@dataclass(frozen=True)
class Checked:
    """One item: its standing by what is there, the status that the planner set, and what is lacking (keys of sentences)."""

    item: Requirement
    standing: str
    status: Status
    lacking: tuple[str, ...]


def check(plan: Plan) -> tuple[Checked, ...]:
    """Every item of the paper of a plan."""
    return tuple(_checked(plan, item) for item in requirements()[plan.kind])


def share_given(checked: tuple[Checked, ...]) -> float:
    """Share of the items that are given."""
    return sum(one.standing == GIVEN for one in checked) / len(checked)


def late(plan: Plan, today: date) -> tuple[str, ...]:
    """Titles of the figures that are red."""
    return tuple(kpi.title for kpi in plan.kpis if kpi.light(today) == "red")


def _checked(plan: Plan, item: Requirement) -> Checked:
    answer = plan.answer(item.id)
    said = bool(answer.text.strip() or answer.private_text.strip())
    lacking = tuple(_lacking(plan, item, said=said))
    there = said or answer.evidence or answer.amount_oku is not None or not lacking
    standing = GIVEN if not lacking else PARTLY if there else MISSING
    return Checked(item, standing, answer.status, lacking)


def _lacking(plan: Plan, item: Requirement, *, said: bool) -> list[str]:
    """What the paper asks of an item and the plan has not."""
    out = [] if said else ["text"]
    if item.needs == "amount_100m_yen" and plan.answer(item.id).amount_oku is None:
        out.append("amount")
    if item.needs == "list_of_firms" and not any(one.kind == "firm" for one in plan.partners):
        out.append("firms")
    if item.needs == "investment_plan" and not any(
        one.capex_oku is not None and one.start_year for one in plan.investments
    ):
        out.append("investments")
    if item.needs == "kpis" and not plan.kpis:
        out.append("kpis")
    if item.needs == "commitment" and not plan.announced_by.strip():
        out.append("announced_by")
    if item.needs == "partners":
        kinds = {one.kind for one in plan.partners}
        if not kinds & {"municipality", "prefecture"}:
            out.append("municipality")
        if "firm" not in kinds:
            out.append("firms")
    return out
