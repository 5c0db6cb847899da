"""Value chains of the fields, and which of their stages an area has, by the firms that are known there."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated

import pandas as pd
from pydantic import Field

from geodata.base import Strict, Text
from geodata.errors import InvalidError

from ..model.sources import sources as known_sources

HERE, IN_JAPAN, MISSING, NOT_LISTED = "here", "in Japan", "missing", "not listed"
"""Where a stage stands: in the area, elsewhere in Japan, in no firm of a complete list, or in no firm of a partial one."""


class Stage(Strict):
    """One stage; `after` are the stages that feed it."""

    id: str
    title: Text
    after: tuple[str, ...] = ()
    essential: bool = False
    sectors: Annotated[tuple[str, ...], Field(description="Two-digit groups of the JSIC nearest to it")] = ()
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


@cache
def chains() -> dict[str, tuple[Stage, ...]]:
    """Every chain by its field, upstream first; InvalidError where a stage is fed by one that does not stand before it."""
    table = tomllib.loads((files(__package__) / "chains.toml").read_text("utf-8"))
    found = {field: tuple(Stage.model_validate(row) for row in rows) for field, rows in table.items()}
    for field, stages in found.items():
        before: set[str] = set()
        for stage in stages:
            if not set(stage.after) <= before or not set(stage.sources) <= set(known_sources()):
                raise InvalidError(
                    "chain {field}: stage {stage} is fed by one that does not stand before it",
                    field=field,
                    stage=stage.id,
                )
            before.add(stage.id)
    return found


def coverage(
    stages: tuple[Stage, ...], firms: pd.DataFrame, here: pd.Series, *, complete: bool = False
) -> pd.DataFrame:
    """
    Which stages of a chain an area has.

    Parameters
    ----------
    stages
        The chain.
    firms
        Firms of the field with their `stage`; one whose stage is not of the chain counts for none.
    here
        Whether each firm stands in the area, shape (n,).
    complete
        Whether the list holds every firm: only then is a stage without one missing.

    Returns
    -------
    table
        Per stage: `here` and `japan` (firms in the area, in all), `standing` (one of the constants above), `essential`.
    """
    inside = here.to_numpy(bool)
    rows = []
    for stage in stages:
        of_it = firms["stage"].eq(stage.id).to_numpy(bool)
        near, everywhere = int((of_it & inside).sum()), int(of_it.sum())
        none = MISSING if complete else NOT_LISTED
        standing = HERE if near else IN_JAPAN if everywhere else none
        rows.append((stage.id, near, everywhere, standing, stage.essential))
    return pd.DataFrame(rows, columns=["stage", "here", "japan", "standing", "essential"])


def share_here(table: pd.DataFrame) -> tuple[float, float]:
    """Share of the stages, and of the essential ones, that have a firm in the area: a lower bound on a partial list; NaN without such stages."""
    here, essential = table["standing"].eq(HERE), table["essential"].astype(bool)
    return float(here.mean()) if len(here) else float("nan"), float(
        here[essential].mean()
    ) if essential.any() else float("nan")


def stage_of(field: str, named: str, titles: Mapping[str, tuple[Stage, ...]] | None = None) -> str:
    """Id of a stage by its id or its name in either language; empty when it is none of the field."""
    stages = (titles or chains()).get(field, ())
    text = named.strip().lower()
    return next((s.id for s in stages if text in {s.id, s.title.ja.lower(), s.title.en.lower()}), "")
