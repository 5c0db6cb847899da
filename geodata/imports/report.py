"""What an import found, row by row: one object for the command line, the app and JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import pandas as pd

Action = Literal["rejected", "repaired", "blanked", "dropped", "kept", "noted"]
_SHOWN = 20


@dataclass(frozen=True)
class Problem:
    """One kind of problem: how many rows, which ones first (1 = first data row), what was found and what was done."""

    action: Action
    count: int
    rows: tuple[int, ...]
    column: str
    found: str
    expected: str

    def sentence(self) -> str:
        """Problem as one sentence."""
        where = f" in {self.column}" if self.column else ""
        rows = (
            f", rows {', '.join(map(str, self.rows[:5]))}{' …' if self.count > len(self.rows[:5]) else ''}"
            if self.rows
            else ""
        )
        found = f", found {self.found!r}" if self.found else ""
        return f"{self.count:,} {self.action}{where}: expected {self.expected}{found}{rows}"


@dataclass
class Report:
    """What was read, how, and every problem."""

    file: str
    kind: str
    encoding: str = ""
    crs: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(
        self,
        action: Action,
        wrong: "pd.Series[bool]",
        column: str,
        expected: str,
        found: "pd.Series[Any] | None" = None,
    ) -> None:
        """Note the rows where `wrong` holds; nothing is noted when there is none."""
        at = wrong.to_numpy().nonzero()[0]
        if len(at):
            first = "" if found is None else str(found.iloc[int(at[0])])
            rows = tuple(int(i) + 1 for i in at[:_SHOWN])
            self.problems.append(Problem(action, len(at), rows, column, first[:60], expected))

    def note(self, sentence: str) -> None:
        """Something to know that touches no single row."""
        self.problems.append(Problem("noted", 0, (), "", "", sentence))

    def as_dict(self) -> dict[str, Any]:
        """Report as plain data."""
        return {**asdict(self), "sentences": self.sentences()}

    def sentences(self) -> list[str]:
        """Everything in sentences."""
        head = f"{self.file}: {self.rows_read:,} rows read, {self.rows_kept:,} kept"
        how = ", ".join(part for part in (self.encoding, self.crs) if part)
        notes = [p.expected if p.action == "noted" and not p.count else p.sentence() for p in self.problems]
        return [f"{head} ({how})" if how else head, *notes]
