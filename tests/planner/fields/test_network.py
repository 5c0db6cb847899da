"""Hub and connector degree by hand."""

import numpy as np
import pandas as pd
import pytest

from planner.fields.network import degrees

LINKS = pd.DataFrame(
    [("a", "h", 4.0), ("b", "h", 2.0), ("a", "b", 2.0), ("h", "out", 6.0), ("far", "b", 1.0), ("h", "h", 9.0)],
    columns=["supplier", "customer", "weight"],
)


def test_by_hand():
    """Inside are 4 + 2 + 2 = 8; through h go 6 of them. h buys 6 inside and sells 6 outside of 12 in all: 2 * 6 / 12 = 1."""
    found = degrees(LINKS, {"a", "b", "h", "idle"})
    assert found["hub"].to_dict() == pytest.approx({"a": 6 / 8, "h": 6 / 8, "b": 4 / 8})
    assert found["connector"].to_dict() == pytest.approx({"a": 0, "h": 1, "b": 0})
    assert found.loc["h", ["suppliers", "customers"]].tolist() == [2, 1]


def test_without_a_transaction_inside_the_hub_degree_is_unknown():
    found = degrees(LINKS, {"h"})
    assert np.isnan(found.loc["h", "hub"])
    assert found.loc["h", "connector"] == 0
