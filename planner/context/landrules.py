"""Rules on industrial land, each with its stage on the way to law and the date of that stage."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from geodata.base import Strict, Text
from geodata.errors import InvalidError

from ..i18n import Language
from ..model.sources import Statement, citation

Stage = Literal["bill", "passed", "in_force"]

STAGES: dict[Stage, Text] = {
    "bill": Text(ja="法案（閣議決定、成立は未確認）", en="bill (cabinet decision; not confirmed as passed)"),
    "passed": Text(ja="成立", en="passed"),
    "in_force": Text(ja="施行済み", en="in force"),
}


class LandRule(Strict):
    """One rule: what it says, and how far it has come since when."""

    text: Statement
    stage: Stage
    since: Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    law: Text | None = Field(None, description="Name and number of the law; a bill has none")

    @model_validator(mode="after")
    def _a_law_has_a_name(self) -> Self:
        if (self.stage == "bill") != (self.law is None):
            raise InvalidError("a rule names its law once that has passed, and a bill has none")
        return self

    def said(self, language: Language) -> tuple[str, str]:
        """The rule; its stage, date, law and source."""
        stage = " ".join(
            part for part in (STAGES[self.stage][language], self.since, self.law and self.law[language]) if part
        )
        return self.text[language], f"{stage} · {citation(self.text.sources)[language]}"


@cache
def land_rules() -> dict[str, LandRule]:
    """Every rule by its id."""
    table = tomllib.loads((files(__package__) / "landrules.toml").read_text("utf-8"))
    return {id_: LandRule.model_validate(stanza) for id_, stanza in table.items()}
