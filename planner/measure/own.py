"""A layer of the user's own, used like any other: its passport is what the user says of it."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import pandas as pd
from pydantic import Field

from geodata import Layer, Layers, LayerSpec
from geodata.base import Text
from geodata.errors import GeodataError
from geodata.imports.features import check_positions, read_features
from geodata.layer import FieldSpec, Passport
from geodata.store.overlay import OverlaidStore

from ..errors import PlannerError

_GEOMETRY = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


class OwnLayer(Passport):
    """A file of features and its passport; nothing is assumed of it."""

    path: str
    title: Text
    licence: str = "not stated"
    attribution: str = "user"
    reference_date: str
    inventory_note: Text = Text(ja="利用者のファイル", en="the user's file")


def overlaid(store: Layers, own: Mapping[str, OwnLayer]) -> Layers:
    """The store with the user's layers in front; the store itself when there is none."""
    clash = sorted(set(own) & set(store.specs))
    if clash:
        raise PlannerError("layer {clash!r}: the catalogue has a layer of this name. Choose another.", clash=clash[0])
    return OverlaidStore(store, {id_: _opened(id_, layer) for id_, layer in own.items()}) if own else store


def read_own(path: Path) -> tuple[gpd.GeoDataFrame, str]:
    """Features in STORE and whether they are points, lines or polygons; PlannerError when they are mixed or misplaced."""
    try:
        frame = read_features(path)
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
    return frame, _GEOMETRY[kinds[0]]


def _opened(layer_id: str, own: OwnLayer) -> Layer:
    return own_layer(layer_id, own, *read_own(Path(own.path)))


def own_layer(layer_id: str, own: OwnLayer, frame: gpd.GeoDataFrame, geometry: str) -> Layer:
    """A layer of what `read_own` has read from the file of `own`."""
    spec = _spec(layer_id, own, frame, geometry)
    described = json.dumps([own.model_dump(mode="json", exclude={"path"}), list(spec.fields)], sort_keys=True)
    version = hashlib.sha256(Path(own.path).read_bytes() + described.encode()).hexdigest()[:16]
    passport = Passport.model_validate(own.model_dump(include=set(Passport.model_fields)))
    return Layer(spec, pd.DataFrame(frame), passport, "own", version, None, ())


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
