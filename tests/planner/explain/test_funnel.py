import pytest

from planner import evaluate, scenario_from_profile
from planner.explain.funnel import funnel


@pytest.fixture(scope="module")
def result(embedded):
    return evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()


def test_the_funnel_counts_what_is_left_unknown_and_out(result):
    found = funnel(result, {"metro_km": (200.0, None), "available_ha": (50.0, None)})
    steps = found.steps
    assert steps["left"].is_monotonic_decreasing
    assert (steps["left"] + steps["out"].cumsum() == len(result.table)).all()
    certain = result.table["low_metro_km"] >= 200
    enough = result.table["low_available_ha"] >= 50
    passed = certain & enough & result.table["failed_gates"].eq("")
    assert (found.outcome.eq("pass") == passed).all()
    assert steps["unknown"].iloc[-1] == found.outcome.eq("unknown").sum()


def test_an_unknown_never_leaves_the_funnel(result):
    found = funnel(result, {"available_ha": (1e6, None)})
    unknown = result.table["value_available_ha"].isna() & result.table["failed_gates"].eq("")
    assert (found.outcome[unknown] == "unknown").all()


def test_no_limits_leave_what_the_gates_leave(result):
    assert funnel(result, {}).outcome.eq("pass").sum() == (result.table["status"] != "excluded").sum()


def test_both_ends_of_one_criterion_limit_it(result):
    low, high = result.table["low_metro_km"], result.table["high_metro_km"]
    found = funnel(result, {"metro_km": (100.0, 300.0)})
    gated = result.table["failed_gates"].eq("")
    assert (found.outcome.eq("pass") == (low.ge(100) & high.le(300) & gated)).all()
    assert (found.outcome.eq("fail") == (high.lt(100) | low.gt(300) | ~gated)).all()
    last = found.steps.iloc[-1]
    assert last["proven"] == found.outcome.eq("pass").sum()
    assert last["proven"] + last["unknown"] == last["left"]
