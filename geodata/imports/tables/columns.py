"""Columns of each kind of table, from the TOML beside this module: the headings that publishers write, types and units."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated

import pandas as pd
from pydantic import Field

from ...base import Strict, Text
from ...layer import FieldSpec


class Column(Strict):
    """A column of a kind of table: its headings as publishers write them (normalised), type and unit."""

    name: str
    ja: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
    headings: Annotated[tuple[str, ...], Field(min_length=1)]
    unit: str | None = None
    date: bool = False
    required: bool = False
    low: float | None = None
    high: float | None = None

    def spec(self) -> FieldSpec:
        """What it becomes in the layer."""
        return FieldSpec(dtype="float" if self.unit else "string", unit=self.unit, title=Text(ja=self.ja, en=self.en))


Columns = tuple[Column, ...]


@cache
def columns_of(table: str) -> Columns:
    """Columns of capacity, demand, estates or candidates."""
    stanzas = tomllib.loads((files(__package__) / f"{table}.toml").read_text("utf-8"))
    return tuple(Column.model_validate({"name": name, **stanza}) for name, stanza in stanzas.items())


def specs_of(columns: Columns, frame: pd.DataFrame) -> dict[str, FieldSpec]:
    """Field of each column that the frame has."""
    return {c.name: c.spec() for c in columns if c.name in frame}
