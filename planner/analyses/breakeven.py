"""The smallest single changes, of a value or of a weight, that move a site into or out of the top k."""

import geopandas as gpd
import pandas as pd
import shapely

from geodata.country import crs

from ..decision.breakeven import BreakEven, break_even_of
from ..decision.problem import problem_of
from ..i18n import Language
from ..model.result import Result
from ..model.tables import row_of
from .analysis import Analysis, AnalysisSpec
from .words import Words

COLUMNS = {
    "criterion": "Id of the criterion.",
    "weight_now": "Share of the whole weight.",
    "weight_needed": "Share at which the site crosses the top k, the others in proportion; empty: none does.",
    "value_now": "Value proven now, in the unit.",
    "value_needed": "Value at which the site crosses the top k; empty: no value of this criterion is enough.",
    "change": "Difference from the present.",
    "points_per_unit": "Points gained per unit at the present value.",
    "unit": "Unit of the values.",
}
SPEC = AnalysisSpec("breakeven", "criterion", COLUMNS)

STANDINGS = {
    True: "{name} is at rank {rank}, {gap} points inside the top {k}.",
    False: "{name} is at rank {rank}, {gap} points short of the top {k}.",
}
EFFECTS = {True: "it would leave the top {k}", False: "it would enter the top {k}"}


def breakeven(result: Result, site_id: str, top: int, language: Language) -> Analysis:
    """One row per criterion: what alone would move the site across the line of the top k."""
    found, words = break_even_of(problem_of(result), site_id, top), Words(result, language)
    units = {id_: words.unit(id_) for id_ in found.table.index}
    table = found.table.assign(unit=pd.Series(units)).rename_axis(SPEC.key)
    place = shapely.Point(result.table.loc[site_id, ["lon", "lat"]])
    shapes = gpd.GeoSeries([place] * len(table), index=table.index, crs=crs.EXPORT)
    sentences = standing_sentences(found, str(result.table.loc[site_id, "name"]), words)
    facts = {"rank": found.rank, "inside": found.inside, "rival": found.rival, "gap": found.gap}
    return Analysis(SPEC, table, {"site": site_id, "top": top}, tuple(sentences), facts, shapes)


def standing_sentences(found: BreakEven, name: str, words: Words) -> list[str]:
    """Where the site stands, the smallest change of each value and that of a weight."""
    place = {"name": name, "rank": f"{found.rank:,}", "k": found.top}
    if found.rival is None:
        return [words.t("{name} is in the top {k} because no more sites are ranked.", **place)]
    standing = words.t(STANDINGS[found.inside], **place, gap=f"{abs(found.gap):.1f}")
    return [standing, *value_sentences(found, words), weight_sentence(found, words)]


def value_sentences(found: BreakEven, words: Words) -> list[str]:
    """One sentence per criterion that alone would be enough."""
    effect = words.t(EFFECTS[found.inside], k=found.top)
    possible = found.table[found.table["value_needed"].notna()]
    if possible.empty:
        return [words.t("No change of a single value is enough.")]
    return [
        words.t(
            "{title}: at {needed} (now {now}) {effect}.",
            title=words.title(str(id_)),
            needed=words.amount(str(id_), row["value_needed"]),
            now=words.amount(str(id_), row["value_now"]),
            effect=effect,
        )
        for id_, row in possible.iterrows()
    ]


def weight_sentence(found: BreakEven, words: Words) -> str:
    """The smallest change of one weight that alone would be enough."""
    step = (found.table["weight_needed"] - found.table["weight_now"]).abs()
    if step.isna().all():
        return words.t("No change of a single weight is enough.")
    id_ = str(step.idxmin())
    row = row_of(found.table, id_)
    return words.t(
        "Smallest change of a weight: «{title}» from {now} to {needed} of the whole; then {effect}.",
        title=words.title(id_),
        now=f"{row['weight_now']:.1%}",
        needed=f"{row['weight_needed']:.1%}",
        effect=words.t(EFFECTS[found.inside], k=found.top),
    )


def exchange_sentence(units: pd.Series, words: Words) -> str:
    """What one point is worth in the unit of each criterion."""
    amounts = [f"{words.amount(str(id_), value)} ({words.title(str(id_))})" for id_, value in units.items()]
    return words.t("1 point = {amounts}.", amounts=" = ".join(amounts))
