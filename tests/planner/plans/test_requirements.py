"""The checklist of each paper."""

import pytest

from planner.context.plan_evidence import _Found
from planner.plans.requirements import KINDS, TITLES, UNITS, WRITERS, requirements


@pytest.mark.parametrize("kind", KINDS)
def test_each_paper_has_items_with_ids_of_their_own(kind):
    items = requirements()[kind]
    assert len({item.id for item in items}) == len(items) >= 8
    assert all(names[kind].ja for names in (TITLES, WRITERS, UNITS))


def test_plan_b_has_the_eleven_items_of_the_ministrys_table():
    titles = [item.title.ja for item in requirements()["B"]]
    assert len(titles) == 11
    for word in ("有望度", "実現可能性", "外部依存性", "費用対効果", "現地化", "メルクマール", "投資計画"):
        assert any(word in title for title in titles), word


def test_names_of_investing_firms_are_not_published():
    assert [item.id for item in requirements()["B"] if item.private] == ["investment_plan"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_evidence_can_be_drawn(kind):
    named = {one for item in requirements()[kind] for one in item.evidence}
    assert not [one for one in named - {"value_added_per_worker"} if not hasattr(_Found, f"_{one}")]
