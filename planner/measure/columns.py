"""Where columns measured before are kept, sealed under the hash of all that they depend on."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geodata import Layers
from geodata.errors import IntegrityError, SourceError, phrase
from geodata.files.kept import keep, kept
from geodata.files.writing import reason_of, sweep

from ..model.tables import Bounded
from .candidates import CandidateSet
from .criterion import Criterion

PARTS = ("value", "low", "high", "why")
_NEAREST = ("id", "name", "kv")
_SUFFIX = ".kept"


@dataclass
class Columns:
    """
    Columns of one set of candidates, in the data directory.

    What rests on the user's own candidates, or on layers that stand in front of the store, is not kept.
    """

    store: Layers
    candidates: CandidateSet
    damaged: int = 0

    def __post_init__(self) -> None:
        """Sweep what a kill left behind."""
        sweep(self.store.cache_dir("measures"))

    def read(self, criterion: Criterion, key: str) -> Bounded | None:
        """The column kept under a key; None when there is none, or a damaged one."""
        folder = self._folder(criterion)
        if folder is None:
            return None
        try:
            content = kept(folder / f"{key}{_SUFFIX}", key)
        except IntegrityError:
            self.damaged += 1
            return None
        return None if content is None else _column(pd.read_parquet(io.BytesIO(content)))

    def write(self, criterion: Criterion, key: str, column: Bounded) -> None:
        """Keep a column; where nothing can be kept, say so and go on."""
        folder = self._folder(criterion)
        if folder is None:
            return
        try:
            keep(folder / f"{key}{_SUFFIX}", key, _frame(column).to_parquet(compression="zstd"))
        except SourceError as error:
            self.store.tell(
                phrase(
                    "The cache of measurements takes nothing more ({reason}), so the ranking went on without it and measures again next time. Free some space or allow writing there.",
                    reason=reason_of(error),
                )
            )

    def tell(self) -> None:
        """Say how many columns were damaged."""
        if self.damaged:
            self.store.tell(
                phrase(
                    "Kept measurements were damaged or belonged to something else ({n}): they were not used, but measured again.",
                    n=self.damaged,
                )
            )

    def _folder(self, criterion: Criterion) -> Path | None:
        used: Sequence[str] = (*self.candidates.layers, *criterion.rests_on())
        private = self.candidates.kind == "file" or not self.store.private.isdisjoint(used)
        return None if private else self.store.cache_dir("measures")


def _frame(column: Bounded) -> pd.DataFrame:
    frame = pd.DataFrame({name: getattr(column, name) for name in PARTS})
    if column.nearest is None:
        return frame
    return frame.assign(**{name: column.nearest[name].array for name in _NEAREST})


def _column(frame: pd.DataFrame) -> Bounded:
    nearest = frame[list(_NEAREST)] if set(_NEAREST) <= set(frame.columns) else None
    value, low, high, why = (frame[name].to_numpy() for name in PARTS)
    return Bounded(value, low, high, why, nearest)
