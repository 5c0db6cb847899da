"""Evidence of a plan comes from the layers with their date and source, and never touches what the planner wrote."""

from datetime import date

import pytest
from importing import with_tables

from planner.context.plan_evidence import area_of_plan, field_of_plan, filled
from planner.plans.plan import Answer, new_plan
from planner.plans.requirements import KINDS

DAY = date(2026, 11, 28)


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_is_filled_in_the_tiny_country(tiny, kind):
    plan = filled(tiny, new_plan(kind, "試験", prefectures=("08",), field="shipbuilding"), DAY)
    evidence = [one for answer in plan.answers.values() for one in answer.evidence]
    assert evidence
    assert all(one.text and one.text_ja for one in evidence)
    assert all("{" not in one.text + one.text_ja for one in evidence)
    assert all(answer.evidence_as_of == DAY for answer in plan.answers.values())


def test_numbers_carry_date_status_and_source(tiny):
    plan = filled(tiny, new_plan("B", "試験", prefectures=("08",), field="shipbuilding"), DAY)
    quotient = next(one for one in plan.answers["promise"].evidence if one.kind == "location_quotient")
    assert quotient.value == pytest.approx((12000 / 38000) / (17000 / 50000), rel=0.01)
    assert (quotient.date, quotient.status) == ("2021", "measured")
    assert "SSDSE" in quotient.source


def test_firms_of_the_user_are_named_as_a_source(tiny, tmp_path):
    firms = "企業名,分野,工程,役割,市町村,非公開\n甲造船,造船,hull,中核,甲市,\n"
    seen = with_tables(tiny, tmp_path, firms=("own_firms", firms))
    plan = filled(seen, new_plan("B", "試験", prefectures=("08",), field="shipbuilding"), DAY)
    found = {one.kind: one for answer in plan.answers.values() for one in answer.evidence}
    for kind in ("core_firms", "chain_coverage", "chain_missing"):
        assert {seen.lock(id_).attribution for id_ in ("core_firms", "own_firms")} == set(
            found[kind].source.split("; ")
        )


def test_what_the_planner_wrote_stays(tiny):
    plan = new_plan("B", "試験", prefectures=("08",))
    mine = Answer(status="done", text="本文", amount_oku=12, private_text="秘密")
    plan = plan.model_copy(update={"answers": {**plan.answers, "promise": mine}})
    again = filled(tiny, filled(tiny, plan, DAY), DAY)
    kept = again.answers["promise"]
    assert (kept.status, kept.text, kept.amount_oku, kept.private_text) == ("done", "本文", 12, "秘密")
    assert kept.evidence
    assert again == filled(tiny, plan, DAY)


def test_unknown_water_and_room_are_said_and_have_no_value(tiny):
    plan = filled(tiny, new_plan("gx2", "試験", prefectures=("08",)), DAY)
    water = [one for answer in plan.answers.values() for one in answer.evidence if one.kind == "water"]
    assert water
    assert all(one.value is None for one in water)


def test_a_zone_type_looks_at_the_field_that_stands_for_it(embedded):
    assert field_of_plan(new_plan("gx2", "x", prefectures=("08",))).id == "datacentre"
    assert field_of_plan(new_plan("B", "x", prefectures=("08",))) is None
    assert area_of_plan(embedded, new_plan("A", "x", block="SKK")).prefectures == ("36", "37", "38", "39")
