"""What stands in the note beside stored rows: when they were had, what was done to them, their passport where it is their own."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from ..base import Text
from ..layer import LayerSpec, Step
from ..passport import Origin, Passport


def now() -> str:
    """Time to the second, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def note(retrieved_at: str | None, steps: Iterable[Step]) -> dict[str, Any]:
    """Time and steps as plain data."""
    return {
        "retrieved_at": retrieved_at,
        "steps": [{**asdict(step), "note": step.note.model_dump()} for step in steps],
    }


def steps_of(held: Mapping[str, Any]) -> tuple[Step, ...]:
    """Steps of a note; KeyError or TypeError for a damaged one."""
    return tuple(Step(step["action"], step["count"], Text(**step["note"])) for step in held["steps"])


def origin_of(spec: LayerSpec, held: Mapping[str, Any]) -> tuple[Passport, Origin]:
    """Passport of stored rows, and whether they were pulled or built from files of the user's own."""
    built = held.get("passport")
    passport = Passport.model_validate(built) if built else passport_of(spec)
    return passport, "imported" if spec.from_user or built else "pulled"


def passport_of(spec: LayerSpec) -> Passport:
    """The passport that the catalogue gives."""
    return Passport.model_validate(spec.model_dump(include=set(Passport.model_fields)))
