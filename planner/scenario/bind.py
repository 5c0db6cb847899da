"""A scenario bound to the catalogue."""

from dataclasses import dataclass

from pydantic import ValidationError

from geodata.base import Text
from geodata.country.codes import PREFECTURE_CODES

from ..decision.weights import tree_weights
from ..errors import PlannerError, refusal
from ..measure.criterion import Criterion
from ..measure.verbs import criterion_of
from ..model.sourced import BRANCHES, SET_BY_USER
from ..power.demand import Demand
from .base import BASE_ID, base_criterion
from .criteria import criteria
from .gates import Gate
from .scenario import CriterionChoice, Scenario

YEARS = "power_years"
"""Criterion that a deadline is a gate on."""


@dataclass(frozen=True)
class Plan:
    """A scenario bound to the catalogue: every criterion and gate whole and in its own words, every weight normalised."""

    scenario: Scenario
    criteria: dict[str, Criterion]
    gates: dict[str, Gate]
    weights: dict[str, float]


def bind(scenario: Scenario) -> Plan:
    """
    Check ids against the catalogue, complete every criterion and normalise the weights.

    Parameters
    ----------
    scenario
        As the user wrote it.

    Returns
    -------
    plan
        Criteria in branch order, those that only a gate uses included; weights sum to 1.

    Raises
    ------
    PlannerError
        If a criterion, a prefecture or a gate is unknown, a value function contradicts its criterion, or nothing has weight.
    """
    base = {BASE_ID: base_criterion(scenario.places)} if scenario.places else {}
    known = {id_: _loaded(c, scenario) for id_, c in {**criteria(), **base, **scenario.own}.items()}
    _check_own(scenario)
    unknown = [id_ for id_ in scenario.criteria if id_ not in known]
    if unknown:
        raise PlannerError(
            "criterion {unknown!r}: expected one of {known}. See `planner criteria`.",
            unknown=unknown[0],
            known=", ".join(known),
        )
    bad = [code for code in scenario.candidates.prefectures if code not in PREFECTURE_CODES]
    if bad:
        raise PlannerError("prefecture {bad!r}: expected a code from 01 to 47. Use two digits, such as 01.", bad=bad[0])
    used = {id_: _completed(known[id_], scenario.criteria[id_]) for id_ in known if id_ in scenario.criteria}
    asked = {**scenario.gates, **deadline(scenario.demand)}
    for gate_id, gate in asked.items():
        if gate.criterion not in known:
            raise PlannerError(
                "gate {gate_id}: criterion {criterion!r} is unknown. See `planner criteria`.",
                gate_id=gate_id,
                criterion=gate.criterion,
            )
        choice = scenario.criteria.get(gate.criterion)
        whole = _completed(known[gate.criterion], choice) if choice else known[gate.criterion]
        used.setdefault(gate.criterion, whole)
    weighted = {id_: choice.weight for id_, choice in scenario.criteria.items() if choice.weight > 0}
    weights = tree_weights(
        {branch: scenario.branches[branch].weight for branch in BRANCHES if branch in scenario.branches},
        {id_: (used[id_].branch, weighted[id_]) for id_ in used if id_ in weighted},
    )
    gates = {id_: gate.said(used[gate.criterion]) for id_, gate in asked.items()}
    return Plan(scenario, {id_: criterion.said() for id_, criterion in used.items()}, gates, weights)


def deadline(demand: Demand | None) -> dict[str, Gate]:
    """The gate of a load that must fit by a year; none without one."""
    if demand is None or demand.years_left is None:
        return {}
    title = Text(
        ja=f"{demand.connection_mw:g} MWが{demand.by_year}年までに届く（{{limit}}以内）",
        en=f"{demand.connection_mw:g} MW by {demand.by_year} (within {{limit}})",
    )
    return {
        "power_by_year": Gate(
            title=title, criterion=YEARS, at_most=float(demand.years_left), basis="assumption", source=SET_BY_USER
        )
    }


def _loaded(criterion: Criterion, scenario: Scenario) -> Criterion:
    """A criterion that depends on the load or the work, with that of the scenario."""
    asked = {"demand": scenario.demand, "work": scenario.work}
    fields = type(criterion).model_fields
    return criterion.model_copy(update={name: held for name, held in asked.items() if held and name in fields})


def _check_own(scenario: Scenario) -> None:
    for id_, criterion in scenario.own.items():
        if id_ in criteria():
            raise PlannerError("criterion {id!r}: the catalogue has a criterion of this name. Choose another.", id=id_)
        if criterion.branch not in scenario.branches:
            raise PlannerError(
                "criterion {id!r}: branch {branch!r} has no weight. Give it one in [branches].",
                id=id_,
                branch=criterion.branch,
            )


def _completed(criterion: Criterion, choice: CriterionChoice) -> Criterion:
    told = {key: getattr(choice, key) for key in ("reach_m", "where", "title", "value")}
    changes = {key: value for key, value in told.items() if value is not None}
    if not changes:
        return criterion
    try:
        return criterion_of({**criterion.model_dump(), **changes})
    except ValidationError as error:
        _, why, found = refusal(error)
        raise PlannerError(
            "criterion {criterion}: {why} (found {found}). Correct the scenario.",
            criterion=criterion.id,
            why=why,
            found=found,
        ) from error
