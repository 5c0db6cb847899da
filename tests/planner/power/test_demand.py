"""A load: what it holds and what it refuses."""

import pytest
from pydantic import ValidationError

from planner.power.demand import Demand


def test_a_deadline_is_told_in_years():
    assert Demand(by_year=2030).years_left == 4
    assert Demand().years_left is None


@pytest.mark.parametrize(
    "wrong", [{"connection_mw": 0}, {"connection_mw": 30_000}, {"by_year": 1999}, {"assume": {"x": (1, 2, 3)}}]
)
def test_a_load_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValidationError):
        Demand(**wrong)
