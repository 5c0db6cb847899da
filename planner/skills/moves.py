"""Who else could do the work: occupations from which a move is viable, the skill that is missing, and the course that opens most."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from geodata.base import FloatArray
from geodata.files.tables import numbers, read_csv

from ..errors import PlannerError
from ..model.assumptions import Assumptions
from .industries import OCCUPATIONS

_TEXTS = ("occupation", "ja", "en", "class", "ai_robot")
_SHARES = ("share_low", "share", "share_high")
_HIGHEST = 3.0
CLASSES = (*OCCUPATIONS, "sales", "farming")
"""Classes of an occupation; of the last two no investment asks, so their people are not counted."""


@dataclass(frozen=True)
class Table:
    """Occupations with their class, their share of it and a level from 0 to 3 of each skill."""

    rows: pd.DataFrame
    skills: tuple[str, ...]

    def levels(self) -> FloatArray:
        """(o, s)."""
        return self.rows[list(self.skills)].to_numpy(float)


@cache
def table() -> Table:
    """The product's own table: every level and share in it is an assumption."""
    with (files(__package__) / "occupations.csv").open(encoding="utf-8") as stream:
        rows = pd.read_csv(stream)
    return Table(rows, tuple(name for name in rows.columns if name not in {*_TEXTS, *_SHARES}))


def read_table(path: Path) -> Table:
    """
    A user's table in the columns of ours: occupation, class, any skills as further columns of levels 0 to 3; shares may be absent.

    PlannerError names the first row that is wrong.
    """
    raw = read_csv(path, columns={"occupation", "class"})
    skills = tuple(str(name) for name in raw.columns if name not in {*_TEXTS, *_SHARES})
    rows = raw.assign(**{name: numbers(raw[name]) for name in (*skills, *_SHARES) if name in raw})
    for name in (*_SHARES, "ja", "en", "ai_robot"):
        if name not in rows:
            rows[name] = np.nan if name in _SHARES else "no" if name == "ai_robot" else rows["occupation"]
    stray = np.flatnonzero(~rows["class"].isin(CLASSES).to_numpy())
    if len(stray):
        raise PlannerError(
            "{file}, row {row}: class {found!r}, expected one of {known}. Correct the row.",
            file=path.name,
            row=int(stray[0]) + 2,
            found=str(rows["class"].iloc[stray[0]]),
            known=", ".join(CLASSES),
        )
    if not skills or not len(rows):
        raise PlannerError(
            "{file}: expected rows with columns of skills, each a level from 0 to 3, found none. Add them.",
            file=path.name,
        )
    levels = rows[list(skills)].to_numpy(float)
    wrong = np.argwhere(~((levels >= 0) & (levels <= _HIGHEST)))
    if len(wrong):
        row, skill = (int(k) for k in wrong[0])
        raise PlannerError(
            "{file}, row {row}: expected a level from 0 to 3 for each skill, found {found!r}. Correct the table.",
            file=path.name,
            row=row + 2,
            found=str(raw[skills[skill]].iloc[row]),
        )
    return Table(rows, skills)


@dataclass(frozen=True)
class Moves:
    """
    Moves to one occupation.

    `feeders`: occupation, levels lacking in all, the skill lacked most, and people within reach (low, middle, high; NaN where the
    table gives no share). `courses`: for one level more of a skill, occupations and people for whom the move becomes viable.
    """

    target: str
    feeders: pd.DataFrame
    courses: pd.DataFrame


