"""The few verbs that turn layers into numbers. A measure gives a value and the bounds within which the truth lies."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import Layer, Store
from geodata.country import crs
from geodata.country.codes import grid_area_of
from geodata.country.mesh import GRIDS
from geodata.layer import Passport
from geodata.spatial import nearest, share, within
from geodata.spatial.network import network_of

from ..errors import PlannerError
from ..model.tables import FloatArray
from .candidates import CandidateSet
from .criterion import GRID_AREA, GRID_AREAS_LAYER, Criterion, rows_that_pass

_CELL_M = 1_000
_WHOLE_PCT = 100 - 1e-9
_SLOW_M_PER_MIN = 25_000 / 60
REVISION = "1"
"""Raised when a measure gives other numbers for the same inputs, so that cached columns are measured again."""


@dataclass(frozen=True)
class Column:
    """Value shown (NaN = unknown) and the bounds of the truth, one per site."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


def measure_group(candidates: CandidateSet, group: Sequence[Criterion], store: Store) -> list[Column]:
    """Columns of criteria that share measure, layers, filter and reach, in one pass over the layers."""
    first = group[0]
    for criterion in group:
        for id_ in criterion.layers:
            if store.has(id_):
                _check_fields(store.layer(id_), criterion)
    layers = [store.layer(id_) for id_ in first.layers if store.has(id_)]
    if first.by == GRID_AREA:
        layers.append(store.layer(GRID_AREAS_LAYER))
    if first.network is not None:
        if not store.has(first.network) or len(layers) != 1:
            return [_nothing(candidates) for _ in group]
        layers.append(store.layer(first.network))
    elif len(layers) < len(first.layers):
        layers = [dataclasses.replace(layer, passport=_incomplete(layer)) for layer in layers]
    columns = _MEASURES[first.measure](candidates, layers, group)
    unknown = _uncovered(candidates, layers)
    return [_blanked(column, unknown) for column in columns]


def groups(criteria: Iterable[Criterion]) -> list[list[Criterion]]:
    """Criteria that can be measured together, in order."""
    together: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        shared = criterion.model_dump(mode="json", include={"measure", "layers", "where", "reach_m"})
        key = criterion.id if criterion.measure != "sum_within" else json.dumps(shared, sort_keys=True)
        together.setdefault(key, []).append(criterion)
    return list(together.values())


def cache_key(candidates: str, criterion: Criterion, versions: dict[str, str]) -> str:
    """Hash of everything a column depends on."""
    numbers = {"measure", "layers", "where", "column", "own_column", "by", "reach_m", "places", "network", "reach_min"}
    what = [
        candidates,
        criterion.model_dump(mode="json", include=numbers),
        [versions.get(id_) for id_ in criterion.rests_on()],
        REVISION,
    ]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def nearest_km(candidates: CandidateSet, layers: list[Layer], group: Sequence[Criterion]) -> list[Column]:
    """
    Geodesic km to the nearest feature of the layers that passes the filter.

    Known to the accuracy of the site's position; from a partial inventory it is an upper bound.
    """
    found = [
        nearest.nearest(candidates.points, _features(layer, group[0]).geometry.to_crs(crs.WORK)) for layer in layers
    ]
    km = np.min([near.distance_m for near in found], axis=0) / 1000
    value = np.where(np.isinf(km), np.nan, km)
    slack = candidates.table["accuracy_m"].fillna(0).to_numpy() / 1000
    low = np.zeros_like(value) if _partial(layers) else np.maximum(value - slack, 0)
    return [Column(value, np.where(np.isnan(value), np.nan, low), value + slack)]


def sum_within(candidates: CandidateSet, layers: list[Layer], group: Sequence[Criterion]) -> list[Column]:
    """
    Sum of a column over the features within reach.

    A lower bound when the inventory is partial or a feature within reach has no published value; then, a sum of
    nothing is unknown, not 0.
    """
    (layer,) = layers
    features = _features(layer, group[0])
    values = np.column_stack(
        [features[c.column].to_numpy(float) if c.column else np.ones(len(features)) for c in group]
    )
    reach_m = float(group[0].reach_m or 0)
    found = within.sum_within(candidates.points, features.geometry.to_crs(crs.WORK), values, reach_m=reach_m)
    columns = []
    for position, criterion in enumerate(group):
        total = found.total[:, position] + _own_plot(candidates, features, criterion, reach_m)
        bounded = (found.unknown[:, position] > 0) | _partial(layers)
        value = np.where(bounded & (total == 0), np.nan, total)
        columns.append(Column(value, value, np.where(bounded, np.where(np.isnan(value), np.nan, np.inf), value)))
    return columns


def distance_from_km(candidates: CandidateSet, _: list[Layer], group: Sequence[Criterion]) -> list[Column]:
    """Geodesic km to the nearest of some fixed places, known to the accuracy of the site's position."""
    lon, lat = candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy()
    km = np.min([crs.geodesic_m(lon, lat, place.lon, place.lat) for place in group[0].places], axis=0) / 1000
    slack = candidates.table["accuracy_m"].fillna(0).to_numpy() / 1000
    return [Column(km, np.maximum(km - slack, 0), km + slack)]


