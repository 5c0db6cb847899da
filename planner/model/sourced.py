"""Numbers with their basis, and the branches of the tree."""

from typing import Literal, Self

from pydantic import Field, model_validator

from geodata.base import Strict, Text
from geodata.errors import InvalidError

Branch = Literal["grid", "power", "land", "skills", "access", "cluster", "hazard", "dispersion"]


BRANCHES: dict[Branch, Text] = {
    "grid": Text(ja="系統", en="Grid"),
    "power": Text(ja="脱炭素電源", en="Decarbonised power"),
    "land": Text(ja="土地", en="Land"),
    "skills": Text(ja="人材", en="Skills"),
    "access": Text(ja="交通・通信", en="Access"),
    "cluster": Text(ja="産業集積", en="Cluster"),
    "hazard": Text(ja="災害・地形", en="Hazard"),
    "dispersion": Text(ja="分散", en="Dispersion"),
}


SET_BY_USER = "Set by the user of this scenario."
"""Source of a number that a user changed without giving one; the catalogue of sentences has its Japanese form."""


class Sourced(Strict):
    """A number a ministry published, others report or real choices give, with its source, or an assumption, called one."""

    basis: Literal["published", "reported", "calibrated", "assumption"] = Field(
        description="published: read in a ministry's text; reported: known only from the press or from a text that quotes the ministry; calibrated: fitted on real siting choices"
    )
    source: str | None = Field(
        None, description="Where a published or reported number stands; why an assumption was made"
    )

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if self.basis != "assumption" and not self.source:
            raise InvalidError("a published, reported or calibrated number needs its source")
        return self
