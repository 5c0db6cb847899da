"""Names of the sectors of the Japan Standard Industrial Classification (JSIC), divisions and two-digit groups."""

import tomllib
from functools import cache
from importlib.resources import files

from geodata.base import Text


@cache
def sectors() -> dict[str, Text]:
    """Every division (A to R) and two-digit group (01 to 99) by its code, in the order of the classification."""
    table = tomllib.loads((files(__package__) / "sectors.toml").read_text("utf-8"))
    return {code: Text.model_validate(names) for code, names in table.items()}
