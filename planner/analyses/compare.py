"""Two results by site: who moved, by how much, and what moved them."""

import pandas as pd

from ..decision.compare import COVERAGE, GATE, OTHERS, UNCHANGED, VALUE, WEIGHT, compare_results
from ..i18n import Language
from ..model.result import Result
from .analysis import Analysis, AnalysisSpec
from .words import TOLD, Words

COLUMNS = {
    "status_a": "Status in the first result.",
    "status_b": "Status in the second result.",
    "rank_a": "Rank in the first result.",
    "rank_b": "Rank in the second result.",
    "move": "Places gained (positive) or lost.",
    "score_a": "Points proven in the first result.",
    "score_b": "Points proven in the second result.",
    "change": "Difference from the present.",
    "reason": "weight, value, gate, coverage, others or unchanged.",
    "criterion": "Id of the criterion.",
    "points": "How much the criterion moved the site against the median site.",
}
PREFIXES = {"change_": "Points gained by: {title}."}
SPEC = AnalysisSpec("compare", "site_id", COLUMNS, PREFIXES)

REASONS = {
    WEIGHT: "the weight or anchors of «{title}» moved it {points} points against the median site.",
    VALUE: "the value of «{title}» moved it {points} points against the median site.",
    GATE: "other gates fail.",
    COVERAGE: "more or less of the weight is known.",
    OTHERS: "its own points hardly changed; others moved past it.",
    UNCHANGED: "its points are the same; others moved.",
}
_AMONG_THE_BEST = 100


def compare(a: Result, b: Result, language: Language) -> Analysis:
    """The sites of both results by their rank in the second; titles are those of the second."""
    found = compare_results(a, b)
    hashes = {"a": a.about.scenario_sha256, "b": b.about.scenario_sha256}
    facts = {"only_a": found.only_a, "only_b": found.only_b}
    return Analysis(SPEC, found.table, hashes, tuple(move_sentences(found.table, Words(b, language))), facts)


def move_sentences(table: pd.DataFrame, words: Words) -> list[str]:
    """How many moved, and the largest moves with their reasons."""
    moved = table[table["move"].fillna(0) != 0]
    counted = words.t(
        "{n} of {all} sites changed rank; {changed} changed status.",
        n=f"{len(moved):,}",
        all=f"{len(table):,}",
        changed=f"{int((table['status_a'] != table['status_b']).sum()):,}",
    )
    best = moved[moved["rank_b"] <= _AMONG_THE_BEST]
    largest = best["move"].abs().sort_values(ascending=False).index[:TOLD]
    return [counted, *(move_sentence(table.loc[site], words) for site in largest)]


def move_sentence(row: pd.Series, words: Words) -> str:
    """One site's move and its reason."""
    before, after = (words.t("not ranked") if pd.isna(r) else f"{int(r):,}" for r in (row["rank_a"], row["rank_b"]))
    return words.t(
        "{name}: rank {before} to {after}; {reason}",
        name=row["name"],
        before=before,
        after=after,
        reason=reason_sentence(row, words),
    )


def reason_sentence(row: pd.Series, words: Words) -> str:
    """Why one site moved."""
    if row["reason"] in {WEIGHT, VALUE}:
        values = {"title": words.title(row["criterion"]), "points": f"{row['points']:+.1f}"}
        return words.t(REASONS[row["reason"]], **values)
    return words.t(REASONS[row["reason"]])
