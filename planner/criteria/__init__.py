"""One stanza per criterion in the TOML files beside this one: measure x layer x filter x unit x anchors."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from geodata.layer import Strict, Text

from ..decision.values import ValueFunction
from ..errors import PlannerError

Branch = Literal["grid", "power", "land", "skills", "access", "cluster", "hazard", "dispersion"]

BRANCHES: dict[Branch, Text] = {
    "grid": Text(ja="系統", en="Grid"),
    "power": Text(ja="脱炭素電源", en="Decarbonised power"),
    "land": Text(ja="土地", en="Land"),
    "skills": Text(ja="人材", en="Skills"),
    "access": Text(ja="交通・通信", en="Access"),
    "cluster": Text(ja="産業集積", en="Cluster"),
    "hazard": Text(ja="災害・地形", en="Hazard"),
    "dispersion": Text(ja="分散", en="Dispersion"),
}


class Sourced(Strict):
    """A number a ministry published, with its source, or an assumption of ours, called one."""

    basis: Literal["published", "assumption"]
    source: str | None = Field(None, description="Where a published number stands; why an assumption was made")

    @model_validator(mode="after")
    def _published_has_a_source(self) -> Self:
        if self.basis == "published" and not self.source:
            raise ValueError("a published number needs its source")
        return self


class Where(Strict):
    """Which features of a layer count."""

    field: str
    at_least: float | None = None
    equals: bool | str | None = None
    one_of: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        if sum(test is not None for test in (self.at_least, self.equals, self.one_of)) != 1:
            raise ValueError("a filter needs exactly one of at_least, equals and one_of")
        return self


class Place(Strict):
    """A named fixed point in degrees (JGD2011)."""

    name: Text
    lon: float
    lat: float


class Criterion(Strict):
    """One column of the measurements."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    branch: Branch
    title: Text
    unit: str
    measure: Literal[
        "nearest_km",
        "sum_within",
        "distance_from_km",
        "admin_value",
        "mesh_value",
        "share_pct",
        "worst_value",
        "drive_min",
        "sum_within_min",
    ]
    layers: tuple[str, ...] = Field((), description="Layers measured; several act as one")
    where: tuple[Where, ...] = ()
    column: str | None = Field(
        None, description="Column summed within reach (absent: features are counted) or looked up"
    )
    own_column: str | None = Field(None, description="Column of the user's file that counts as the site's own plot")
    by: Literal["pref_code", "muni_code", "grid_area"] | None = Field(None, description="Key of a looked-up value")
    reach_m: Annotated[float, Field(gt=0)] | None = Field(None, description="Straight-line reach, metres")
    network: str | None = Field(None, description="Layer of roads, for drive_min and sum_within_min")
    reach_min: Annotated[float, Field(gt=0, le=600)] | None = Field(None, description="Reach by car, minutes")
    places: tuple[Place, ...] = Field((), description="Fixed points; the nearest one counts")
    direction: Literal["more", "less"] = Field(description="Which way is better")
    value: ValueFunction = Field(description="Default anchors, in the unit: an assumption unless a profile says more")
    why: Text
    caveat: Text = Field(description="What the number does not say")

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        if self.measure in {"share_pct", "worst_value"} and len(self.layers) != 1:
            raise ValueError(f"{self.id}: {self.measure} needs one layer of polygons")
        if self.measure == "worst_value" and self.column is None:
            raise ValueError(f"{self.id}: worst_value needs a column")
        if (self.measure in {"drive_min", "sum_within_min"}) != (self.network is not None):
            raise ValueError(f"{self.id}: `network` goes with drive_min and sum_within_min, and only with them")
        if self.measure == "sum_within_min" and self.reach_min is None:
            raise ValueError(f"{self.id}: sum_within_min needs reach_min")
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.measure == "sum_within" and (self.reach_m is None or not self.layers):
            raise ValueError(f"{self.id}: sum_within needs layers and reach_m")
        if self.measure in {"admin_value", "mesh_value"} and (self.column is None or len(self.layers) != 1):
            raise ValueError(f"{self.id}: {self.measure} needs one layer and a column")
        if (self.measure == "admin_value") != (self.by is not None):
            raise ValueError(f"{self.id}: `by` goes with admin_value, and only with it")
        if self.measure in {"nearest_km", "drive_min", "sum_within_min"} and not self.layers:
            raise ValueError(f"{self.id}: nearest_km needs layers")
        if self.measure == "distance_from_km" and not self.places:
            raise ValueError(f"{self.id}: distance_from_km needs places")
        at, value = self.value.knots()
        steps = value[1:] - value[:-1]
        if len(at) and ((steps < 0).any() if self.direction == "more" else (steps > 0).any()):
            raise ValueError(f"{self.id}: the anchors contradict direction = {self.direction!r}")
        return self


@cache
def criteria() -> dict[str, Criterion]:
    """Every criterion by id, branch by branch."""
    found = {}
    for path in sorted(files(__name__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            for id_, stanza in tomllib.loads(path.read_text("utf-8")).items():
                try:
                    found[id_] = Criterion.model_validate({"id": id_, **stanza})
                except ValidationError as error:
                    raise PlannerError(f"{path.name}: criterion {id_}: {error}") from error
    order = list(BRANCHES)
    return dict(sorted(found.items(), key=lambda item: order.index(item[1].branch)))
