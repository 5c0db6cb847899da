"""Every claim holds: whatever the true positions and the unknown values are, the true value lies inside the claimed interval."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import NEVER_EXACT, VERBS, candidates, claimed_world, criterion, layer, located, moved, sources, true_world

from planner.measure.criterion import Sources
from planner.measure.verbs import measures


def test_the_law_covers_every_measure():
    assert set(VERBS) == set(measures())


@pytest.mark.parametrize("verb", sorted(VERBS))
@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), partial=st.booleans(), area_ha=st.sampled_from([np.nan, 60.0]))
def test_no_position_and_no_completion_leaves_the_claimed_interval(verb, seed, partial, area_ha):
    holds(criterion(verb), verb, seed, partial=partial, area_ha=area_ha)


@pytest.mark.parametrize(
    ("verb", "of"),
    [
        *(("connection", of) for of in ("km", "class_mw", "room_mw", "cost")),
        ("clean_supply", "matched_pct"),
        *(("people", of) for of in ("persons", "pressure_pct", "graduates", "years")),
    ],
)
@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), partial=st.booleans())
def test_the_law_holds_for_every_figure_of_a_model(verb, of, seed, partial):
    holds(criterion(verb).model_copy(update={"of": of}), verb, seed, partial=partial, area_ha=np.nan)


def holds(asked, verb, seed, *, partial, area_ha):
    """Whether the truth lies inside the claimed interval in worlds that the published layer allows."""
    rng = np.random.default_rng(seed)
    published = claimed_world(rng, verb, k=int(rng.integers(1, 40)))
    sites = candidates(rng, 12, rng.choice([0.0, 100.0, 2500.0], 12), area_ha)
    claim = asked.measured(sites, sources(published, partial=partial))
    known = ~np.isnan(claim.value)
    for _ in range(4):
        lon, lat = moved(
            rng, sites.table["lon"].to_numpy(), sites.table["lat"].to_numpy(), sites.table["accuracy_m"].to_numpy()
        )
        true_sites = located(sites.table.assign(lon=lon, lat=lat, accuracy_m=0.0))
        truth = asked.measured(true_sites, sources(true_world(rng, verb, published, partial), partial=False)).value
        least, most = asked.value.interval(claim.low, claim.high)
        sure = known & ~np.isnan(truth)
        slack = 1e-3 + 1e-6 * np.abs(truth)
        assert (truth >= claim.low - slack)[sure].all(), (truth, claim.low)
        assert (truth <= claim.high + slack)[sure].all(), (truth, claim.high)
        assert (asked.value(truth) >= least - 1e-4)[sure].all()
        assert (asked.value(truth) <= most + 1e-4)[sure].all()


def test_what_is_exact_has_no_interval():
    rng = np.random.default_rng(3)
    for verb in set(VERBS) - NEVER_EXACT:
        published = claimed_world(rng, verb, 30).assign(accuracy_m=0.0).fillna({"amount": 1.0, "kv": 154.0})
        found = criterion(verb).measured(candidates(rng, 12, 0.0, np.nan), sources(published, partial=False))
        known = ~np.isnan(found.value)
        assert known.any(), verb
        assert (found.low == found.value)[known].all(), verb
        assert (found.high == found.value)[known].all(), verb


def test_the_layers_own_accuracy_counts_where_a_feature_states_none():
    rng = np.random.default_rng(5)
    published = claimed_world(rng, "nearest_km", 30).drop(columns="accuracy_m").assign(kv=154.0)
    exact = sources(published, partial=False)
    coarse = layer(published)
    coarse = dataclasses.replace(coarse, passport=coarse.passport.model_copy(update={"accuracy_m": 700.0}))
    sites = candidates(rng, 12, 0.0, np.nan)
    near, about = (criterion("nearest_km").measured(sites, s) for s in (exact, Sources((coarse,), {})))
    assert about.value == pytest.approx(near.value)
    assert about.high == pytest.approx(near.value + 0.7)
    assert about.low == pytest.approx(np.maximum(near.value - 0.7, 0))
