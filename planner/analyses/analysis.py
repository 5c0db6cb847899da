"""Analyses of a result, fresh or read back from a file: a table, the choices that made it, and one plain sentence each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.country import crs
from geodata.country.codes import prefectures

from ..decision import breakeven as _breakeven
from ..decision import clusters as _clusters
from ..decision import compare as _compare
from ..decision import influence as _influence
from ..decision import portfolio as _portfolio
from ..decision import robustness as _robustness
from ..decision.problem import Problem, problem_of
from ..decision.weights import tree_weights
from ..errors import PlannerError
from ..i18n import Language
from ..model.result import Result
from .statements import Speaker

_OUTLINE_M = 500.0
_TOLD = 10


@dataclass(frozen=True)
class Analysis:
    """A table indexed by `key`, what made it, and what it says."""

    kind: str
    key: str
    table: pd.DataFrame
    choice: dict[str, Any]
    sentences: tuple[str, ...]
    more: dict[str, Any] = field(default_factory=dict)
    shapes: gpd.GeoSeries | None = None

    def metadata(self) -> dict[str, Any]:
        """Everything but the table, as plain data."""
        return {"kind": self.kind, "choice": self.choice, "sentences": list(self.sentences), **self.more}


def robust(result: Result, choice: _robustness.RobustnessChoice, language: Language) -> Analysis:
    """Robustness of the ranking with dominance, balanced view, influence, double counting and stakeholder sets."""
    problem, say = problem_of(result), Speaker(result, language)
    found = _robustness.robustness(problem, choice)
    dominated = _influence.dominance(problem)
    even = _influence.balanced(problem)
    drives = _influence.influence(problem, found.top)
    table = found.table.join(dominated[["dominated_by", "certain"]]).join(even[["rank_balanced", "move"]])
    sets = _through_tree(problem, result.metadata["scenario"].get("stakeholders", {}))
    sentences = [
        *say.robust(found),
        *say.balanced(even, found.top),
        *say.dominance(dominated, found.top),
        *say.influence(drives),
    ]
    if sets:
        spread = _influence.stakeholder_ranks(problem, sets)
        table = table.join(spread.add_prefix("stakeholder_"))
        sentences += say.stakeholders(spread, found.top)
    more = {
        "half_difference": found.half_difference,
        "central_weights": _plain(found.central_weights.head(_TOLD)),
        "win_rate": _plain(found.win_rate.iloc[:_TOLD, :_TOLD]),
        "influence": _plain(drives.criteria),
        "correlated": drives.pairs.to_dict("records"),
        "unit_per_point": _plain(_breakeven.unit_per_point(problem).to_frame("unit_per_point")),
    }
    return Analysis("robust", "site_id", table, choice.model_dump(mode="json"), tuple(sentences), more)


def breakeven(result: Result, site_id: str, top: int, language: Language) -> Analysis:
    """The smallest single changes that move a site into or out of the top k."""
    found = _breakeven.breakeven(problem_of(result), site_id, top)
    units = {id_: result.metadata["criteria"][id_]["unit"] for id_ in found.table.index}
    table = found.table.assign(unit=pd.Series(units)).rename_axis("criterion")
    place = shapely.Point(result.table.loc[site_id, ["lon", "lat"]])
    shapes = gpd.GeoSeries([place] * len(table), index=table.index, crs=crs.EXPORT)
    name = str(result.table.loc[site_id, "name"])
    sentences = Speaker(result, language).breakeven(found, name)
    facts = {"rank": found.rank, "inside": found.inside, "rival": found.rival, "gap": found.gap}
    return Analysis("breakeven", "criterion", table, {"site": site_id, "top": top}, tuple(sentences), facts, shapes)


def clusters(result: Result, choice: _clusters.ClusterChoice, language: Language) -> Analysis:
    """Sites grouped under requirements, with an outline round the members of each cluster."""
    found = _clusters.clusters(result, choice, blocks())
    table = found.table.assign(name=_cluster_names(found, language))
    sentences = Speaker(result, language).clusters(found, table)
    members = found.members.groupby(found.members).groups
    more = {"members": {id_: list(members[id_]) for id_ in table.index}}
    table = table.assign(member_ids=[";".join(more["members"][id_]) for id_ in table.index])
    shapes = _outlines(found.members, result.table)
    return Analysis("clusters", "cluster_id", table, choice.model_dump(mode="json"), tuple(sentences), more, shapes)


def portfolio(
    result: Result, choice: _portfolio.PortfolioChoice, language: Language, cost: pd.Series | None = None
) -> Analysis:
    """Sites chosen together; blocks are METI's labour blocks."""
    problem = problem_of(result)
    scores = pd.Series(problem.scores, index=problem.sites.index)
    block = problem.sites["pref_code"].map(blocks()).fillna("")
    found = _portfolio.portfolio(problem.sites, scores, choice, block=block, cost=cost)
    chosen = problem.sites.loc[found.sites, ["name", "pref_code", "muni_code", "rank", "score", "lon", "lat"]]
    more = {
        "total": found.total,
        "gap": found.gap,
        "considered": found.considered,
        "without_cost": found.without_cost,
        "conflicts": found.conflicts,
        "runners_up": [{"sites": names, "total": total} for names, total in found.runners_up],
    }
    sentences = Speaker(result, language).portfolio(found)
    return Analysis(
        "portfolio",
        "site_id",
        chosen.assign(block=block[found.sites]),
        choice.model_dump(mode="json"),
        tuple(sentences),
        _finite(more),
    )


