"""evaluate(): the one entry for command line, app and notebook."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata import Store, crs
from geodata.fetch import replacing
from geodata.mesh import GRIDS

from . import measures
from .candidates import CandidateSet, load_candidates
from .changes import changed, shifted
from .criteria import BRANCHES, Criterion
from .decision import aggregate
from .errors import PlannerError
from .model import FAIL, Measurements, Ranking, Result, ScoreTable, Screening
from .ownlayers import overlaid
from .scenario import Plan, Scenario, bind
from .screening import screen

_SITE_PASSPORT = ("available_ha", "available_status", "as_of", "source_url", "position_method", "accuracy_m")
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Evaluation:
    """A scenario with everything that follows from it."""

    plan: Plan
    candidates: CandidateSet
    measurements: Measurements
    screening: Screening
    scores: ScoreTable
    ranking: Ranking

    def result(self) -> Result:
        """One row per site, best first, and the metadata that make it reproducible."""
        return Result(_table(self), _metadata(self))


def evaluate(
    scenario: Scenario, store: Store, *, executor: Executor | None = None, progress: Progress | None = None
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

    Raises
    ------
    PlannerError
        If the scenario does not fit the catalogue or its candidates cannot be read.
    """
    tell = progress or (lambda _stage, _share: None)
    plan = bind(scenario)
    tell("candidates", 0.0)
    store = opened(scenario, store)
    candidates = load_candidates(scenario.candidates, store)
    measurements = measure(candidates, list(plan.criteria.values()), store, executor=executor, progress=tell)
    measurements = shifted(measurements, scenario.changes)
    tell("decide", 0.95)
    evaluation = decide(plan, candidates, measurements)
    tell("decide", 1.0)
    return evaluation


def opened(scenario: Scenario, store: Store) -> Store:
    """The store as the scenario sees it: with the user's layers, and with its stress tests."""
    return changed(overlaid(store, scenario.layers), scenario.changes)


def decide(plan: Plan, candidates: CandidateSet, measurements: Measurements) -> Evaluation:
    """Everything right of the waist: gates, scores, ranks."""
    functions = {id_: criterion.value for id_, criterion in plan.criteria.items()}
    screening = screen(measurements, plan.scenario.gates)
    scores = aggregate.score(measurements, functions, plan.weights)
    floor = plan.scenario.completeness_floor.value
    ranking = aggregate.rank(scores, excluded=screening.excluded, completeness_floor=floor)
    return Evaluation(plan, candidates, measurements, screening, scores, ranking)


def measure(
    candidates: CandidateSet,
    criteria: Sequence[Criterion],
    store: Store,
    *,
    executor: Executor | None = None,
    progress: Progress = lambda _stage, _share: None,
) -> Measurements:
    """Measurements of the candidates; columns measured before on the same inputs come from the cache."""
    _check_layers(criteria, store)
    digest, versions = candidates.digest(), store.versions()
    columns: dict[str, measures.Column] = {}
    together = measures.groups(c for c in criteria if not c.layers or any(id_ in versions for id_ in c.layers))
    for number, group in enumerate(together):
        progress(group[0].id, 0.05 + 0.9 * number / len(together))
        keys = [measures.cache_key(digest, criterion, versions) for criterion in group]
        cached = [_read_column(store, key, len(candidates.table)) for key in keys]
        if any(column is None for column in cached):
            measured = _measure_group(candidates, group, store, executor)
            for key, column in zip(keys, measured, strict=True):
                _write_column(store, key, column)
        else:
            measured = [column for column in cached if column is not None]
        columns.update({c.id: column for c, column in zip(group, measured, strict=True)})
    return _measurements(candidates, criteria, columns, store)


def _check_layers(criteria: Sequence[Criterion], store: Store) -> None:
    """Raise PlannerError naming a layer that nobody knows."""
    for criterion in criteria:
        for layer in (*criterion.layers, *([criterion.network] if criterion.network else [])):
            if layer not in store.specs:
                raise PlannerError(
                    f"layer {layer!r} of criterion {criterion.id}: neither in the catalogue, nor imported, nor in [layers]. "
                    "Import it (`planner data import`) or add it to [layers]."
                )


def _measure_group(
    candidates: CandidateSet, group: Sequence[Criterion], store: Store, executor: Executor | None
) -> list[measures.Column]:
    if executor is None:
        return measures.measure_group(candidates, group, store)
    tiles = _tiles(candidates)
    tasks = [executor.submit(measures.measure_group, candidates.take(tile), group, store) for tile in tiles]
    order = np.argsort(np.concatenate(tiles), kind="stable")
    parts = [task.result() for task in tasks]
    return [
        measures.Column(
            *(np.concatenate([getattr(p[i], field) for p in parts])[order] for field in ("value", "low", "high"))
        )
        for i in range(len(group))
    ]


