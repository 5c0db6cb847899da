"""Gates: a no with its reason and margin, never a low score. From a bound, only what is certain is said."""

from collections.abc import Mapping
from typing import Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from geodata.layer import Text

from .criteria import Sourced
from .model import FAIL, PASS, UNKNOWN, Measurements, Screening


class Gate(Sourced):
    """A threshold on one criterion; exactly one of `at_least` and `at_most`, in the criterion's unit."""

    title: Text
    criterion: str
    at_least: float | None = Field(None, description="Passes at this value or above")
    at_most: float | None = Field(None, description="Passes at this value or below")

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a gate needs exactly one of at_least and at_most")
        return self

    @property
    def limit(self) -> float:
        """The threshold, whichever side it is on."""
        return float(self.at_least if self.at_least is not None else self.at_most)  # type: ignore[arg-type]


def screen(measurements: Measurements, gates: Mapping[str, Gate]) -> Screening:
    """Outcome and margin of every gate at every site."""
    index = measurements.values.index
    outcomes, margins = {}, {}
    for id_, gate in gates.items():
        low, high = (frame[gate.criterion].to_numpy() for frame in (measurements.low, measurements.high))
        value = measurements.values[gate.criterion].to_numpy()
        if gate.at_least is not None:
            passed, failed = low >= gate.limit, high < gate.limit
            margins[id_] = value - gate.limit
        else:
            passed, failed = high <= gate.limit, low > gate.limit
            margins[id_] = gate.limit - value
        outcomes[id_] = np.where(passed, PASS, np.where(failed, FAIL, UNKNOWN))
    return Screening(
        outcome=pd.DataFrame(outcomes, index=index, dtype="str"), margin=pd.DataFrame(margins, index=index)
    )
