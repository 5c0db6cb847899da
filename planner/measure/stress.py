"""Stress tests: what if a value were different, a plant retired, a line added, demand raised. Every change is an assumption."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from geodata import Layer, Layers
from geodata.base import Strict
from geodata.country import crs
from geodata.store.overlay import OverlaidStore

from ..errors import PlannerError
from ..model.tables import Measurements

_Degrees = tuple[Annotated[float, Field(ge=122, le=154.1)], Annotated[float, Field(ge=20, le=46)]]


class Shift(Strict):
    """Every known value of a criterion, times a factor and plus an amount in its unit; no amount falls below 0."""

    kind: Literal["shift"] = "shift"
    criterion: str
    times: Annotated[float, Field(ge=0)] = 1.0
    plus: float = 0.0


class Scale(Strict):
    """A numeric column of a layer, times a factor: demand raised by a tenth is 1.1."""

    kind: Literal["scale"]
    layer: str
    column: str
    times: Annotated[float, Field(ge=0)]


class Retire(Strict):
    """Features of a layer taken away, by the text in one field."""

    kind: Literal["retire"]
    layer: str
    field: str = "name"
    names: Annotated[tuple[str, ...], Field(min_length=1)]


class Add(Strict):
    """A feature put in: a point, or a line through several."""

    kind: Literal["add"]
    layer: str
    path: Annotated[tuple[_Degrees, ...], Field(min_length=1, description="lon, lat in degrees; one = a point")]
    properties: dict[str, str | float | bool] = Field(default_factory=dict)


Change = Annotated[Shift | Scale | Retire | Add, Field(discriminator="kind")]


def changed(store: Layers, changes: Sequence[Any]) -> Layers:
    """The store with the changed layers in front; PlannerError when a change fits no layer, column or feature."""
    fronts: dict[str, Layer] = {}
    for change in changes:
        if isinstance(change, Shift):
            continue
        layer = fronts.get(change.layer) or store.layer(change.layer)
        frame = _APPLIED[change.kind](layer, change)
        passport = layer.passport.model_copy(update={"status": "assumed"})
        version = hashlib.sha256(f"{layer.version}{change.model_dump_json()}".encode()).hexdigest()[:16]
        fronts[change.layer] = dataclasses.replace(layer, frame=frame, passport=passport, version=version)
    return OverlaidStore(store, fronts) if fronts else store


def shifted(measurements: Measurements, changes: Sequence[Any]) -> Measurements:
    """Measurements after the shifts, bounds included."""
    shifts = [change for change in changes if isinstance(change, Shift)]
    if not shifts:
        return measurements
    frames = {name: getattr(measurements, name).copy() for name in ("values", "low", "high")}
    for shift in shifts:
        if shift.criterion not in measurements.values:
            raise PlannerError(
                "change: criterion {criterion!r} is not measured by this scenario. Expected one of {known}.",
                criterion=shift.criterion,
                known=", ".join(map(str, measurements.values)),
            )
        for frame in frames.values():
            before = frame[shift.criterion]
            after = before * shift.times + shift.plus
            frame[shift.criterion] = after.mask((before >= 0) & (after < 0), 0.0)
    return dataclasses.replace(measurements, **frames)


def _scaled(layer: Layer, change: Scale) -> pd.DataFrame:
    if change.column not in layer.frame or not pd.api.types.is_numeric_dtype(layer.frame[change.column]):
        numeric = [str(c) for c in layer.frame if pd.api.types.is_numeric_dtype(layer.frame[c])]
        raise PlannerError(
            "change: layer {layer} has no numbers in {column!r}. Expected one of {known}.",
            layer=change.layer,
            column=change.column,
            known=", ".join(numeric),
        )
    return layer.frame.assign(**{change.column: layer.frame[change.column] * change.times})


def _retired(layer: Layer, change: Retire) -> pd.DataFrame:
    if change.field not in layer.frame:
        raise PlannerError(
            "change: layer {layer} has no field {field!r}. Choose one of its fields.",
            layer=change.layer,
            field=change.field,
        )
    found = layer.frame[change.field].isin(change.names)
    missing = sorted(set(change.names) - set(layer.frame.loc[found, change.field]))
    if missing:
        raise PlannerError(
            "change: layer {layer} holds no {missing!r} in {field}. Check the name.",
            layer=change.layer,
            missing=missing[0],
            field=change.field,
        )
    return layer.frame[~found]


def _added(layer: Layer, change: Add) -> pd.DataFrame:
    columns = set(layer.frame.columns) - {"geometry"}
    if "geometry" not in layer.frame or not set(change.properties) <= columns:
        raise PlannerError(
            "change: layer {layer} takes features with {known}. Correct the properties.",
            layer=change.layer,
            known=", ".join(sorted(columns)),
        )
    shape = shapely.Point(change.path[0]) if len(change.path) == 1 else shapely.LineString(change.path)
    row = {**dict.fromkeys(columns), layer.spec.key: f"added-{len(layer.frame)}", **change.properties}
    typed = {c: pd.Series([row[c]]).astype(layer.frame[c].dtype) for c in layer.frame.columns if c != "geometry"}
    new = gpd.GeoDataFrame(typed, geometry=[shape], crs=crs.STORE)
    return pd.DataFrame(pd.concat([gpd.GeoDataFrame(layer.frame), new], ignore_index=True))


_APPLIED: Mapping[str, Any] = {"scale": _scaled, "retire": _retired, "add": _added}
