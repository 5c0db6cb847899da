"""Location quotients: how much more of its work an area has in a sector than the whole has."""

import numpy as np

from ..base import FloatArray

TOLD_FROM = 0.98
"""Share of the people of an area whose sector must be known; with less of it known a quotient is unknown."""


def location_quotients(counts: FloatArray, totals: FloatArray, whole: FloatArray | None = None) -> FloatArray:
    """
    Location quotient of each area and sector: its share of the work of the area over the sector's share of the whole.

    Parameters
    ----------
    counts
        Persons by area and sector, shape (n, s); NaN where a cell is suppressed.
    totals
        Persons of each area in all sectors, shape (n,).
    whole
        Persons of the whole by sector, shape (s,); by default the sum of the areas, suppressed cells apart.

    Returns
    -------
    quotients
        Shape (n, s); 1 = as the whole. NaN where the cell is unknown, nobody works in the area or in the sector at all, or
        cells known hold less than `TOLD_FROM` of the people of the area.
    """
    of_all = np.nansum(counts, axis=0) if whole is None else whole
    known = np.nansum(counts, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (counts / totals[:, None]) / (of_all / of_all.sum())
    told = (totals > 0) & (known >= TOLD_FROM * totals)
    return np.where(told[:, None] & (of_all > 0)[None, :], found, np.nan)
