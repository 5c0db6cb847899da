"""Delay of fibre."""

import numpy as np

from planner.power.assumptions import assumptions
from planner.power.fibre import round_trip_ms


def test_400_km_by_hand():
    low, middle, high = round_trip_ms(assumptions(), np.array([400.0]), 10.0)
    assert low[0] == 2 * 390 * 1.2 * 4.9 / 1000
    assert middle[0] == 2 * 400 * 1.3 * 4.9 / 1000
    assert high[0] == 2 * 410 * 2.5 * 5.0 / 1000