def moves_to(
    target: str, held: Table, employed: tuple[FloatArray, FloatArray, FloatArray], assumed: Assumptions
) -> Moves:
    """Moves to an occupation from all others, with the people at work within reach; `employed` are (k) by class, low to high."""
    rows, levels = held.rows, held.levels()
    if target not in set(rows["occupation"]):
        raise PlannerError(
            "occupation {id!r}: expected one of {known}.", id=target, known=", ".join(rows["occupation"].astype("str"))
        )
    goal = levels[rows["occupation"].eq(target).to_numpy()][0]
    people = _people(rows, employed)
    lacking = np.maximum(goal - levels, 0.0)
    other = rows["occupation"].ne(target).to_numpy()
    viable = _viable(lacking, assumed) & other
    feeders = pd.DataFrame(
        {
            "occupation": rows["occupation"],
            "class": rows["class"],
            "lacking": lacking.sum(axis=1),
            "skill": [
                held.skills[k] if any_ else ""
                for k, any_ in zip(lacking.argmax(axis=1), lacking.any(axis=1), strict=True)
            ],
            **{f"people{end}": part for end, part in zip(("_low", "", "_high"), people, strict=True)},
        }
    )[viable].sort_values(["lacking", "people"], ascending=[True, False])
    courses = []
    for k, skill in enumerate(held.skills):
        after = lacking.copy()
        after[:, k] = np.maximum(after[:, k] - 1, 0.0)
        gained = _viable(after, assumed) & ~viable & other
        if gained.any():
            sums = {
                f"people{end}": float(part[gained].sum())
                for end, part in zip(("_low", "", "_high"), people, strict=True)
            }
            names = ", ".join(rows.loc[gained, "occupation"].astype("str"))
            courses.append({"skill": skill, "occupations": int(gained.sum()), "names": names, **sums})
    columns = ["skill", "occupations", "names", "people_low", "people", "people_high"]
    gains = pd.DataFrame(courses, columns=columns).sort_values(["people", "occupations"], ascending=False)
    return Moves(target, feeders.reset_index(drop=True), gains.reset_index(drop=True))


SURPLUS = "clerical"
"""The class that 2040 has too many of."""


def routes(
    targets: Sequence[str], held: Table, employed: tuple[FloatArray, FloatArray, FloatArray], assumed: Assumptions
) -> pd.DataFrame:
    """
    The way from clerical work to where people are short: the occupations given and all of AI and robots.

    Returns
    -------
    pandas.DataFrame
        occupation, target, what is lacking (skill and levels), levels in all, whether the move is viable, people within reach.
    """
    rows, levels = held.rows, held.levels()
    goals = rows["occupation"].isin(targets) | rows["ai_robot"].eq("yes")
    start, people = np.flatnonzero(rows["class"].eq(SURPLUS)), _people(rows, employed)
    found = []
    for goal in np.flatnonzero(goals & rows["class"].ne(SURPLUS)):
        lacking = np.maximum(levels[goal] - levels[start], 0.0)
        for k, viable in enumerate(_viable(lacking, assumed)):
            steps = [
                (held.skills[j], int(lacking[k, j]))
                for j in np.argsort(-lacking[k], kind="stable")
                if lacking[k, j] > 0
            ]
            counts = {f"people{end}": part[start[k]] for end, part in zip(("_low", "", "_high"), people, strict=True)}
            found.append(
                {
                    "occupation": rows["occupation"].iloc[start[k]],
                    "target": rows["occupation"].iloc[goal],
                    "steps": steps,
                    "levels": float(lacking[k].sum()),
                    "viable": bool(viable),
                    **counts,
                }
            )
    columns = ["occupation", "target", "steps", "levels", "viable", "people_low", "people", "people_high"]
    return (
        pd.DataFrame(found, columns=columns)
        .sort_values(["levels", "people"], ascending=[True, False])
        .reset_index(drop=True)
    )


def _viable(lacking: FloatArray, assumed: Assumptions) -> np.ndarray:
    """Whether what is lacking can be learned: in all, and in the skill lacked most."""
    found = (lacking.sum(axis=1) <= assumed["move_lacking"][1]) & (lacking.max(axis=1) <= assumed["move_deepest"][1])
    return np.asarray(found)


def _people(rows: pd.DataFrame, employed: tuple[FloatArray, FloatArray, FloatArray]) -> list[FloatArray]:
    """People at work within reach in each occupation: its share of its class, low to high."""
    at = np.array([CLASSES.index(kind) for kind in rows["class"]])
    beside = np.full(len(CLASSES) - len(OCCUPATIONS), np.nan)
    counts = [np.concatenate([part, beside])[at] for part in employed]
    return [part * rows[name].to_numpy(float) for part, name in zip(counts, _SHARES, strict=True)]
