"""evaluate(): the one entry for command line, app and notebook."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from geodata import Layers
from geodata.base import FloatArray, IntArray
from geodata.imports.report import Report

from .decision import aggregate
from .decision.scales import two_ranks
from .decision.screening import screen
from .measure.candidates import CandidateSet, load_candidates
from .measure.criterion import Criterion
from .measure.own import OwnFeatures, overlaid, read_layers
from .measure.run import Progress, measure
from .measure.stress import changed, shifted
from .model.digits import POINTS, at_decimals, borne
from .model.result import NEAREST, NEAREST_ID, NEAREST_KV, WHY, About, Result, column
from .model.sourced import BRANCHES
from .model.tables import FAIL, RANKED, Bounded, Measurements, Ranking, ScoreTable, Screening, Why
from .scenario.bind import Plan, bind
from .scenario.national import tells_ground
from .scenario.scenario import Scenario

_SITE_PASSPORT = (
    "available_ha",
    "available_status",
    "as_of",
    "source_url",
    "position_method",
    "accuracy_m",
    "availability",
    "available_now_ha",
    "planned_ha",
)


_SPREAD = (0.05, 0.95)
_ESTIMATES = ("estimated", "assumed")


@dataclass(frozen=True)
class Evaluation:
    """A scenario with everything that follows from it; `reports` say what was found on reading the user's own files."""

    plan: Plan
    candidates: CandidateSet
    measurements: Measurements
    screening: Screening
    scores: ScoreTable
    ranking: Ranking
    reports: tuple[Report, ...] = ()

    def result(self) -> Result:
        """One row per site, best first, and what makes it reproducible; made once."""
        return self._result

    @cached_property
    def _result(self) -> Result:
        return Result(_table(self), About.model_validate(_metadata(self)))


def evaluate(
    scenario: Scenario, store: Layers, *, executor: Executor | None = None, progress: Progress | None = None
) -> Evaluation:
    """
    Measure, screen, score and rank the candidates of a scenario.

    Parameters
    ----------
    scenario
        What to compare and how.
    store
        Layers; a layer that is not there makes its criteria unknown.
    executor
        Where to measure: None runs here; a pool gets the sites cut by first-order mesh, with the same result.
    progress
        Called with a stage and the share done, 0 to 1.

    Returns
    -------
    evaluation
        n sites: measurements in natural units, outcome of each gate, points 0 to 100, rank; `result()` makes one table of it.

    Raises
    ------
    PlannerError
        If the scenario does not fit the catalogue or its candidates cannot be read.
    GeodataError
        If a stored layer cannot be read, or the candidates need one that has not been pulled.
    """
    tell = progress or (lambda _stage, _share: None)
    plan = bind(scenario)
    tell("candidates", 0.0)
    own = read_layers(scenario.layers, store)
    store = opened(scenario, store, own)
    candidates = load_candidates(scenario.candidates, store)
    measurements = measure(candidates, list(plan.criteria.values()), store, executor=executor, progress=tell)
    measurements = shifted(measurements, scenario.changes)
    tell("decide", 0.95)
    evaluation = decide(plan, candidates, measurements)
    tell("decide", 1.0)
    first = () if candidates.report is None else (candidates.report,)
    return replace(evaluation, reports=(*first, *(features.report for features in own.values())))


def opened(scenario: Scenario, store: Layers, own: Mapping[str, OwnFeatures]) -> Layers:
    """The store as the scenario sees it: with the user's layers, and with its stress tests."""
    return changed(overlaid(store, scenario.layers, own), scenario.changes)


def decide(plan: Plan, candidates: CandidateSet, measurements: Measurements) -> Evaluation:
    """
    Everything right of the waist: gates, scores, ranks.

    Parameters
    ----------
    plan
        The scenario bound to the catalogue.
    candidates
        The n sites that were measured.
    measurements
        Of these sites, with a column for every criterion of the plan.

    Returns
    -------
    evaluation
        The same sites with screening, scores and ranking.
    """
    functions = {id_: criterion.value for id_, criterion in plan.criteria.items()}
    screening = screen(measurements, plan.gates)
    scores = aggregate.score(measurements, functions, plan.weights)
    floor = plan.scenario.completeness_floor.value
    ranking = aggregate.rank(scores, excluded=screening.excluded, completeness_floor=floor)
    return Evaluation(plan, candidates, measurements, screening, scores, ranking)


def _table(evaluation: Evaluation) -> pd.DataFrame:
    measured, scores, gates = evaluation.measurements, evaluation.scores, evaluation.screening
    sites, told = measured.sites, _told(evaluation)
    table = sites[["name", "pref_code", "muni_code", "area_ha"]].assign(
        status=evaluation.ranking.status,
        rank=evaluation.ranking.rank,
        rank_best=evaluation.ranking.rank_best,
        score=scores.score.round(POINTS),
        score_high=scores.score_high.round(POINTS),
        completeness=scores.completeness,
        failed_gates=_failed(gates),
    )
    parts = [
        table,
        told.values.add_prefix("value_"),
        scores.contributions.round(POINTS).add_prefix("contribution_"),
        told.low.add_prefix("low_"),
        told.high.add_prefix("high_"),
        gates.outcome.add_prefix("gate_"),
        told.margin.add_prefix("margin_"),
        sites[["lon", "lat"]],
        sites[[name for name in _SITE_PASSPORT if name in sites]].add_prefix("site_"),
        *_reasons(measured),
        pd.DataFrame({"rank_from": evaluation.ranking.rank_from, "rank_to": evaluation.ranking.rank_to}),
        *_scales(evaluation),
    ]
    whole = pd.concat(parts, axis=1)
    return whole.sort_values(["rank", "score"], ascending=[True, False], na_position="last", kind="stable")


