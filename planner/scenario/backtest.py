"""The back-test that was fixed in advance: which choices judge which profile, by what measure, on which columns."""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files

from geodata.base import Strict

from ..model.sourced import Branch
from ..model.tables import Limit


class Judged(Strict):
    """
    How a profile is judged and calibrated.

    `fields` are those of the choices that it is fitted on; `stands_for` those that judge it where it has none of its own;
    `kept` the criteria that define it and keep the share that the profile assumes; `beyond` the limit past which a choice
    must lie to judge it.
    """

    fields: tuple[str, ...]
    kept: tuple[str, ...] = ()
    stands_for: tuple[str, ...] = ()
    beyond: Limit | None = None

    @property
    def judges(self) -> tuple[str, ...]:
        """Fields of the choices that judge it."""
        return self.fields or self.stands_for


class Columns(Strict):
    """Criteria that are fitted, and those that are not, by reason."""

    used: tuple[str, ...]
    left_out: dict[str, tuple[str, ...]]


class BackTest(Strict):
    """Question, sample, measure and bar; docs/decisions/013 says why each is so."""

    question: str
    reach_m: float
    places: int
    background: int
    seed: int
    prior_strength: float
    prior_floor: float
    pooled_pull: float
    field_pull: float
    least_share: float
    resamples: int
    measure: str
    bar: str
    prior: dict[Branch, float]
    criteria: Columns
    profiles: dict[str, Judged]


def _written() -> bytes:
    return (files(__package__) / "backtest.toml").read_bytes()


@cache
def backtest() -> BackTest:
    """The back-test as it is written."""
    return BackTest.model_validate(tomllib.loads(_written().decode("utf-8")))


def backtest_sha256() -> str:
    """Hash of the file, line ends apart."""
    return hashlib.sha256(_written().replace(b"\r\n", b"\n")).hexdigest()
