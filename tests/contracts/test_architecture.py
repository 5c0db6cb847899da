"""ARCHITECTURE.md shows the tree as it is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
PATHS = sorted(set(re.findall(r"`((?:geodata|planner|tests|docs|tools)/[^`\s]*|[A-Za-z]+\.(?:md|toml))`", TEXT)))
ROOMS = sorted(
    f"{package}/{entry.name}{'/' if entry.is_dir() else ''}"
    for package in ("geodata", "planner")
    for entry in (ROOT / package).iterdir()
    if not entry.name.startswith("_") and (entry.suffix == ".py" or (entry.is_dir() and any(entry.iterdir())))
)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_exists(path):
    assert (ROOT / path).exists(), f"ARCHITECTURE.md names {path}, which is not there"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_described(room):
    assert f"| `{room}` |" in TEXT, f"{room} has no line in ARCHITECTURE.md; say in one line what it holds"
