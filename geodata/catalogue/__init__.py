"""One TOML file per layer."""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import ValidationError

from ..errors import GeodataError
from ..layer import LayerSpec


@cache
def catalogue() -> dict[str, LayerSpec]:
    """Every layer the package knows, by id, inputs before what is derived from them."""
    specs = {}
    for path in sorted(files(__name__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            try:
                spec = LayerSpec.model_validate(tomllib.loads(path.read_text("utf-8")))
            except (ValidationError, tomllib.TOMLDecodeError) as error:
                raise GeodataError(
                    "{path}: expected a layer specification, found {error}", path=path.name, error=error
                ) from error
            specs[spec.id] = spec
    return {id_: specs[id_] for id_ in _inputs_first(specs)}


def _inputs_first(specs: dict[str, LayerSpec]) -> list[str]:
    order: list[str] = []

    def visit(id_: str) -> None:
        if id_ not in order:
            for upstream in specs[id_].inputs:
                visit(upstream)
            order.append(id_)

    for id_ in specs:
        visit(id_)
    return order
