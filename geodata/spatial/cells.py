"""Values of 1 km cells at places, over what lies around them and over areas; sums run along rows of cells, not over pairs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..base import FloatArray
from ..country.crs import GEOD
from ..country.mesh import GRIDS, IntArray

_GRID = GRIDS["1km"]
_COLUMNS = 1 << 20
HALF_DIAGONAL_M = 800.0
"""From the centre of a cell to its corner, at most."""


@dataclass(frozen=True)
class Cells:
    """Cells in the order of their keys (row by row, west to east), and where each stands in the table they came from."""

    key: IntArray
    order: npt.NDArray[np.intp]

    def at(self, lon: FloatArray, lat: FloatArray) -> npt.NDArray[np.intp]:
        """Position in the table of the cell that holds each place; -1 where the table has none."""
        return self._find(_keys(*_GRID.locate(lon, lat)))

    def sum_within(self, lon: FloatArray, lat: FloatArray, values: FloatArray, reach_m: FloatArray) -> FloatArray:
        """
        Sum of each column of `values` over the cells whose centre lies within reach of each place.

        Parameters
        ----------
        lon, lat
            n places in degrees.
        values
            (cells, k), in any unit, without NaN.
        reach_m
            (n), metres on the ellipsoid as it is curved at each place.

        Returns
        -------
        total
            (n, k); a cell that the table lacks adds nothing.
        """
        # Column by column the values lie on a grid of rows and columns and are summed up along the rows, so that each row
        # of cells within reach is the difference of two entries.
        total = np.zeros((len(lon), values.shape[1]))
        if not len(self.key):
            return total
        row, col = np.divmod(self.key, _COLUMNS)
        south, west = row.min(), col.min()
        shape = int(row.max() - south) + 1, int(col.max() - west) + 1
        stretches = list(self._rows_within(lon, lat, reach_m, (int(south), int(west)), shape))
        for column in range(values.shape[1]):
            running = np.zeros((shape[0], shape[1] + 1))
            np.add.at(running, (row - south, col - west + 1), values[self.order, column])
            flat = np.cumsum(running, axis=1, out=running).ravel()
            for first, last in stretches:
                total[:, column] += flat[last] - flat[first]
        return total

    def under(self, polygon: shapely.Geometry) -> npt.NDArray[np.intp]:
        """Positions in the table of the cells whose centre lies in a polygon (degrees)."""
        west, south, east, north = polygon.bounds
        (row0, col0), (row1, col1) = _GRID.locate(west, south), _GRID.locate(east, north)
        row, col = (part.ravel() for part in np.mgrid[row0 : row1 + 1, col0 : col1 + 1])
        found = self._find(_keys(row, col))
        inside = shapely.contains_xy(polygon, *_GRID.centres(row, col))
        return np.asarray(found[inside & (found >= 0)])

    @staticmethod
    def _rows_within(
        lon: FloatArray, lat: FloatArray, reach_m: FloatArray, corner: tuple[int, int], shape: tuple[int, int]
    ) -> Iterator[tuple[IntArray, IntArray]]:
        """Row by row, before which and up to which entry of the running sums the centres within reach of each place lie."""
        north_m, east_m = _metres_per_degree(lat)
        row, _ = _GRID.locate(lon, lat)
        reach_rows = int(np.ceil(np.max(reach_m / north_m, initial=0.0) * _GRID.rows_per_degree)) + 1
        for step in range(-reach_rows, reach_rows + 1):
            off_m = ((row + step + 0.5) / _GRID.rows_per_degree - lat) * north_m
            half = np.sqrt(np.maximum(reach_m**2 - off_m**2, 0.0)) / east_m
            first_col = np.ceil((lon - half - 100) * _GRID.cols_per_degree - 0.5).astype(np.int64)
            last_col = np.floor((lon + half - 100) * _GRID.cols_per_degree - 0.5).astype(np.int64)
            at = row + step - corner[0]
            beyond = (np.abs(off_m) > reach_m) | (at < 0) | (at >= shape[0]) | (last_col < first_col)
            start = np.where(beyond, 0, at) * (shape[1] + 1)
            first, last = (np.clip(edge - corner[1], 0, shape[1]) for edge in (first_col, last_col + 1))
            yield start + np.where(beyond, 0, first), start + np.where(beyond, 0, last)

    def _find(self, keys: IntArray) -> npt.NDArray[np.intp]:
        place = np.minimum(np.searchsorted(self.key, keys), len(self.key) - 1)
        return np.where(self.key[place] == keys, self.order[place], -1)


def cells_of(codes: pd.Series) -> Cells:
    """Cells of a column of 1 km mesh codes."""
    key = _keys(*_GRID.decode(codes))
    order = np.argsort(key, kind="stable")
    return Cells(key[order], order)


def _keys(row: IntArray, col: IntArray) -> IntArray:
    return np.asarray(row, dtype=np.int64) * _COLUMNS + np.asarray(col, dtype=np.int64)


def _metres_per_degree(lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Along the meridian and along the parallel, on the ellipsoid at a latitude."""
    sine = np.sin(np.radians(lat))
    bent = 1 - GEOD.es * sine**2
    meridian = GEOD.a * (1 - GEOD.es) / bent**1.5
    parallel = GEOD.a * np.cos(np.radians(lat)) / np.sqrt(bent)
    return np.radians(meridian), np.radians(parallel)
