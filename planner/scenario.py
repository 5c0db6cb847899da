"""What the user decides: candidates, gates, criteria, weights. Pure data, identified by the hash of its content."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator

from geodata.layer import Strict, Text

from .candidates import CandidateChoice
from .changes import Change
from .criteria import BRANCHES, Branch, Criterion, Sourced, criteria
from .decision.clusters import ClusterChoice
from .decision.robustness import RobustnessChoice
from .decision.values import ValueFunction
from .decision.weights import tree_weights
from .errors import PlannerError
from .ownlayers import OwnLayers
from .profiles import profile
from .screening import Gate

PREFECTURE_CODES = tuple(f"{number:02d}" for number in range(1, 48))
Weight = Annotated[float, Field(ge=0, description="Relative to its neighbours; any scale")]


class BranchWeight(Sourced):
    """Weight of a branch."""

    weight: Weight


class CriterionChoice(Sourced):
    """Weight of a criterion inside its branch, and what the scenario sets otherwise than the catalogue."""

    weight: Annotated[float, Field(ge=0, description="Relative inside its branch; 0 shows the value as a fact")]
    reach_m: Annotated[float, Field(gt=0, le=500_000)] | None = None
    value: ValueFunction | None = None


class Floor(Sourced):
    """Share of the weight that must be known for a rank."""

    value: Annotated[float, Field(ge=0, le=1)]


class Scenario(Strict):
    """A whole question. Two equal scenarios have equal hashes and, on the same layers, equal results."""

    profile: str
    title: Text
    question: Text
    asks: Text = Field(description="What the scheme asks for, as far as it is published")
    measures: Text = Field(description="What the profile measures of it, and what it does not")
    candidates: CandidateChoice = CandidateChoice()
    branches: dict[Branch, BranchWeight]
    criteria: Annotated[dict[str, CriterionChoice], Field(min_length=1)]
    gates: dict[str, Gate] = Field(default_factory=dict)
    completeness_floor: Floor
    robustness: RobustnessChoice = RobustnessChoice()
    clusters: ClusterChoice = ClusterChoice()
    stakeholders: dict[str, dict[Branch, Weight]] = Field(
        default_factory=dict, description="Named sets of branch weights, compared by `planner robust`"
    )
    changes: tuple[Change, ...] = Field((), description="Stress tests: shift, scale, retire, add")
    layers: OwnLayers = Field(default_factory=dict, description="Layers of your own")
    own: dict[str, Criterion] = Field(default_factory=dict, description="Criteria of your own, as in planner/criteria")

    @field_validator("own", mode="before")
    @classmethod
    def _named(cls, own: Any) -> Any:
        """The key of a criterion is its id."""
        if not isinstance(own, Mapping):
            return own
        stanzas = own.items()
        return {id_: {**stanza, "id": id_} if isinstance(stanza, Mapping) else stanza for id_, stanza in stanzas}

    def portable(self) -> dict[str, Any]:
        """Plain data without the folders of this machine: of a user's file only the name is kept."""
        whole = self.model_dump(mode="json")
        for holder in (whole["candidates"], *whole["layers"].values()):
            if holder["path"]:
                holder["path"] = Path(holder["path"]).name
        return whole

    def digest(self) -> str:
        """SHA-256 of the canonical JSON; what stands in a user's file is in the version of its layer."""
        canonical = json.dumps(self.portable(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Plan:
    """A scenario bound to the catalogue: every criterion whole, every weight normalised."""

    scenario: Scenario
    criteria: dict[str, Criterion]
    weights: dict[str, float]


def scenario_from_profile(profile_id: str, **candidates: Any) -> Scenario:
    """Scenario of a profile as it stands; keywords are those of CandidateChoice."""
    return merged_scenario({"profile": profile_id, "candidates": candidates}, f"profile {profile_id}")


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file: a profile and whatever it sets otherwise."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise PlannerError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlannerError(f"{path}: expected TOML in UTF-8, found {error}. Correct that place.") from error
    if not isinstance(table.get("profile"), str):
        raise PlannerError(f'{path}: expected `profile = "…"`, found none. See `planner profiles`.')
    return merged_scenario(_beside(path, table), str(path))


def _beside(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    """Relative paths of a scenario file start from its own folder."""
    holders = [table.get("candidates"), *(table["layers"].values() if isinstance(table.get("layers"), dict) else ())]
    for holder in holders:
        if isinstance(holder, dict) and isinstance(holder.get("path"), str):
            holder["path"] = str(path.parent / holder["path"])
    return table


def merged_scenario(table: Mapping[str, Any], label: str) -> Scenario:
    """Profile of `table` with its own settings on top; a number changed without a basis becomes an assumption."""
    base = {**profile(table["profile"]), "profile": table["profile"]}
    try:
        return Scenario.model_validate(_overlaid(base, table))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PlannerError(
            f"{label}: {place}: {first['msg']} (found {first.get('input')!r}). Correct it; docs/scenario.md lists the keys."
        ) from error


def bind(scenario: Scenario) -> Plan:
    """Check ids against the catalogue and complete every criterion; PlannerError names what does not fit."""
    known = {**criteria(), **scenario.own}
    _check_own(scenario)
    unknown = [id_ for id_ in scenario.criteria if id_ not in known]
    if unknown:
        raise PlannerError(f"criterion {unknown[0]!r}: expected one of {', '.join(known)}. See `planner criteria`.")
    bad = [code for code in scenario.candidates.prefectures if code not in PREFECTURE_CODES]
    if bad:
        raise PlannerError(f"prefecture {bad[0]!r}: expected a code from 01 to 47. Use two digits, such as 01.")
    used = {id_: _completed(known[id_], scenario.criteria[id_]) for id_ in known if id_ in scenario.criteria}
    for gate_id, gate in scenario.gates.items():
        if gate.criterion not in known:
            raise PlannerError(f"gate {gate_id}: criterion {gate.criterion!r} is unknown. See `planner criteria`.")
        choice = scenario.criteria.get(gate.criterion)
        whole = _completed(known[gate.criterion], choice) if choice else known[gate.criterion]
        used.setdefault(gate.criterion, whole)
    weighted = {id_: choice.weight for id_, choice in scenario.criteria.items() if choice.weight > 0}
    weights = tree_weights(
        {branch: scenario.branches[branch].weight for branch in BRANCHES if branch in scenario.branches},
        {id_: (used[id_].branch, weighted[id_]) for id_ in used if id_ in weighted},
    )
    return Plan(scenario, used, weights)


def _check_own(scenario: Scenario) -> None:
    for id_, criterion in scenario.own.items():
        if id_ in criteria():
            raise PlannerError(f"criterion {id_!r}: the catalogue has a criterion of this name. Choose another.")
        if criterion.branch not in scenario.branches:
            raise PlannerError(
                f"criterion {id_!r}: branch {criterion.branch!r} has no weight. Give it one in [branches]."
            )


def _completed(criterion: Criterion, choice: CriterionChoice) -> Criterion:
    changes = {key: value for key, value in (("reach_m", choice.reach_m), ("value", choice.value)) if value is not None}
    if not changes:
        return criterion
    try:
        return Criterion.model_validate({**criterion.model_dump(), **changes})
    except ValidationError as error:
        raise PlannerError(f"criterion {criterion.id}: {error.errors()[0]['msg']}. Correct the scenario.") from error


def _overlaid(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in over.items():
        below = out.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            if value.get("kind", below.get("kind")) != below.get("kind"):
                out[key] = dict(value)
                continue
            out[key] = _overlaid(below, value)
            if "basis" in below and out[key] != below and not {"basis", "source"} <= set(value):
                out[key] = {**out[key], "basis": "assumption", "source": "Set by the user of this scenario."}
        else:
            out[key] = value
    return out
