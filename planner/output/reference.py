"""Reference pages made from the criteria and profiles themselves: `make docs` writes them, a test holds them current."""

import sys
from pathlib import Path

from ..context.landrules import STAGES, land_rules
from ..context.nextsteps import step_lists
from ..context.skills import instruments
from ..explain.calibration import told
from ..fields.field import SAID, fields, readiness
from ..measure.criterion import Criterion
from ..model.sourced import BRANCHES
from ..model.sources import LABELS, Statement, citation, sources
from ..model.values import Linear
from ..plans.incentives import incentives
from ..plans.requirements import requirements
from ..scenario.bind import Plan, bind
from ..scenario.criteria import cited, criteria
from ..scenario.merge import scenario_from_profile
from ..scenario.national import LEVELS, national, same_in_prefecture, tells_ground
from ..scenario.profiles import asked, numbers, profiles
from ..scenario.scenario import Scenario

_STATEMENTS_HEAD = """# Statements and their sources

Made from the profiles, criteria, next steps and rules on land. A statement is labelled by the least firm of its sources, and
dated by the newest. A weight or anchor that names no source is an assumption of ours (profiles.md).

| label | ラベル |
|---|---|
"""


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


def statements() -> dict[str, list[Statement]]:
    """Every statement about a scheme, a law or a ministry's figure, by where it stands."""
    found = {f"profile {id_}": [*asked(id_), *numbers(id_)] for id_ in profiles()}
    found |= {f"criterion {id_}": list(cited(id_)) for id_ in criteria()}
    found |= {f"steps {id_}": [step.text for step in steps.steps] for id_, steps in step_lists().items()}
    found["instruments for people"] = [one.text for one in instruments().values()]
    found |= {f"field {id_}": [one for name in SAID for one in getattr(field, name)] for id_, field in fields().items()}
    found["readiness for manufacturing AI"] = [one.asks for one in readiness().values()]
    found |= {f"plan {kind}": [item.asks for item in items] for kind, items in requirements().items()}
    found["schemes of support"] = [one.text for one in incentives().values()]
    found["rules on land"] = [rule.text for rule in land_rules().values()]
    return {where: said for where, said in found.items() if said}


def statements_page() -> str:
    """Every statement with its sources, the kind that labels it and its date; then the sources themselves."""
    parts = [_STATEMENTS_HEAD, *(f"| {label.en} | {label.ja} |\n" for label in LABELS.values())]
    for where, said in statements().items():
        parts.append(f"\n## {where}\n\n| statement | label | date | sources |\n|---|---|---|---|\n")
        parts += [_statement(statement) for statement in said]
    parts.append("\n## Stages of the rules on land\n\n| rule | stage | since |\n|---|---|---|\n")
    parts += [
        f"| {id_} | {STAGES[r.stage].en} ・ {STAGES[r.stage].ja} | {r.since} |\n" for id_, r in land_rules().items()
    ]
    parts.append("\n## Sources\n\n| id | kind | title | date | at |\n|---|---|---|---|---|\n")
    parts += [f"| {id_} | {s.kind} | {s.said().en} | {s.date} | {s.at or ''} |\n" for id_, s in sources().items()]
    return "".join(parts)


def _statement(said: Statement) -> str:
    ja = "" if said.ja == said.en else f" ・ {said.ja}"
    return f"| {said.en}{ja} | {LABELS[said.kind].en} | {said.date} | {citation(said.sources).en} |\n"


