"""Robustness of a ranking, with dominance, the balanced view, influence, double counting and stakeholder sets."""

import numpy as np
import pandas as pd

from ..decision.breakeven import unit_per_point
from ..decision.influence import Influence, balanced, dominance, influence
from ..decision.problem import problem_of
from ..decision.robustness import DEPENDS, ROBUST, WEAK, Robustness, RobustnessChoice, robustness
from ..i18n import Language
from ..model.result import Result
from ..model.tables import row_of
from .analysis import Analysis, AnalysisSpec, Choices, plain_rows
from .stakeholders import agreement_sentence, ranks_under
from .words import TOLD, Words

COLUMNS = {
    "p_top_k": "Share of the draws in which the site is in the top k.",
    "p_top_k_se": "Standard error of p_top_k.",
    "rank_p05": "Rank that 5 % of the draws do not exceed.",
    "rank_p50": "Median rank of the draws.",
    "rank_p95": "Rank that 95 % of the draws do not exceed.",
    "band": "Band of equals: nine of ten draws do not tell its sites from the first of them.",
    "label": "robust, depends or weak, by p_top_k.",
    "dominated_by": "A site at least as good on every criterion; empty: in the Pareto set.",
    "certain": "Whether the dominance holds whatever the unknowns turn out to be.",
    "rank_balanced": "Rank in the balanced view (power mean).",
    "move": "Places gained (positive) or lost.",
}
PREFIXES = {"stakeholder_": "Rank under this set of weights, or the best, worst and spread of all."}

LABELS = {ROBUST: "robust", DEPENDS: "depends on the weights and unknowns", WEAK: "weak"}
_KEPT = 10
_MARKED = 0.1


def robust(result: Result, choice: RobustnessChoice, language: Language) -> Analysis:
    """Draw weights and unknowns; beside it dominance, balanced view, influence and the scenario's stakeholder sets."""
    problem, words = problem_of(result), Words(result, language)
    found = robustness(problem, choice)
    dominated, even, drives = dominance(problem), balanced(problem), influence(problem, found.top)
    table = found.table.join(dominated[["dominated_by", "certain"]]).join(even[["rank_balanced", "move"]])
    sentences = [
        *top_sentences(found, words),
        *balanced_sentences(even, found.top, words),
        *dominance_sentences(dominated, found.top, words),
        *influence_sentences(drives, words),
    ]
    sets = result.about.scenario.stakeholders
    if sets:
        spread = ranks_under(problem, sets)
        table = table.join(spread.add_prefix("stakeholder_"))
        sentences.append(agreement_sentence(spread, found.top, words))
    facts = {
        "half_difference": found.half_difference,
        "central_weights": plain_rows(found.central_weights.head(_KEPT)),
        "win_rate": plain_rows(found.win_rate.iloc[:_KEPT, :_KEPT]),
        "influence": plain_rows(drives.criteria),
        "correlated": drives.pairs.to_dict("records"),
        "unit_per_point": plain_rows(unit_per_point(problem).to_frame("unit_per_point")),
    }
    return Analysis(SPEC, table, choice.model_dump(mode="json"), tuple(sentences), facts)


def top_sentences(found: Robustness, words: Words) -> list[str]:
    """How sure the top k is, then site by site."""
    table = found.table
    best = table[table["rank"] <= found.top]
    counts = best["label"].value_counts()
    said = [
        words.t(
            "Of the top {k}, {robust} are robust, {depends} depend on weights or unknowns and {weak} are weak "
            "({draws} draws, seed {seed}; a site is robust from {share} of the draws on).",
            k=found.top,
            draws=f"{found.choice.draws:,}",
            seed=found.choice.seed,
            share=f"{found.choice.robust_from:.0%}",
            **{label: int(counts.get(label, 0)) for label in (ROBUST, DEPENDS, WEAK)},
        ),
        words.t(
            "Convergence: the two halves of the draws differ by at most {points} percentage points.",
            points=f"{100 * found.half_difference:.1f}",
        ),
    ]
    if "band" in table:
        said.append(
            words.t(
                "The draws do not tell the best {n} apart: they are one band of equals. A rank counts proven points alone; the draws also fill in what is unknown.",
                n=f"{int((table['band'] == 1).sum()):,}",
            )
        )
    return said + [site_sentence(found, str(site), words) for site in best.index[:TOLD]]


