"""The only place that names a coordinate reference system."""

import re
import unicodedata
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from ..base import FloatArray
from ..errors import CRSError

STORE = pyproj.CRS.from_epsg(6668)
"""JGD2011 longitude/latitude: every stored layer."""

OLD = pyproj.CRS.from_epsg(4301)
"""Tokyo: the Japanese datum until 2002, in degrees."""

WORK = pyproj.CRS.from_proj4("+proj=laea +lat_0=36 +lon_0=137 +ellps=GRS80 +units=m +no_defs")
"""Equal-area metres: areas exact, distances within 2 % over Japan, so it only *searches*."""

EXPORT = pyproj.CRS.from_epsg(4326)
"""WGS 84: every file handed out."""

WORK_DISTORTION = 0.02
"""Bound on the relative distance error of WORK over all Japan: 1.1 % within 146 E, 1.7 % at Minamitorishima."""

GEOD = pyproj.Geod(ellps="GRS80")
_PLANE_ZONES = 19
_PLANE = {2011: 6668, 2000: 2442, 1918: 30160}
"""EPSG code before that of zone 1 of the plane coordinate systems, by the year of the datum: JGD2011, JGD2000, Tokyo."""

_ROMAN = [
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XVII",
    "XVIII",
    "XIX",
]
_KANJI = [
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
    "十六",
    "十七",
    "十八",
    "十九",
]
_ZONE = re.compile(
    r"(?:JGD(?P<year>2000|2011))?(?:/?JAPANPLANERECTANGULARCS|平面直角座標系?)?[/:]?(?:第|ZONE)?(?P<zone>\d{1,2}|[IVX]+|[一二三四五六七八九十]+)系?"
)
_RADIUS_M = 6_371_000.0

_TO_WORK = pyproj.Transformer.from_crs(STORE, WORK, always_xy=True)
_FROM_WORK = pyproj.Transformer.from_crs(WORK, STORE, always_xy=True)


def plane_epsg(text: str) -> int | None:
    """EPSG code of the plane coordinate system that a text names: 6, 第6系, Ⅵ, 平面直角座標系(6系), EPSG:6674; None for another."""
    said = re.sub(r"[\s()]", "", unicodedata.normalize("NFKC", text)).upper()
    if found := re.fullmatch(r"(?:EPSG:?)?(\d{4,5})(?:\.0)?", said):
        code = int(found[1])
        return code if any(0 < code - base <= _PLANE_ZONES for base in _PLANE.values()) else None
    found = _ZONE.fullmatch(re.sub(r"\.0$", "", said))
    if found is None:
        return None
    names = next((names for names in (_ROMAN, _KANJI) if found["zone"] in names), None)
    zone = names.index(found["zone"]) + 1 if names else int(found["zone"]) if found["zone"].isdecimal() else 0
    return _PLANE[int(found["year"] or 2011)] + zone if 0 < zone <= _PLANE_ZONES else None


def from_plane(epsg: int, northing_m: Any, easting_m: Any) -> tuple[FloatArray, FloatArray]:
    """Longitudes and latitudes (degrees, JGD2011) of a plane coordinate system's X (northing) and Y (easting), metres."""
    to_store = pyproj.Transformer.from_crs(epsg, STORE, always_xy=True)
    lon, lat = to_store.transform(np.asarray(easting_m, dtype=float), np.asarray(northing_m, dtype=float))
    return np.asarray(lon), np.asarray(lat)


def to_work(lon: Any, lat: Any) -> tuple[FloatArray, FloatArray]:
    """Project longitudes and latitudes (degrees, JGD2011) to WORK metres."""
    x, y = _TO_WORK.transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    return np.asarray(x), np.asarray(y)


def from_work(x_m: Any, y_m: Any) -> tuple[FloatArray, FloatArray]:
    """Longitudes and latitudes (degrees, JGD2011) of WORK metres."""
    lon, lat = _FROM_WORK.transform(np.asarray(x_m, dtype=float), np.asarray(y_m, dtype=float))
    return np.asarray(lon), np.asarray(lat)


def geodesic_m(lon_a: Any, lat_a: Any, lon_b: Any, lat_b: Any) -> FloatArray:
    """Distance in metres along the GRS80 ellipsoid, pair by pair."""
    lon_a, lat_a, lon_b, lat_b = np.broadcast_arrays(lon_a, lat_a, lon_b, lat_b)
    return np.asarray(GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2], dtype=float)


def in_space(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Places on the GRS80 ellipsoid as metres from the centre of the earth, (n, 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    across = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(phi) ** 2)
    return np.column_stack(
        [across * np.cos(phi) * np.cos(lam), across * np.cos(phi) * np.sin(lam), across * (1 - GEOD.es) * np.sin(phi)]
    )


def arc_m(chord_m: FloatArray) -> FloatArray:
    """Metres along the ellipsoid of a straight line through space; wrong by `arc_error_m` at most."""
    return np.asarray(chord_m * (1 + (chord_m / _RADIUS_M) ** 2 / 24))


def arc_error_m(metres: float) -> float:
    """Bound on the error of `arc_m` up to some metres: the earth is round to 0.3 %, which moves the small correction by 1 %."""
    return 1e-3 + 0.02 * metres * (metres / _RADIUS_M) ** 2 / 24


def points_in_work(lon: Any, lat: Any) -> gpd.GeoSeries:
    """Point series in WORK from degrees."""
    x, y = to_work(lon, lat)
    return gpd.GeoSeries(shapely.points(x, y), crs=WORK)


def require(series: gpd.GeoSeries | gpd.GeoDataFrame, expected: pyproj.CRS, what: str) -> None:
    """Raise CRSError, naming both systems, unless `series` is in `expected`."""
    found = series.crs
    if found is None:
        raise CRSError(
            "{what}: expected {expected}, found no CRS. Set the CRS first.", what=what, expected=expected.name
        )
    if not found.equals(expected):
        raise CRSError(
            "{what}: expected {expected}, found {found}. Reproject it first.",
            what=what,
            expected=expected.name,
            found=found.name,
        )
