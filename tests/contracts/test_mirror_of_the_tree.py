"""Tests stand where the code they test stands."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    p.relative_to(ROOT / "tests") for top in ("geodata", "planner") for p in (ROOT / "tests" / top).rglob("test_*.py")
]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_test_file_names_a_module_of_its_folder(path: Path) -> None:
    folder = ROOT / path.parent
    names = {entry.stem for entry in folder.iterdir() if entry.suffix == ".py" or (entry / "__init__.py").is_file()}
    tested = path.stem.removeprefix("test_")
    assert any(tested == name or tested.startswith(f"{name}_") for name in names - {"__init__"}), (
        f"tests/{path}: no module of {path.parent} is called so; name the file after the module it tests"
    )
