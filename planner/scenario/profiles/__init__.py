"""One TOML file per profile: a scenario without candidates."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from ...errors import PlannerError


@cache
def profiles() -> dict[str, dict[str, Any]]:
    """Profile tables by id, as written, zone types first; the scenario model validates them."""
    tables = [path for path in files(__name__).iterdir() if path.name.endswith(".toml")]
    zones_first = sorted(tables, key=lambda path: (not path.name.startswith("gx"), path.name))
    return {path.name.removesuffix(".toml"): tomllib.loads(path.read_text("utf-8")) for path in zones_first}


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
