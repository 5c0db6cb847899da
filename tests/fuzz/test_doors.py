"""
Whatever comes in at any door: a value or one sentence, in 20 s of work and 1.5 GB.

`make test` tries the first inputs, `make fuzz` 3,000; PLANNER_FUZZ_SEED begins elsewhere. A failure names the number of its
input and saves it, to be tried again alone with PLANNER_FUZZ_SEED and PLANNER_FUZZ_INPUTS=1.
"""

import os
import warnings
from itertools import islice
from pathlib import Path

import pytest
from fuzzing import Case, Doors
from hostile_files import hostile_files

pytestmark = pytest.mark.fuzz
INPUTS = int(os.environ.get("PLANNER_FUZZ_INPUTS", "120"))
SEED = int(os.environ.get("PLANNER_FUZZ_SEED", "0"))
WHOLE = 1_000  # inputs from which on every hostile file is tried, the large ones among them
SAVED = Path(__file__).parents[2] / "build" / "fuzz"
_TABLES = (
    "candidates",
    "own layer",
    "import estates",
    "import tso_capacity",
    "import estat",
    "import prefecture_table",
)
_FITTING = {
    ".csv": (*_TABLES, "import demand_room"),
    ".xlsx": _TABLES,
    ".geojson": ("candidates", "own layer", "import ksj_a33"),
    ".zip": ("candidates", "own layer", "import ksj_a33", "import estat"),
    ".osm": ("import road_network",),
    ".graphml": ("import road_network",),
    ".gml": ("import ksj_a33",),
}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Doors:
    return Doors(tmp_path_factory.mktemp("doors"))


def _kept(case: Case, name: str, wrong: str) -> str:
    SAVED.mkdir(parents=True, exist_ok=True)
    path = SAVED / f"{name}{case.suffix}"
    path.write_bytes(case.content)
    return f"{name}: {case.door} {' '.join(case.arguments)[:200]} {path}: {wrong}"


@pytest.mark.slow
def test_any_input_at_any_door_is_a_value_or_one_sentence(doors: Doors) -> None:
    failed = []
    with warnings.catch_warnings(action="ignore"):
        for number in range(SEED, SEED + INPUTS):
            case = doors.case(number)
            if wrong := doors.tried(case):
                failed.append(_kept(case, str(number), wrong))
    assert not failed, f"{len(failed)} of {INPUTS}:\n" + "\n".join(failed)


@pytest.mark.slow
def test_each_file_made_to_break_a_reader_is_a_value_or_one_sentence(doors: Doors) -> None:
    failed = []
    with warnings.catch_warnings(action="ignore"):
        for number, (suffix, name, content) in enumerate(
            islice(hostile_files(), None if INPUTS >= WHOLE else INPUTS // 8)
        ):
            for door in _FITTING[suffix]:
                case = Case(number, door, suffix, content)
                if wrong := doors.tried(case):
                    failed.append(_kept(case, f"hostile-{number}", f"{name}: {wrong}"))
    assert not failed, "\n".join(failed)
