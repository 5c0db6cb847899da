"""The measures: one class each, listed here once; a new one is a class and its place in this union."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from ..criterion import Criterion
from .by_road import DriveMin, SumWithinMin
from .cells import CellsWithin, CellValue, NearestCellKm
from .distance_from_km import DistanceFromKm
from .looked_up import AdminValue, MeshValue
from .nearest_km import NearestKm
from .nearest_value import NearestValue
from .polygons import SharePct, WorstValue
from .road_min import RoadMin, RoadMinFrom
from .sum_within import SumWithin

AnyCriterion = Annotated[
    NearestKm
    | SumWithin
    | DistanceFromKm
    | AdminValue
    | MeshValue
    | SharePct
    | WorstValue
    | DriveMin
    | SumWithinMin
    | CellValue
    | CellsWithin
    | NearestCellKm
    | NearestValue
    | RoadMin
    | RoadMinFrom,
    Field(discriminator="measure"),
]
"""A criterion of any measure, told apart by its field `measure`."""

_ADAPTER: TypeAdapter[Criterion] = TypeAdapter(AnyCriterion)


def criterion_of(stanza: Mapping[str, Any]) -> Criterion:
    """The criterion that a stanza describes; ValidationError says what is wrong with it."""
    return _ADAPTER.validate_python(stanza)


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
