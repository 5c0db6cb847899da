"""Measure candidates by criteria; what was measured before on the same inputs comes from the cache."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata import Store
from geodata.country import crs
from geodata.country.mesh import GRIDS
from geodata.files.writing import replacing

from ..errors import PlannerError
from ..model.tables import Measurements
from . import verbs as measures
from .candidates import CandidateSet
from .criterion import Criterion

Progress = Callable[[str, float], None]


def measure(
    candidates: CandidateSet,
    criteria: Sequence[Criterion],
    store: Store,
    *,
    executor: Executor | None = None,
    progress: Progress = lambda _stage, _share: None,
) -> Measurements:
    """
    Measurements of the candidates; columns measured before on the same inputs come from the cache.

    Parameters
    ----------
    candidates
        n sites.
    criteria
        m criteria, each a measure over layers.
    store
        Where layers are opened; a criterion without any of its layers is unknown everywhere.
    executor
        None measures here; a pool gets the sites cut by first-order mesh, with the same result.
    progress
        Called with the id of a criterion and the share done, 0 to 1.

    Returns
    -------
    measurements
        Values and bounds (n, m) in natural units, and the passports of the layers behind them.

    Raises
    ------
    PlannerError
        If a criterion names a layer or a field that nobody knows.
    """
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
        for layer in criterion.rests_on():
            if layer not in store.specs:
                raise PlannerError(
                    "layer {layer!r} of criterion {criterion}: neither in the catalogue, nor imported, nor in [layers]. Import it (`planner data import`) or add it to [layers].",
                    layer=layer,
                    criterion=criterion.id,
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
    used = dict.fromkeys([*candidates.layers, *(id_ for c in criteria for id_ in c.rests_on())])
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
