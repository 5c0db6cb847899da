"""Numbers of a model that no layer gives: each with its range, its basis and its source, and each to be set otherwise."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import model_validator

from geodata.base import Text
from geodata.errors import InvalidError

from .sourced import SET_BY_USER, Sourced

Range = tuple[float, float, float]
"""Low, middle and high."""


def three(values: Iterable[float]) -> Range:
    """Low, middle and high as plain numbers."""
    low, middle, high = (float(value) for value in values)
    return low, middle, high


class Assumption(Sourced):
    """One number with its range: low <= middle <= high."""

    id: str
    title: Text
    values: Range
    unit: str

    @model_validator(mode="after")
    def _ordered(self) -> "Assumption":
        low, middle, high = self.values
        if not low <= middle <= high:
            raise InvalidError("{id}: expected low <= middle <= high", id=self.id)
        return self


@dataclass(frozen=True)
class Assumptions:
    """All of them by id; `assumed["detour"]` is the range."""

    table: Mapping[str, Assumption]

    def __getitem__(self, id_: str) -> Range:
        return self.table[id_].values


@cache
def written_in(package: str) -> tuple[str, dict[str, Assumption]]:
    """Their date, and the assumptions as a package of the product has them in assumptions.toml, by id."""
    table = tomllib.loads((files(package) / "assumptions.toml").read_text("utf-8"))
    rows = [Assumption.model_validate(row) for row in table["assumption"]]
    return table["as_of"], {row.id: row for row in rows}


@cache
def tables_digest(package: str) -> str:
    """Hash of the tables (TOML and CSV) of a model, so that what was measured with others is measured again."""
    held = sorted(path.name for path in files(package).iterdir() if path.name.endswith((".toml", ".csv")))
    return hashlib.sha256(b"".join((files(package) / name).read_bytes() for name in held)).hexdigest()


def with_own(known: Mapping[str, Assumption], over: Mapping[str, Range] | None) -> dict[str, Assumption]:
    """Assumptions with what a user set; InvalidError for an id that is not one, or a range out of order."""
    unknown = [id_ for id_ in over or {} if id_ not in known]
    if unknown:
        raise InvalidError("assumption {id!r}: expected one of {known}", id=unknown[0], known=", ".join(known))
    own = {
        id_: Assumption.model_validate(
            {**known[id_].model_dump(), "values": values, "basis": "assumption", "source": SET_BY_USER}
        )
        for id_, values in (over or {}).items()
    }
    return {**known, **own}
