from pathlib import Path

import pytest

from planner.model.sourced import BRANCHES
from planner.output.reference import PAGES
from planner.scenario.criteria import criteria

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_current(name):
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), f"docs/{name} is not current: run `make docs`"


@pytest.mark.parametrize("criterion", criteria().values(), ids=list(criteria()))
def test_a_criterion_is_documented(criterion):
    assert f"## {criterion.id} ({criterion.unit})" in ((DOCS / "criteria.md").read_text("utf-8")), (
        "docs/criteria.md is not current: run `make docs`"
    )


def test_at_least_20_criteria_in_every_branch():
    assert len(criteria()) >= 20
    assert {c.branch for c in criteria().values()} == set(BRANCHES)
