"""Two-level weights: a share per branch, divided among its criteria."""

from collections.abc import Mapping

from ..errors import PlannerError


def tree_weights(branches: Mapping[str, float], criteria: Mapping[str, tuple[str, float]]) -> dict[str, float]:
    """
    Weight of each criterion; they sum to 1 whatever the scale of the inputs.

    `branches` maps a branch to its weight, `criteria` a criterion to its branch and its weight inside it. The weight
    of a branch without any weighted criterion goes to the others.
    """
    inside: dict[str, float] = {}
    for branch, weight in criteria.values():
        inside[branch] = inside.get(branch, 0.0) + weight
    alive = {branch: branches.get(branch, 0.0) for branch, total in inside.items() if total > 0}
    whole = sum(alive.values())
    if whole <= 0:
        raise PlannerError("weights: expected at least one criterion with a weight above 0, found none. Raise one.")
    return {
        id_: alive[branch] / whole * weight / inside[branch] if inside[branch] > 0 else 0.0
        for id_, (branch, weight) in criteria.items()
    }
