"""Two rankings side by side: who moved, by how much, and what moved them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import PlannerError
from ..model.result import Result
from ..model.tables import RANKED

UNCHANGED, WEIGHT, VALUE, GATE, COVERAGE, OTHERS = "unchanged", "weight", "value", "gate", "coverage", "others"
_SHOWN_POINTS = 0.05
"""Points below which a change is shown as 0.0, so that it is no reason for anything."""


@dataclass(frozen=True)
class Comparison:
    """
    What changed.

    `table`, one row per site of both results, by new rank: name, status_a, status_b, rank_a, rank_b, move (positive =
    up), score_a, score_b, change, reason (unchanged, weight, value, gate, coverage, others), criterion, points (how much that
    criterion moved the site against the median site), and `change_<criterion>`. `only_a`, `only_b`: sites of one alone.
    """

    table: pd.DataFrame
    only_a: list[str]
    only_b: list[str]


def compare_results(a: Result, b: Result) -> Comparison:
    """
    Two results by site_id: who moved, by how much, and what moved them.

    Parameters
    ----------
    a
        The earlier result.
    b
        The later one; its ranks give the order.

    Returns
    -------
    found
        One row per site of both, and the sites of one alone.

    Raises
    ------
    PlannerError
        If the results share no site.
    """
    both = b.table.index[b.table.index.isin(a.table.index)]
    if both.empty:
        raise PlannerError("compare: the two results share no site. Rank the same candidates in both.")
    old, new = a.table.loc[both], b.table.loc[both]
    change = _changes(old, new, list(dict.fromkeys([*a.criteria, *b.criteria])))
    table = pd.DataFrame(
        {
            "name": new["name"],
            "status_a": old["status"],
            "status_b": new["status"],
            "rank_a": old["rank"],
            "rank_b": new["rank"],
            "move": old["rank"].astype("Float64") - new["rank"].astype("Float64"),
            "score_a": old["score"],
            "score_b": new["score"],
            "change": new["score"] - old["score"],
            **_reasons(a, b, old, new, change),
        },
        index=both,
    )
    table["move"] = table["move"].astype("Int64")
    lost, gained = a.table.index.difference(both, sort=False), b.table.index.difference(both, sort=False)
    return Comparison(pd.concat([table, change.add_prefix("change_")], axis=1), [*map(str, lost)], [*map(str, gained)])


def _changes(old: pd.DataFrame, new: pd.DataFrame, criteria: list[str]) -> pd.DataFrame:
    """Points gained per criterion; a criterion that one result lacks, or an unknown, gives 0 there."""
    names = [f"contribution_{id_}" for id_ in criteria]
    before, after = (t.reindex(columns=names).astype(float).fillna(0.0) for t in (old, new))
    return (after - before).set_axis(criteria, axis=1)


def _reasons(
    a: Result, b: Result, old: pd.DataFrame, new: pd.DataFrame, change: pd.DataFrame
) -> dict[str, np.ndarray | pd.Series]:
    """
    The criterion that moved a site most against the median site, in the direction in which it went.

    Where none did so by a point that is shown, others moved past it.
    """
    relative = change - change[new["status"].eq(RANKED).to_numpy()].median().fillna(0.0)
    went = (old["rank"].astype("Float64") - new["rank"].astype("Float64")).fillna(0).to_numpy(float)
    direction = np.sign(np.where(went == 0, relative.sum(axis=1).to_numpy(), went))
    pushed = relative.to_numpy() * np.where(direction == 0, 1.0, direction)[:, None]
    at = pushed.argmax(axis=1)
    criterion = change.columns.to_numpy()[at]
    points = relative.to_numpy()[np.arange(len(at)), at]
    moved = (np.abs(change.to_numpy()) > 1e-9).any(axis=1)  # noqa: PLR2004  (rounding)
    switched = (old["status"] != new["status"]).to_numpy()
    gates = (old["failed_gates"].fillna("") != new["failed_gates"].fillna("")).to_numpy()
    kind = np.where(_weight_or_anchors_changed(a, b, criterion), WEIGHT, VALUE)
    pushes = pushed[np.arange(len(at)), at] >= _SHOWN_POINTS
    reason = np.select([gates, switched, ~moved, ~pushes], [GATE, COVERAGE, UNCHANGED, OTHERS], kind)
    named = np.isin(reason, [WEIGHT, VALUE])
    return {
        "reason": reason,
        "criterion": np.where(named, criterion, ""),
        "points": np.where(named, points, np.nan),
    }


def _weight_or_anchors_changed(a: Result, b: Result, criterion: np.ndarray) -> np.ndarray:
    def terms(result: Result, id_: str) -> tuple[object, object]:
        whole = result.criteria.get(id_)
        return (round(whole.weight, 12), whole.value) if whole else (0.0, None)

    changed = {id_: terms(a, id_) != terms(b, id_) for id_ in set(criterion)}
    return np.array([changed[id_] for id_ in criterion], dtype=bool)
