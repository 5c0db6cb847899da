"""Decision problems without any map: random ones for laws, and results built straight from numbers."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from planner.decision.problem import Problem
from planner.model.values import Linear, Piecewise


def problem(least, weights, most=None, functions=None, **sites):
    """A problem with the sites sorted by score, on criteria c0, c1, … of 0 to 100 units."""
    least, weights = np.asarray(least, dtype=float), np.asarray(weights, dtype=float) / np.sum(weights)
    order = np.argsort(-(least @ weights), kind="stable")
    n, m = least.shape
    functions = tuple(functions or [Linear(worst=0, best=100)] * m)
    table = pd.DataFrame(
        {"name": [f"site {i}" for i in range(n)], "rank": 0, **sites}, index=[f"s{i}" for i in range(n)]
    )
    table = table.iloc[order].assign(
        rank=pd.Series(-(least @ weights)[order]).round(9).rank(method="min").astype(int).to_numpy()
    )
    most = least if most is None else np.asarray(most, dtype=float)
    criteria = {f"c{j}": {"branch": f"b{j % 2}", "unit": "km", "weight": weights[j]} for j in range(m)}
    return Problem(table, least[order], most[order], 100 * least[order], weights, functions, criteria)


@st.composite
def problems(draw, least_sites=2, most_sites=9, most_criteria=4):
    """Small problems with ties: values are twelfths."""
    n, m = draw(st.integers(least_sites, most_sites)), draw(st.integers(2, most_criteria))
    cell = st.integers(0, 12).map(lambda k: k / 12)
    least = draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(st.integers(1, 9), min_size=m, max_size=m))
    return problem(least, weights)


BENT = Piecewise(points=((0, 0), (20, 0.5), (60, 0.6), (100, 1)))
