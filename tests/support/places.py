"""Random places in the middle of Japan, and the distances between them worked out the long way."""

import numpy as np
from hypothesis import strategies as st

from geodata.country import crs

PLACES = st.lists(st.tuples(st.floats(139, 141), st.floats(35, 37)), min_size=1, max_size=30)


def points(places):
    return crs.points_in_work(*np.array(places, dtype=float).T)


def geodesic_table(a, b):
    a, b = np.array(a, dtype=float), np.array(b, dtype=float)
    return crs.geodesic_m(a[:, None, 0], a[:, None, 1], b[None, :, 0], b[None, :, 1])
