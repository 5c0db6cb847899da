"""How wide the claimed intervals are, and how much of them true positions reach: `make bench` prints both per measure."""

import numpy as np
import pytest
from worlds import VERBS, candidates, claimed_world, criterion, located, moved, sources, true_world

pytestmark = pytest.mark.bench
SITES, WORLDS, DRAWS, FEATURES = 12, 4, 150, 25
TARGET = 0.9


def tightness(verb):
    """Median width of the finite intervals, in the criterion's unit, and the median share of it that the draws reach."""
    widths, reached = [], []
    for seed in range(WORLDS):
        rng = np.random.default_rng(seed)
        asked, published = criterion(verb), claimed_world(rng, verb, FEATURES)
        sites = candidates(rng, SITES, rng.choice([100.0, 2500.0], SITES), 60.0)
        claim = asked.measured(sites, sources(published, partial=False))
        seen = np.array([truth(asked, rng, verb, sites, published) for _ in range(DRAWS)])
        width = claim.high - claim.low
        told = np.isfinite(width) & (width > 0) & ~np.isnan(seen).all(axis=0)
        if told.any():
            span = np.nanmax(seen[:, told], axis=0) - np.nanmin(seen[:, told], axis=0)
            widths.append(width[told])
            reached.append(span / width[told])
    if not widths:
        return np.nan, np.nan
    return float(np.median(np.concatenate(widths))), float(np.median(np.concatenate(reached)))


def truth(asked, rng, verb, sites, published):
    """The value of each site in one of the worlds that the claim allows."""
    table = sites.table
    lon, lat = moved(rng, *(table[name].to_numpy() for name in ("lon", "lat", "accuracy_m")))
    there = located(table.assign(lon=lon, lat=lat, accuracy_m=0.0))
    return asked.measured(there, sources(true_world(rng, verb, published, partial=False), partial=False)).value


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_width_and_reach(verb, capsys):
    width, reached = tightness(verb)
    word = "no finite interval" if np.isnan(width) else "tight" if reached >= TARGET else "loose"
    with capsys.disabled():
        print(f"\n{verb}: median width {width:.3g}, reached {reached:.0%} ({word})")  # noqa: T201  (what the bench is for)
    assert np.isnan(reached) or 0 < reached <= 1 + 1e-6
