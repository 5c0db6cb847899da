"""What an import found, row by row: one object for the command line, the app and JSON."""

from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from ..base import text
from ..errors import Phrase, Translate, english, phrase
from ..layer import Step

Action = Literal["rejected", "repaired", "blanked", "dropped", "kept", "noted"]
_SHOWN, _TOLD = 20, 5
_STEPS: dict[Action, Literal["dropped", "repaired", "blanked", "kept"]] = {
    "rejected": "dropped",
    "repaired": "repaired",
    "blanked": "blanked",
    "dropped": "dropped",
    "kept": "kept",
}


@dataclass(frozen=True)
class Problem:
    """One kind of problem: how many rows, which ones first (1 = first data row), what was found and what was done."""

    action: Action
    count: int
    rows: tuple[int, ...]
    column: str
    found: str
    expected: Phrase

    def phrase(self) -> Phrase:
        """Problem as one sentence."""
        if not self.count:
            return self.expected
        rows = ", ".join(map(str, self.rows[:_TOLD])) + (" …" if self.count > _TOLD else "")
        return phrase(
            "{count} {action}{where}: expected {expected}{found}{rows}",
            count=f"{self.count:,}",
            action=phrase(self.action),
            where=phrase(" in {column}", column=self.column) if self.column else "",
            expected=self.expected,
            found=phrase(", found {found!r}", found=self.found) if self.found else "",
            rows=phrase(", rows {rows}", rows=rows) if self.rows else "",
        )


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
        expected: str | Phrase,
        found: "pd.Series[Any] | None" = None,
    ) -> None:
        """Note the rows where `wrong` holds; nothing is noted when there is none."""
        at = wrong.to_numpy().nonzero()[0]
        if len(at):
            first = "" if found is None else str(found.iloc[int(at[0])])
            rows = tuple(int(i) + 1 for i in at[:_SHOWN])
            wanted = phrase(expected) if isinstance(expected, str) else expected
            self.problems.append(Problem(action, len(at), rows, column, first[:60], wanted))

    def note(self, sentence: str, **values: object) -> None:
        """Something to know that touches no single row."""
        self.problems.append(Problem("noted", 0, (), "", "", phrase(sentence, **values)))

    def as_dict(self, translate: Translate = english) -> dict[str, Any]:
        """Report as plain data, its sentences said by `translate`."""
        plain = {name: getattr(self, name) for name in ("file", "kind", "encoding", "crs", "rows_read", "rows_kept")}
        problems = [{**vars(p), "expected": p.expected.said(translate)} for p in self.problems]
        return {**plain, "columns": self.columns, "problems": problems, "sentences": self.sentences(translate)}

    def steps(self, japanese: Translate = english) -> tuple[Step, ...]:
        """What was done to rows, for the passport of the layer made of them; `japanese` says a sentence in Japanese."""
        done = [(_STEPS.get(p.action), p) for p in self.problems]
        return tuple(
            Step(action, p.count, text(p.phrase().said(japanese), str(p.phrase()))) for action, p in done if action
        )

    def sentences(self, translate: Translate = english) -> list[str]:
        """Everything in sentences."""
        how = ", ".join(part for part in (self.encoding, self.crs) if part)
        head = phrase(
            "{file}: {read} rows read, {kept} kept{how}",
            file=self.file,
            read=f"{self.rows_read:,}",
            kept=f"{self.rows_kept:,}",
            how=f" ({how})" if how else "",
        )
        return [part.said(translate) for part in (head, *(p.phrase() for p in self.problems))]
