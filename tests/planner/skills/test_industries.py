"""Tables of industries: every number has its n, range and source, or the word assumption."""

import pytest

from planner.i18n import translator
from planner.scenario.criteria import criteria
from planner.scenario.profiles import profiles
from planner.skills.assumptions import assumptions, written
from planner.skills.industries import (
    EDUCATIONS,
    OCCUPATIONS,
    building_of,
    coefficient,
    industries,
    industry_of,
    mixes,
    projects,
    units_of,
)
from planner.skills.moves import table


@pytest.mark.parametrize("industry", industries().values(), ids=lambda one: one.id)
def test_every_rate_has_n_range_and_source(industry):
    for unit in units_of(industry, assumptions()):
        rate = coefficient(industry, unit, assumptions())
        low, middle, high = rate.values
        assert 0 < low <= middle <= high
        assert rate.n >= 1
        assert all(rate.sources)
    per_job = building_of(industry)
    assert per_job.values[0] <= per_job.values[1] <= per_job.values[2]
    assert per_job.basis == "assumption" or per_job.n >= 1
    assert industry.mix in mixes()
    assert set(industry.targets) <= set(table().rows["occupation"])
    assert coefficient(industry, industry.default.unit, assumptions()) is not None


@pytest.mark.parametrize("mix", mixes().values(), ids=mixes())
def test_shares_add_up_to_the_whole(mix):
    assert sum(mix.occupation.values()) == pytest.approx(1)
    assert sum(mix.education.values()) == pytest.approx(1)
    assert set(mix.occupation) <= set(OCCUPATIONS)
    assert set(mix.education) <= set(EDUCATIONS)
    assert mix.source


def test_every_project_has_its_source_and_an_industry():
    rows = projects()
    assert rows["source_url"].notna().all()
    assert set(rows["industry"]) <= set(industries())
    assert (rows["jobs"] > 0).all()
    assert set(rows["counts"]) == {"yes", "no"}
    assert rows.loc[rows["counts"].eq("no"), "note"].notna().all()


def test_every_profile_has_one_industry():
    assert {industry_of(id_).id for id_ in profiles()} <= set(industries())
    named = [profile for one in industries().values() for profile in one.profiles]
    assert len(named) == len(set(named))


def test_sources_are_said_in_japanese():
    t = translator("ja")
    said = [row.source for row in written()[1].values()] + [mix.source for mix in mixes().values()]
    said += [one.building.source for one in industries().values() if one.building]
    said += [rate.source for one in industries().values() for rate in one.rates]
    assert not [text for text in said if t(str(text)) == text]


def test_what_was_measured_with_other_tables_is_measured_again(monkeypatch):
    asked = criteria()["fill_ratio"]
    before = asked.cache_key("x", {})
    monkeypatch.setattr("planner.measure.verbs.people.digest", lambda: "other")
    assert asked.cache_key("x", {}) != before
    assert criteria()["kosen_km"].tables() == ""
