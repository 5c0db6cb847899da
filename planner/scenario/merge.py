"""A scenario from a profile, a file or plain data: what it sets lies over the profile."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from geodata.errors import GeodataError
from geodata.files.documents import read_toml

from ..errors import PlannerError, refusal
from ..model.sourced import SET_BY_USER
from .base import BASE_ID
from .profiles import CALIBRATED, Weighting, full_id, profile
from .scenario import Scenario

_LONGEST = 80


def scenario_from_profile(profile_id: str, **candidates: Any) -> Scenario:
    """
    Scenario of a profile as it stands.

    Parameters
    ----------
    profile_id
        See `planner profiles`.
    **candidates
        Fields of CandidateChoice, such as kind="mesh", prefectures=("18",).

    Returns
    -------
    scenario
        Checked, with a hash of its own.

    Raises
    ------
    PlannerError
        If there is no such profile, or a field of the candidates is wrong.
    """
    return merged_scenario({"profile": profile_id, "candidates": candidates}, f"profile {profile_id}")


def load_scenario(path: Path) -> Scenario:
    """
    Read a scenario file: a profile and whatever it sets otherwise.

    Parameters
    ----------
    path
        TOML in UTF-8; paths inside it start from its own folder.

    Returns
    -------
    scenario
        Checked, with a hash of its own.

    Raises
    ------
    PlannerError
        If the file cannot be read, is no TOML, names no profile, or a key does not fit; the message names the place.
    """
    try:
        table = read_toml(path)
    except GeodataError as error:
        raise PlannerError("The scenario cannot be read. {error}", error=error) from error
    if not isinstance(table.get("profile"), str):
        raise PlannerError('{path}: expected `profile = "…"`, found none. See `planner profiles`.', path=path)
    return merged_scenario(_beside(path, table), str(path))


def _beside(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    """Relative paths of a scenario file start from its own folder."""
    holders = [table.get("candidates"), *(table["layers"].values() if isinstance(table.get("layers"), dict) else ())]
    for holder in holders:
        if isinstance(holder, dict) and isinstance(holder.get("path"), str):
            holder["path"] = str(path.parent / holder["path"])
    return table


def merged_scenario(table: Mapping[str, Any], label: str) -> Scenario:
    """
    Profile of `table` with its own settings on top; a number changed without a basis becomes an assumption.

    Parameters
    ----------
    table
        Keys of a scenario file; `profile` must be there.
    label
        What the table is called in an error, such as its path.

    Returns
    -------
    scenario
        Checked, with a hash of its own.

    Raises
    ------
    PlannerError
        If there is no such profile or a key does not fit; the message names the place.
    """
    named = full_id(table["profile"]) if isinstance(table["profile"], str) else table["profile"]
    base = _base(named if isinstance(named, str) else str(named)[:_LONGEST], table)
    try:
        return Scenario.model_validate({**_laid_over(base, table), "profile": named})
    except ValidationError as error:
        place, why, found = refusal(error)
        raise PlannerError(
            "{label}: {place}: {why} (found {found}). Correct it; docs/scenario.md lists the keys.",
            label=label,
            place=place,
            why=why,
            found=found,
        ) from error


def _base(profile_id: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """
    What lies below a scenario: the set of weights that it names; a calibration of its own stands for the whole set.

    One that sets weights and names no set was written over the assumed one: there was no other before.
    """
    if table.get("calibration"):
        own = {part: table.get(part) or {} for part in CALIBRATED}
        return {**profile(profile_id, "assumed"), **own, "weights": "calibrated"}
    asked = table.get("weights")
    if asked in get_args(Weighting):
        return profile(profile_id, asked)
    ids = {
        part: set(table[part]) if isinstance(table.get(part), Mapping) else set[str]() for part in ("own", "criteria")
    }
    weighed = table.get("branches") or ids["criteria"] - ids["own"] - {BASE_ID}
    return profile(profile_id, "assumed" if weighed else None)


def _laid_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in over.items():
        below = out.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            if value.get("kind", below.get("kind")) != below.get("kind"):
                out[key] = dict(value)
                continue
            out[key] = _laid_over(below, value)
            if "basis" in below and out[key] != below and not {"basis", "source"} <= set(value):
                changed = {name: part for name, part in out[key].items() if name != "interval"}
                out[key] = {**changed, "basis": "assumption", "source": SET_BY_USER}
        else:
            out[key] = value
    return out
