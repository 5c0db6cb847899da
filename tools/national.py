"""
How each criterion is spread over the land cells of the country: `make national` writes planner/scenario/national.csv.

Needs the layers of the national mesh pulled into PLANNER_DATA_DIR. Measured on the cells of 1 km; a table of percentiles alone.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from stored import store_with

from geodata.base import FloatArray
from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.run import measure
from planner.scenario.criteria import criteria
from planner.scenario.national import LEVELS

OUT = Path(__file__).parents[1] / "planner" / "scenario" / "national.csv"
_SQUARE, _DIGITS = 6, 4
"""Digits of the mesh code of a 10-km square; significant digits that are kept."""


def within(points: FloatArray, areas: pd.Series) -> float:
    """Share of the variance that lies inside the areas; NaN where nothing differs."""
    inside = pd.Series(points, index=areas.index).groupby(areas).transform("mean").to_numpy()
    whole = float(((points - points.mean()) ** 2).sum())
    return float(((points - inside) ** 2).sum()) / whole if whole else float("nan")


def main() -> None:
    """Write the table."""
    known = criteria()
    store = store_with({id_ for c in known.values() for id_ in c.rests_on()})
    cells = load_candidates(CandidateChoice(kind="mesh"), store)
    values = measure(cells, list(known.values()), store).values
    squares = pd.Series(values.index.str[:_SQUARE], index=values.index)
    prefectures = cells.table["pref_code"]
    rows = {}
    for id_, criterion in known.items():
        x = values[id_].to_numpy(dtype=float)
        there = x[np.isfinite(x)]
        if len(there):
            levels = [float(f"{p:.{_DIGITS}g}") for p in np.percentile(there, LEVELS)]
            points = np.nan_to_num(criterion.value(x))
            inside = (round(within(points, areas), 3) for areas in (squares, prefectures))
            rows[id_] = [round(len(there) / len(x), 3), *levels, *inside]
    names = ["known", *(f"p{level:g}" for level in LEVELS), "within_10km", "within_prefecture"]
    pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("criterion").to_csv(
        OUT, lineterminator="\n"
    )


if __name__ == "__main__":
    main()
