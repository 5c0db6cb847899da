"""What an analysis of a result is, fresh or read back from a file, and the helpers that several analyses share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import BaseModel

from geodata.country.codes import prefectures

from ..explain.columns import COLUMNS
from ..i18n import Language
from ..model.result import Result
from .words import Words


@dataclass(frozen=True)
class Choices:
    """
    What may be set of an analysis that needs a result alone, and how it runs.

    `model` holds the settings; `options` has the help of each that the command takes; `settings` names those of the scenario.
    """

    model: type[BaseModel]
    run: "Callable[[Result, Any, Language], Analysis]"
    options: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""

    def of(self, result: Result, options: Mapping[str, Any]) -> BaseModel:
        """Settings of the scenario with the options on top, None leaving what is there; ValidationError says what is wrong."""
        base = getattr(result.about.scenario, self.settings) if self.settings else {}
        return self.model.model_validate({**base, **{k: v for k, v in options.items() if v is not None}})


@dataclass(frozen=True)
class AnalysisSpec:
    """
    What analyses of one kind have in common.

    `key` names the index of the table. `columns` has one English sentence for each column that no result has;
    `prefixes` one for each family of columns, with the {title} and {unit} of the criterion after the prefix. `title` is what
    the app calls it, `help` what its command says. With `choices` it has a command and a section of the page Sureness
    without being named there.
    """

    id: str
    key: str
    columns: Mapping[str, str]
    prefixes: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    help: str = ""
    choices: Choices | None = None


@dataclass(frozen=True)
class Analysis:
    """
    A table, the choices that made it, what it says, one sentence each, and what it found beside the table.

    `shapes` has the table's index; without it each row is a site and lies where the site lies.
    """

    spec: AnalysisSpec
    table: pd.DataFrame
    choice: dict[str, Any]
    sentences: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    shapes: gpd.GeoSeries | None = None

    @property
    def kind(self) -> str:
        """Id of the analysis; its files are called so."""
        return self.spec.id

    @property
    def key(self) -> str:
        """Name of the table's index."""
        return self.spec.key

    def metadata(self) -> dict[str, Any]:
        """Everything but the table, as plain data."""
        return {"kind": self.kind, "choice": self.choice, "sentences": list(self.sentences), **self.facts}

    def meanings(self, result: Result, language: Language) -> dict[str, str]:
        """One sentence per column of the table, index first; KeyError names a column that has none."""
        words = Words(result, language)
        return {str(name): self._meaning(str(name), words) for name in [self.key, *self.table.columns]}

    def _meaning(self, name: str, words: Words) -> str:
        sentence = self.spec.columns.get(name) or COLUMNS.get(name)
        if sentence is not None:
            return words.t(sentence)
        for prefix, family in self.spec.prefixes.items():
            if name.startswith(prefix):
                criterion = name.removeprefix(prefix)
                return words.t(family, title=words.title(criterion), unit=words.unit(criterion))
        raise KeyError(name)


def blocks() -> dict[str, str]:
    """METI labour block of each prefecture code."""
    return {str(code): str(block) for code, block in prefectures()["block_code"].items()}


def plain_rows(frame: pd.DataFrame) -> dict[str, Any]:
    """Rows of a table by their index, as plain data."""
    return {str(key): finite(row) for key, row in frame.to_dict("index").items()}


def finite(value: Any) -> Any:
    """Plain data without NaN or infinity, which JSON does not know."""
    if isinstance(value, dict):
        return {str(k): finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [finite(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
