"""Distances between sites from their coordinates alone."""

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geodata.base import FloatArray

_A_M, _E2 = 6_378_137.0, 0.006694380022900787  # GRS80
_SLACK = 1.02


def distance_m(lon_a: FloatArray, lat_a: FloatArray, lon_b: FloatArray, lat_b: FloatArray) -> FloatArray:
    """
    Distance on GRS80 by the mid-latitude formula: within 0.02 % of the geodesic up to 500 km in Japan.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b
        Degrees; arrays that broadcast against each other.

    Returns
    -------
    distance
        Metres, in the shape of the inputs broadcast.
    """
    lat = np.radians((lat_a + lat_b) / 2)
    w2 = 1 - _E2 * np.sin(lat) ** 2
    meridian, normal = _A_M * (1 - _E2) / w2**1.5, _A_M / np.sqrt(w2)
    dlat, dlon = np.radians(lat_b - lat_a) / 2, np.radians(lon_b - lon_a) / 2
    ratio = normal * np.cos(lat) * np.sinc(dlon / np.pi) * dlon
    across = meridian * np.sinc(dlat / np.pi) * dlat * np.cos(dlon)
    return np.asarray(2 * np.hypot(ratio, across))


class Neighbours:
    """Sites within a reach of each other: straight chords find them, the distance on the ellipsoid decides."""

    def __init__(self, lon: FloatArray, lat: FloatArray, reach_m: float) -> None:
        self._lon, self._lat, self.reach_m = lon, lat, reach_m
        self._xyz = _on_sphere(lon, lat)
        self._tree = cKDTree(self._xyz)

    def of(self, position: int) -> npt.NDArray[np.int64]:
        """Positions within reach of a site, itself included, ascending."""
        near = np.array(sorted(self._tree.query_ball_point(self._xyz[position], self.reach_m * _SLACK)), dtype=np.int64)
        metres = distance_m(self._lon[position], self._lat[position], self._lon[near], self._lat[near])
        return np.asarray(near[metres <= self.reach_m])

    def around(self, lon: FloatArray, lat: FloatArray) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Positions within reach of each of n other places, place after place and ascending, and how many each has."""
        found = self._tree.query_ball_point(_on_sphere(lon, lat), self.reach_m * _SLACK, return_sorted=True)
        parts = [np.asarray(near, dtype=np.intp) for near in found]
        counts = np.array([part.size for part in parts], dtype=np.intp)
        near = np.concatenate([*parts, np.zeros(0, dtype=np.intp)])
        place = np.repeat(np.arange(len(counts)), counts)
        inside = distance_m(self._lon[near], self._lat[near], lon[place], lat[place]) <= self.reach_m
        return near[inside], np.bincount(place[inside], minlength=len(counts)).astype(np.intp)

    def cells(self, shift: float = 0.0) -> npt.NDArray[np.int64]:
        """Number of a cube so small that sites sharing one are surely within reach; `shift` moves the cubes by a share."""
        side = self.reach_m / np.sqrt(3) / _SLACK
        cell = np.floor(self._xyz / side + shift).astype(np.int64)
        return np.asarray(np.unique(cell, axis=0, return_inverse=True)[1].ravel())


def _on_sphere(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """(n, 3), metres from the centre."""
    up, east = np.radians(lat), np.radians(lon)
    return np.asarray(_A_M * np.column_stack([np.cos(up) * np.cos(east), np.cos(up) * np.sin(east), np.sin(up)]))
