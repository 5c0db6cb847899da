"""Hourly balances: hand-made hours, and laws over any hours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from planner.power.hourly import (
    HOURS,
    LOADS,
    Storage,
    balance,
    by_month_and_clock,
    load_shape,
    matched_share,
    scales_for,
)

HOURLY = arrays(float, (3, 24), elements=st.floats(0, 1_000))
STORAGES = st.builds(Storage, st.floats(0, 500), st.floats(0, 2_000), st.floats(0.5, 1.0))


def test_three_hours_by_hand():
    found = balance(np.array([[10.0, 0.0, 4.0]]), np.array([5.0, 5.0, 5.0]), Storage(3.0, 10.0, 1.0))
    assert found.direct.tolist() == [[5.0, 0.0, 4.0]]
    assert found.stored.tolist() == [[3.0, 0.0, 0.0]]
    assert found.drawn.tolist() == [[0.0, 3.0, 0.0]]
    assert found.curtailed.tolist() == [[2.0, 0.0, 0.0]]
    assert found.residual.tolist() == [[0.0, 2.0, 1.0]]
    assert found.matched[0] == pytest.approx(12 / 15)


def test_a_round_trip_keeps_the_efficiency():
    found = balance(np.array([[10.0, 0.0]]), np.array([0.0, 10.0]), Storage(10.0, 100.0, 0.81))
    assert found.stored[0, 0] == 10.0
    assert found.held_mwh[0, 0] == pytest.approx(9.0)
    assert found.drawn[0, 1] == pytest.approx(8.1)


@given(HOURLY, arrays(float, 24, elements=st.floats(0, 1_000)), STORAGES)
def test_every_hour_balances(generation, load, storage):
    found = balance(generation, load, storage)
    assert np.allclose(generation, found.direct + found.stored + found.curtailed)
    assert np.allclose(np.broadcast_to(load, generation.shape), found.direct + found.drawn + found.residual)
    way = np.sqrt(storage.efficiency)
    change = np.diff(found.held_mwh, axis=1, prepend=0.0)
    assert np.allclose(change, found.stored * way - found.drawn / way, atol=1e-6)
    for part in (found.direct, found.stored, found.drawn, found.curtailed, found.residual, found.held_mwh):
        assert (part >= -1e-9).all()
    assert (found.held_mwh <= storage.energy_mwh + 1e-6).all()


@given(HOURLY, st.floats(1, 1_000), STORAGES)
def test_storage_and_more_plants_never_match_less(generation, level, storage):
    load = np.full(24, level)
    bare, stored, more = balance(generation, load), balance(generation, load, storage), balance(generation * 2, load)
    assert (stored.matched >= bare.matched - 1e-9).all()
    assert (more.matched >= bare.matched - 1e-9).all()


@given(arrays(float, (5, 2), elements=st.floats(0, 300)), st.floats(1, 500))
def test_many_sites_at_once_match_what_each_hour_says(capacity, level):
    shapes = np.stack([np.linspace(0, 2, 48), np.where(np.arange(48) % 24 < 12, 2.0, 0.0)])
    load = np.full(48, level)
    assert np.allclose(matched_share(capacity, shapes, load), balance(capacity @ shapes, load).matched, atol=1e-5)


def test_the_scale_reaches_the_target_and_no_less_does():
    generation = np.tile([0.0, 1.0, 3.0, 2.0], 6)
    load = np.ones(24)
    half, most, beyond = scales_for((0.5, 0.75, 0.9), generation, load)
    for scale, target in ((half, 0.5), (most, 0.75)):
        assert balance(generation[None] * scale, load).matched[0] == pytest.approx(target, abs=1e-5)
    assert beyond == float("inf")
    assert scales_for((0.9,), generation, load, Storage(10.0, 100.0, 0.9))[0] < 10


def test_loads_have_a_mean_of_one_and_means_by_clock_keep_the_whole():
    for kind in LOADS:
        assert load_shape(kind).mean() == pytest.approx(1.0)
    assert load_shape("two_shift")[:24].min() < load_shape("two_shift")[12]
    month = np.repeat(np.arange(1, 13), 730)
    assert by_month_and_clock(np.ones(HOURS), month).tolist() == np.ones((12, 24)).tolist()
