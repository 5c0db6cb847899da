"""Reference pages made from the criteria and profiles themselves: `make docs` writes them, a test holds them current."""

import sys
from pathlib import Path

from ..measure.criterion import Criterion
from ..model.sourced import BRANCHES
from ..model.values import Linear
from ..scenario.bind import bind
from ..scenario.criteria import criteria
from ..scenario.merge import scenario_from_profile
from ..scenario.profiles import profiles
from ..scenario.scenario import Scenario


def criteria_page() -> str:
    """Every criterion with what it measures, why, and what it does not say."""
    parts = [
        "# Criteria\n\nMade from `planner/scenario/criteria/*.toml`. Anchors are assumptions unless a profile cites a source.\n"
    ]
    for branch, title in BRANCHES.items():
        parts.append(f"\n# {title.en} ・ {title.ja}\n")
        parts += [_criterion(c) for c in criteria().values() if c.branch == branch]
    return "".join(parts)


def profiles_page() -> str:
    """Every profile in prose with its weights, gates and sources."""
    return "# Profiles\n\nMade from `planner/scenario/profiles/*.toml`.\n" + "".join(
        _profile(id_) for id_ in profiles()
    )


def _criterion(c: Criterion) -> str:
    reach = f" within {c.reach_m / 1000:g} km" if c.reach_m else ""
    where = "; ".join(f"{w.field} {_test(w.model_dump(exclude_none=True, exclude={'field'}))}" for w in c.where)
    anchors = (
        f"0 points at {c.value.worst:g}, full points at {c.value.best:g}"
        if isinstance(c.value, Linear)
        else "points " + ", ".join(f"{x:g} → {v:g}" for x, v in c.value.points)
    )
    rows = [
        f"\n## {c.id} ({c.unit})\n",
        f"{c.title.ja} ・ {c.title.en}\n",
        f"- measure: `{c.measure}`{reach} on {', '.join(c.layers) or ', '.join(p.name.en for p in c.places)}"
        + (f" where {where}" if where else "")
        + (f", column `{c.column}`" if c.column else ""),
        f"- {'more' if c.direction == 'more' else 'less'} is better: {anchors} (assumption)",
        f"- why: {c.why.en} {c.why.ja}",
        f"- what it does not say: {c.caveat.en} {c.caveat.ja}",
    ]
    return "\n".join(rows) + "\n"


def _test(test: dict[str, object]) -> str:
    ((kind, value),) = test.items()
    return f"{kind.replace('_', ' ')} {value}"


def _profile(profile_id: str) -> str:
    scenario = scenario_from_profile(profile_id)
    weights = bind(scenario).weights
    rows = [
        f"\n## {profile_id}\n",
        f"**{scenario.title.ja}** ・ {scenario.title.en}\n",
        f"{scenario.question.ja}\n\n{scenario.question.en}\n",
        f"**What is asked.** {scenario.asks.en} {scenario.asks.ja}\n",
        f"**What is measured.** {scenario.measures.en} {scenario.measures.ja}\n",
        "| branch | weight | basis | source |\n|---|---|---|---|",
        *(f"| {BRANCHES[b].en} | {w.weight:g} | {w.basis} | {w.source} |" for b, w in scenario.branches.items()),
        "\n| criterion | share of the whole | reach | basis | source |\n|---|---|---|---|---|",
        *(_choice(scenario, id_, weights.get(id_, 0.0)) for id_ in scenario.criteria),
    ]
    for gate in scenario.gates.values():
        side = "at least" if gate.at_least is not None else "at most"
        rows.append(
            f"\nGate: {gate.title.en} ・ {gate.title.ja} (`{gate.criterion}` {side} {gate.limit:g}; {gate.basis}: {gate.source})"
        )
    return "\n".join(rows) + "\n"


def _choice(scenario: Scenario, id_: str, weight: float) -> str:
    choice = scenario.criteria[id_]
    reach = choice.reach_m or criteria()[id_].reach_m
    share = f"{weight:.1%}" if weight else "fact"
    return f"| {id_} | {share} | {f'{reach / 1000:g} km' if reach else ''} | {choice.basis} | {choice.source} |"


PAGES = {"criteria.md": criteria_page, "profiles.md": profiles_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (Path(sys.argv[1]) / name).write_text(page(), "utf-8")
