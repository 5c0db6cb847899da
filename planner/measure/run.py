"""Measure candidates by criteria; what was measured before on the same inputs comes from the cache."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
import pandas as pd

from geodata import Layer, LayerLock, Layers
from geodata.country import crs
from geodata.country.mesh import GRIDS

from ..errors import PlannerError
from ..model.digits import rounded
from ..model.tables import Bounded, Measurements, Why, bounded
from .candidates import CandidateSet
from .columns import PARTS, Columns
from .criterion import Criterion, Sources
from .ground import Ground, ground_of
from .shipped import LAND, shipped_columns

Progress = Callable[[str, float], None]


def measure(
    candidates: CandidateSet,
    criteria: Sequence[Criterion],
    store: Layers,
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
    ground, versions, held = ground_of(candidates, store), store.versions(), Columns(store, candidates)
    digest = ground.digest() if ground else candidates.digest()
    columns, locks = shipped_columns(candidates, criteria, store)
    rest = [c for c in criteria if c.id not in columns]
    together = passes(c for c in rest if not c.layers or any(id_ in versions for id_ in c.layers))
    for number, group in enumerate(together):
        progress(group[0].id, 0.05 + 0.9 * number / len(together))
        keys = [criterion.cache_key(digest, versions) for criterion in group]
        cached = [held.read(criterion, key) for criterion, key in zip(group, keys, strict=True)]
        if any(column is None for column in cached):
            measured = (
                _on_the_ground(ground, group, store) if ground else _measure_group(candidates, group, store, executor)
            )
            for criterion, key, column in zip(group, keys, measured, strict=True):
                held.write(criterion, key, column)
        else:
            measured = [column for column in cached if column is not None]
        columns.update({c.id: _written(column, c.unit) for c, column in zip(group, measured, strict=True)})
    held.tell()
    if ground:
        candidates = dataclasses.replace(candidates, layers=(*candidates.layers, LAND))
    return _measurements(candidates, criteria, columns, store, locks)


def _check_layers(criteria: Sequence[Criterion], store: Layers) -> None:
    """Raise PlannerError naming a layer that nobody knows."""
    for criterion in criteria:
        for layer in criterion.rests_on():
            if layer not in store.specs:
                raise PlannerError(
                    "layer {layer!r} of criterion {criterion}: neither in the catalogue, nor imported, nor in [layers]. Import it (`planner data import`) or add it to [layers].",
                    layer=layer,
                    criterion=criterion.id,
                )


def passes(criteria: Iterable[Criterion]) -> list[list[Criterion]]:
    """Criteria that can be measured in one pass, in order."""
    together: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        together.setdefault(criterion.pass_key(), []).append(criterion)
    return list(together.values())


def measure_pass(candidates: CandidateSet, group: Sequence[Criterion], store: Layers) -> list[Bounded]:
    """Values of criteria of one pass over the layers; unknown where a layer does not reach."""
    first = group[0]
    layers = [store.layer(id_) for id_ in first.layers if store.has(id_)]
    for criterion in group:
        for layer in layers:
            _check_layer(layer, criterion)
    n = len(candidates.table)
    wanted = (*first.helper_layers(), *first.optional_layers())
    helpers = {id_: store.layer(id_) for id_ in wanted if store.has(id_)}
    if (first.layers and not layers) or not set(first.helper_layers()) <= set(helpers):
        return [_unknown(n) for _ in group]
    if len(layers) < len(first.layers):
        layers = [_incomplete(layer) for layer in layers]
    measured = first.measured_together(group, candidates, Sources(tuple(layers), helpers))
    covered = _covered(candidates, [*layers, *helpers.values()])
    return [column.where(covered) for column in measured]


def _measure_group(
    candidates: CandidateSet, group: Sequence[Criterion], store: Layers, executor: Executor | None
) -> list[Bounded]:
    if executor is None:
        return measure_pass(candidates, group, store)
    tiles = _tiles(candidates)
    tasks = [executor.submit(measure_pass, candidates.take(tile), group, store) for tile in tiles]
    order = np.argsort(np.concatenate(tiles), kind="stable")
    parts = [task.result() for task in tasks]
    return [_together([part[i] for part in parts]).take(order) for i in range(len(group))]


def _on_the_ground(ground: Ground, group: Sequence[Criterion], store: Layers) -> list[Bounded]:
    """Values of municipalities, measured over their best cells."""
    return [ground.gathered(column) for column in measure_pass(ground.cells, group, store)]


def _together(parts: Sequence[Bounded]) -> Bounded:
    """Values of some tiles, one after the other."""
    value, low, high, why = (np.concatenate([getattr(part, name) for part in parts]) for name in PARTS)
    named = [part.nearest for part in parts if part.nearest is not None]
    return Bounded(value, low, high, why, pd.concat(named, ignore_index=True) if named else None)


def _tiles(candidates: CandidateSet) -> list[np.ndarray]:
    """Positions of the sites of each first-order mesh (about 80 km)."""
    row, col = GRIDS["1km"].locate(candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy())
    tile = pd.Series(row // 80 * 1000 + col // 80)
    return [np.asarray(positions) for positions in tile.groupby(tile).indices.values()]


def _check_layer(layer: Layer, criterion: Criterion) -> None:
    """Raise PlannerError for shapes that the measure cannot use, a field that the layer lacks, or text instead of numbers."""
    shapes = {shape for offer in criterion.offers() for shape in offer.shapes}
    if shapes and layer.spec.geometry not in shapes:
        raise PlannerError(
            "criterion {criterion}: {measure} needs a layer with shapes of {known}, layer {layer} has {found}. Choose another measure or layer.",
            criterion=criterion.id,
            measure=str(getattr(criterion, "measure", "")),
            known=", ".join(sorted(shapes)),
            layer=layer.spec.id,
            found=layer.spec.geometry,
        )
    numeric = criterion.numbers()
    for name in (*numeric, *criterion.columns()):
        if name not in layer.frame.columns:
            raise PlannerError(
                "criterion {criterion}: layer {layer} has no field {name!r}. Expected one of {known}.",
                criterion=criterion.id,
                layer=layer.spec.id,
                name=name,
                known=", ".join(c for c in layer.frame.columns if c != "geometry"),
            )
        if name in numeric and not pd.api.types.is_numeric_dtype(layer.frame[name]):
            raise PlannerError(
                "criterion {criterion}: field {name!r} of layer {layer} expected numbers, found text such as {found!r}. Clean the column or choose another.",
                criterion=criterion.id,
                name=name,
                layer=layer.spec.id,
                found=layer.frame[name].iloc[0],
            )


def _incomplete(layer: Layer) -> Layer:
    """A layer whose companion is absent: together they are not all there is."""
    return dataclasses.replace(layer, passport=layer.passport.model_copy(update={"inventory": "partial"}))


def _unknown(n: int) -> Bounded:
    nothing = np.full(n, np.nan)
    return bounded(nothing, nothing, nothing, Why.UNKNOWN)


def _covered(candidates: CandidateSet, layers: Sequence[Layer]) -> Any:
    """Whether every layer reaches the municipality of a site; a regional file of the user's does not reach an unknown one."""
    codes = candidates.table["muni_code"]
    outside = tuple(code for layer in layers for code in layer.spec.outside)
    if not outside:
        return np.ones(len(codes), dtype=bool)
    regional = any(layer.origin == "imported" for layer in layers)
    return ~(codes.str.startswith(outside).to_numpy(dtype=bool) | (regional & codes.eq("").to_numpy(dtype=bool)))