def _tiles(candidates: CandidateSet) -> list[np.ndarray]:
    """Positions of the sites of each first-order mesh (about 80 km)."""
    row, col = GRIDS["1km"].locate(candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy())
    tile = pd.Series(row // 80 * 1000 + col // 80)
    return [np.asarray(positions) for positions in tile.groupby(tile).indices.values()]


def _read_column(store: Store, key: str, n: int) -> measures.Column | None:
    path = store.cache_dir("measures") / f"{key}.parquet"
    if not path.is_file():
        return None
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowException):
        return None
    return measures.Column(*(frame[name].to_numpy() for name in ("value", "low", "high"))) if len(frame) == n else None


def _write_column(store: Store, key: str, column: measures.Column) -> None:
    frame = pd.DataFrame({"value": column.value, "low": column.low, "high": column.high})
    with replacing(store.cache_dir("measures") / f"{key}.parquet") as temporary:
        frame.to_parquet(temporary, compression="zstd")


def _measurements(
    candidates: CandidateSet, criteria: Sequence[Criterion], columns: dict[str, measures.Column], store: Store
) -> Measurements:
    index = candidates.table.index
    unknown = np.full(len(index), np.nan)
    nothing = measures.Column(unknown, unknown, unknown)
    parts = {
        field: pd.DataFrame({c.id: getattr(columns.get(c.id, nothing), field) for c in criteria}, index=index)
        for field in ("value", "low", "high")
    }
    x_m, y_m = crs.to_work(candidates.table["lon"], candidates.table["lat"])
    used = dict.fromkeys([*candidates.layers, *(id_ for c in criteria for id_ in (*c.layers, c.network) if id_)])
    return Measurements(
        sites=candidates.table.assign(x_m=x_m, y_m=y_m),
        values=parts["value"],
        low=parts["low"],
        high=parts["high"],
        units={c.id: c.unit for c in criteria},
        layers=tuple(_lock(store, id_) for id_ in used),
    )


def _lock(store: Store, layer_id: str) -> dict[str, Any]:
    spec = store.spec(layer_id)
    passport = store.layer(layer_id).lock() if store.has(layer_id) else {"id": layer_id, "origin": "absent"}
    return {**passport, "title": spec.title.model_dump()}


def _table(evaluation: Evaluation) -> pd.DataFrame:
    measured, scores, gates = evaluation.measurements, evaluation.scores, evaluation.screening
    sites = measured.sites
    table = sites[["name", "pref_code", "muni_code", "area_ha"]].assign(
        status=evaluation.ranking.status,
        rank=evaluation.ranking.rank,
        rank_best=evaluation.ranking.rank_best,
        score=scores.score,
        score_high=scores.score_high,
        completeness=scores.completeness,
        failed_gates=_failed(gates),
    )
    parts = [
        table,
        measured.values.add_prefix("value_"),
        scores.contributions.add_prefix("contribution_"),
        measured.low.add_prefix("low_"),
        measured.high.add_prefix("high_"),
        gates.outcome.add_prefix("gate_"),
        gates.margin.add_prefix("margin_"),
        sites[["lon", "lat"]],
        sites[[name for name in _SITE_PASSPORT if name in sites]].add_prefix("site_"),
    ]
    whole = pd.concat(parts, axis=1)
    return whole.sort_values(["rank", "score"], ascending=[True, False], na_position="last", kind="stable")


def _failed(screening: Screening) -> pd.Series:
    """Ids of the gates failed, joined; there are few combinations, so each is written once."""
    gates = list(screening.outcome)
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
        "layers": list(evaluation.measurements.layers),
        "note": "Screening, not a siting decision. Weights and anchors are assumptions unless `basis` says published.",
    }


def _described(evaluation: Evaluation, criterion: Criterion) -> dict[str, Any]:
    plan = evaluation.plan
    choice = plan.scenario.criteria.get(criterion.id)
    return {
        **criterion.model_dump(mode="json", exclude={"id"}),
        "weight": plan.weights.get(criterion.id, 0.0),
        "discriminates": _discriminates(evaluation, criterion.id),
        "basis": choice.basis if choice else "assumption",
        "source": choice.source if choice else None,
    }


def _discriminates(evaluation: Evaluation, id_: str) -> bool:
    """Whether the criterion gives these sites different points."""
    if id_ not in evaluation.scores.contributions:
        return False
    points = evaluation.scores.contributions[id_].fillna(0.0)
    return bool(points.max() > points.min())
