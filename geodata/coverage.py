"""How much of the country a layer holds, against sourced national totals."""

import pandas as pd

from .store import Store

COMPLETE_FROM = 0.8
"""Below this share a sum over the layer is only a lower bound and a surplus is unknown (our threshold)."""


def power_plants(store: Store) -> pd.DataFrame:
    """
    Capacity held by the plant layer against the national total, by technology.

    Returns
    -------
    table
        Indexed by technology: held_mw, total_mw, share (NaN without a total), enough (share >= 0.8), definition,
        as_of, source_url.
    """
    plants = store.layer("power_plants").frame
    idle = plants["technology"].eq("nuclear") & ~plants["decarbonised"]
    held = plants[~idle].groupby("technology")["capacity_mw"].sum()
    totals = store.layer("capacity_totals").frame.set_index("technology")
    table = totals.assign(held_mw=held.reindex(totals.index).fillna(0.0))
    table["share"] = table["held_mw"] / table["total_mw"]
    table["enough"] = table["share"] >= COMPLETE_FROM
    return table[["held_mw", "total_mw", "share", "enough", "definition", "as_of", "source_url"]]
