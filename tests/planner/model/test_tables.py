import numpy as np
import pandas as pd
import pytest

from planner.model.tables import FAIL, PASS, UNKNOWN, Screening, outcome_of, place_of, row_of

TABLE = pd.DataFrame({"score": [3.0, 2.0]}, index=["b", "a"])


def test_a_row_is_found_by_its_key():
    assert place_of(TABLE.index, "a") == 1
    assert row_of(TABLE, "b")["score"] == 3.0


def test_a_key_that_is_not_held_raises():
    with pytest.raises(KeyError):
        row_of(TABLE, "c")


def test_a_key_held_twice_is_no_place():
    with pytest.raises(AssertionError):
        place_of(pd.Index(["a", "b", "a"]), "a")


@pytest.mark.parametrize("gates", [["one", "two"], ["one"], []])
def test_a_site_is_excluded_by_one_certain_failure(gates):
    outcome = pd.DataFrame({"one": [PASS, FAIL, UNKNOWN], "two": [UNKNOWN, PASS, UNKNOWN]})[gates]
    excluded = Screening(outcome, outcome).excluded
    assert excluded.dtype == np.bool_
    assert excluded.tolist() == [False, bool(gates), False]


def test_only_what_is_certain_passes_or_fails():
    assert outcome_of(np.array([True, False, False]), np.array([False, True, False])).tolist() == [PASS, FAIL, UNKNOWN]
