"""
Which firms hold an area's transactions together (hub) and which join it to the rest (connector).

The ministry's papers name both degrees and give no formula. Ours: the hub degree of a firm is its share of all transactions inside the
area; its connector degree is the smaller of what it buys inside and what it sells outside, over everything it trades. An assumption.
"""

import numpy as np
import pandas as pd


def degrees(links: pd.DataFrame, inside: set[str]) -> pd.DataFrame:
    """
    Hub and connector degree of each firm of an area.

    Parameters
    ----------
    links
        Transactions: supplier, customer, `weight` (value, or 1 each where no value is known); a firm's dealing with itself is left out.
    inside
        Firms of the area.

    Returns
    -------
    table
        By firm: `hub` and `connector` (0 to 1), `suppliers` and `customers` (number, anywhere), the strongest first. NaN where the
        area has no transaction inside (hub) or the firm none at all.
    """
    held = links[links["supplier"].ne(links["customer"])]
    sells, buys = held["supplier"].isin(inside), held["customer"].isin(inside)
    within = held[sells & buys]
    firms = sorted(inside & {*held["supplier"], *held["customer"]})
    through = _by("supplier", within, firms) + _by("customer", within, firms)
    total = float(within["weight"].sum())
    everything = _by("supplier", held, firms) + _by("customer", held, firms)
    outward = _by("supplier", held[sells & ~buys], firms)
    inward = _by("customer", within, firms)
    with np.errstate(divide="ignore", invalid="ignore"):
        hub = through / total if total > 0 else np.full(len(firms), np.nan)
        connector = 2.0 * np.minimum(inward, outward) / everything
    table = pd.DataFrame(
        {
            "hub": hub,
            "connector": connector,
            "suppliers": held.groupby("customer")["supplier"].nunique().reindex(firms).fillna(0).to_numpy(int),
            "customers": held.groupby("supplier")["customer"].nunique().reindex(firms).fillna(0).to_numpy(int),
        },
        index=pd.Index(firms, name="firm"),
    )
    return table.sort_values(["hub", "connector"], ascending=False, kind="stable")


def _by(end: str, links: pd.DataFrame, firms: list[str]) -> np.ndarray:
    """Weight of the links by the firm at one end, in the order of the firms."""
    return links.groupby(end)["weight"].sum().reindex(firms).fillna(0.0).to_numpy(float)
