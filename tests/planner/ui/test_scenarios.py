"""A scenario file opened in the session is the same scenario again, and the address says what it does not carry."""

import tomllib

import pytest

from geodata.errors import GeodataError
from planner.scenario.merge import merged_scenario
from planner.ui import address, scenarios
from planner.ui.session import Session

CIRCLE = "[candidates]\nwithin = {lon = 136.2, lat = 35.8, radius_km = 60}\n"
IN_THE_ADDRESS = """
[candidates]
prefectures = ["17", "18"]
[branches.grid]
weight = 50.0
[criteria.port_km]
weight = 20.0
[criteria.metro_km]
value = {kind = "linear", worst = 0.0, best = 700.0}
[criteria.elevation_m]
weight = 5.0
[gates.outside_metropolitan_areas]
at_least = 120.0
[demand]
connection_mw = 300.0
by_year = 2031
"""
BEYOND = {
    "assume": ("[demand]\nassume = {detour = [1.0, 1.1, 1.2]}\n", ["assumptions of the load"]),
    "within": (CIRCLE, ["the circle"]),
    "mesh": ('[candidates]\nkind = "mesh"\nmesh = "500m"\n', ["the size of the mesh"]),
    "changes": ('[[changes]]\nkind = "shift"\ncriterion = "port_km"\ntimes = 0.5\n', ["stress tests"]),
    "stakeholders": ("[stakeholders.town]\ngrid = 10.0\npower = 90.0\n", ["stakeholders"]),
    "clusters": ("[clusters]\nradius_km = 25.0\n", ["settings of clusters"]),
    "robustness": ("[robustness]\ntop = 7\n", ["settings of robustness"]),
    "reach": ("[criteria.decarbonised_mw]\nreach_m = 30000.0\n", ["other settings of criteria"]),
    "source": (
        '[branches.grid]\nweight = 50.0\nbasis = "assumption"\nsource = "Our committee, 12 May."\n',
        ["other settings of branches"],
    ),
    "published": (
        '[criteria.port_km]\nweight = 50.0\nbasis = "published"\nsource = "A paper."\n',
        ["other settings of criteria"],
    ),
    "curve": (
        '[criteria.metro_km]\nvalue = {kind = "piecewise", points = [[0, 0], [100, 0.2], [500, 1]]}\n',
        ["other settings of criteria"],
    ),
    "new criterion": (
        '[criteria.station_km]\nweight = 5.0\nbasis = "assumption"\nsource = "Ours."\n',
        ["other settings of criteria"],
    ),
    "floor": ("[completeness_floor]\nvalue = 0.3\n", ["the floor of known weight"]),
    "text": ('question = {ja = "どこか", en = "Where"}\n', ["texts"]),
}


def opened(text, held=None):
    held = held or Session()
    scenarios.open_file(held, held.own.keep("scenario.toml", text.encode()))
    base = scenarios.base_of(held)
    return held, scenarios.scenario_of(held, base), base


def file(text):
    return f'profile = "gx2-datacentre"\nweights = "assumed"\n{text}'


def test_what_fits_in_an_address_is_in_the_address():
    held, scenario, base = opened(file(IN_THE_ADDRESS))
    assert scenario == merged_scenario(tomllib.loads(file(IN_THE_ADDRESS)), "file")
    assert not held.settings
    assert scenarios.not_carried(held, scenario, base) == []
    again = address.read(address.written(held))
    assert scenarios.scenario_of(again, scenarios.base_of(again)) == scenario


@pytest.mark.parametrize("case", BEYOND)
def test_what_does_not_fit_is_kept_and_named(case):
    text, parts = BEYOND[case]
    held, scenario, base = opened(file(text))
    assert scenario == merged_scenario(tomllib.loads(file(text)), "file")
    assert scenarios.not_carried(held, scenario, base) == parts


@pytest.mark.parametrize("case", BEYOND)
def test_what_is_kept_can_be_taken_off(case):
    held, _, _ = opened(file(BEYOND[case][0]))
    for part in ("within", *scenarios.beyond(held, lambda sentence, **_: sentence)):
        scenarios.take_off(held, part)
    held.kind, held.branches, held.criteria = "sites", {}, {}
    assert scenarios.scenario_of(held, scenarios.base_of(held)) == merged_scenario(
        {"profile": "gx2-datacentre", "weights": "assumed"}, "test"
    )


def test_a_saved_scenario_opens_as_the_same_scenario_and_is_the_same_address():
    held, scenario, _ = opened(file(CIRCLE + IN_THE_ADDRESS.replace("[candidates]\n", "")))
    again, reopened, _ = opened(scenarios.toml_of(scenario))
    assert reopened == scenario
    assert address.written(again) == address.written(held)


def test_a_number_set_by_hand_loses_the_basis_of_the_file():
    held, _, _ = opened(file(BEYOND["source"][0]))
    held.branches["grid"] = 40.0
    scenarios.set_by_hand(held, "branches", "grid")
    assert not held.settings
    changed = scenarios.scenario_of(held, scenarios.base_of(held)).branches["grid"]
    assert (changed.weight, changed.source) == (40.0, "Set by the user of this scenario.")


def test_data_of_the_users_own_is_left_out_and_said():
    own = """
[layers.mine]
path = "mine.csv"
title = {ja = "あ", en = "A"}
reference_date = "2025"
status = "assumed"
inventory = "partial"
[own.mine_km]
measure = "nearest_km"
branch = "grid"
layers = ["mine"]
unit = "km"
direction = "less"
title = {ja = "あ", en = "A"}
why = {ja = "あ", en = "A"}
caveat = {ja = "あ", en = "A"}
value = {kind = "linear", worst = 50.0, best = 0.0}
[criteria.mine_km]
weight = 9.0
basis = "assumption"
[gates.near]
criterion = "mine_km"
at_most = 5.0
title = {ja = "あ", en = "A"}
basis = "assumption"
[[changes]]
kind = "shift"
criterion = "mine_km"
times = 2.0
"""
    held, scenario, _ = opened(file(own))
    assert held.left_out
    assert scenario == merged_scenario({"profile": "gx2-datacentre", "weights": "assumed"}, "test")


def test_a_candidate_file_that_is_here_is_used_and_another_is_said():
    held = Session()
    text = file('[candidates]\nkind = "file"\npath = "mine.csv"\n')
    _, scenario, _ = opened(text, held)
    assert held.left_out
    assert scenario.candidates.kind == "sites"
    held.own.sites.append(held.own.keep("mine.csv", b"name,lon,lat\nA,136.2,36.0\n"))
    _, scenario, base = opened(text, held)
    assert not held.left_out
    assert scenario.candidates.kind == "file"
    assert scenarios.not_carried(held, scenario, base) == ["sites of your own"]


@pytest.mark.parametrize("text", ["x = ", "", 'profile = "mars"', 'profile = "gx2-datacentre"\nnonsense = 1'])
def test_a_file_that_is_no_scenario_changes_nothing(text):
    held = Session(prefectures=["18"])
    with pytest.raises(GeodataError):
        opened(text, held)
    assert (held.prefectures, held.settings) == (["18"], {})
