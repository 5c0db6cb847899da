"""`planner field-cluster`."""

import json

import pytest
from commands import run


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_field_in_an_area_is_told_with_its_chain_and_sources(lang):
    done = run("field-cluster", "--field", "造船", "--region", "KYS", "--amount", "100", "--lang", lang)
    assert done.returncode == 0, done.stderr
    assert "名村" in done.stdout
    assert "160" in done.stdout


def test_json_has_null_for_what_is_unknown():
    told = json.loads(run("field-cluster", "--field", "2", "--region", "41", "--json").stdout)
    assert told["field"] == "shipbuilding"
    assert told["sectors"] is None
    assert told["ripple"] is None
    assert told["chain"]["stages"]


@pytest.mark.parametrize(
    ("field", "region", "words"), [("1", "43", "field"), ("造船", "99", "region"), ("造船", "府中市", "府中市")]
)
def test_what_is_none_is_one_sentence(field, region, words):
    done = run("field-cluster", "--field", field, "--region", region, "--lang", "en")
    assert done.returncode == 2
    assert words in done.stderr
