"""JIS X 0410 grid squares: codes, positions and areas. Arrays in, arrays out."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..base import FloatArray
from ..errors import GeodataError
from .crs import GEOD

Level = Literal["1km", "500m"]
IntArray = npt.NDArray[np.int64]

CODE_LENGTH: dict[Level, int] = {"1km": 8, "500m": 9}
_SPLIT: dict[Level, int] = {"1km": 1, "500m": 2}
SIZES = {4: "80 km", 6: "10 km", 8: "1 km", 9: "500 m", 10: "250 m", 11: "125 m"}
"""Size of a cell by the number of digits of its code."""

_CODE = r"\d{4}(?:[0-7]{2}(?:\d{2}[1-4]{0,3})?)?"
_JAPAN_ROWS, _JAPAN_COLS = (30, 68), (22, 53)
_ROWS_PER_DEGREE = 120
_COLS_PER_DEGREE = 80
_FIRST_ORDER_CELLS = 80
_SHORTEST_DEGREE_M = 110_500.0
_SECOND_ORDER_CELLS = 10


@dataclass(frozen=True)
class Grid:
    """Row and column numbers of one mesh level, counted from the equator and 100 E."""

    level: Level

    @property
    def rows_per_degree(self) -> int:
        """Cells per degree of latitude."""
        return _ROWS_PER_DEGREE * _SPLIT[self.level]

    @property
    def cols_per_degree(self) -> int:
        """Cells per degree of longitude."""
        return _COLS_PER_DEGREE * _SPLIT[self.level]

    def locate(self, lon: FloatArray | float, lat: FloatArray | float) -> tuple[IntArray, IntArray]:
        """Row and column of the cell that holds each point (degrees)."""
        row = np.floor(np.asarray(lat) * self.rows_per_degree).astype(np.int64)
        col = np.floor((np.asarray(lon) - 100) * self.cols_per_degree).astype(np.int64)
        return row, col

    def around(self, lon: FloatArray, lat: FloatArray, off_m: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
        """
        Cells that hold a place within some metres of each point, as pairs.

        Parameters
        ----------
        lon, lat
            n points, degrees.
        off_m
            (n), geodesic metres; points of 0 have no pair.

        Returns
        -------
        site, row, col
            (p) each: position of the point, row and column of a cell.
        """
        wide = off_m > 0
        south, north = (lat + sign * off_m / _SHORTEST_DEGREE_M for sign in (-1, 1))
        half = off_m / (_SHORTEST_DEGREE_M * np.cos(np.radians(np.maximum(np.abs(south), np.abs(north)))))
        (row_0, col_0), (row_1, col_1) = self.locate(lon - half, south), self.locate(lon + half, north)
        rows, cols = np.where(wide, row_1 - row_0 + 1, 0), np.where(wide, col_1 - col_0 + 1, 0)
        site = np.repeat(np.arange(len(lon)), rows * cols)
        number = np.arange(len(site)) - np.repeat(np.cumsum(rows * cols) - rows * cols, rows * cols)
        row, col = row_0[site] + number // np.maximum(cols[site], 1), col_0[site] + number % np.maximum(cols[site], 1)
        west, below, east, above = self.bounds(row, col)
        near = GEOD.inv(lon[site], lat[site], np.clip(lon[site], west, east), np.clip(lat[site], below, above))[2]
        keep = np.asarray(near) <= off_m[site] + 1.0
        return site[keep], row[keep], col[keep]

    def bounds(self, row: IntArray, col: IntArray) -> tuple[FloatArray, ...]:
        """West, south, east, north in degrees."""
        row, col = np.asarray(row), np.asarray(col)
        west, east = (100 + (col + k) / self.cols_per_degree for k in (0, 1))
        south, north = ((row + k) / self.rows_per_degree for k in (0, 1))
        return west, south, east, north

    def centres(self, row: IntArray, col: IntArray) -> tuple[FloatArray, FloatArray]:
        """Longitude and latitude of cell centres."""
        return (
            100 + (np.asarray(col) + 0.5) / self.cols_per_degree,
            (np.asarray(row) + 0.5) / self.rows_per_degree,
        )

    def boxes(self, row: IntArray, col: IntArray) -> npt.NDArray[np.object_]:
        """Cell rectangles in degrees (JGD2011)."""
        return np.asarray(shapely.box(*self.bounds(row, col)))

    def area_ha(self, row: IntArray) -> FloatArray:
        """Ellipsoidal area of a cell in hectares; depends on the row alone."""
        south = np.asarray(row) / self.rows_per_degree
        zones = _zone_area_m2(south + 1 / self.rows_per_degree) - _zone_area_m2(south)
        return np.asarray(zones / self.cols_per_degree / 1e4)

    def encode(self, row: IntArray, col: IntArray) -> npt.NDArray[np.str_]:
        """Mesh codes (8 digits for 1 km, 9 for 500 m) of rows and columns."""
        split = _SPLIT[self.level]
        row, col = np.asarray(row), np.asarray(col)
        r, c = row // split, col // split
        code = (
            (r // _FIRST_ORDER_CELLS) * 10**6
            + (c // _FIRST_ORDER_CELLS) * 10**4
            + (r % _FIRST_ORDER_CELLS // _SECOND_ORDER_CELLS) * 1000
            + (c % _FIRST_ORDER_CELLS // _SECOND_ORDER_CELLS) * 100
            + (r % _SECOND_ORDER_CELLS) * 10
            + c % _SECOND_ORDER_CELLS
        )
        if split > 1:
            code = code * 10 + 1 + 2 * (row % split) + col % split
        return code.astype(str)

    def decode(self, codes: pd.Series | npt.NDArray[np.str_]) -> tuple[IntArray, IntArray]:
        """Rows and columns of mesh codes; GeodataError names the first code that is none."""
        text = pd.Series(np.asarray(codes, dtype=object), dtype="str")
        wrong = ~text.str.fullmatch(rf"\d{{4}}[0-7]{{2}}\d{{2}}{'[1-4]' if self.level == '500m' else ''}")
        if wrong.any():
            raise GeodataError(
                "mesh code {iloc!r}: expected {CODE_LENGTH} digits of JIS X 0410 ({level}). Correct the code or choose the other mesh size.",
                iloc=text[wrong].iloc[0],
                CODE_LENGTH=CODE_LENGTH[self.level],
                level=self.level,
            )
        number = text.astype("int64").to_numpy()
        quarter = number % 10 - 1 if self.level == "500m" else np.zeros_like(number)
        number = number // 10 if self.level == "500m" else number
        r = number // 10**6 * _FIRST_ORDER_CELLS + number // 1000 % 10 * _SECOND_ORDER_CELLS + number // 10 % 10
        c = number // 10**4 % 100 * _FIRST_ORDER_CELLS + number // 100 % 10 * _SECOND_ORDER_CELLS + number % 10
        split = _SPLIT[self.level]
        return r * split + quarter // 2, c * split + quarter % 2


GRIDS: dict[Level, Grid] = {level: Grid(level) for level in CODE_LENGTH}


def is_code(texts: "pd.Series[str]") -> "pd.Series[bool]":
    """Whether each text is a code of JIS X 0410 of any level, every digit within its range."""
    return texts.str.fullmatch(_CODE).fillna(value=False).astype(bool)


def is_in_japan(codes: "pd.Series[str]") -> "pd.Series[bool]":
    """Whether the first-order cell of each code lies between 20-46 N and 122-154 E."""
    row, col = (pd.to_numeric(codes.str[part], errors="coerce") for part in (slice(0, 2), slice(2, 4)))
    return row.between(*_JAPAN_ROWS) & col.between(*_JAPAN_COLS)


def _zone_area_m2(lat: FloatArray) -> FloatArray:
    """Ellipsoidal area between the equator and `lat`, per degree of longitude."""
    e = np.sqrt(GEOD.es)
    s = np.sin(np.radians(lat))
    q = s / (1 - GEOD.es * s**2) + np.arctanh(e * s) / e
    return np.asarray(np.radians(1.0) * GEOD.b**2 / 2 * q)
