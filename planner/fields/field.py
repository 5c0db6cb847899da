"""The 17 strategic fields (and casting and forging): names, tags, and what the ministry's papers say of market, winning path and benefit."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field as Described

from geodata.base import Strict, Text

from ..errors import PlannerError
from ..model.sources import Statement

SAID = ("market", "winning", "benefit", "offtake", "recycling")
"""What the papers may say of a field."""


class Field(Strict):
    """One field: `number` is 1 to 17, 0 for casting and forging, which is not among them."""

    id: str
    number: Annotated[int, Described(ge=0, le=17)]
    title: Text
    sectors: Annotated[tuple[str, ...], Described(description="Two-digit groups of the JSIC, the nearest first")]
    divisions: Annotated[
        tuple[str, ...], Described(min_length=1, description="Divisions of the JSIC, the main one first")
    ]
    choices: tuple[str, ...] = Described((), description="Kinds of real sites that belong to it")
    goods: tuple[str, ...] = Described((), description="Critical goods (特定重要物資) that belong to it")
    technologies: tuple[int, ...] = Described((), description="Numbers of the 24 technologies under dialogue")
    market: tuple[Statement, ...] = ()
    winning: tuple[Statement, ...] = ()
    benefit: tuple[Statement, ...] = ()
    offtake: tuple[Statement, ...] = ()
    recycling: tuple[Statement, ...] = ()

    @property
    def profile(self) -> str:
        """Id of its profile."""
        return f"field-{self.id}"

    def names(self) -> set[str]:
        """What it is called by a user: id, profile, titles with and without what stands in brackets, and its number where that is one field's."""
        titles = [_plain(title) for title in (self.title.ja, self.title.en)]
        inner = [part for title in titles for part in re.findall(r"\(([^)]*)\)", title)]
        short = [title.split("(")[0].strip() for title in titles]
        alone = {str(self.number)} if self.number > 1 else set()
        return {self.id, self.profile, *titles, *inner, *(short if self.number != 1 else ()), *alone}


@cache
def fields() -> dict[str, Field]:
    """Every field by its id, in the order of the ministry's list."""
    table = tomllib.loads((files(__package__) / "fields.toml").read_text("utf-8"))
    return {id_: Field.model_validate({"id": id_, **stanza}) for id_, stanza in table.items()}


def field_of(named: str) -> Field:
    """A field by its id, profile, number (2 to 17) or name in either language; PlannerError lists them."""
    text = _plain(named)
    found = next((field for field in fields().values() if text in field.names()), None)
    if found is None:
        raise PlannerError("field {named!r}: expected one of {known}.", named=named, known=", ".join(fields()))
    return found


def field_of_profile(profile_id: str) -> Field | None:
    """The field that a profile is of; None for a zone type."""
    return fields().get(profile_id.removeprefix("field-")) if profile_id.startswith("field-") else None


@cache
def technologies() -> tuple[tuple[Text, str], ...]:
    """The 24 technologies of the dialogue on technology management, by number less one, each with its standing."""
    table = tomllib.loads((files(__package__) / "technologies.toml").read_text("utf-8"))
    return tuple((Text.model_validate(row["title"]), str(row["standing"])) for row in table["technology"])


class Readiness(Strict):
    """One thing that a hub of manufacturing AI or a network of smaller firms asks of an area."""

    title: Text
    asks: Statement
    evidence: str = Described("", description="What of the layers tells of it; empty: the planner has to ask")


@cache
def readiness() -> dict[str, Readiness]:
    """The checklist of readiness for manufacturing AI, in its order."""
    table = tomllib.loads((files(__package__) / "readiness.toml").read_text("utf-8"))
    return {id_: Readiness.model_validate(stanza) for id_, stanza in table.items()}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
