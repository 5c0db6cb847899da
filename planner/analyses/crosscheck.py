"""
Other methods through a library (pymcdm), to set beside our ranking. Relative to this list: adding a site changes them.

Needs the extra `crosscheck`; nothing in the product depends on it.
"""

import numpy as np
import pandas as pd

from ..decision.problem import problem_of
from ..errors import PlannerError
from ..model.result import Result

METHODS = ("TOPSIS", "PROMETHEE_II", "VIKOR")
NOTE = "relative to this list: these ranks change when a site is added or left out"


def ranks(result: Result, methods: tuple[str, ...] = METHODS) -> pd.DataFrame:
    """Rank of each ranked site by our score and by each method, on the proven values; `attrs["note"]` says what it is."""
    try:
        from pymcdm import methods as library  # noqa: PLC0415  (an optional extra)
    except ModuleNotFoundError as error:
        raise PlannerError("crosscheck: pymcdm is not installed. Install gx-cluster-planner[crosscheck].") from error
    problem = problem_of(result)
    better = np.ones(len(problem.weights))
    columns = {"ours": pd.Series(problem.scores).rank(method="min", ascending=False)}
    for name in methods:
        method = library.PROMETHEE_II("usual") if name == "PROMETHEE_II" else getattr(library, name)()
        preference = method(problem.least, problem.weights, better)
        columns[name] = pd.Series(method.rank(preference))
    table = pd.DataFrame(columns).set_axis(problem.sites.index)
    table.attrs["note"] = NOTE
    return table
