import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import PlannerError
from planner.decision.weights import tree_weights

TREE = {"a": ("x", 1.0), "b": ("x", 3.0), "c": ("y", 2.0)}


def test_a_branch_is_shared_among_its_criteria():
    assert tree_weights({"x": 60, "y": 40}, TREE) == pytest.approx({"a": 0.15, "b": 0.45, "c": 0.4})


@given(scale=st.floats(0.01, 1000), x=st.floats(0.1, 100), y=st.floats(0.1, 100))
def test_scale_changes_nothing_and_the_sum_is_1(scale, x, y):
    weights = tree_weights({"x": x, "y": y}, TREE)
    assert sum(weights.values()) == pytest.approx(1)
    assert tree_weights({"x": x * scale, "y": y * scale}, TREE) == pytest.approx(weights)


def test_a_branch_without_criteria_leaves_its_weight_to_the_others():
    assert tree_weights({"x": 50, "y": 30, "z": 20}, {"a": ("x", 1.0)}) == {"a": 1.0}


def test_a_criterion_of_weight_0_gets_nothing():
    assert tree_weights({"x": 1, "y": 1}, {"a": ("x", 0.0), "c": ("y", 1.0)}) == {"a": 0.0, "c": 1.0}


def test_no_weight_at_all_is_an_error():
    with pytest.raises(PlannerError, match="above 0"):
        tree_weights({"x": 0}, {"a": ("x", 1.0)})
