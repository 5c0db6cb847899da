import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from planner.measure.criterion import Where, rows_that_pass

LINES = pd.DataFrame(
    {
        "voltage_kv": [500.0, 275.0, 154.0, None],
        "kind": ["aerial", "cable", "aerial", None],
        "open": pd.array([True, False, None, True], dtype="boolean"),
    },
    index=list("abcd"),
)


@pytest.mark.parametrize(
    ("tests", "passing"),
    [
        ([], "abcd"),
        ([{"field": "voltage_kv", "at_least": 275}], "ab"),
        ([{"field": "voltage_kv", "below": 275}], "c"),
        ([{"field": "voltage_kv", "at_least": 154}, {"field": "voltage_kv", "below": 500}], "bc"),
        ([{"field": "kind", "equals": "aerial"}], "ac"),
        ([{"field": "kind", "one_of": ["cable", "sea"]}], "b"),
        ([{"field": "open", "equals": True}], "ad"),
        ([{"field": "open", "equals": False}, {"field": "kind", "equals": "cable"}], "b"),
    ],
)
def test_a_row_passes_when_it_passes_every_test_and_never_without_a_value(tests, passing):
    assert list(rows_that_pass(LINES, [Where(**test) for test in tests]).index) == list(passing)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=False)), st.floats(allow_nan=False, allow_infinity=False))
def test_at_least_and_below_part_the_known_values(values, limit):
    frame = pd.DataFrame({"x": pd.Series(values, dtype=float)})
    upper = Where(field="x", at_least=limit).passes(frame)
    lower = Where(field="x", below=limit).passes(frame)
    assert (upper ^ lower).equals(frame["x"].notna())


@pytest.mark.parametrize("tests", [{}, {"at_least": 1.0, "below": 2.0}, {"equals": "a", "one_of": ("a",)}])
def test_a_filter_is_one_test(tests):
    with pytest.raises(ValidationError, match="exactly one of at_least, below, equals and one_of"):
        Where(field="x", **tests)
