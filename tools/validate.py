"""
How well each profile finds real choices, and the first ten cells of each with the facts of their ground: `make validate`.

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
from planner.measure.choices import known_choices
from planner.measure.criterion import Criterion
from planner.measure.run import measure
from planner.model.calibration import Calibration
from planner.model.digits import text
from planner.model.tables import RANKED
from planner.scenario.backtest import backtest, backtest_sha256
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.scenario.merge import scenario_from_profile
from planner.scenario.profiles import calibrated, default_weights, profiles

ALIKE = Path(__file__).parents[1] / "planner" / "scenario" / "alike.csv"
ALIKE_FROM = 0.95
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

_HEAD = """# Validation

Made by `make validate` from the national layers; no row is chosen or left out by hand, failures are shown.

## The back-test

Fixed in `planner/scenario/backtest.toml` (SHA-256 `{sha}`).
Why it is so, what was tried before, and how far the figures flatter: [decision 13](decisions/013-weights-from-real-choices.md).

- Question: {question}
- Sample: the product's own list of real choices (`geodata/starter/real_choices.csv`), closed and cancelled ones left out: {n} choices.
  A choice counts with its best cell within {reach:g} km, or within its own accuracy; it is compared with {places:,} random land cells, each
  with the best cell as near. Cells that a gate excludes stand below all others.
- Measure: {measure}
- Bar: {bar}
- Not used, since they show the plants themselves: {shown}.

Area = mean percentile; 0.5 is chance. 90 % intervals in brackets, over choices drawn again. «Best column» is the single criterion that does
best on these very choices: a hard rival, since it is picked in hindsight.

"""
_TABLE = """| profile | default | choices | median | in the top 5 % | area | a random fifth held out | pooled model | assumed weights | equal weights | best column | verdict |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""
_FIRST = """
Type 3 has no real choices of its own: factories of nine fields stand for it, and the weights are those of the pooled model. Type 2 is judged by
choices at least 50 km from Tokyo and Osaka alone, since it looks nowhere else: three, so its figures say little. Type 4 has none and stays assumed.

## How near the best stand to each other

Cells within one point of the first, and the points of the first, the tenth, the hundredth and the thousandth.

| profile | within one point | first | 10th | 100th | 1,000th |
|---|---|---|---|---|---|
{ties}

## Profiles that rank alike

Pairs whose scores go together above 0.95 (rank correlation over the land cells that both rank), each set as it is the default; most land
is far from everything, which every profile says. Why: the share of their weights that lies on the same criteria, and those that share most.
The sentence stands on the pages Method and Fields, too.

{alike}

# What the profiles put first

A cell is 1 km wide. `open_cell_pct` is open ground of the cell, `buildable_ha` what can be
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
    firsts, ties, scores = [], [], {}
    for id_ in profiles():
        scenario = scenario_from_profile(id_)
        evaluation = evaluate(scenario.model_copy(update={"candidates": CandidateChoice(kind="mesh")}), store)
        ties.append(_ties(id_, evaluation))
        scores[id_] = evaluation.scores.score.where(evaluation.ranking.status.eq(RANKED))
        firsts.append(f"\n## {scenario.title.en}\n")
        for title, rows in first_of(evaluation, store):
            firsts += [f"\n### {title}\n", *_markdown(rows)]
        sys.stdout.write(f"{id_}\n")
    yield _backtest(store)
    pairs = alike_pairs(pd.DataFrame(scores))
    pairs.to_csv(ALIKE, index=False)
    yield _FIRST.format(ties="\n".join(ties), alike=_alike(pairs))
    yield from (f"- `{criterion.id}`: {criterion.said().title.en} ({criterion.unit})" for criterion in facts())
    yield from firsts
    yield from _layers(store)


def _backtest(store: Store) -> str:
    """What was fixed, and how each profile stood."""
    test = backtest()
    head = _HEAD.format(
        sha=backtest_sha256(),
        question=test.question,
        n=len(known_choices(store).table),
        reach=test.reach_m / 1e3,
        places=test.places,
        measure=test.measure,
        bar=test.bar,
        shown=", ".join(f"`{id_}`" for id_ in test.criteria.left_out["shows_plants"]),
    )
    return head + _TABLE + "\n".join(_stood(id_) for id_ in profiles())


def _stood(profile: str) -> str:
    """One profile's row of the table."""
    if profile not in calibrated():
        return f"| `{profile}` | assumed | none | – | – | – | – | – | – | – | – | not judged: none or too few real choices of its own |"
    made = Calibration.model_validate(calibrated()[profile]["calibration"])
    held = made.held_out
    own = held.calibrated
    verdict = "better than all" if made.beats_columns else "**no better than its best column**"
    cells = (
        f"`{profile}`",
        default_weights(profile),
        f"{own.n}",
        f"{own.median:.2f} ({own.median_interval[0]:.2f}–{own.median_interval[1]:.2f})",
        f"{own.top:.0%} ({own.top_interval[0]:.0%}–{own.top_interval[1]:.0%})",
        f"{own.area:.2f} ({own.area_interval[0]:.2f}–{own.area_interval[1]:.2f})",
        f"{held.fifths.median:.2f} / {held.fifths.top:.0%} / {held.fifths.area:.2f}",
        *(f"{rival.area:.2f}" for rival in (held.pooled, held.assumed, held.equal)),
        f"`{held.column}` {held.best_column.median:.2f} / {held.best_column.top:.0%} / {held.best_column.area:.2f}",
        verdict,
    )
    return f"| {' | '.join(cells)} |"


def alike_pairs(scores: pd.DataFrame) -> pd.DataFrame:
    """Pairs of profiles whose scores go together, the most alike first, with the weight they share and where."""
    names, rows = [str(name) for name in scores.columns], []
    found = scores.corr(method="spearman").to_numpy(float)
    weights = {id_: pd.Series(bind(scenario_from_profile(id_)).weights) for id_ in names}
    for n, one in enumerate(names):
        for k, other in enumerate(names[:n]):
            if found[n, k] > ALIKE_FROM:
                both = pd.concat([weights[one], weights[other]], axis=1).fillna(0.0).min(axis=1)
                most = " ".join(str(id_) for id_ in both.sort_values(ascending=False).index[:3])
                rows.append((other, one, round(float(found[n, k]), 3), round(float(both.sum()), 2), most))
    table = pd.DataFrame(rows, columns=["profile", "other", "correlation", "shared_weight", "criteria"])
    return table.sort_values("correlation", ascending=False, kind="stable")


def _alike(pairs: pd.DataFrame) -> str:
    head = "| pair | rank correlation | weight shared | most of it on |\n|---|---|---|---|\n"
    return head + "\n".join(
        f"| `{row['profile']}`, `{row['other']}` | {row['correlation']:.3f} | {row['shared_weight']:.0%} | {', '.join(str(row['criteria']).split())} |"
        for row in pairs.to_dict("records")
    )


def _ties(profile: str, evaluation: Evaluation) -> str:
    """How many cells stand within a point of the first, and how the points fall off."""
    ranked = evaluation.ranking.status.eq(RANKED)
    points = np.sort(evaluation.scores.score[ranked].to_numpy())[::-1]
    near = int((points >= points[0] - 1).sum())
    return f"| `{profile}` | {near:,} | " + " | ".join(f"{points[n - 1]:.1f}" for n in (1, 10, 100, 1_000)) + " |"


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
