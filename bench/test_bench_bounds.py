"""How wide the claimed intervals are, and how much of them true positions reach: `make bench` prints both per measure."""

from pathlib import Path

import numpy as np
import pytest
from worlds import VERBS, candidates, claimed_world, criterion, located, moved, sources, true_world

from geodata import Store
from planner import evaluate, scenario_from_profile
from planner.scenario.profiles import profiles

pytestmark = pytest.mark.bench
SITES, WORLDS, DRAWS, FEATURES = 12, 4, 150, 25
TARGET = 0.9


def published(rng, verb, *, exact):
    """A layer; where it is exact every position and value of it is known, so that the sites' positions alone are not."""
    frame = claimed_world(rng, verb, FEATURES)
    return true_world(rng, verb, frame, partial=False) if exact else frame


def tightness(verb, *, exact):
    """Median width of the finite intervals, in the criterion's unit, and the median share of it that the draws reach."""
    widths, reached = [], []
    for seed in range(WORLDS):
        rng = np.random.default_rng(seed)
        asked, frame = criterion(verb), published(rng, verb, exact=exact)
        sites = candidates(rng, SITES, rng.choice([100.0, 2500.0], SITES), 60.0)
        claim = asked.measured(sites, sources(frame, partial=False))
        seen = np.array([truth(asked, rng, verb, sites, frame) for _ in range(DRAWS)])
        width = claim.high - claim.low
        told = np.isfinite(width) & (width > 0) & ~np.isnan(seen).all(axis=0)
        if told.any():
            span = np.nanmax(seen[:, told], axis=0) - np.nanmin(seen[:, told], axis=0)
            widths.append(width[told])
            reached.append(span / width[told])
    if not widths:
        return np.nan, np.nan
    return float(np.median(np.concatenate(widths))), float(np.median(np.concatenate(reached)))


def truth(asked, rng, verb, sites, frame):
    """The value of each site in one of the worlds that the claim allows."""
    table = sites.table
    lon, lat = moved(rng, *(table[name].to_numpy() for name in ("lon", "lat", "accuracy_m")))
    there = located(table.assign(lon=lon, lat=lat, accuracy_m=0.0))
    return asked.measured(there, sources(true_world(rng, verb, frame, partial=False), partial=False)).value


def tell(capsys, sentence):
    with capsys.disabled():
        print(f"\n{sentence}")  # noqa: T201  (what the bench is for)


@pytest.mark.parametrize("exact", [True, False], ids=["sites moved", "sites and features moved"])
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_width_and_reach(verb, exact, capsys):
    width, reached = tightness(verb, exact=exact)
    word = "no finite interval" if np.isnan(width) else "tight" if reached >= TARGET else "loose"
    moving = "sites moved" if exact else "sites and features moved"
    tell(capsys, f"{verb}, {moving}: median width {width:.3g}, reached {reached:.0%} ({word})")
    assert np.isnan(reached) or 0 < reached <= 1 + 1e-6


@pytest.mark.parametrize("profile", sorted(profiles()))
def test_widths_of_the_listed_sites(profile, capsys, tmp_path):
    """Of what the product comes with, as a fresh clone ranks it."""
    measured = evaluate(scenario_from_profile(profile), Store(Path(tmp_path))).measurements
    width = (measured.high - measured.low).where(np.isfinite(measured.high - measured.low))
    told = {
        id_: f"{id_}: {width[id_].median():.3g} {measured.units[id_]} (median of {width[id_].notna().sum()}, values about "
        f"{measured.values[id_].median():.3g})"
        for id_ in width
    }
    tell(capsys, f"{profile}\n  " + "\n  ".join(told.values()))
    assert (width.fillna(0) >= 0).all(axis=None)
