import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner import PlannerError
from planner.decision.weights import ahp_weights, swing_weights, tree_weights

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


# Saaty (2008), Int. J. Services Sciences 1(1), 83-98: relative consumption of drinks.
DRINKS = ("coffee", "wine", "tea", "beer", "soda", "milk", "water")
SAATY = {
    ("coffee", "wine"): 9, ("coffee", "tea"): 5, ("coffee", "beer"): 2, ("coffee", "soda"): 1, ("coffee", "milk"): 1,
    ("coffee", "water"): 1 / 2, ("wine", "tea"): 1 / 3, ("wine", "beer"): 1 / 9, ("wine", "soda"): 1 / 9,
    ("wine", "milk"): 1 / 9, ("wine", "water"): 1 / 9, ("tea", "beer"): 1 / 3, ("tea", "soda"): 1 / 4,
    ("tea", "milk"): 1 / 3, ("tea", "water"): 1 / 9, ("beer", "soda"): 1 / 2, ("beer", "milk"): 1,
    ("beer", "water"): 1 / 3, ("soda", "milk"): 2, ("soda", "water"): 1 / 2, ("milk", "water"): 1 / 3,
}  # fmt: skip


def test_the_drinks_of_saaty_are_reproduced():
    judged = ahp_weights(DRINKS, SAATY)
    assert judged.weights.round(3).to_list() == [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert judged.consistency_ratio == pytest.approx(0.022, abs=0.001)
    assert judged.consistent


def test_the_judgement_that_hurts_most_is_named():
    pairs = {("a", "b"): 2, ("b", "c"): 2, ("a", "c"): 4, ("a", "d"): 8, ("b", "d"): 4, ("c", "d"): 1 / 9}
    judged = ahp_weights("abcd", pairs)
    assert not judged.consistent
    assert judged.worst[:2] == ("c", "d")
    assert judged.worst[3] > 3 * judged.worst[2]


@given(st.lists(st.floats(0.1, 3), min_size=2, max_size=7))
def test_consistent_judgements_give_back_the_weights(weights):
    names = [f"c{i}" for i in range(len(weights))]
    pairs = {(a, b): weights[i] / weights[i + 1 + k] for i, a in enumerate(names) for k, b in enumerate(names[i + 1 :])}
    assume(all(1 / 9 <= times <= 9 for times in pairs.values()))
    judged = ahp_weights(names, pairs)
    assert judged.weights.to_numpy() == pytest.approx([w / sum(weights) for w in weights])
    assert judged.consistency_ratio == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ({("a", "b"): 10}, "1/9 to 9"),
        ({("a", "x"): 2}, "not one of"),
        ({("a", "b"): 2}, "no judgement of 'a' over 'c'"),
    ],
)
def test_judgements_that_do_not_fit_are_one_sentence(pairs, says):
    with pytest.raises(PlannerError, match=says):
        ahp_weights("abc", pairs)


def test_swing_gives_the_largest_swing_its_share():
    assert swing_weights({"grid": 100, "land": 60, "people": 40}).to_dict() == {"grid": 0.5, "land": 0.3, "people": 0.2}
    with pytest.raises(PlannerError, match="Give the largest swing 100"):
        swing_weights({"grid": 0.0})
