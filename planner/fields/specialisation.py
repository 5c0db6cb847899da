"""What an area already does: location quotients, employment density, and how related a field is to it, as economic complexity measures it."""

import numpy as np

from geodata.base import FloatArray
from geodata.spatial.quotient import location_quotients

__all__ = ["advantage", "density_per_km2", "location_quotients", "proximity", "relatedness"]


def density_per_km2(employees: FloatArray, area_ha: FloatArray) -> FloatArray:
    """Employees per square kilometre; NaN where either is unknown or there is no land."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = employees / (area_ha / 100.0)
    return np.where(area_ha > 0, found, np.nan)


def advantage(quotients: FloatArray) -> FloatArray:
    """Revealed comparative advantage as 1 (a quotient of 1 and more) or 0; NaN where the quotient is unknown."""
    return np.where(np.isnan(quotients), np.nan, (quotients >= 1.0).astype(float))


def proximity(advantages: FloatArray) -> FloatArray:
    """
    How often two sectors are at home in the same areas: the smaller of both conditional shares (Hidalgo and others 2007).

    Parameters
    ----------
    advantages
        Ones and zeros by area and sector, shape (n, s); an area unknown in either of two sectors is left out of their pair.

    Returns
    -------
    proximity
        Shape (s, s), 1 on the diagonal; NaN for a sector that is at home nowhere.
    """
    known = ~np.isnan(advantages)
    ones = np.nan_to_num(advantages)
    both = ones.T @ ones
    each = ones.T @ known.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.minimum(both / each, both / each.T)
    found = np.where((each > 0) & (each.T > 0), shares, np.nan)
    np.fill_diagonal(found, np.where(np.diag(both) > 0, 1.0, np.nan))
    return found


def relatedness(advantages: FloatArray, proximities: FloatArray) -> FloatArray:
    """
    Density of what is related to each sector in each area: the proximity of the sectors at home there over that of all others.

    Parameters
    ----------
    advantages
        Ones and zeros by area and sector, shape (n, s), NaN unknown.
    proximities
        Between sectors, shape (s, s); a sector's nearness to itself is not counted.

    Returns
    -------
    density
        Shape (n, s), 0 to 1; NaN where nothing is near the sector or no other sector of the area is known.
    """
    near = np.nan_to_num(proximities)
    np.fill_diagonal(near, 0.0)
    known = ~np.isnan(advantages)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (np.nan_to_num(advantages) @ near) / (known.astype(float) @ near)
    return np.where(np.isnan(np.diag(proximities))[None, :], np.nan, found)
