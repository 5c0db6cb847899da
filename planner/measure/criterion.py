"""A criterion: what is measured, on which layers, in which unit, and how a value becomes points. Each measure is a class of its own."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from geodata import Layer
from geodata.base import FloatArray, Strict, Text
from geodata.errors import InvalidError

from ..i18n import LANGUAGES, translator
from ..model.sourced import Branch
from ..model.tables import Bounded
from ..model.values import ValueFunction
from .candidates import CandidateSet

_ACCURACY = "accuracy_m"

_SHOWN = frozenset({"id", "branch", "title", "unit", "direction", "value", "why", "caveat"})
"""Fields that decide how a value is shown and scored, not what it is."""

REVISION = "5"
"""Raised when a measure gives other numbers for the same inputs, so that cached columns are measured again."""


class Where(Strict):
    """Which features of a layer count: one test of one field. What has no value does not pass."""

    field: str
    at_least: float | None = None
    below: float | None = None
    equals: bool | str | None = None
    one_of: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        if sum(test is not None for test in (self.at_least, self.below, self.equals, self.one_of)) != 1:
            raise InvalidError("a filter needs exactly one of at_least, below, equals and one_of")
        return self

    @property
    def is_numeric(self) -> bool:
        """Whether the field must hold numbers."""
        return self.at_least is not None or self.below is not None

    def passes(self, frame: pd.DataFrame) -> pd.Series:
        """True for each row that passes."""
        column = frame[self.field]
        if self.at_least is not None:
            passed = column >= self.at_least
        elif self.below is not None:
            passed = column < self.below
        else:
            passed = column.eq(self.equals) if self.equals is not None else column.isin(self.one_of or ())
        return passed.fillna(value=False).astype(bool)


def rows_that_pass(frame: pd.DataFrame, where: Iterable[Where]) -> pd.DataFrame:
    """Rows that pass every test."""
    keep = pd.Series(data=True, index=frame.index)
    for test in where:
        keep &= test.passes(frame)
    return frame[keep]


def rows_that_may_pass(frame: pd.DataFrame, where: Sequence[Where]) -> pd.DataFrame:
    """Rows that fail no test and of which some tested field is not known."""
    keep, unknown = pd.Series(data=True, index=frame.index), pd.Series(data=False, index=frame.index)
    for test in where:
        missing = frame[test.field].isna()
        keep &= test.passes(frame) | missing
        unknown |= missing
    return frame[keep & unknown]


class Place(Strict):
    """A named fixed point in degrees (JGD2011)."""

    name: Text
    lon: float
    lat: float


@dataclass(frozen=True)
class Sources:
    """The layers that a criterion measures, as far as they are there, and those that help it: roads, supply areas."""

    layers: tuple[Layer, ...]
    helpers: Mapping[str, Layer]

    @property
    def partial(self) -> bool:
        """Whether something may be missing from what is measured."""
        return any(layer.passport.inventory == "partial" for layer in self.layers)


@dataclass(frozen=True)
class Offer:
    """
    How the app offers a measure for a layer of the user's own.

    `shapes` it is offered for, or `keys` of which a table without shapes needs one; whether a `column` is chosen; the `unit` it
    always has ("" = the column's); the anchors to start from, in that unit.
    """

    id: str
    label: str
    shapes: tuple[str, ...] = ("point", "line", "polygon")
    keys: tuple[str, ...] = ()
    column: bool = False
    unit: str = ""
    worst: float = 0.0
    best: float = 10.0


class Criterion(Strict, ABC):
    """One column of the measurements. `title`, `why` and `caveat` may hold {reach} and {least}, filled by `said`."""

    label: ClassVar[str]
    """What the measure is called where a user chooses one."""

    one_layer: ClassVar[bool] = False
    """Whether it measures one layer alone: not several as one, and not none."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    branch: Branch
    title: Text
    unit: str
    measure: str
    layers: tuple[str, ...] = Field((), description="Layers measured; several act as one")
    where: tuple[Where, ...] = ()
    direction: Literal["more", "less"] = Field(description="Which way is better")
    value: ValueFunction = Field(description="Default anchors, in the unit: an assumption unless a profile says more")
    why: Text
    caveat: Text = Field(description="What the number does not say")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, stanza: Any) -> Any:
        """A field of another measure that says nothing (null, in files of older versions) is no mistake."""
        if not isinstance(stanza, Mapping):
            return stanza
        return {k: v for k, v in stanza.items() if k in cls.model_fields or v not in (None, [], ())}

    @model_validator(mode="after")
    def _of_one_layer(self) -> Self:
        if self.one_layer and len(self.layers) != 1:
            raise InvalidError("{id}: {measure} needs one layer", id=self.id, measure=self.measure)
        return self

    @model_validator(mode="after")
    def _anchored(self) -> Self:
        at, value = self.value.knots()
        steps = value[1:] - value[:-1]
        if len(at) and ((steps < 0).any() if self.direction == "more" else (steps > 0).any()):
            raise InvalidError(
                "{id}: the anchors contradict direction = {direction!r}", id=self.id, direction=self.direction
            )
        return self

    @abstractmethod
    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Value and bounds at each candidate."""

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """What the app offers for a layer of the user's own, as far as it can ask for every field that must be stated."""
        field = cls.model_fields.get("column")
        return (
            Offer(cls.model_fields["measure"].default, cls.label, column=field is not None and field.is_required()),
        )

    @classmethod
    def measured_together(
        cls, group: Sequence["Criterion"], candidates: CandidateSet, sources: Sources
    ) -> list[Bounded]:
        """Values of criteria of one `pass_key`."""
        return [criterion.measured(candidates, sources) for criterion in group]

    def pass_key(self) -> str:
        """Criteria of one key can be measured in one pass over the layers."""
        return self.id

    def key_of(self, *fields: str) -> str:
        """One key for all that measure the same rows of the same layers, with the same values of some more fields."""
        same = {"measure", "layers", "where", *fields}
        return json.dumps(self.model_dump(mode="json", include=same), sort_keys=True)

    def helper_layers(self) -> tuple[str, ...]:
        """Layers that decide the value without being measured."""
        return ()

    def optional_layers(self) -> tuple[str, ...]:
        """Helping layers without which the value is an estimate."""
        return ()

    def assumed_as_of(self) -> str | None:
        """Date of the assumptions that a value rests on besides its layers; None where it rests on layers alone."""
        return None

    def tables(self) -> str:
        """Hash of the tables of a model that decide the value besides its layers; "" where none do."""
        return ""

    def rests_on(self) -> tuple[str, ...]:
        """Ids of every layer that decides the value."""
        return (*self.layers, *self.helper_layers(), *self.optional_layers())

    def columns(self) -> tuple[str, ...]:
        """Fields that a layer must have; those of `numbers` besides."""
        return tuple(test.field for test in self.where)

    def numbers(self) -> tuple[str, ...]:
        """Fields that must hold numbers."""
        return tuple(test.field for test in self.where if test.is_numeric)

    def reach(self) -> Text:
        """How far it looks, with its unit; a dash where it has no reach."""
        return quantity_text(np.nan, "")

    def said(self) -> Self:
        """The criterion with its own numbers in its texts."""
        least = next((f"{test.at_least:g}" for test in self.where if test.at_least is not None), "")
        texts = {name: getattr(self, name) for name in ("title", "why", "caveat")}
        return self.model_copy(
            update={name: text.filled(reach=self.reach(), least=least) for name, text in texts.items()}
        )

    def measured_as(self) -> dict[str, Any]:
        """The fields that decide the values, as plain data."""
        return self.model_dump(mode="json", exclude=set(_SHOWN))

    def cache_key(self, candidates: str, versions: Mapping[str, str]) -> str:
        """Hash of everything that the column depends on."""
        what = [
            candidates,
            self.measured_as(),
            [versions.get(id_) for id_ in self.rests_on()],
            REVISION,
            self.tables(),
        ]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()

    def features(self, layer: Layer) -> gpd.GeoDataFrame:
        """Rows of a layer that pass every filter."""
        return gpd.GeoDataFrame(rows_that_pass(layer.frame, self.where))

    def doubtful(self, layer: Layer) -> gpd.GeoDataFrame:
        """Rows of a layer that may pass every filter, for all that is known of them."""
        return gpd.GeoDataFrame(rows_that_may_pass(layer.frame, self.where))


def quantity_text(number: float, unit: str) -> Text:
    """A number with its unit in both languages; a dash for NaN."""
    ja, en = (f"{number:g} {translator(language)(unit)}" if np.isfinite(number) else "–" for language in LANGUAGES)
    return Text(ja=ja, en=en)


def site_off_m(candidates: CandidateSet) -> FloatArray:
    """How far each site may truly lie from its place, metres; an accuracy that is not stated counts as exact."""
    return np.asarray(candidates.table["accuracy_m"].fillna(0), dtype=float)


def feature_off_m(features: pd.DataFrame, layer: Layer) -> FloatArray:
    """How far each feature may truly lie from its place, metres: its own accuracy, else that of its layer."""
    if _ACCURACY not in features:
        return np.full(len(features), layer.passport.accuracy_m)
    own = pd.to_numeric(features[_ACCURACY], errors="coerce")
    return own.fillna(layer.passport.accuracy_m).clip(lower=0).to_numpy(float)
