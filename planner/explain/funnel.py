"""Hard thresholds one after the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..decision.screening import screen
from ..model.result import Result
from ..model.tables import FAIL, UNKNOWN, Limit, Measurements, outcome_of

_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Funnel:
    """
    `steps`: per criterion with limits, in the order given, how many of those left surely pass all so far, are unknown, or went out.

    `outcome`: pass, fail or unknown per site, over all limits.
    """

    steps: pd.DataFrame
    outcome: pd.Series


def funnel(result: Result, limits: Mapping[str, tuple[float | None, float | None]]) -> Funnel:
    """
    Hard thresholds one after the other; `limits` maps a criterion to its least and its most, in its unit (None = no limit).

    A site leaves only when it certainly fails; what is unknown stays and is counted. Gates of the scenario come first.
    """
    table = result.table
    gates = {
        f"{side}:{id_}": Limit.model_validate({"criterion": id_, side: number})
        for id_, ends in limits.items()
        for side, number in zip(("at_least", "at_most"), ends, strict=True)
        if number is not None
    }
    parts = {
        side: table[[f"{side}_{id_}" for id_ in limits]].set_axis(list(limits), axis=1) for side in ("low", "high")
    }
    parts["high"] = parts["high"].where(parts["high"].notna() | parts["low"].isna(), np.inf)
    values = table[[f"value_{id_}" for id_ in limits]].set_axis(list(limits), axis=1)
    outcome = screen(Measurements(table, values, parts["low"], parts["high"], {}, ()), gates).outcome
    failed, open_ = (_any_of(outcome, limits, word) for word in (FAIL, UNKNOWN))
    left = table["failed_gates"].fillna("").eq("").to_numpy()
    unsure = np.zeros(len(table), dtype=bool)
    steps = [_step("", left, unsure, ~left)]
    for id_ in limits:
        out = left & failed[id_]
        left = left & ~out
        unsure = unsure | open_[id_]
        steps.append(_step(id_, left, unsure, out))
    return Funnel(pd.DataFrame(steps), pd.Series(outcome_of(left & ~unsure, ~left), index=table.index, name="outcome"))


def _any_of(outcome: pd.DataFrame, limits: Iterable[str], word: str) -> dict[str, _Mask]:
    """Per criterion, whether some limit on it comes out so."""
    return {id_: (outcome.filter(regex=f":{id_}$") == word).any(axis=1).to_numpy() for id_ in limits}


def _step(criterion: str, left: _Mask, unsure: _Mask, out: _Mask) -> dict[str, str | int]:
    return {
        "criterion": criterion,
        "left": int(left.sum()),
        "proven": int((left & ~unsure).sum()),
        "unknown": int((left & unsure).sum()),
        "out": int(out.sum()),
    }
