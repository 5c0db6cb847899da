import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from geodata.base import Text
from planner.decision.screening import screen
from planner.model.tables import Measurements
from planner.scenario.gates import Gate

NAN, INF = float("nan"), float("inf")
TITLE = Text(ja="条件", en="gate")


def outcome(gate, value, low, high):
    index = pd.Index(["s"])
    frames = [pd.DataFrame({"c": [x]}, index=index, dtype=float) for x in (value, low, high)]
    screening = screen(Measurements(pd.DataFrame(index=index), *frames, {"c": "ha"}, ()), {"g": gate})
    return screening.outcome.loc["s", "g"], screening.margin.loc["s", "g"], bool(screening.excluded[0])


def gate(**limit):
    return Gate(title=TITLE, criterion="c", basis="assumption", **limit)


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (40, 40, 40, "pass"),
        (20, 20, 20, "fail"),
        (40, 40, INF, "pass"),  # a lower bound above the threshold is certain
        (20, 20, INF, "unknown"),  # a partial inventory never turns into a certain no
        (20, 0, 20, "fail"),  # an upper bound below the threshold is certain too
        (40, 0, 40, "unknown"),
        (31, 28, 34, "unknown"),
        (NAN, NAN, NAN, "unknown"),
    ],
)
def test_at_least(value, low, high, expected):
    result, margin, excluded = outcome(gate(at_least=30), value, low, high)
    assert result == expected
    assert excluded is (expected == "fail")
    assert margin == pytest.approx(value - 30, nan_ok=True)


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [(5, 5, 5, "pass"), (15, 15, 15, "fail"), (15, 0, 15, "unknown"), (5, 0, 5, "pass"), (15, 15, INF, "fail")],
)
def test_at_most(value, low, high, expected):
    result, margin, _ = outcome(gate(at_most=10), value, low, high)
    assert (result, margin) == (expected, 10 - value)


def test_a_gate_has_one_limit_and_a_published_one_its_source():
    with pytest.raises(ValidationError, match="exactly one"):
        gate(at_least=1, at_most=2)
    with pytest.raises(ValidationError, match="exactly one"):
        gate()
    with pytest.raises(ValidationError, match="source"):
        Gate(title=TITLE, criterion="c", at_least=1, basis="published")


def test_without_gates_nothing_is_excluded():
    index = pd.Index(["s"])
    frame = pd.DataFrame({"c": [1.0]}, index=index)
    screening = screen(Measurements(pd.DataFrame(index=index), frame, frame, frame, {}, ()), {})
    assert np.array_equal(screening.excluded, [False])
