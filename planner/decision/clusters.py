"""Sites grouped into clusters under requirements; each site belongs to one cluster at most."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from geodata.base import FloatArray

from ..errors import PlannerError
from ..model.result import Result
from ..model.tables import EXCLUDED, FAIL, PASS, RANKED, UNKNOWN, Outcome
from .problem import Problem, problem_of
from .space import Neighbours

_Positions = npt.NDArray[np.int64]


class ClusterChoice(BaseModel):
    """How sites are grouped and what a cluster must bring."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["disc", "prefecture", "block"] = Field(
        "disc", description="round a candidate; within a prefecture; within a METI bureau's block of prefectures"
    )
    radius_km: Annotated[float, Field(gt=0, le=200)] = 10.0
    min_area_ha: Annotated[float, Field(ge=0)] = Field(30.0, description="Type 2 asks for 30 ha in a 10 km radius")
    min_members: Annotated[int, Field(ge=1)] = 1


_CAN_BE_HAD = ("site_available_now_ha", "site_available_ha")
GROUND = frozenset({"mesh", "municipalities"})
"""Candidates whose area is ground of any kind, not land that can be had."""


@dataclass(frozen=True)
class Clusters:
    """
    What was grouped.

    `table`, one row per cluster, best first: name, members, area_ha (sum of the known, each plot once), unknown_areas,
    requirement (pass, fail, unknown), score, rank, weakest_branch and its points, `best_<criterion>` (the best member).
    `members`: site_id -> cluster_id.
    """

    choice: ClusterChoice
    table: pd.DataFrame
    members: pd.Series


def group_sites(result: Result, choice: ClusterChoice, blocks: dict[str, str]) -> Clusters:
    """
    Group the sites that no gate excludes.

    The score of a cluster is the mean of its ranked members weighted by their known areas (equally when none is known):
    it says how good the land is, not how much of it there is. Ranked are the clusters that surely meet the requirements.

    Parameters
    ----------
    result
        Sites with status, score, area (ha) and position (degrees).
    choice
        How sites are grouped and what a cluster must bring.
    blocks
        Labour block of each prefecture code; used for the kind `block`.

    Returns
    -------
    found
        One row per cluster, best first, and the cluster of each site.

    Raises
    ------
    PlannerError
        If every site is excluded, or none is ranked.
    """
    taken = result.table[result.table["status"] != EXCLUDED].sort_values("score", ascending=False, kind="stable")
    if taken.empty:
        raise PlannerError("clusters: every site is excluded, so there is nothing to group. Loosen a gate.")
    area = _areas(taken, str(result.about.candidates.kind))
    groups = _discs(taken, area, choice) if choice.kind == "disc" else _by_code(taken, choice, blocks)
    ranked = problem_of(result)
    rows = {
        _cluster_id(taken, group, choice, blocks): (group, _row(taken, area, group, choice, ranked)) for group in groups
    }
    table = pd.DataFrame.from_dict({id_: row for id_, (_, row) in rows.items()}, orient="index")
    table.insert(
        1,
        "rank",
        table["score"]
        .where(table["requirement"].eq(PASS))
        .round(9)
        .rank(method="min", ascending=False)
        .astype("Int64"),
    )
    table = table.sort_values(["rank", "score"], ascending=[True, False], na_position="last", kind="stable")
    members = pd.Series({taken.index[p]: id_ for id_, (group, _) in rows.items() for p in group}, dtype="str")
    return Clusters(choice, table.rename_axis("cluster_id"), members.rename_axis("site_id").rename("cluster_id"))


def _areas(table: pd.DataFrame, kind: str) -> FloatArray:
    """What can be had where it is published, else the area of a drawn plot; of a cell or a town its whole ground. NaN = unknown."""
    own = next((c for c in _CAN_BE_HAD if c in table and kind not in GROUND), "area_ha")
    return np.asarray(table[own].to_numpy(dtype=float))


