"""Sectors of the JSIC have a name in both languages, and every sector that a field names is one of them."""

import string

import pytest

from planner.fields.field import fields
from planner.fields.sectors import sectors


def test_divisions_and_groups_are_all_there():
    assert list(sectors()) == [*string.ascii_uppercase[:18], *(f"{n:02d}" for n in range(1, 100))]
    assert all(name.ja and name.en for name in sectors().values())


@pytest.mark.parametrize("field", fields().values(), ids=fields())
def test_fields_name_known_sectors(field):
    assert set(field.sectors) | set(field.divisions) <= set(sectors())