def _criterion(criterion: Criterion) -> str:
    c = criterion.said()
    stanza = c.model_dump(mode="json")
    reach = f" within {c.reach().en}" if "reach_m" in stanza else ""
    on = ", ".join(c.layers) or ", ".join(place["name"]["en"] for place in stanza["places"])
    where = "; ".join(f"{w.field} {_test(w.model_dump(exclude_none=True, exclude={'field'}))}" for w in c.where)
    anchors = (
        f"0 points at {c.value.worst:g}, full points at {c.value.best:g}"
        if isinstance(c.value, Linear)
        else "points " + ", ".join(f"{x:g} → {v:g}" for x, v in c.value.points)
    )
    rows = [
        f"\n## {c.id} ({c.unit})\n",
        f"{c.title.ja} ・ {c.title.en}\n",
        f"- measure: `{c.measure}`{reach} on {on}"
        + (f" where {where}" if where else "")
        + (f", column `{stanza['column']}`" if stanza.get("column") else ""),
        *_spread_of(c.id),
        f"- {'more' if c.direction == 'more' else 'less'} is better: {anchors} (assumption)",
        f"- why: {c.why.en} {c.why.ja}",
        f"- what it does not say: {c.caveat.en} {c.caveat.ja}",
    ]
    return "\n".join(rows) + "\n"


def _spread_of(id_: str) -> list[str]:
    """Percentiles of the national mesh, and which of the two questions it answers."""
    if id_ not in national().index:
        return []
    row = national().loc[id_]
    levels = ", ".join(f"{level:g} %: {row[f'p{level:g}']:g}" for level in LEVELS)
    scale = "one ground from the next" if tells_ground(id_) else "one region from another"
    inside = [f"{row[name]:.0%}" for name in ("within_10km", "within_prefecture")]
    return [
        f"- over the land cells of the country ({row['known']:.0%} known): {levels}",
        f"- tells {scale} ({inside[0]} of the variance of its points lies inside 10-km squares, {inside[1]} inside prefectures)",
        *(["- **one value per prefecture: it ranks nothing inside one**"] if same_in_prefecture(id_) else []),
    ]


def _test(test: dict[str, object]) -> str:
    ((kind, value),) = test.items()
    return f"{kind.replace('_', ' ')} {value}"


def _profile(profile_id: str) -> str:
    scenario = scenario_from_profile(profile_id)
    plan = bind(scenario)
    rows = [
        f"\n## {profile_id}\n",
        f"**{scenario.title.ja}** ・ {scenario.title.en}\n",
        f"{scenario.question.ja}\n\n{scenario.question.en}\n",
        f"**What is asked.** {scenario.asks.en} {scenario.asks.ja}\n",
        f"**What is measured.** {scenario.measures.en} {scenario.measures.ja}\n",
        *_sets(scenario),
        "| branch | weight | basis | source |\n|---|---|---|---|",
        *(f"| {BRANCHES[b].en} | {w.weight:g} | {w.basis} | {w.source} |" for b, w in scenario.branches.items()),
        "\n| criterion | share of the whole | reach | basis | source |\n|---|---|---|---|---|",
        *(_choice(plan, id_) for id_ in scenario.criteria),
    ]
    for gate in plan.gates.values():
        side = "at least" if gate.at_least is not None else "at most"
        rows.append(
            f"\nGate: {gate.title.en} ・ {gate.title.ja} (`{gate.criterion}` {side} {gate.limit:g}; {gate.basis}: {gate.source})"
        )
    return "\n".join(rows) + "\n"


def _sets(scenario: Scenario) -> list[str]:
    """What the weights below rest on, where they are fitted."""
    if scenario.calibration is None:
        return []
    said = (" ".join(told(scenario.calibration, language)) for language in ("en", "ja"))
    return [f'**Weights.** {" ".join(said)} `weights = "assumed"` gives those of the profile\'s file.\n']


def _choice(plan: Plan, id_: str) -> str:
    choice, weight, reach = plan.scenario.criteria[id_], plan.weights.get(id_, 0.0), plan.criteria[id_].reach().en
    share = f"{weight:.1%}" if weight else "fact"
    return f"| {id_} | {share} | {reach} | {choice.basis} | {choice.source} |"


PAGES = {"criteria.md": criteria_page, "profiles.md": profiles_page, "statements.md": statements_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (Path(sys.argv[1]) / name).write_text(page(), "utf-8")