def _written(column: Bounded, unit: str) -> Bounded:
    """The column at the digits that its unit bears."""
    value, low, high = rounded(column.value, column.low, column.high, unit)
    return dataclasses.replace(column, value=value, low=low, high=high)


def _measurements(
    candidates: CandidateSet,
    criteria: Sequence[Criterion],
    columns: dict[str, Bounded],
    store: Layers,
    shipped: Mapping[str, LayerLock],
) -> Measurements:
    index = candidates.table.index
    nothing = _unknown(len(index))
    parts = {
        name: pd.DataFrame({c.id: getattr(columns.get(c.id, nothing), name) for c in criteria}, index=index)
        for name in PARTS
    }
    found = {id_: column.nearest for id_, column in columns.items() if column.nearest is not None}
    x_m, y_m = crs.to_work(candidates.table["lon"], candidates.table["lat"])
    used = dict.fromkeys([*candidates.layers, *(id_ for c in criteria for id_ in c.rests_on())])
    return Measurements(
        sites=candidates.table.assign(x_m=x_m, y_m=y_m),
        values=parts["value"],
        low=parts["low"],
        high=parts["high"],
        units={c.id: c.unit for c in criteria},
        layers=tuple(shipped.get(id_) or store.lock(id_) for id_ in used),
        why=parts["why"],
        nearest={id_: nearest.set_axis(index) for id_, nearest in found.items()},
    )
