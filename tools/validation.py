"""
The first ten cells of each profile with the facts of their ground, for the country and five prefectures: `make validation`.

The page docs/validation.md is read by people: what an expert would reject in it is a fault of a criterion, never of a row.
Needs all layers pulled into PLANNER_DATA_DIR.
"""

import dataclasses
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from stored import store_with

from geodata import Store
from geodata.country.codes import prefectures
from planner import evaluate
from planner.evaluation import Evaluation, told_columns
from planner.measure.candidates import CandidateChoice
from planner.measure.criterion import Criterion
from planner.measure.run import measure
from planner.model.digits import text
from planner.scenario.criteria import criteria
from planner.scenario.merge import scenario_from_profile
from planner.scenario.profiles import profiles

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"
REGIONS = ("43", "01", "04", "33", "18")
FIRST = 10
FACTS = (
    "open_cell_pct",
    "buildable_ha",
    "conversion_pct",
    "forest_pct",
    "relief_m",
    "grid_275kv_km",
    "grid_154kv_km",
    "interchange_min",
    "airport_min",
    "industrial_price",
    "residents_near",
)

COARSE = {"relief_m": (50, 100)}
"""Steps of a fact whose source's terms are still to be checked: told as a class, never as its value."""

_HEAD = """# What the profiles put first

Made by `make validation` from the national layers; no row is chosen or left out by hand. The weights of these profiles are assumptions; a
cell is 1 km wide. `open_cell_pct` is open ground of the cell, `buildable_ha` what can be
built on within reach, `conversion_pct` farmland zone and forest of the cell, kilometres to substations are to the nearest on the list.
What was found in reading it: [validation-reading.md](validation-reading.md).
"""


def facts() -> list[Criterion]:
    """Criteria whose values stand beside the ranks."""
    return [criteria()[id_] for id_ in FACTS]


def first_of(evaluation: Evaluation, store: Store) -> Iterator[tuple[str, pd.DataFrame]]:
    """Title and rows of the country and of each prefecture."""
    table = evaluation.result().table
    ranked = table[table["status"].eq("ranked")].sort_values("rank")
    parts = {"Japan": ranked, **{_english(code): ranked[ranked["pref_code"].eq(code)] for code in REGIONS}}
    heads = {title: part.head(FIRST) for title, part in parts.items()}
    ids = pd.Index(np.unique(np.concatenate([head.index.to_numpy() for head in heads.values()])))
    sites = dataclasses.replace(evaluation.candidates, table=evaluation.candidates.table.loc[ids])
    told = told_columns(measure(sites, facts(), store), facts())
    values = pd.DataFrame({id_: column[0] for id_, column in told.items()}, index=ids)
    for title, head in heads.items():
        yield title, head[["rank", "rank_from", "rank_to", "name", "score"]].join(values.loc[head.index])


def page(store: Store) -> Iterator[str]:
    """Lines of the page."""
    yield _HEAD
    yield from (f"- `{criterion.id}`: {criterion.said().title.en} ({criterion.unit})" for criterion in facts())
    for id_ in profiles():
        scenario = scenario_from_profile(id_)
        asked = scenario.model_copy(update={"candidates": CandidateChoice(kind="mesh")})
        yield f"\n## {scenario.title.en}\n"
        for title, rows in first_of(evaluate(asked, store), store):
            yield f"\n### {title}\n"
            yield from _markdown(rows)
        sys.stdout.write(f"{id_}\n")
    yield from _layers(store)


def _markdown(rows: pd.DataFrame) -> Iterable[str]:
    yield "| rank | between | cell | points | " + " | ".join(FACTS) + " |"
    yield "|" + "---|" * (len(FACTS) + 4)
    for row in rows.to_dict("records"):
        told = [_told(id_, float(row[id_])) for id_ in FACTS]
        between = f"{row['rank_from']:,.0f}–{row['rank_to']:,.0f}"
        yield f"| {row['rank']:,.0f} | {between} | {row['name']} | {row['score']:.1f} | " + " | ".join(told) + " |"


def _told(fact: str, value: float) -> str:
    if np.isnan(value):
        return "unknown"
    if fact not in COARSE:
        return text(value)
    steps = COARSE[fact]
    return next((f"≤ {step}" for step in steps if value <= step), f"> {steps[-1]}")


def _layers(store: Store) -> Iterator[str]:
    """Date, status, licence and attribution of every layer behind the facts."""
    yield "\n## Layers behind the facts\n"
    for id_ in sorted({id_ for criterion in facts() for id_ in criterion.rests_on()}):
        lock = store.lock(id_)
        yield (f"- `{id_}`: " + "; ".join(map(str, (lock.reference_date, lock.status, lock.licence, lock.attribution))))


def _english(pref_code: str) -> str:
    return str(prefectures().loc[pref_code, "name_en"])


def main() -> None:
    """Write the page."""
    store = store_with({id_ for criterion in facts() for id_ in criterion.rests_on()})
    PAGE.write_text("\n".join(page(store)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
