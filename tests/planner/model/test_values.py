import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from planner.model.values import Linear, Piecewise

NUMBER = st.floats(-1e6, 1e6)
ANCHORS = st.tuples(NUMBER, NUMBER).filter(lambda a: abs(a[0] - a[1]) > 1e-3)


@given(anchors=ANCHORS, x=st.lists(NUMBER, min_size=2, max_size=20))
def test_values_stay_in_0_1_and_are_monotone(anchors, x):
    function = Linear(worst=anchors[0], best=anchors[1])
    value = function(np.sort(x))
    assert ((value >= 0) & (value <= 1)).all()
    steps = np.diff(value) * (1 if anchors[1] > anchors[0] else -1)
    assert (steps >= 0).all()


@given(anchors=ANCHORS)
def test_anchors_score_0_and_1(anchors):
    assert Linear(worst=anchors[0], best=anchors[1])(np.array(anchors)).tolist() == [0.0, 1.0]


def test_nan_stays_nan():
    assert np.isnan(Linear(worst=0, best=1)(np.array([np.nan]))).all()
    assert np.isnan(Linear(worst=0, best=1).interval(np.array([np.nan]), np.array([np.nan]))).all()


@given(x=NUMBER, width=st.floats(0, 1e5), at=st.floats(0, 1))
def test_an_interval_holds_every_value_in_it(x, width, at):
    function = Piecewise(points=((-100.0, 0.2), (0.0, 1.0), (500.0, 0.0), (1000.0, 0.6)))
    least, most = function.interval(np.array([x]), np.array([x + width]))
    value = function(np.array([x + at * width]))
    assert least[0] - 1e-9 <= value[0] <= most[0] + 1e-9


def test_an_open_interval_reaches_the_best():
    least, most = Linear(worst=0, best=100).interval(np.array([30.0]), np.array([np.inf]))
    assert (least[0], most[0]) == (0.3, 1.0)


def test_the_hump_of_a_broken_line_is_found_inside_an_interval():
    function = Piecewise(points=((0.0, 0.0), (5.0, 1.0), (10.0, 0.0)))
    assert function.interval(np.array([0.0]), np.array([10.0]))[1][0] == 1.0


def test_functions_that_are_none_are_refused():
    with pytest.raises(ValidationError, match="differ"):
        Linear(worst=1, best=1)
    with pytest.raises(ValidationError, match="ascend"):
        Piecewise(points=((1.0, 0.0), (0.0, 1.0)))
    with pytest.raises(ValidationError):
        Piecewise(points=((0.0, 0.0), (1.0, 1.5)))
