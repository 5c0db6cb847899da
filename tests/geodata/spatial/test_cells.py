"""Sums, ranges and plots over cells, held against counting each cell."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.country import crs
from geodata.country.mesh import GRIDS
from geodata.spatial.cells import cells_of

GRID = GRIDS["1km"]
ROW, COL = (part.ravel() for part in np.mgrid[4300:4340, 3180:3230])
CODES = pd.Series(GRID.encode(ROW, COL))
LON, LAT = GRID.centres(ROW, COL)
SHUFFLED = np.random.default_rng(1).permutation(len(CODES))
VALUES = np.column_stack([np.arange(len(CODES)) % 7, np.ones(len(CODES))]).astype(float)


@given(lon=st.floats(139.9, 140.2), lat=st.floats(35.9, 36.1), reach=st.floats(100, 12_000), seed=st.integers(0, 3))
def test_a_sum_equals_that_of_every_cell_within_the_geodesic(lon, lat, reach, seed):
    order = np.random.default_rng(seed).permutation(len(CODES))
    cells = cells_of(CODES.iloc[order].reset_index(drop=True))
    found = cells.sum_within(np.array([lon]), np.array([lat]), VALUES[order], np.array([reach]))[0]
    metres = crs.geodesic_m(LON, LAT, lon, lat)
    surely, maybe = (VALUES[metres <= reach * (1 + sign * 1e-3)].sum(axis=0) for sign in (-1, 1))
    assert (surely <= found).all()
    assert (found <= maybe).all()


def test_the_cell_that_holds_a_place():
    cells = cells_of(CODES.iloc[SHUFFLED].reset_index(drop=True))
    at = cells.at(np.array([LON[17], 150.0]), np.array([LAT[17], 36.0]))
    assert SHUFFLED[at[0]] == 17
    assert at[1] == -1


def test_cells_under_a_plot_are_those_whose_centre_it_holds():
    cells = cells_of(CODES)
    plot = shapely.box(LON[0] - 0.001, LAT[0] - 0.001, LON[3] + 0.001, LAT[0] + 0.001)
    assert cells.under(plot).tolist() == [0, 1, 2, 3]


def test_a_code_of_another_grid_is_refused():
    with pytest.raises(Exception, match="8 digits"):
        cells_of(pd.Series(["544000111"]))
