"""The list of fields is the ministry's, and each is known by its names."""

import pytest

from planner import PlannerError
from planner.fields.field import SAID, field_of, field_of_profile, fields, technologies
from planner.scenario.profiles import profiles
from planner.skills.industries import industry_of


def test_the_seventeen_fields_are_there_with_two_parts_of_the_first_and_casting_apart():
    numbers = [field.number for field in fields().values()]
    assert sorted(set(numbers)) == list(range(18))
    assert [field.id for field in fields().values() if field.number == 1] == ["semiconductor-fab", "datacentre"]
    assert fields()["casting-forging"].number == 0


@pytest.mark.parametrize("field", fields().values(), ids=fields())
def test_each_field_has_a_profile_and_an_industry(field):
    assert field.profile in profiles()
    assert field_of_profile(field.profile) == field
    assert industry_of(field.profile).profiles
    assert all(1 <= n <= len(technologies()) for n in field.technologies)


@pytest.mark.parametrize("field", fields().values(), ids=fields())
def test_a_field_is_known_by_its_names(field):
    for named in (field.id, field.profile, field.title.ja, field.title.en, field.title.en.upper()):
        assert field_of(named) == field


@pytest.mark.parametrize(
    ("named", "id_"),
    [("2", "shipbuilding"), ("造船", "shipbuilding"), ("半導体工場", "semiconductor-fab"), ("１７", "ocean")],
)
def test_numbers_and_short_names_are_read(named, id_):
    assert field_of(named).id == id_


@pytest.mark.parametrize("named", ["1", "0", "18", "", "観光"])
def test_what_is_no_field_is_refused_with_the_list(named):
    with pytest.raises(PlannerError, match="shipbuilding"):
        field_of(named)


def test_every_statement_has_both_languages_and_a_source():
    said = [statement for field in fields().values() for name in SAID for statement in getattr(field, name)]
    assert len(said) > 100
    assert all(statement.sources and statement.ja != statement.en for statement in said)


def test_a_zone_type_is_no_field():
    assert field_of_profile("gx1-complex") is None
