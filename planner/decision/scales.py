"""Two questions, two answers: which region, by what varies over tens of kilometres, and which ground within it."""

from collections.abc import Collection

import pandas as pd

_DECIMALS = 9


def two_ranks(
    contributions: pd.DataFrame, ground: Collection[str], region: pd.Series, ranked: pd.Series
) -> pd.DataFrame:
    """
    Points of each cell by scale, the rank of its region and its rank within the region.

    Parameters
    ----------
    contributions
        (n, m), points proven per criterion.
    ground
        The criteria that tell one ground from the next; the others are of the region.
    region
        (n), the region that each cell lies in.
    ranked
        (n), which cells are ranked; the others get no rank and count for none.

    Returns
    -------
    ranks
        points_region, points_ground; rank_region: of the mean points_region of the ranked cells, ties share a rank; rank_ground:
        of points_ground among the ranked cells of the region.
    """
    here = [id_ for id_ in contributions if id_ in ground]
    wide = contributions.drop(columns=here).fillna(0.0).sum(axis=1)
    near = contributions[here].fillna(0.0).sum(axis=1)
    mean = wide[ranked].groupby(region[ranked]).mean().round(_DECIMALS)
    places = mean.rank(method="min", ascending=False)
    within = near[ranked].round(_DECIMALS).groupby(region[ranked]).rank(method="min", ascending=False)
    return pd.DataFrame(
        {
            "points_region": wide,
            "points_ground": near,
            "rank_region": region.map(places).where(ranked).astype("Int64"),
            "rank_ground": within.reindex(contributions.index).astype("Int64"),
        }
    )
