import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.digits import at_decimals, at_digits, borne, rounded, text
from planner.model.tables import Bounded, Why

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


WHYS = st.sampled_from([Why.INEXACT, Why.AT_LEAST, Why.AT_MOST])


def told(value, low, high, unit, why, *, estimated=False):  # noqa: PLR0913  (a value with its bounds)
    column = Bounded(*(np.array([v], dtype=float) for v in (value, low, high)), np.array([why], dtype=np.int8))
    return [part[0] for part in borne(column, unit, estimated=estimated)]


@given(NUMBERS, st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), UNITS, WHYS, st.booleans())
def test_what_is_told_holds_whatever_digits_are_left_out(value, width, unit, why, estimated):
    below, above = (np.inf if why == Why.AT_MOST else width[0]), (np.inf if why == Why.AT_LEAST else width[1])
    x, low, high, decimals = told(value, value - below, value + above, unit, why, estimated=estimated)
    noise = 2e-6 * 10.0**-decimals
    assert low <= x <= high
    assert low <= value - below + noise or low == high
    assert high >= value + above - noise or low == high


@pytest.mark.parametrize(
    ("known", "unit", "why", "expected"),
    [
        ((4.667, 0.0, 7.167), "km", Why.AT_MOST, (4.7, 0.0, 7.2)),
        ((22.771, 20.971, 24.572), "km", Why.INEXACT, (22.8, 20.9, 24.6)),
        ((22.771, 22.771, 22.771), "km", Why.EXACT, (22.77, 22.77, 22.77)),
        ((3.2, 3.19, np.inf), "ha", Why.AT_LEAST, (3.19, 3.19, np.inf)),
        ((327865.88, 180123.4, 512345.6), "persons", Why.INEXACT, (330000, 180000, 520000)),
        ((327865.0, 327865.0, np.inf), "persons", Why.AT_LEAST, (327000, 327000, np.inf)),
        ((9832.0, 9832.0, 9832.0), "persons", Why.EXACT, (9832, 9832, 9832)),
        ((1012.0, 1012.0, np.inf), "MW", Why.AT_LEAST, (1012, 1012, np.inf)),
        ((3.0, 2.0, 5.0), "universities", Why.INEXACT, (3, 2, 5)),
    ],
)
def test_a_value_is_told_down_to_the_second_digit_of_its_half_width(known, unit, why, expected):
    assert tuple(told(*known, unit, why)[:3]) == expected


def test_an_estimate_has_three_digits_even_where_no_width_is_known():
    assert told(327865.0, 327865.0, 327865.0, "persons", Why.EXACT, estimated=True)[:3] == [328000.0] * 3


def test_a_number_is_written_with_the_digits_that_it_has():
    assert [text(v) for v in (4.7, 330000.0, 12.0, 0.0, -0.0, 22.77)] == ["4.7", "330,000", "12", "0", "0", "22.77"]


def test_a_margin_has_the_digits_of_its_value():
    assert at_decimals(np.array([259.4449, 123456.0]), np.array([1, -3])).tolist() == [259.4, 123000.0]