def compare(a: Result, b: Result, language: Language) -> Analysis:
    """Two results by site."""
    found = _compare.compare(a, b)
    hashes = {"a": a.metadata["scenario_sha256"], "b": b.metadata["scenario_sha256"]}
    more = {"only_a": found.only_a, "only_b": found.only_b}
    sentences = Speaker(b, language).comparison(found)
    return Analysis("compare", "site_id", found.table, hashes, tuple(sentences), more)


def blocks() -> dict[str, str]:
    """Labour block of each prefecture code."""
    return {str(code): str(block) for code, block in prefectures()["block_code"].items()}


def read_costs(table: pd.DataFrame, label: str) -> pd.Series:
    """Cost per site from a table with site_id and cost; PlannerError says what is wrong."""
    if not {"site_id", "cost"} <= set(table.columns):
        found = ", ".join(map(str, table.columns))
        raise PlannerError(
            "{label}: expected the columns site_id and cost, found {found}. Rename them.", label=label, found=found
        )
    cost = pd.to_numeric(table["cost"], errors="coerce")
    bad = table["cost"].notna() & (cost.isna() | (cost < 0))
    if bad.any():
        raise PlannerError(
            "{label}: row {value}: cost {table!r} is not a number of 0 or more.",
            label=label,
            value=bad.idxmax() + 2,
            table=table["cost"][bad.idxmax()],
        )
    return pd.Series(cost.to_numpy(), index=table["site_id"].astype("str")).groupby(level=0).first()


def stakeholder_ranks(result: Result, sets: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Rank of each ranked site under each named set of branch weights, with best, worst and spread."""
    problem = problem_of(result)
    return _influence.stakeholder_ranks(problem, _through_tree(problem, sets))


def _through_tree(problem: Problem, sets: Mapping[str, Mapping[str, float]]) -> dict[str, np.ndarray]:
    """Weights of each criterion under each set of branch weights."""
    inside = {id_: (c["branch"], c["weight"]) for id_, c in problem.criteria.items()}
    return {name: np.array(list(tree_weights(weights, inside).values())) for name, weights in sets.items()}


def _cluster_names(found: _clusters.Clusters, language: Language) -> list[str]:
    names = prefectures()["name" if language == "ja" else "name_en"]
    if found.choice.kind == "prefecture":
        return [names[id_] for id_ in found.table.index]
    if found.choice.kind == "block":
        titles = prefectures().set_index("block_code")["block" if language == "ja" else "block_en"]
        return [titles[~titles.index.duplicated()][id_] for id_ in found.table.index]
    return list(found.table["name"])


def _outlines(members: pd.Series, sites: pd.DataFrame) -> gpd.GeoSeries:
    """Convex hull of the members' centres with a margin: an outline for the map, not a boundary."""
    points = crs.points_in_work(sites.loc[members.index, "lon"], sites.loc[members.index, "lat"])
    grouped = gpd.GeoDataFrame({"cluster": members.to_numpy()}, geometry=points.array, crs=crs.WORK).dissolve("cluster")
    return grouped.geometry.convex_hull.buffer(_OUTLINE_M).to_crs(crs.EXPORT)


def _plain(frame: pd.DataFrame) -> dict[str, Any]:
    return {str(key): _finite(row) for key, row in frame.to_dict("index").items()}


def _finite(value: Any) -> Any:
    """Plain data without NaN or infinity, which JSON does not know."""
    if isinstance(value, dict):
        return {str(k): _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
