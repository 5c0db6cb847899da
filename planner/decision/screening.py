"""Gates: a no with its reason and margin, never a low score. From a bound, only what is certain is said."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..model.tables import Limit, Measurements, Screening, outcome_of

_DECIMALS = 9
"""Digits kept of a margin: more are noise of the subtraction."""


def screen(measurements: Measurements, gates: Mapping[str, Limit]) -> Screening:
    """
    Outcome and margin of every gate at every site; from a bound only what is certain is said.

    Parameters
    ----------
    measurements
        n sites by m criteria with bounds, in natural units.
    gates
        Limit per gate, in the unit of its criterion.

    Returns
    -------
    screening
        pass, fail or unknown (n, gates), and the margin in the criterion's unit, positive on the right side.
    """
    index = measurements.values.index
    outcomes, margins = {}, {}
    for id_, gate in gates.items():
        low, high = (frame[gate.criterion].to_numpy() for frame in (measurements.low, measurements.high))
        value = measurements.values[gate.criterion].to_numpy()
        if gate.at_least is not None:
            passed, failed = low >= gate.limit, high < gate.limit
            margins[id_] = np.round(value - gate.limit, _DECIMALS)
        else:
            passed, failed = high <= gate.limit, low > gate.limit
            margins[id_] = np.round(gate.limit - value, _DECIMALS)
        outcomes[id_] = outcome_of(passed, failed)
    return Screening(
        outcome=pd.DataFrame(outcomes, index=index, dtype="str"), margin=pd.DataFrame(margins, index=index)
    )
