import numpy as np
from pyproj import Geod

from planner.decision.space import Neighbours, distance_m

RNG = np.random.default_rng(0)


def test_distances_agree_with_the_geodesic():
    lon, lat = RNG.uniform(123, 146, 20_000), RNG.uniform(24, 45.5, 20_000)
    for reach, error in ((0.1, 1e-6), (1.0, 5e-5), (4.0, 5e-4)):
        lon2, lat2 = lon + RNG.uniform(-reach, reach, len(lon)), lat + RNG.uniform(-reach, reach, len(lat))
        metres = Geod(ellps="GRS80").inv(lon, lat, lon2, lat2)[2]
        assert np.abs(distance_m(lon, lat, lon2, lat2) / metres - 1).max() < error


def test_neighbours_are_those_within_reach_and_a_cell_never_holds_a_pair_further_apart():
    lon, lat = RNG.uniform(136, 137, 400), RNG.uniform(35, 36, 400)
    near = Neighbours(lon, lat, 10_000)
    metres = distance_m(lon[:, None], lat[:, None], lon[None], lat[None])
    for i in (0, 17, 399):
        assert near.of(i).tolist() == np.flatnonzero(metres[i] <= 10_000).tolist()
    for shift in (0.0, 0.5):
        cells = near.cells(shift)
        assert metres[cells[:, None] == cells[None]].max() <= 10_000
