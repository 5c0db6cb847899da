"""Stanzas of the TOML files beside this module: each says which features of a layer are shown, and how they are called."""

import tomllib
from importlib.resources import files
from typing import TypeVar

import geopandas as gpd
from pydantic import ValidationError

from geodata import Layer
from geodata.base import Strict, Text

from ..errors import PlannerError
from ..measure.criterion import Where, rows_that_pass


class Shown(Strict):
    """Features of a layer under one title."""

    title: Text
    layer: str
    where: tuple[Where, ...] = ()

    def features(self, layer: Layer) -> gpd.GeoDataFrame:
        """Features of the layer that pass every test."""
        return gpd.GeoDataFrame(rows_that_pass(layer.frame, self.where))


_Stanza = TypeVar("_Stanza", bound=Strict)


def read_stanzas(name: str, kind: type[_Stanza]) -> dict[str, _Stanza]:
    """Stanzas of one file by id, in its order."""
    tables = tomllib.loads((files(__package__) / name).read_text("utf-8"))
    found = {}
    for id_, table in tables.items():
        try:
            found[id_] = kind.model_validate(table)
        except ValidationError as error:
            raise PlannerError("{path}: stanza {id}: {error}", path=name, id=id_, error=error) from error
    return found
