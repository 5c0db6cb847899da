"""One TOML file per profile: a scenario without candidates."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ...errors import PlannerError
from ...model.calibration import Calibration
from ...model.sources import Statement, with_citations

Weighting = Literal["assumed", "calibrated"]
"""The two sets of weights that a profile can have; they are never mixed."""


CALIBRATED = ("calibration", "branches", "criteria")
"""Parts of a profile that a calibrated set replaces as a whole."""


@cache
def profiles() -> dict[str, dict[str, Any]]:
    """Profile tables by id with their sources told, zone types first; the scenario model validates them."""
    return {id_: with_citations(table) for id_, table in written().items()}


def full_id(profile_id: str) -> str:
    """Id of a profile that is named with or without `field-`; another text as it is."""
    longer = f"field-{profile_id}"
    return longer if profile_id not in written() and longer in written() else profile_id


def asked(profile_id: str) -> tuple[Statement, ...]:
    """What the scheme asks for, sentence by sentence, as the profile says it."""
    return tuple(Statement.model_validate(sentence) for sentence in written()[profile_id]["asks"])


def numbers(profile_id: str) -> tuple[Statement, ...]:
    """Why each weight, anchor and gate of a profile that names its sources is set as it is, as the profile says it."""
    return tuple(_numbers(written()[profile_id]))


def _numbers(table: Mapping[str, Any]) -> Iterator[Statement]:
    for id_, below in table.items():
        if isinstance(below, Mapping) and "basis" in below and "sources" in below:
            why = f"`{id_}` ({below['basis']}): {below['source']}"
            yield Statement(ja=why, en=why, sources=below["sources"])
        elif isinstance(below, Mapping):
            yield from _numbers(below)


@cache
def written() -> dict[str, dict[str, Any]]:
    """Profile tables by id as they are written, with the gates of every profile behind their own."""
    tables = [path for path in files(__name__).iterdir() if path.name.endswith(".toml")]
    zones_first = sorted(tables, key=lambda path: (not path.name.startswith("gx"), path.name))
    read = {path.name.removesuffix(".toml"): tomllib.loads(path.read_text("utf-8")) for path in zones_first}
    every = read.pop("_every")["gates"]
    return {id_: {**table, "gates": {**table.get("gates", {}), **every}} for id_, table in read.items()}


def profile(profile_id: str, weights: Weighting | None = None) -> dict[str, Any]:
    """
    One profile with a set of its weights: by default the calibrated one where it stood higher on choices not seen.

    PlannerError lists the known ids, or says that there is no calibrated set.
    """
    assumed = _known(profile_id)
    chosen = weights or default_weights(profile_id)
    if chosen == "assumed":
        return {**assumed, "weights": chosen}
    if profile_id not in calibrated():
        raise PlannerError(
            "profile {profile_id!r}: it has no calibrated weights. Use the assumed ones, or fit some (`planner calibrate`).",
            profile_id=profile_id,
        )
    return {**assumed, "weights": chosen, **calibrated()[profile_id]}


def default_weights(profile_id: str) -> Weighting:
    """Which set of weights a profile has unless it is said otherwise."""
    found = calibrated().get(profile_id)
    if found is None:
        return "assumed"
    return "calibrated" if Calibration.model_validate(found["calibration"]).beats_assumed else "assumed"


@cache
def calibrated() -> dict[str, dict[str, Any]]:
    """The calibrated sets that come with the product, by profile: written by `make calibrate`."""
    tables = sorted(files(f"{__name__}.fitted").iterdir(), key=lambda path: path.name)
    read = [tomllib.loads(path.read_text("utf-8")) for path in tables if path.name.endswith(".toml")]
    return {table["profile"]: {part: table[part] for part in CALIBRATED} for table in read}


def _known(profile_id: str) -> dict[str, Any]:
    known = profiles()
    if profile_id not in known:
        raise PlannerError(
            "profile {profile_id!r}: expected one of {known}. See `planner profiles`.",
            profile_id=profile_id,
            known=", ".join(known),
        )
    return known[profile_id]
