"""Next steps: one list per plan paper, who acts, and what has passed."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from planner.context.nextsteps import NextStep, next_steps, said_steps, step_lists
from planner.scenario.profiles import profiles

TEXT = {"ja": "出す", "en": "File it.", "sources": ["own"]}
WHO = {"ja": "県", "en": "prefecture"}
CHECK = {"ja": "次を見る", "en": "Look for the next."}
STEPS = [(id_, step) for id_, steps in step_lists().items() for step in steps.steps]


def titles(profile):
    return [found.title.en[:6] for found in next_steps(profile)]


def test_plans_a_b_and_c_are_three_lists_and_casting_gets_b_and_never_a():
    assert {"plan_a", "plan_b", "plan_c"} <= set(step_lists())
    assert titles("field-shipbuilding") == ["Plan A", "Plan B"]
    assert titles("field-casting-forging") == ["Plan B", "Plan C"]
    assert titles("a-profile-of-tomorrow") == ["Plan B"]


@pytest.mark.parametrize("profile", profiles())
def test_every_profile_has_steps_of_its_own(profile):
    assert all(profile in found.profiles for found in next_steps(profile))


@pytest.mark.parametrize(("plan", "step"), [(id_, step) for id_, step in STEPS if id_.startswith("plan_")])
def test_every_step_of_a_plan_names_that_plan(plan, step):
    letter = plan[-1].upper()
    assert f"計画{letter}" in step.text.ja
    assert f"plan {letter}" in step.text.en.replace("Plan", "plan")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("profile", profiles())
def test_who_acts_and_the_label_of_the_source_stand_in_every_note(profile, language):
    for found, said in zip(next_steps(profile), said_steps(profile, language), strict=True):
        for step, shown in zip(found.steps, said.steps, strict=True):
            assert step.who[language] in shown.note


def test_a_step_is_passed_from_the_day_after_its_date():
    last = date(2026, 2, 13)
    step = NextStep.model_validate({"who": WHO, "text": TEXT, "until": last, "check": CHECK})
    assert not step.passed(last)
    assert step.passed(last + timedelta(days=1))
    assert not NextStep.model_validate({"who": WHO, "text": TEXT}).passed(date.max)


def test_the_clock_decides_what_is_shown_as_passed():
    def passed(day):
        (steps,) = said_steps("gx1-complex", "en", day)
        return [step.passed for step in steps.steps]

    assert set(passed(date(2026, 2, 10))) == {None}
    in_june = passed(date(2026, 6, 1))
    assert [p is not None for p in in_june[:3]] == [True, True, False]
    assert in_june[0].startswith("Passed (2026-02-13). Check on METI's page")
    assert all(passed(date(2026, 11, 26))[:3])


@pytest.mark.parametrize("half", [{"until": date(2026, 2, 13)}, {"check": CHECK}])
def test_a_date_and_what_to_check_after_it_come_together(half):
    with pytest.raises(ValidationError, match="what to check"):
        NextStep.model_validate({"who": WHO, "text": TEXT, **half})


@pytest.mark.parametrize("profile", ["gx1-complex", "gx2-datacentre", "gx3-decarbonised-park"])
def test_types_1_to_3_have_two_rounds_and_a_final_decision(profile):
    (steps,) = next_steps(profile)
    assert [step.until for step in steps.steps[:3]] == [date(2026, 2, 13), date(2026, 4, 24), date(2026, 8, 31)]
