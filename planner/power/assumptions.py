"""The numbers of the power model that no layer gives."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import assumptions as model
from ..model.assumptions import Assumption, Range

LINE_KV = (66.0, 77.0, 110.0, 132.0, 154.0, 187.0, 220.0, 275.0, 500.0)
"""Voltages at which a load of several MW is connected."""


@dataclass(frozen=True)
class Assumptions(model.Assumptions):
    """Those of the power model; some stand per class of voltage."""

    def of_kv(self, what: str, kv: float, unit: str = "") -> Range | None:
        """The range of the class that a voltage belongs to, or None: 77 kV goes with 66, and costs and land with the class below."""
        classes = sorted((float(id_.split(".")[1]) for id_ in self.table if id_.startswith(f"{what}.")), reverse=True)
        below = next((one for one in classes if one <= kv), None)
        return None if below is None else self[f"{what}.{below:g}{unit}"]


def written() -> tuple[str, dict[str, Assumption]]:
    """Their date, and the assumptions as the product has them, by id."""
    return model.written_in(__name__.rpartition(".")[0])


def assumptions(over: Mapping[str, Range] | None = None) -> Assumptions:
    """The product's assumptions with what a user set; InvalidError for an id that is not one, or a range out of order."""
    return Assumptions(model.with_own(written()[1], over))


def digest() -> str:
    """Hash of every table of the model."""
    return model.tables_digest(__name__.rpartition(".")[0])
