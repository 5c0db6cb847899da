"""Schemes of support and which of them fit a plan or a firm, by rule; a condition that is not known is said, not taken as met."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from geodata.base import Strict, Text
from geodata.errors import InvalidError

from ..model.sources import Statement
from .requirements import PlanKind

Size = Literal["large", "mid", "sme"]
Standing = Literal["law", "bill", "budget", "running", "announced", "ended", "unknown"]
FITS, MAYBE, NOT, OVER = "fits", "open conditions", "does not fit", "over"
"""How a scheme stands to a case: every rule that it states is met, some are not known, one is not met, or its call has ended."""


NO_RULE = "conditions"
"""Stands for the rules of a scheme that states none in what was read: its own text must be looked up."""


class Incentive(Strict):
    """One scheme. A rule that is None or empty was not said."""

    id: str
    title: Text
    text: Statement
    kind: Literal["tax", "subsidy", "grant", "fund", "deregulation", "loan", "land", "people"]
    status: Standing
    as_of: Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    opens: date | None = None
    closes: date | None = None
    who: Text
    answers: Annotated[tuple[str, ...], Field(min_length=1)]
    sizes: tuple[Size, ...] = ()
    capex_min_oku: float | None = None
    capex_min_sme_oku: float | None = None
    roi_min_pct: float | None = None
    cap_oku: float | None = None
    rate: str | None = None
    plans: tuple[PlanKind, ...] = ()
    plan_needed: bool = False
    fields: tuple[str, ...] = ()
    area: str | None = None
    doubt: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens and self.closes and self.opens > self.closes:
            raise InvalidError("{id}: a call closes after it opens", id=self.id)
        return self

    def standing(self, today: date) -> Standing:
        """Its status; a call whose last day has passed is over, whatever else was said of it."""
        return "ended" if self.closes is not None and self.closes < today else self.status


class Case(Strict):
    """What the rules look at; None or empty is not known."""

    size: Size | None = None
    capex_oku: Annotated[float, Field(ge=0)] | None = None
    roi_pct: float | None = None
    plan: PlanKind | None = None
    plan_member: bool | None = Field(None, description="Whether the firm is listed in a plan that was decided")
    field: str | None = None
    area: tuple[str, ...] = Field((), description="Conditions on place that are met, such as special_zone")
    not_area: tuple[str, ...] = Field((), description="Conditions on place that are known not to be met")


@dataclass(frozen=True)
class Match:
    """How one scheme stands to a case: met, open and failed rules by name."""

    incentive: Incentive
    verdict: str
    met: tuple[str, ...]
    open: tuple[str, ...]
    failed: tuple[str, ...]


@cache
def incentives() -> dict[str, Incentive]:
    """Every scheme by id."""
    table = tomllib.loads((files(__package__) / "incentives.toml").read_text("utf-8"))
    return {id_: Incentive.model_validate({"id": id_, **stanza}) for id_, stanza in table.items()}


def match(case: Case, today: date, answers: Iterable[str] = ()) -> tuple[Match, ...]:
    """
    Every scheme that answers one of the gaps (all, when none is named) against a case, those that fit first.

    A scheme whose call has ended is shown as over, never left out.
    """
    wanted = set(answers)
    found = [matched(one, case, today) for one in incentives().values() if not wanted or wanted & set(one.answers)]
    order = (FITS, MAYBE, OVER, NOT)
    return tuple(sorted(found, key=lambda one: order.index(one.verdict)))


def matched(one: Incentive, case: Case, today: date) -> Match:
    """One scheme against a case."""
    rules = dict(_rules(one, case)) or {NO_RULE: None}
    met, unknown, failed = (
        tuple(name for name, held in rules.items() if held is value) for value in (True, None, False)
    )
    open_or_fits = MAYBE if unknown else FITS
    verdict = OVER if one.standing(today) == "ended" else NOT if failed else open_or_fits
    return Match(one, verdict, met, unknown, failed)


def _rules(one: Incentive, case: Case) -> Iterable[tuple[str, bool | None]]:
    """The rules that a scheme states, each met, not met or not known."""
    if one.sizes:
        yield "size", None if case.size is None else case.size in one.sizes
    least = one.capex_min_sme_oku if case.size == "sme" and one.capex_min_sme_oku is not None else one.capex_min_oku
    if least is not None:
        yield "capex", None if case.capex_oku is None else case.capex_oku >= least
    if one.roi_min_pct is not None:
        yield "roi", None if case.roi_pct is None else case.roi_pct >= one.roi_min_pct
    if one.plan_needed:
        yield "plan", _planned(one, case)
    if one.fields:
        yield "field", None if case.field is None else case.field in one.fields
    if one.area is not None:
        yield "area", True if one.area in case.area else False if one.area in case.not_area else None


def _planned(one: Incentive, case: Case) -> bool | None:
    """Whether a scheme for members of a plan is open: the plan must be of its kind and the firm listed in it."""
    if case.plan is not None and one.plans and case.plan not in one.plans:
        return False
    return case.plan_member


def preferred(one: Incentive, case: Case) -> bool:
    """Whether members of the plan of a case are named as preferred."""
    return case.plan is not None and case.plan in one.plans
