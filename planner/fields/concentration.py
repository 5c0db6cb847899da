"""On how few a product, a firm or a cluster depends: Herfindahl-Hirschman indices and the share of the largest partner."""

from dataclasses import dataclass

import numpy as np

from geodata.base import FloatArray

HIGH, MEDIUM = 0.5, 0.3
"""Bands of the OECD for the **product** of both indices of one traded good, as METI's report of 2026-04 gives them; no other index has any."""


@dataclass(frozen=True)
class ProductIndex:
    """Concentration of Japan's imports, of the world's exports, and their product, of one good; NaN unknown."""

    imports: float
    exports: float
    both: float
    band: str


def hhi(amounts: FloatArray) -> float:
    """Sum of squared shares, above 0 to 1; NaN when an amount is unknown or negative, or there is nothing."""
    values = np.asarray(amounts, float)
    total = values.sum() if len(values) else np.nan
    if not total > 0 or (values < 0).any():
        return float("nan")
    return float(((values / total) ** 2).sum())


def product_index(imports: FloatArray, exports: FloatArray) -> ProductIndex:
    """Both indices of one good over the countries, shape (n,) each, and the band of their product: high above 0.5, medium from 0.3, else low."""
    of_imports, of_exports = hhi(imports), hhi(exports)
    both = of_imports * of_exports
    band = "" if np.isnan(both) else "high" if both > HIGH else "medium" if both >= MEDIUM else "low"
    return ProductIndex(of_imports, of_exports, both, band)


def largest_share(amounts: FloatArray) -> float:
    """Share of the largest partner, 0 to 1; NaN where `hhi` is."""
    values = np.asarray(amounts, float)
    return float("nan") if np.isnan(hhi(values)) else float(values.max() / values.sum())
