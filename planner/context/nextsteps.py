"""What a prefecture does next for each zone type: facts with their source and how they were read."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from geodata.base import Strict, Text


class NextStep(Strict):
    """One administrative step."""

    order: int
    who: str
    text: Text
    source: str
    as_of: str
    status: Literal["read", "second-hand", "assumed"]


def next_steps(profile: str) -> tuple[NextStep, ...]:
    """Steps for a profile, in order; those of a strategic cluster for an industry."""
    zones = _steps()
    return zones.get(profile.partition("-")[0], zones["field"])


@cache
def _steps() -> dict[str, tuple[NextStep, ...]]:
    text = (files(__package__) / "nextsteps.toml").read_text("utf-8")
    return {zone: tuple(NextStep.model_validate(step) for step in steps) for zone, steps in tomllib.loads(text).items()}
