import re

import pytest

from geodata.catalogue import catalogue
from planner.explain.dates import dated


def test_an_interval_is_said_in_words_and_a_date_stays():
    assert dated("2008/2026-03", "ja") == "行ごとに異なる（2008〜2026-03）"
    assert dated("2008/2026-03", "en") == "differs by row, 2008 to 2026-03"
    assert dated("2026-04-23", "ja") == "2026-04-23"
    assert not dated(None, "en")


@pytest.mark.parametrize("id_", ["candidate_sites", "capacity_totals", "decarbonised_plants"])
def test_the_interval_of_an_embedded_layer_is_that_of_its_rows(id_, embedded):
    layer = embedded.layer(id_)
    first, last = layer.passport.reference_date.split("/")
    days = [day for day in layer.frame["as_of"].dropna().astype(str) if re.match(r"\d{4}", day)]
    assert (first, last) == (min(days), max(days))


def test_the_interval_of_the_embedded_plants_is_that_of_both_lists(embedded):
    parts = [embedded.layer(id_).passport.reference_date.split("/") for id_ in ("decarbonised_plants", "nuclear_units")]
    first, last = embedded.layer("power_plants").passport.reference_date.split("/")
    assert (first, last) == (min(part[0] for part in parts), max(part[-1] for part in parts))


def test_no_layer_says_its_date_in_half_a_sentence():
    for spec in catalogue().values():
        assert "as_of" not in spec.reference_date, spec.id
        assert "行ごと" not in spec.reference_date, spec.id
