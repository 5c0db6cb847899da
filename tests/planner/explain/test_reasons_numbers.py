"""A sentence holds the numbers that were used, whatever they are."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import evaluate
from planner.explain.columns import described
from planner.explain.reasons import explain
from planner.model.sourced import SET_BY_USER
from planner.scenario.criteria import criteria
from planner.scenario.merge import merged_scenario, scenario_from_profile
from planner.scenario.profiles import profiles

NUMBERED = {
    (profile, gate): scenario_from_profile(profile).gates[gate]
    for profile in profiles()
    for gate in scenario_from_profile(profile).gates
}
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?) ?(km|ha|MW|kV|m|%)(?![A-Za-z/])")


def numbers(text: str) -> set[tuple[float, str]]:
    return {(float(number.replace(",", "")), unit) for number, unit in _NUMBER.findall(text)}


def changed(profile: str, gate_id: str, limit: float, reach_m: float):
    gate = NUMBERED[profile, gate_id]
    side = "at_least" if gate.at_least is not None else "at_most"
    table = {"profile": profile, "gates": {gate_id: {side: limit}}, "candidates": {"prefectures": ["18"]}}
    if "reach_m" in type(criteria()[gate.criterion]).model_fields:
        weight = scenario_from_profile(profile).criteria[gate.criterion].weight
        table["criteria"] = {gate.criterion: {"weight": weight, "reach_m": reach_m}}
    return merged_scenario(table, "test"), "criteria" in table


@settings(max_examples=25)
@given(
    where=st.sampled_from(sorted(NUMBERED)),
    limit=st.integers(1, 400).map(float),
    reach_km=st.integers(3, 120).map(float),
)
def test_no_sentence_of_a_gate_or_criterion_contradicts_its_own_numbers(embedded, where, limit, reach_km):
    profile, gate_id = where
    scenario, has_reach = changed(profile, gate_id, limit, reach_km * 1000)
    result = evaluate(scenario, embedded).result()
    unit = criteria()[NUMBERED[where].criterion].unit
    allowed = {(limit, unit), *([(reach_km, "km")] if has_reach else [])}
    for language in ("ja", "en"):
        title = result.gates[gate_id].title[language]
        assert (limit, unit) in numbers(title)
        assert numbers(title) <= allowed
        assert "{" not in title
        criterion = result.criteria[NUMBERED[where].criterion].title[language]
        assert numbers(criterion) <= {(reach_km, "km")}
        said = explain(result, str(result.table.index[0]), language).gates
        assert any(title in sentence for sentence in said)
        meaning = described(result, language)[f"gate_{gate_id}"]
        assert title in meaning


@pytest.mark.parametrize("id_", criteria())
def test_no_title_holds_a_reach_or_a_threshold_in_prose(id_):
    raw = criteria()[id_].title
    for language in ("ja", "en"):
        assert not numbers(raw[language]), "write {reach} or {least}: it is filled with the criterion's own number"
        assert "{" not in criteria()[id_].said().title[language]


@pytest.mark.parametrize("where", sorted(NUMBERED))
def test_no_gate_title_holds_a_number_in_prose(where):
    for language in ("ja", "en"):
        assert not numbers(NUMBERED[where].title[language]), "write {limit} or {reach}"


def test_what_the_user_set_is_said_in_the_readers_language(embedded):
    scenario, _ = changed("gx2-datacentre", "outside_metropolitan_areas", 20.0, 1.0)
    result = evaluate(scenario, embedded).result()
    site = str(result.table.index[0])
    assert not any(SET_BY_USER in sentence for sentence in explain(result, site, "ja").gates)
    assert any("利用者が設定" in sentence for sentence in explain(result, site, "ja").gates)
    assert any(SET_BY_USER in sentence for sentence in explain(result, site, "en").gates)
