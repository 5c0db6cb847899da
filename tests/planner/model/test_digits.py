import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.model.digits import at_digits, rounded

NUMBERS = st.floats(-1e9, 1e9)
UNITS = st.sampled_from(["km", "MW", "persons", "ha", "%", "openings per seeker"])


@given(NUMBERS, st.floats(0, 1e6), st.floats(0, 1e6), UNITS)
def test_bounds_are_rounded_outwards_and_never_past_the_value(value, below, above, unit):
    x, low, high = (part[0] for part in rounded(*(np.array([v]) for v in (value, value - below, value + above)), unit))
    assert low <= x <= high
    assert low <= value - below + 1e-6 or low == x
    assert high >= value + above - 1e-6 or high == x
    assert x == at_digits(value, unit)


@given(NUMBERS, UNITS)
def test_what_is_exact_stays_exact(value, unit):
    one = np.array([value])
    x, low, high = rounded(one, one, one, unit)
    assert x == low == high


def test_no_bound_and_unknown_stay_what_they_are():
    x, low, high = rounded(np.array([1.23456, np.nan]), np.array([1.0, np.nan]), np.array([np.inf, np.nan]), "km")
    assert (x[0], low[0], high[0]) == (1.235, 1.0, np.inf)
    assert np.isnan([x[1], low[1], high[1]]).all()


def test_a_capacity_is_written_without_the_noise_of_single_precision():
    assert at_digits(980.6000003814697, "MW") == 980.6
