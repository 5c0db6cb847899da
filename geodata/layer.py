"""What a layer is: its specification, its frame and the passport that travels with every value."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

import geopandas as gpd
import pandas as pd
from pydantic import Field, model_validator

from .base import Strict, Text
from .errors import InvalidError
from .passport import LayerLock, Origin, Passport

IMPORT = "import"
"""Connector of layers that come from files of the user's own."""


class FieldSpec(Strict):
    """One column of a layer."""

    dtype: Literal["string", "float", "integer", "boolean"]
    unit: str | None = Field(None, description="Unit of a number, e.g. MW, kV, ha, persons")
    title: Text
    required: bool = Field(default=False, description="No value may be missing")
    minimum: float | None = Field(None, description="Smallest plausible value")
    maximum: float | None = Field(None, description="Largest plausible value")
    accuracy: float = Field(0.0, ge=0, description="How far a value may be off, in its unit")
    pattern: str | None = Field(None, description="Regular expression that every text must match")


class FileSpec(Strict):
    """A publisher's file, pinned by its content."""

    name: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    url: str | None = Field(None, description="Where to download it; absent for file-only sources")


class StarterSpec(Passport):
    """The small table inside the package that stands in until the layer is pulled."""

    file: str
    connector: str = "starter"
    beside: tuple[str, ...] = Field((), description="More tables of the package that the connector reads")


class LayerSpec(Passport):
    """One catalogue file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    title: Text
    theme: Literal["places", "land", "grid", "power", "people", "access", "facts"]
    geometry: Literal["point", "line", "polygon", "none"]
    connector: str | None = Field(None, description="Key of geodata.sources.CONNECTORS; absent: embedded only")
    files: tuple[FileSpec, ...] = ()
    inputs: tuple[str, ...] = Field((), description="Layers this one is derived from")
    key: str = Field(description="Column that is unique")
    fields: dict[str, FieldSpec]
    outside: tuple[str, ...] = Field((), description="Prefecture or municipality codes not covered: unknown there")
    on_request: bool = Field(default=False, description="Built only when named")
    starter: StarterSpec | None = None

    @model_validator(mode="after")
    def _has_an_origin(self) -> Self:
        if self.connector is None and self.starter is None:
            raise InvalidError("{self_2}: a layer needs a connector or a starter table", self_2=self.id)
        if self.key not in self.fields:
            raise InvalidError("{self_2}: key {key!r} is not one of its fields", self_2=self.id, key=self.key)
        return self

    @property
    def from_user(self) -> bool:
        """Whether only a file of the user's own gives it: imported, or a place that the catalogue keeps for one."""
        return self.connector == IMPORT

    @property
    def file_only(self) -> bool:
        """Whether some file can only come from a folder."""
        return any(file.url is None for file in self.files)


@dataclass(frozen=True)
class Step:
    """Something a connector did to the publisher's rows, with how many rows it touched."""

    action: Literal["merged", "blanked", "dropped", "repaired", "kept", "added", "assigned"]
    count: int
    note: Text


@dataclass(frozen=True)
class Reading:
    """What a connector returns: rows in STORE and the steps that made them."""

    frame: pd.DataFrame
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Layer:
    """Rows with their passport. `version` is the hash of everything the rows depend on."""

    spec: LayerSpec
    frame: pd.DataFrame
    passport: Passport
    origin: Origin
    version: str
    retrieved_at: str | None
    steps: tuple[Step, ...]

    @property
    def geometry(self) -> gpd.GeoSeries:
        """Shapes of the rows, in STORE."""
        return gpd.GeoDataFrame(self.frame).geometry

    def lock(self) -> LayerLock:
        """What a value that rests on this layer tells of it."""
        return locked(self.spec, self.passport, self.origin, self.version)


def locked(spec: LayerSpec, passport: Passport, origin: Origin, version: str) -> LayerLock:
    """What a value tells of a layer that need not be opened for it."""
    told = passport.model_dump(include={"licence", "attribution", "reference_date", "status", "inventory"})
    return LayerLock(id=spec.id, origin=origin, title=spec.title, version=version, **told)
