"""Results of the embedded default that every analysis is tried on."""

import pytest

from planner import evaluate
from planner.decision.robustness import RobustnessChoice
from planner.scenario.merge import merged_scenario


@pytest.fixture(scope="session")
def evaluations(embedded):
    """The default with two sets of stakeholders' weights, and the same with more weight on power."""
    heavier = {"profile": "gx2-datacentre", "branches": {"power": {"weight": 60.0}}}
    sets = {"stakeholders": {"grid first": {"grid": 3, "land": 1}, "people first": {"skills": 3, "grid": 1}}}
    return [
        evaluate(merged_scenario({"profile": "gx2-datacentre", "weights": "assumed", **sets}, "test"), embedded),
        evaluate(merged_scenario(heavier, "test"), embedded),
    ]


@pytest.fixture(scope="session")
def result(evaluations):
    return evaluations[0].result()


@pytest.fixture(scope="session")
def heavier(evaluations):
    return evaluations[1].result()


@pytest.fixture(scope="session")
def quick():
    return RobustnessChoice(draws=300)
