"""The measures: one class each, in a module of this folder. A new one is its module; nothing here is touched."""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field, TypeAdapter

from ..criterion import Criterion

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")


def measures() -> dict[str, type[Criterion]]:
    """Every measure by the name that a stanza gives it."""
    known = Criterion.__subclasses__()
    for kind in known:
        known += kind.__subclasses__()
    return {
        kind.model_fields["measure"].default: kind
        for kind in known
        if isinstance(kind.model_fields["measure"].default, str)
    }


if TYPE_CHECKING:
    AnyCriterion = Criterion
else:
    AnyCriterion = Annotated[Union[tuple(measures().values())], Field(discriminator="measure")]  # noqa: UP007
"""A criterion of any measure, told apart by its field `measure`."""

_ADAPTER: TypeAdapter[Criterion] = TypeAdapter(AnyCriterion)


def criterion_of(stanza: Mapping[str, Any]) -> Criterion:
    """The criterion that a stanza describes; ValidationError says what is wrong with it."""
    return _ADAPTER.validate_python(stanza)
