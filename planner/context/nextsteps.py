"""What a prefecture does next, one list per plan paper: who acts, what, on which sources, and what has passed."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from geodata.base import Strict, Text
from geodata.errors import InvalidError

from ..i18n import Language, translator
from ..model.sources import Statement, citation

FALLBACK = "plan_b"
"""The plan that is open to any industry: for a profile that no list names."""


class NextStep(Strict):
    """One administrative step; after `until` it is shown as passed, with what to check then."""

    who: Text
    text: Statement
    until: date | None = None
    check: Text | None = None

    @model_validator(mode="after")
    def _dated_with_a_check(self) -> Self:
        if (self.until is None) != (self.check is None):
            raise InvalidError("a step with a date says what to check after it, and no other step does")
        return self

    def passed(self, today: date) -> bool:
        """Whether its date lies before `today`."""
        return self.until is not None and self.until < today


class StepList(Strict):
    """The steps towards one plan paper, in order."""

    title: Text
    profiles: tuple[str, ...]
    steps: Annotated[tuple[NextStep, ...], Field(min_length=1)]


@dataclass(frozen=True)
class SaidStep:
    """A step in sentences: what to do, who acts with the label of each source, and what to check when its date has passed."""

    text: str
    note: str
    passed: str | None


@dataclass(frozen=True)
class SaidList:
    """The steps towards one plan paper in sentences."""

    title: str
    steps: tuple[SaidStep, ...]


def next_steps(profile: str) -> tuple[StepList, ...]:
    """Lists of steps for a profile, one per plan paper; plan B, open to any industry, for a profile that no list names."""
    lists = step_lists()
    return tuple(found for found in lists.values() if profile in found.profiles) or (lists[FALLBACK],)


def said_steps(profile: str, language: Language, today: date | None = None) -> tuple[SaidList, ...]:
    """The same in sentences, as of `today` (by default, today in Japan)."""
    day = today or today_in_japan()
    return tuple(
        SaidList(found.title[language], tuple(_said(step, language, day) for step in found.steps))
        for found in next_steps(profile)
    )


def today_in_japan() -> date:
    """The date in Japan now."""
    return datetime.now(ZoneInfo("Asia/Tokyo")).date()


@cache
def step_lists() -> dict[str, StepList]:
    """Every list by its id."""
    table = tomllib.loads((files(__package__) / "nextsteps.toml").read_text("utf-8"))
    return {id_: StepList.model_validate(stanza) for id_, stanza in table.items()}


def _said(step: NextStep, language: Language, today: date) -> SaidStep:
    t = translator(language)
    note = t("Who acts: {who} · {sources}", who=step.who[language], sources=citation(step.text.sources)[language])
    passed = None
    if step.check is not None and step.passed(today):
        passed = t("Passed ({date}). {check}", date=step.until, check=step.check[language])
    return SaidStep(step.text[language], note, passed)
