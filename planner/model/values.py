"""Value functions: natural units to [0, 1] on fixed anchors, never on the sample."""

from abc import ABC, abstractmethod
from itertools import pairwise
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from geodata.base import FloatArray
from geodata.errors import InvalidError


class Function(BaseModel, ABC):
    """A broken line through knots, flat beyond its ends."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @abstractmethod
    def knots(self) -> tuple[FloatArray, FloatArray]:
        """Natural units (ascending) and values of the broken line; flat beyond its ends."""

    def __call__(self, x: FloatArray) -> FloatArray:
        """Value in [0, 1] of each x; NaN stays NaN."""
        at, value = self.knots()
        return np.interp(x, at, value)

    def interval(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Smallest and largest value over [low, high], element by element."""
        at, value = self.knots()
        ends = self(low), self(high)
        least, most = np.minimum(*ends), np.maximum(*ends)
        for x, v in zip(at, value, strict=True):
            inside = (low < x) & (x < high)
            least = np.where(inside, np.minimum(least, v), least)
            most = np.where(inside, np.maximum(most, v), most)
        return least, most


class Linear(Function):
    """Straight line between two anchors; `worst` may be larger than `best`."""

    kind: Literal["linear"] = "linear"
    worst: float = Field(description="Scored 0, in the criterion's unit")
    best: float = Field(description="Scored 1, in the criterion's unit")

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.worst == self.best:
            raise InvalidError("worst and best must differ")
        return self

    def knots(self) -> tuple[FloatArray, FloatArray]:
        """The two anchors."""
        points = sorted([(self.worst, 0.0), (self.best, 1.0)])
        return np.array([p[0] for p in points]), np.array([p[1] for p in points])


class Piecewise(Function):
    """Broken line through (x, value) points; x ascending, values in [0, 1]."""

    kind: Literal["piecewise"] = "piecewise"
    points: Annotated[tuple[tuple[float, Annotated[float, Field(ge=0, le=1)]], ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        x = [p[0] for p in self.points]
        if any(a >= b for a, b in pairwise(x)):
            raise InvalidError("x of the points must ascend")
        return self

    def knots(self) -> tuple[FloatArray, FloatArray]:
        """The points."""
        return np.array([p[0] for p in self.points]), np.array([p[1] for p in self.points])


ValueFunction = Annotated[Linear | Piecewise, Field(discriminator="kind")]
