"""Weights from presence and background: never below their least, back to the prior without evidence, towards what the choices share."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from planner.decision import presence as module
from planner.decision.presence import Presence, Prior, fit

RNG = np.random.default_rng(7)
BACKGROUND = RNG.random((400, 3))


def presence(column, n=12, cells=5, better=0.7):
    """Windows in which one cell is high on one column."""
    rows = RNG.random((n * cells, 3))
    rows[::cells, column] = better + (1 - better) * RNG.random(n)
    return Presence(rows, np.arange(0, n * cells, cells))


def test_what_choices_share_gets_the_weight():
    found = fit(presence(1, better=0.95), BACKGROUND, Prior(np.full(3, 1.0), 0.5, np.zeros(3)), np.ones(12))
    assert found.argmax() == 1
    assert found[1] > found[[0, 2]].max() + 0.5


@given(st.lists(st.floats(0, 5), min_size=3, max_size=3), st.integers(0, 2))
def test_factors_are_never_below_their_least_and_a_strong_prior_stands(prior, column):
    prior = np.array(prior)
    found = fit(presence(column), BACKGROUND, Prior(prior, 1e6, 0.5 * prior), np.ones(12))
    assert (found >= 0.5 * prior - 1e-12).all()
    assert found == pytest.approx(prior, abs=1e-3)


def test_the_gradient_is_that_of_the_loss(monkeypatch):
    seen = {}
    monkeypatch.setattr(module, "minimize", lambda loss, start, **_: seen.setdefault("loss", loss) and _Found(start))
    fit(presence(0), BACKGROUND, Prior(np.array([0.3, 0.2, 0.1]), 2.0, np.zeros(3)), np.linspace(0.5, 1.5, 12))
    at = np.array([0.7, 0.1, 1.4])
    value, gradient = seen["loss"](at)
    assert np.isfinite(value)
    assert gradient == pytest.approx(approx_fprime(at, lambda x: seen["loss"](x)[0], 1e-6), abs=1e-3)


class _Found:
    def __init__(self, x):
        self.x = x


def test_windows_can_be_drawn_twice():
    whole = Presence(np.arange(14.0).reshape(7, 2), np.array([0, 2, 5]))
    again = whole.take(np.array([1, 0, 1]))
    assert again.starts.tolist() == [0, 3, 5]
    assert again.sizes.tolist() == [3, 2, 3]
    assert again.rows[:, 0].tolist() == [4, 6, 8, 0, 2, 4, 6, 8]
    assert again.window.tolist() == [0, 0, 0, 1, 1, 2, 2, 2]
