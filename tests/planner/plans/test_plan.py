"""A plan is one file that comes back as it was, opens in later versions, and publishes nothing private."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import PlannerError
from planner.plans.check import GIVEN, MISSING, PARTLY, check, late, share_given
from planner.plans.plan import (
    FORMAT,
    Answer,
    Investment,
    Kpi,
    Partner,
    Plan,
    migrated,
    new_plan,
    parse_plan,
    plan_bytes,
    read_plan,
    write_plan,
)
from planner.plans.requirements import KINDS

OLD = Path(__file__).parent / "files" / "format-1.plan.json"
BEGIN, END = date(2026, 4, 1), date(2030, 4, 1)


def kpi(**given):
    return Kpi(
        **{"id": "k", "title": "雇用", "baseline": 100, "baseline_on": BEGIN, "target": 200, "target_on": END, **given}
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_comes_back_from_its_file_as_it_was(kind, tmp_path):
    plan = new_plan(kind, "試験", prefectures=("43",))
    write_plan(plan, tmp_path / "a.plan.json")
    assert read_plan(tmp_path / "a.plan.json") == plan
    assert plan_bytes(read_plan(tmp_path / "a.plan.json")) == plan_bytes(plan)


def test_a_plan_of_the_first_format_opens_for_ever():
    plan = read_plan(OLD)
    assert plan.answers["promise"].text == "需要がある"
    assert plan.kpis[0].actuals == ((date(2027, 4, 1), 130.0),)
    assert plan.investments[0].private


def test_an_older_version_is_brought_up_step_by_step():
    steps = {1: lambda table: {**table, "a": 1}, 2: lambda table: {**table, "b": table["a"] + 1}}
    assert migrated({"format": 1}, "x", steps, newest=3) == {"format": 3, "a": 1, "b": 2}
    assert migrated({}, "x") == {}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\xff\xfe", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[1]", "kind"),
        (b'{"kind": "B", "title": "x", "kpis": [{"id": "k", "title": "k", "baseline": NaN}]}', "baseline"),
        (json.dumps({"kind": "B", "title": "x", "format": FORMAT + 1}).encode(), "Update the product"),
        (json.dumps({"kind": "B", "title": "x", "format": "1"}).encode(), "format '1'"),
        (json.dumps({"kind": "B", "title": "x", "color": 1}).encode(), "color"),
        (json.dumps({"kind": "B", "title": "x", "prefectures": ["99"]}).encode(), "99"),
        (json.dumps({"kind": "B", "title": "x", "answers": {"nope": {}}}).encode(), "nope"),
        (json.dumps({"kind": "A", "title": "x", "block": "XXX"}).encode(), "KYS"),
        (json.dumps({"kind": "Z", "title": "x"}).encode(), "kind"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_one_sentence(raw, words):
    with pytest.raises(PlannerError, match=words):
        parse_plan(raw, "a.plan.json")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PlannerError, match=r"gone\.plan\.json"):
        read_plan(tmp_path / "gone.plan.json")


def test_the_area_of_a_block_holds_its_prefectures():
    assert new_plan("A", "x", block="SKK").area_prefectures == ["36", "37", "38", "39"]
    assert new_plan("C", "x", municipalities=("43404", "40130")).area_prefectures == ["40", "43"]


@pytest.mark.parametrize(
    ("actuals", "today", "light"),
    [
        ((), date(2027, 1, 1), "unknown"),
        ((), date(2030, 4, 2), "red"),
        (((date(2028, 4, 1), 150.1),), date(2028, 5, 1), "green"),
        (((date(2028, 4, 1), 140.1),), date(2028, 5, 1), "yellow"),
        (((date(2028, 4, 1), 139.0),), date(2028, 5, 1), "red"),
        (((date(2028, 4, 1), 90.0),), date(2028, 5, 1), "red"),
        (((date(2029, 4, 1), 190.0),), date(2028, 5, 1), "unknown"),
    ],
)
def test_lights_by_hand(actuals, today, light):
    """731 of 1,461 days have gone on 1 April 2028, so 150.03 are due; yellow from 80 % of the way of 50."""
    assert kpi(actuals=actuals).light(today) == light


def test_a_figure_that_is_to_fall_is_read_the_other_way_round():
    falling = kpi(baseline=200, target=100, actuals=((date(2028, 4, 1), 140.0),))
    assert falling.light(date(2028, 5, 1)) == "green"


def test_a_level_to_hold():
    held = kpi(target=100, actuals=((date(2028, 4, 1), 85.0),))
    assert held.light(date(2028, 5, 1)) == "yellow"


@given(st.integers(0, 3000))
def test_what_is_due_lies_between_baseline_and_target(days):
    assert 100 <= kpi().due(BEGIN + timedelta(days)) <= 200


def test_a_snapshot_keeps_the_state_of_a_day_once():
    plan = read_plan(OLD)
    day = date(2027, 5, 1)
    kept = plan.snapshot(day).snapshot(day, "二度目")
    assert [one.on for one in kept.snapshots] == [date(2026, 11, 28), day]
    assert kept.snapshots[-1].note == "二度目"
    assert kept.snapshots[-1].lights == {"jobs": "green"}
    assert kept.snapshots[-1].values == {"jobs": 130}


def test_nothing_private_is_published():
    plan = read_plan(OLD)
    answers = {**plan.answers, "promise": Answer(text="公開", private_text="秘密")}
    answers["investment_plan"] = Answer(text="甲社が建てる")
    public = plan.model_copy(update={"answers": answers}).redacted()
    text = plan_bytes(public).decode()
    assert "甲社" not in text
    assert "秘密" not in text
    assert "新工場" not in text
    assert public.answers["promise"].text == "公開"
    assert public.investments[0].capex_oku == 50
    assert [one.name for one in public.partners] == ["熊本県"]


def test_an_item_is_given_once_all_that_its_paper_asks_for_is_there():
    plan = new_plan("B", "x", prefectures=("43",))
    assert {one.standing for one in check(plan)} == {MISSING}
    assert share_given(check(plan)) == 0
    answers = {**plan.answers, "cost_effect": Answer(text="高い"), "investment_plan": Answer(text="別紙")}
    plan = plan.model_copy(update={"answers": answers})
    found = {one.item.id: one for one in check(plan)}
    assert found["cost_effect"].standing == PARTLY
    assert found["cost_effect"].lacking == ("amount",)
    answers["cost_effect"] = Answer(text="高い", amount_oku=10)
    invested = plan.model_copy(
        update={"answers": answers, "investments": (Investment(title="x", capex_oku=5, start_year=2029),)}
    )
    found = {one.item.id: one for one in check(invested)}
    assert found["cost_effect"].standing == found["investment_plan"].standing == GIVEN


def test_partners_must_be_both_public_and_firms_for_a_zone():
    plan = new_plan("gx1", "x", prefectures=("12",))
    answers = {item: Answer(text="x") for item in plan.answers}
    plan = plan.model_copy(update={"answers": answers, "partners": (Partner(name="千葉県", kind="prefecture"),)})
    found = {one.item.id: one for one in check(plan)}
    assert found["partners"].lacking == ("firms",)


def test_figures_that_are_red_are_named():
    assert late(new_plan("B", "x").model_copy(update={"kpis": (kpi(),)}), date(2031, 1, 1)) == ("雇用",)


@pytest.mark.parametrize("given_", [{"target_on": BEGIN}, {"id": ""}, {"title": ""}])
def test_a_figure_that_leads_nowhere_is_refused(given_):
    with pytest.raises(ValueError, match=r"after|at least"):
        kpi(**given_)


def test_two_figures_of_one_key_are_refused():
    table = new_plan("B", "x").model_dump(mode="json")
    one = kpi().model_dump(mode="json")
    with pytest.raises(PlannerError, match="once"):
        parse_plan(json.dumps({**table, "kpis": [one, one]}).encode(), "x")


def test_a_plan_is_never_half_written(tmp_path, monkeypatch):
    path = tmp_path / "a.plan.json"
    write_plan(new_plan("B", "alt"), path)
    monkeypatch.setattr("planner.plans.plan.plan_bytes", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_plan(new_plan("B", "neu"), path)
    assert read_plan(path).title == "alt"
    assert isinstance(read_plan(path), Plan)
