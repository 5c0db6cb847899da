"""A layer of the user's own, used like any other: its passport is what the user says of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import pandas as pd
from pydantic import Field

from geodata import Layer, Layers, LayerSpec
from geodata.base import Text
from geodata.errors import GeodataError
from geodata.imports.features import check_positions, read_features
from geodata.imports.report import Report
from geodata.layer import FieldSpec
from geodata.passport import Passport
from geodata.store.overlay import OverlaidStore

from ..errors import PlannerError
from ..i18n import translator
from .candidates import towns_of

_GEOMETRY = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


class OwnLayer(Passport):
    """A file of features and its passport; nothing is assumed of it."""

    path: str
    title: Text
    licence: str = "not stated"
    attribution: str = "user"
    reference_date: str
    inventory_note: Text = Text(ja="利用者のファイル", en="the user's file")


@dataclass(frozen=True)
class OwnFeatures:
    """Features of a file in STORE, whether they are points, lines or polygons, and what was found on reading them."""

    frame: gpd.GeoDataFrame
    geometry: str
    report: Report


def read_layers(own: Mapping[str, OwnLayer], store: Layers) -> dict[str, OwnFeatures]:
    """The features of each of the user's files; PlannerError as in `read_own`."""
    clash = sorted(set(own) & set(store.specs))
    if clash:
        raise PlannerError("layer {clash!r}: the catalogue has a layer of this name. Choose another.", clash=clash[0])
    return {id_: read_own(Path(layer.path), towns_of(store)) for id_, layer in own.items()}


def overlaid(store: Layers, own: Mapping[str, OwnLayer], features: Mapping[str, OwnFeatures]) -> Layers:
    """The store with the user's layers in front; the store itself when there is none."""
    return OverlaidStore(store, {id_: own_layer(id_, own[id_], features[id_]) for id_ in own}) if own else store


def read_own(path: Path, municipalities: Layer | None = None) -> OwnFeatures:
    """
    Features of a file of points, lines or polygons.

    Rows of a table without coordinates are placed in the town that they name, where `municipalities` are given. PlannerError
    when the file cannot be read or its features are mixed or misplaced.
    """
    report = Report(file=path.name, kind="features")
    try:
        frame = read_features(path, report, municipalities=municipalities)
        check_positions(frame, path)
    except GeodataError as error:
        raise PlannerError("{error}", error=error) from error
    kinds = frame.geom_type.str.removeprefix("Multi").unique()
    if len(kinds) != 1 or kinds[0] not in _GEOMETRY:
        raise PlannerError(
            "{path}: expected points, lines or polygons only, found {known}. Split the file.",
            path=path,
            known=", ".join(map(str, kinds)),
        )
    return OwnFeatures(frame, _GEOMETRY[kinds[0]], report)


def own_layer(layer_id: str, own: OwnLayer, features: OwnFeatures) -> Layer:
    """A layer of what `read_own` has read from the file of `own`."""
    frame = features.frame
    spec = _spec(layer_id, own, frame, features.geometry)
    described = json.dumps([own.model_dump(mode="json", exclude={"path"}), list(spec.fields)], sort_keys=True)
    shapes = b"".join(frame.geometry.to_wkb())
    version = hashlib.sha256(Path(own.path).read_bytes() + shapes + described.encode()).hexdigest()[:16]
    passport = Passport.model_validate(own.model_dump(include=set(Passport.model_fields)))
    steps = features.report.steps(translator("ja"))
    return Layer(spec, pd.DataFrame(frame), passport, "own", version, None, steps)


def _spec(layer_id: str, own: OwnLayer, frame: gpd.GeoDataFrame, geometry: str) -> LayerSpec:
    fields = {str(c): _field(str(c), frame[c]) for c in frame.columns if c != frame.geometry.name}
    return LayerSpec.model_validate(
        {
            **own.model_dump(exclude={"path"}),
            "id": layer_id,
            "theme": "facts",
            "geometry": geometry,
            "connector": "own",
            "key": next(iter(fields), "row"),
            "fields": {name: field.model_dump() for name, field in fields.items()}
            or {"row": _field("row", pd.Series([0])).model_dump()},
        }
    )


def _field(name: str, column: pd.Series) -> FieldSpec:
    return FieldSpec(
        dtype="float" if pd.api.types.is_numeric_dtype(column) else "string", unit=None, title=Text(ja=name, en=name)
    )


OwnLayers = dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], OwnLayer]