def admin_value(candidates: CandidateSet, layers: list[Layer], group: Sequence[Criterion]) -> list[Column]:
    """Value of the prefecture, municipality or grid supply area that a site lies in: exact for that area, not for the site."""
    (layer, *areas), criterion = layers, group[0]
    keys = candidates.table[["pref_code", "muni_code"]].assign(
        grid_area=lambda t: (
            grid_area_of(t["muni_code"], t["pref_code"], areas[0].frame)
            if areas
            else pd.Series(index=t.index, dtype="str")
        )
    )
    table = _features(layer, criterion).set_index(str(criterion.by))[str(criterion.column)]
    value = keys[str(criterion.by)].map(table).to_numpy(dtype=float)
    return [Column(value, value, value)]


def mesh_value(candidates: CandidateSet, layers: list[Layer], group: Sequence[Criterion]) -> list[Column]:
    """Value of the 1 km cell that holds the site's centre; known only where the position is good to a cell."""
    (layer,), criterion = layers, group[0]
    grid = GRIDS["1km"]
    row, col = grid.locate(candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy())
    table = layer.frame.set_index("mesh_code")[str(criterion.column)]
    value = pd.Series(grid.encode(row, col)).map(table).to_numpy(dtype=float)
    exact = (candidates.table["accuracy_m"].fillna(0) <= _CELL_M).to_numpy()
    value = np.where(exact, value, np.nan)
    return [Column(value, value, value)]


def share_pct(candidates: CandidateSet, layers: list[Layer], group: Sequence[Criterion]) -> list[Column]:
    """
    Share of the plot or cell under the polygons, per cent; overlaps count once. A site known as a point is in or out.

    Outside the shapes of a partial layer nothing is known, and what is found is a lower bound. Where the position is inexact
    and the answer differs within its accuracy, the value is bounded by 0 and 100.
    """
    (layer,), criterion = layers, group[0]
    polygons = _features(layer, criterion).geometry.to_crs(crs.WORK)
    value = 100 * share.covered_share(_plots(candidates), polygons)
    inexact = candidates.table["accuracy_m"].fillna(0).to_numpy() > 0
    around = 100 * share.covered_share(_surroundings(candidates), polygons)
    unsure = inexact & (around > 0) & (around < _WHOLE_PCT)
    if _partial([layer]):
        known = np.where(value > 0, value, np.nan)
        return [Column(known, np.where(unsure, 0.0, known), np.where(np.isnan(known), np.nan, 100.0))]
    return [Column(value, np.where(unsure, 0.0, value), np.where(unsure, 100.0, value))]


def worst_value(candidates: CandidateSet, layers: list[Layer], group: Sequence[Criterion]) -> list[Column]:
    """
    Largest value of the polygons that touch the plot or cell; where none does, 0 of a complete layer and unknown of a partial one.

    A polygon without a known value makes it unknown, never 0.

    A site whose position is inexact takes the worst within its accuracy as the upper bound.
    """
    (layer,), criterion = layers, group[0]
    features = _features(layer, criterion)
    polygons, values = features.geometry.to_crs(crs.WORK), features[str(criterion.column)].to_numpy(dtype=float)
    here, touched = share.worst_within(_plots(candidates), polygons, values)
    around, nearby = share.worst_within(_surroundings(candidates), polygons, values)
    if _partial([layer]):
        return [Column(here, here, np.where(np.isnan(here), np.nan, np.inf))]
    value, most = np.where(touched, here, 0.0), np.where(nearby, around, 0.0)
    least = np.where(most > value, 0.0, value)
    return [
        Column(
            value,
            np.where(np.isnan(value), np.nan, least),
            np.where(np.isnan(value), np.nan, np.where(np.isnan(most), np.inf, most)),
        )
    ]


def drive_min(candidates: CandidateSet, layers: list[Layer], group: Sequence[Criterion]) -> list[Column]:
    """
    Minutes by car to the nearest target over the road layer; unknown off the network or where no way leads.

    An inexact position moves the value by the time that its accuracy takes at 25 km/h; a partial target layer gives an upper bound.
    """
    target, roads = layers
    features = _features(target, group[0]).geometry.to_crs(crs.WORK).representative_point()
    points = candidates.points
    value, _ = network_of(roads).minutes_to_nearest(
        points.x.to_numpy(), points.y.to_numpy(), features.x.to_numpy(), features.y.to_numpy()
    )
    slack = candidates.table["accuracy_m"].fillna(0).to_numpy() / _SLOW_M_PER_MIN
    low = np.zeros_like(value) if _partial([target]) else np.maximum(value - slack, 0)
    return [Column(value, np.where(np.isnan(value), np.nan, low), value + slack)]