def _scales(evaluation: Evaluation) -> list[pd.DataFrame]:
    """Of mesh cells: the rank of the municipality, and that of the ground within it."""
    if evaluation.candidates.kind != "mesh":
        return []
    ground = {id_ for id_ in evaluation.plan.criteria if tells_ground(id_)}
    town, ranked = evaluation.measurements.sites["muni_code"], evaluation.ranking.status.eq(RANKED)
    found = two_ranks(evaluation.scores.contributions, ground, town, ranked)
    return [found.round({"points_region": POINTS, "points_ground": POINTS})]


@dataclass(frozen=True)
class _Told:
    """Values, bounds and margins at the digits that they bear; what was decided was decided on the unrounded ones."""

    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    margin: pd.DataFrame


def told_columns(
    measured: Measurements, criteria: Iterable[Criterion]
) -> dict[str, tuple[FloatArray, FloatArray, FloatArray, IntArray]]:
    """Value, bounds and decimals of each criterion (n,), at the digits that they bear: what every output tells."""
    estimated = {lock.id for lock in measured.layers if lock.status in _ESTIMATES}
    return {
        criterion.id: borne(
            _column(measured, criterion.id),
            criterion.unit,
            estimated=bool(estimated.intersection(criterion.layers)),
        )
        for criterion in criteria
    }


def _told(evaluation: Evaluation) -> _Told:
    measured, plan, margin = evaluation.measurements, evaluation.plan, evaluation.screening.margin
    columns = told_columns(measured, plan.criteria.values())
    margins = {id_: at_decimals(margin[id_].to_numpy(), columns[gate.criterion][3]) for id_, gate in plan.gates.items()}
    index = measured.values.index
    values, low, high = (
        pd.DataFrame({id_: column[part] for id_, column in columns.items()}, index=index) for part in range(3)
    )
    return _Told(values, low, high, pd.DataFrame(margins, index=index))


def _column(measured: Measurements, id_: str) -> Bounded:
    value, low, high = (part[id_].to_numpy() for part in (measured.values, measured.low, measured.high))
    return Bounded(value, low, high, measured.why[id_].to_numpy())


def _reasons(measured: Measurements) -> list[pd.DataFrame]:
    """Why each value is bounded, and the feature that a nearest was measured to."""
    words = pd.array([why.word for why in Why], dtype="str")
    why = {column(WHY, str(id_)): words.take(codes.to_numpy(np.intp)) for id_, codes in measured.why.items()}
    parts = [pd.DataFrame(why, index=measured.why.index)]
    for id_, nearest in measured.nearest.items():
        named = {NEAREST: "name", NEAREST_KV: "kv", NEAREST_ID: "id"}
        parts.append(pd.DataFrame({column(kind, id_): nearest[field] for kind, field in named.items()}))
    return parts


def _failed(screening: Screening) -> pd.Series:
    """Ids of the gates failed, joined; there are few combinations, so each is written once."""
    gates = [str(gate) for gate in screening.outcome]
    bits = np.zeros(len(screening.outcome), dtype=np.int64)
    for number, gate in enumerate(gates):
        bits |= screening.outcome[gate].eq(FAIL).to_numpy(dtype=np.int64) << number
    found, at = np.unique(bits, return_inverse=True)
    names = [";".join(gate for number, gate in enumerate(gates) if code >> number & 1) for code in found]
    return pd.Series(names, dtype="str").take(at).set_axis(screening.outcome.index)


def _metadata(evaluation: Evaluation) -> dict[str, Any]:
    plan = evaluation.plan
    return {
        "software": f"gx-cluster-planner {version('gx-cluster-planner')}",
        "scenario": plan.scenario.portable(),
        "scenario_sha256": plan.scenario.digest(),
        "candidates": {"kind": evaluation.candidates.kind, "count": len(evaluation.candidates.table)},
        "criteria": {id_: _described(evaluation, criterion) for id_, criterion in plan.criteria.items()},
        "branches": {id_: title.model_dump() for id_, title in BRANCHES.items()},
        "gates": {id_: gate.model_dump(mode="json") for id_, gate in plan.gates.items()},
        "layers": list(evaluation.measurements.layers),
        "note": "Screening, not a siting decision. Weights and anchors are assumptions unless `basis` says published, reported or calibrated.",
    }


def _described(evaluation: Evaluation, criterion: Criterion) -> dict[str, Any]:
    plan = evaluation.plan
    choice = plan.scenario.criteria.get(criterion.id)
    return {
        **criterion.model_dump(mode="json", exclude={"id"}),
        "weight": plan.weights.get(criterion.id, 0.0),
        "discriminates": _discriminates(evaluation, criterion.id),
        "spread": _spread(evaluation, criterion.id),
        "assumed_as_of": criterion.assumed_as_of(),
        "tells": "ground" if tells_ground(criterion.id) else "region",
        "basis": choice.basis if choice else "assumption",
        "source": choice.source if choice else None,
    }


def _spread(evaluation: Evaluation, id_: str) -> float | None:
    """Points between the 5th and the 95th of a hundred ranked sites; None without weight or ranked sites."""
    ranked = evaluation.ranking.status.eq(RANKED)
    if id_ not in evaluation.scores.contributions or not ranked.any():
        return None
    low, high = evaluation.scores.contributions.loc[ranked, id_].fillna(0.0).quantile(list(_SPREAD))
    return round(float(high - low), 2)


def _discriminates(evaluation: Evaluation, id_: str) -> bool:
    """Whether the criterion gives these sites different points."""
    if id_ not in evaluation.scores.contributions:
        return False
    points = evaluation.scores.contributions[id_].fillna(0.0)
    return bool(points.max() > points.min())
