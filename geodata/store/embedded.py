"""The small tables inside the package that stand in for layers until they are pulled."""

import dataclasses
import hashlib
import json
from contextlib import ExitStack
from importlib.resources import as_file, files
from typing import Any

from ..errors import LayerMissingError
from ..layer import Layer, LayerSpec, StarterSpec
from ..sources import CONNECTORS, REVISION, Inputs
from . import validate

_OPENED: dict[str, Layer] = {}
"""Layers by version, once read: the tables are small, part of the package, and asked for again and again."""


def layer(spec: LayerSpec) -> Layer:
    """Rows of the small table, the caller's own to change; LayerMissingError for a layer that has none."""
    if spec.starter is None:
        raise LayerMissingError("layer {layer} has no embedded default.", layer=spec.id)
    key = version(spec)
    if key not in _OPENED:
        _OPENED[key] = _read(spec, spec.starter, key)
    held = _OPENED[key]
    return dataclasses.replace(held, frame=held.frame.copy(deep=False))


def _read(spec: LayerSpec, starter: StarterSpec, key: str) -> Layer:
    with ExitStack() as opened:
        paths = {name: opened.enter_context(as_file(_starter_file(name))) for name in (starter.file, *starter.beside)}
        reading = CONNECTORS[starter.connector](Inputs(files=paths, layers={}))
    optional = [name for name, field in spec.fields.items() if not field.required]
    frame = reading.frame.reindex(columns=list(dict.fromkeys([*reading.frame.columns, *optional])))
    return Layer(spec, validate.conform(frame, spec), starter, "embedded", key, None, reading.steps)


def version(spec: LayerSpec) -> str:
    """Hash of everything that those rows depend on."""
    starter = spec.starter
    names = (starter.file, *starter.beside) if starter else ()
    contents = [hashlib.sha256(_starter_file(name).read_bytes()).hexdigest() for name in names]
    return digest([contents, spec.model_dump(mode="json"), REVISION])


def _starter_file(name: str) -> Any:
    return files("geodata") / "starter" / name


def digest(content: Any) -> str:
    """Version of whatever these plain data make."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
