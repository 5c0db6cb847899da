"""Hard thresholds one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..decision.screening import screen
from ..model.result import Result
from ..model.tables import FAIL, UNKNOWN, Limit, Measurements, outcome_of


@dataclass(frozen=True)
class Funnel:
    """`steps`: per threshold, what is left, unknown and out, in the order given; `outcome`: pass, fail, unknown per site."""

    steps: pd.DataFrame
    outcome: pd.Series


def funnel(result: Result, limits: Mapping[str, tuple[str, float]]) -> Funnel:
    """
    Hard thresholds one after the other; `limits` maps a criterion to ("at_least" | "at_most", number in its unit).

    A site leaves only when it certainly fails; what is unknown stays and is counted. Gates of the scenario come first.
    """
    table = result.table
    gates = {id_: Limit.model_validate({"criterion": id_, side: number}) for id_, (side, number) in limits.items()}
    parts = {
        side: table[[f"{side}_{id_}" for id_ in limits]].set_axis(list(limits), axis=1) for side in ("low", "high")
    }
    parts["high"] = parts["high"].where(parts["high"].notna() | parts["low"].isna(), np.inf)
    values = table[[f"value_{id_}" for id_ in limits]].set_axis(list(limits), axis=1)
    outcome = screen(Measurements(table, values, parts["low"], parts["high"], {}, ()), gates).outcome
    left = table["failed_gates"].fillna("").eq("").to_numpy()
    unsure = np.zeros(len(table), dtype=bool)
    steps = [{"criterion": "", "left": int(left.sum()), "unknown": 0, "out": int((~left).sum())}]
    for id_ in limits:
        out = left & outcome[id_].eq(FAIL).to_numpy()
        left = left & ~out
        unsure = unsure | outcome[id_].eq(UNKNOWN).to_numpy()
        steps.append(
            {"criterion": id_, "left": int(left.sum()), "unknown": int((left & unsure).sum()), "out": int(out.sum())}
        )
    return Funnel(pd.DataFrame(steps), pd.Series(outcome_of(left & ~unsure, ~left), index=table.index, name="outcome"))