def site_sentence(found: Robustness, site: str, words: Words) -> str:
    """One site's chance and range of ranks."""
    row = row_of(found.table, site)
    values = {
        "name": row["name"],
        "k": found.top,
        "share": f"{row['p_top_k']:.0%}",
        "label": words.t(LABELS[row["label"]]),
    }
    if "rank_p05" not in row:
        return words.t("{name}: in the top {k} in {share} of the draws: {label}.", **values)
    ranks = {name: f"{int(row[name]):,}" for name in ("rank", "rank_p05", "rank_p50", "rank_p95")}
    return words.t(
        "{name}: rank {rank} by proven points; in the draws in the top {k} in {share}, rank {rank_p05} to {rank_p95} in nine of ten: {label}.",
        **values,
        **ranks,
    )


def balanced_sentences(even: pd.DataFrame, top: int, words: Words) -> list[str]:
    """Sites of the top k that move when balance counts more."""
    moved = even[(even["rank"] <= top) & (even["move"].abs() > 1)].sort_values("rank").head(TOLD)
    if moved.empty:
        return [words.t("The balanced view keeps the top {k} within one place.", k=top)]
    return [
        words.t(
            "{name}: rank {rank} becomes {balanced} in the balanced view, where a strength makes up less for a weakness.",
            name=row["name"],
            rank=int(row["rank"]),
            balanced=int(row["rank_balanced"]),
        )
        for _, row in moved.iterrows()
    ]


def dominance_sentences(dominated: pd.DataFrame, top: int, words: Words) -> list[str]:
    """Sites that no weights put above another."""
    best = dominated.head(top)
    beaten = best[best["dominated_by"].notna()]
    told = [
        words.t(
            "{name} is no better than {other} on any criterion: no weights put it first.",
            name=row["name"],
            other=dominated["name"].get(row["dominated_by"], row["dominated_by"]),
        )
        for _, row in beaten.head(TOLD).iterrows()
    ]
    free = words.t(
        "{free} of the best {n} are in the Pareto set: none is worse than another on every count.",
        free=int(dominated["dominated_by"].isna().sum()),
        n=f"{len(dominated):,}",
    )
    return [*told, free]


def influence_sentences(found: Influence, words: Words) -> list[str]:
    """Criteria that weigh more or less than their weight says, and pairs that tell one story."""
    gap = (found.criteria["influence"] - found.criteria["weight"]).sort_values(key=np.abs, ascending=False)
    told = [
        words.t(
            "«{title}» has {weight} of the weight but brings {influence} of the differences in score on this list.",
            title=words.title(str(id_)),
            weight=f"{found.criteria.loc[id_, 'weight']:.0%}",
            influence=f"{found.criteria.loc[id_, 'influence']:.0%}",
        )
        for id_ in gap.index[:2]
        if abs(gap[id_]) > _MARKED
    ]
    idle = found.criteria[(found.criteria["influence"] > _MARKED) & (found.criteria["top_kept"] == 1)]
    told += [
        words.t(
            "«{title}» brings {influence} of the differences in score over the whole list, yet without it the same sites would be in the top.",
            title=words.title(str(id_)),
            influence=f"{share:.0%}",
        )
        for id_, share in idle["influence"].items()
    ]
    return told + [
        words.t(
            "«{first}» and «{second}» move together (rank correlation {value}): one story may be counted twice.",
            first=words.title(pair["first"]),
            second=words.title(pair["second"]),
            value=f"{pair['correlation']:.2f}",
        )
        for pair in found.pairs.to_dict("records")
    ]


SPEC = AnalysisSpec(
    "robust",
    "site_id",
    COLUMNS,
    PREFIXES,
    title="Robustness",
    help="How far the ranking depends on weights and on what is not known.",
    choices=Choices(
        RobustnessChoice,
        robust,
        {
            "top": "k of the top k; default: the scenario's.",
            "draws": "Number of draws.",
            "weights": "dirichlet, ordered or fixed.",
            "data": "Draw unknown and bounded values too.",
            "seed": "Seed of the draws.",
        },
        settings="robustness",
    ),
)