def sum_within_min(candidates: CandidateSet, layers: list[Layer], group: Sequence[Criterion]) -> list[Column]:
    """Sum of a column over the features reached by car within some minutes: a lower bound, since the road layer ends somewhere."""
    target, roads = layers
    criterion = group[0]
    features = _features(target, criterion)
    places = features.geometry.to_crs(crs.WORK).representative_point()
    amounts = features[criterion.column].fillna(0).to_numpy(float) if criterion.column else np.ones(len(features))
    points = candidates.points
    value = network_of(roads).sum_within(
        points.x.to_numpy(),
        points.y.to_numpy(),
        places.x.to_numpy(),
        places.y.to_numpy(),
        amounts,
        float(criterion.reach_min or 0),
    )
    return [Column(value, value, np.where(np.isnan(value), np.nan, np.inf))]


_MEASURES: dict[str, Callable[[CandidateSet, list[Layer], Sequence[Criterion]], list[Column]]] = {
    "nearest_km": nearest_km,
    "sum_within": sum_within,
    "distance_from_km": distance_from_km,
    "admin_value": admin_value,
    "mesh_value": mesh_value,
    "share_pct": share_pct,
    "worst_value": worst_value,
    "drive_min": drive_min,
    "sum_within_min": sum_within_min,
}


def _check_fields(layer: Layer, criterion: Criterion) -> None:
    """Raise PlannerError for a field that the layer lacks, or that is text where a number is needed."""
    numeric = [criterion.column] if criterion.column else []
    numeric += [test.field for test in criterion.where if test.is_numeric]
    key = {"admin_value": criterion.by, "mesh_value": "mesh_code"}.get(criterion.measure)
    for name in [*numeric, *(test.field for test in criterion.where), *([key] if key else [])]:
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
                "criterion {criterion}: field {name!r} of layer {layer} expected numbers, found text such as {iloc!r}. Clean the column or choose another.",
                criterion=criterion.id,
                name=name,
                layer=layer.spec.id,
                iloc=layer.frame[name].iloc[0],
            )


def _features(layer: Layer, criterion: Criterion) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows_that_pass(layer.frame, criterion.where))


def _own_plot(candidates: CandidateSet, listed: gpd.GeoDataFrame, criterion: Criterion, reach_m: float) -> FloatArray:
    """The user's own plot, unless the layer already lists one of the same name within reach."""
    nothing = np.zeros(len(candidates.table))
    if candidates.kind != "file" or criterion.own_column not in candidates.table:
        return nothing
    twins = (
        candidates.table[["name", "lon", "lat"]]
        .reset_index(drop=True)
        .reset_index(names="site")
        .merge(
            pd.DataFrame({"name": listed["name"], "lon_b": listed.geometry.x, "lat_b": listed.geometry.y}), on="name"
        )
    )
    near = crs.geodesic_m(twins["lon"], twins["lat"], twins["lon_b"], twins["lat_b"]) <= reach_m
    own = np.array(candidates.table[criterion.own_column].fillna(0.0), dtype=float)
    own[twins["site"].to_numpy()[near]] = 0.0
    return own


def _incomplete(layer: Layer) -> Passport:
    """Passport of a layer whose companion is absent: together they are not all there is."""
    return layer.passport.model_copy(update={"inventory": "partial"})


def _partial(layers: list[Layer]) -> bool:
    return any(layer.passport.inventory == "partial" for layer in layers)


def _nothing(candidates: CandidateSet) -> Column:
    unknown = np.full(len(candidates.table), np.nan)
    return Column(unknown, unknown, unknown)


def _plots(candidates: CandidateSet) -> gpd.GeoSeries:
    """Drawn plots and cells in WORK; a point with a known area is a disc of that area."""
    shapes = candidates.geometry().to_crs(crs.WORK)
    area = candidates.table["area_ha"].fillna(0).to_numpy() * 1e4
    points = (shapes.geom_type == "Point").to_numpy() & (area > 0)
    discs = shapes.buffer(np.where(points, np.sqrt(area / np.pi), 0.0))
    return gpd.GeoSeries(np.where(points, discs.array, shapes.array), index=shapes.index, crs=crs.WORK)


def _surroundings(candidates: CandidateSet) -> gpd.GeoSeries:
    """The plots widened by the accuracy of their positions."""
    return _plots(candidates).buffer(candidates.table["accuracy_m"].fillna(0).to_numpy())


def _uncovered(candidates: CandidateSet, layers: list[Layer]) -> Any:
    codes = candidates.table["muni_code"]
    outside = tuple(code for layer in layers for code in layer.spec.outside)
    if not outside:
        return np.zeros(len(codes), dtype=bool)
    regional = any(layer.origin == "imported" for layer in layers)
    return codes.str.startswith(outside).to_numpy(dtype=bool) | (regional & codes.eq("").to_numpy(dtype=bool))


def _blanked(column: Column, unknown: Any) -> Column:
    return Column(*(np.where(unknown, np.nan, part) for part in (column.value, column.low, column.high)))
