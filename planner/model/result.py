"""What every output is made of."""

from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Result:
    """What every output is made of: one row per site and the metadata that make it reproducible."""

    table: pd.DataFrame
    metadata: dict[str, Any]

    def criteria(self) -> list[str]:
        """Ids of the criteria, in branch order."""
        return list(self.metadata["criteria"])
