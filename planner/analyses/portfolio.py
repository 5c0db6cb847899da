"""Sites chosen together under budget, spacing and shares per block, with the proof or the gap."""

import numpy as np
import pandas as pd

from ..decision.portfolio import Portfolio, PortfolioChoice, choose_sites, shared_of, solvable
from ..decision.problem import problem_of
from ..errors import PlannerError
from ..i18n import Language
from ..model.result import Result
from .analysis import Analysis, AnalysisSpec, blocks, finite
from .words import Words

COLUMNS = {"block": "METI labour block."}
SPEC = AnalysisSpec("portfolio", "site_id", COLUMNS)

CONSTRAINTS = {
    "k": "the number of sites",
    "budget": "the budget",
    "spacing": "the spacing",
    "max_per_block": "the maximum per block",
    "min_per_block": "the minimum in a block",
    "upstream": "what the substations upstream can carry",
}


def first_choice(result: Result) -> PortfolioChoice:
    """A choice to start from that these sites can meet."""
    problem = problem_of(result)
    return solvable(problem.sites, problem.sites["pref_code"].map(blocks()).fillna(""))


def portfolio(result: Result, choice: PortfolioChoice, language: Language, cost: pd.Series | None = None) -> Analysis:
    """Choose sites together; blocks are METI's labour blocks, `cost` a number per site_id."""
    problem = problem_of(result)
    scores = pd.Series(problem.scores, index=problem.sites.index)
    block = problem.sites["pref_code"].map(blocks()).fillna("")
    found = choose_sites(problem.sites, scores, choice, block=block, cost=cost, shared=shared_of(result))
    chosen = problem.sites.loc[found.sites, ["name", "pref_code", "muni_code", "rank", "score", "lon", "lat"]]
    facts = {
        "total": found.total,
        "gap": found.gap,
        "considered": found.considered,
        "without_cost": found.without_cost,
        "conflicts": found.conflicts,
        "runners_up": [{"sites": names, "total": total} for names, total in found.runners_up],
    }
    return Analysis(
        SPEC,
        chosen.assign(block=block[found.sites]),
        choice.model_dump(mode="json"),
        tuple(portfolio_sentences(found, Words(result, language))),
        finite(facts),
    )


def portfolio_sentences(found: Portfolio, words: Words) -> list[str]:
    """The choice and its proof, or what cannot hold together."""
    if not found.sites:
        return [conflict_sentence(found, words)]
    said = [proof_sentence(found, words)]
    if found.runners_up:
        least = found.total - found.runners_up[0][1]
        said.append(words.t("The next best choice has {points} points less.", points=f"{least:.1f}"))
    if found.without_cost:
        said.append(words.t("{n} sites have no known cost and could not be chosen.", n=f"{found.without_cost:,}"))
    return said


def conflict_sentence(found: Portfolio, words: Words) -> str:
    """Constraints that cannot hold together."""
    held = [words.t(CONSTRAINTS[name.partition(":")[0]]) for name in found.conflicts]
    return words.t("No choice keeps to all of these together: {constraints}.", constraints=words.t(", ").join(held))


def proof_sentence(found: Portfolio, words: Words) -> str:
    """Points of the choice, and how sure that none has more."""
    values = {"k": len(found.sites), "total": f"{found.total:.1f}", "n": f"{found.considered:,}"}
    if found.gap > 0:
        return words.t(
            "{k} sites with {total} points together; no choice of the best {n} can have more than {gap} more (not proven best).",
            **values,
            gap=f"{found.gap:.1%}",
        )
    return words.t(
        "{k} sites with {total} points together: proven, no choice of the best {n} sites has more.", **values
    )


def read_costs(table: pd.DataFrame, label: str) -> pd.Series:
    """Cost per site from a table with site_id and cost; PlannerError says what is wrong."""
    if not {"site_id", "cost"} <= set(table.columns):
        found = ", ".join(map(str, table.columns))
        raise PlannerError(
            "{label}: expected the columns site_id and cost, found {found}. Rename them.", label=label, found=found
        )
    cost = pd.to_numeric(table["cost"], errors="coerce")
    bad = table["cost"].notna() & (cost.isna() | (cost < 0))
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise PlannerError(
            "{label}: row {value}: cost {table!r} is not a number of 0 or more.",
            label=label,
            value=row + 2,
            table=table["cost"].iloc[row],
        )
    return pd.Series(cost.to_numpy(), index=table["site_id"].astype("str")).groupby(level=0).first()
