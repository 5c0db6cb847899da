"""Where the national data stand, and what a test that needs them carries."""

import os
from pathlib import Path

import pytest

MIRROR = Path(os.environ.get("PLANNER_MIRROR") or Path(__file__).parents[3] / "shared" / "data")
MARKS = [
    pytest.mark.realdata,
    pytest.mark.skipif(not (MIRROR / "MANIFEST.csv").is_file(), reason="the national data are not beside the project"),
]
