"""What holds for every kind of file."""

from pathlib import Path

import pytest

from geodata.imports.kinds import KINDS

DOCS = Path(__file__).parents[3] / "docs" / "imports.md"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_described(kind):
    row = "| `ksj_…`" if kind.startswith("ksj_") else f"| `{kind}` |"
    assert row in DOCS.read_text("utf-8"), f"docs/imports.md: add a row for the kind {kind}"