def _discs(table: pd.DataFrame, area: FloatArray, choice: ClusterChoice) -> list[_Positions]:
    """From the best site on, each free site draws its disc when enough free land lies in it; the rest comes after."""
    # Greedy, so good but not proven best. Rows come best first, so a position is a place in the ranking. The first pass
    # opens only discs that surely meet the requirement; a site that it leaves free then opens one of what is left, alone
    # if need be. `free` is (n,); `disc` holds the free positions within the radius, ascending.
    near = Neighbours(table["lon"].to_numpy(float), table["lat"].to_numpy(float), choice.radius_km * 1000)
    free = np.ones(len(table), dtype=bool)
    centres = table["status"].eq(RANKED).to_numpy()
    groups = []
    for enough_only in (True, False):
        for centre in np.flatnonzero(centres):
            if not free[centre]:
                continue
            disc = near.of(int(centre))
            disc = disc[free[disc]]
            if enough_only and _requirement(area[disc], choice) != PASS:
                continue
            free[disc] = False
            groups.append(np.concatenate([[centre], disc[disc != centre]]))
    return groups


def _by_code(table: pd.DataFrame, choice: ClusterChoice, blocks: dict[str, str]) -> list[_Positions]:
    code = table["pref_code"]
    keys = code if choice.kind == "prefecture" else code.map(blocks)
    return [np.sort(positions) for positions in table.groupby(keys.to_numpy(), sort=True).indices.values()]


def _cluster_id(table: pd.DataFrame, group: _Positions, choice: ClusterChoice, blocks: dict[str, str]) -> str:
    first = table.iloc[group[0]]
    if choice.kind == "disc":
        return str(table.index[group[0]])
    return str(first["pref_code"] if choice.kind == "prefecture" else blocks[first["pref_code"]])


def _row(
    table: pd.DataFrame, area: FloatArray, group: _Positions, choice: ClusterChoice, problem: Problem
) -> dict[str, object]:
    sites, known = table.iloc[group], area[group]
    ranked = np.flatnonzero(problem.sites.index.isin(sites.index))
    share = pd.Series(known, index=sites.index).reindex(problem.sites.index[ranked]).fillna(0.0).to_numpy()
    weights = share / share.sum() if share.sum() > 0 else np.full(len(ranked), 1 / max(len(ranked), 1))
    values = problem.least[ranked].T @ weights
    return {
        "name": sites["name"].iloc[0],
        "members": len(group),
        "ranked_members": len(ranked),
        "area_ha": float(np.nansum(known)),
        "unknown_areas": int(np.isnan(known).sum()),
        "requirement": _requirement(known, choice),
        "score": float(100 * values @ problem.weights) if len(ranked) else np.nan,
        **_weakest(problem, values, _anything_known(problem, ranked)),
        "pref_codes": ";".join(sorted(set(sites["pref_code"]))),
        "lon": float(sites["lon"].iloc[0]),
        "lat": float(sites["lat"].iloc[0]),
        **_best(problem, ranked),
    }


def _requirement(area: FloatArray, choice: ClusterChoice) -> Outcome:
    if len(area) >= choice.min_members and np.nansum(area) >= choice.min_area_ha:
        return PASS
    return UNKNOWN if len(area) >= choice.min_members and np.isnan(area).any() else FAIL


def _anything_known(problem: Problem, ranked: _Positions) -> npt.NDArray[np.bool_]:
    """Per criterion whether it is known of some member: what leaves every value possible says nothing."""
    vague = (problem.least[ranked] <= 0) & (problem.most[ranked] >= 1) & np.isnan(problem.proven[ranked])
    return np.asarray((~vague).any(axis=0))


def _weakest(problem: Problem, values: FloatArray, known: npt.NDArray[np.bool_]) -> dict[str, object]:
    """The branch that gives the smallest share of its possible points, among criteria of which something is known."""
    if not known.any():
        return {"weakest_branch": "", "weakest_share": np.nan}
    branch = np.array([c.branch for c in problem.criteria.values()])[known]
    points = pd.DataFrame({"got": (values * problem.weights)[known], "possible": problem.weights[known]})
    points = points.groupby(branch, sort=False).sum()
    share = points["got"] / points["possible"]
    return {"weakest_branch": str(share.idxmin()), "weakest_share": float(share.min())}


def _best(problem: Problem, ranked: _Positions) -> dict[str, float]:
    """Per criterion the proven value, in its unit, of the member that does best: for a sum within reach a lower bound."""
    best: dict[str, float] = {}
    for j, id_ in enumerate(problem.criteria):
        known = ranked[~np.isnan(problem.proven[ranked, j])]
        best[f"best_{id_}"] = (
            float(problem.proven[known[problem.least[known, j].argmax()], j]) if len(known) else np.nan
        )
    return best
