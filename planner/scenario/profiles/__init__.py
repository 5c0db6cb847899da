"""One TOML file per profile: a scenario without candidates."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ...errors import PlannerError
from ...model.sources import Statement, with_citations


@cache
def profiles() -> dict[str, dict[str, Any]]:
    """Profile tables by id with their sources told, zone types first; the scenario model validates them."""
    return {id_: with_citations(table) for id_, table in written().items()}


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


def profile(profile_id: str) -> dict[str, Any]:
    """One profile; PlannerError lists the known ids."""
    known = profiles()
    if profile_id not in known:
        raise PlannerError(
            "profile {profile_id!r}: expected one of {known}. See `planner profiles`.",
            profile_id=profile_id,
            known=", ".join(known),
        )
    return known[profile_id]
