"""The session in the address, and back."""

import contextlib
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import GeodataError
from planner.model.sourced import BRANCHES
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.ui import address, scenarios
from planner.ui.session import Session

FILLED = Session(
    language="en",
    profile="gx3-decarbonised-park",
    weights="calibrated",
    kind="mesh",
    site="18201-01",
    prefectures=["17", "18"],
    shortlist=["a", "b,c", "50%"],
    branches={"grid": 35.5},
    criteria={"metro_km": 3.0},
    gates={"outside_metropolitan_areas": 200.0},
    anchors={"grid_275kv_km": (33.0, 1.0)},
    limits={"metro_km": (None, 123456.789), "elevation_m": (-2.5, 100.0)},
    places={"本社, 50%:工場": (36.02, 140.5), "B": (35.0, 139.0)},
)


def test_an_address_and_back():
    assert address.read(address.written(FILLED)) == FILLED


def test_an_address_of_before_is_still_read():
    found = address.read(
        {
            "profile": "gx3-decarbonised-park",
            "of": "mesh",
            "site": "18201-01",
            "lang": "ja",
            "in": "18,17",
            "list": "a,b",
            "w": "grid:35.5,power:80",
            "cw": "metro_km:3",
            "g": "outside_metropolitan_areas:200",
            "a": "grid_275kv_km:33:1",
        }
    )
    assert found == Session(
        language="ja",
        profile="gx3-decarbonised-park",
        weights="assumed",
        kind="mesh",
        site="18201-01",
        prefectures=["18", "17"],
        shortlist=["a", "b"],
        branches={"grid": 35.5, "power": 80.0},
        criteria={"metro_km": 3.0},
        gates={"outside_metropolitan_areas": 200.0},
        anchors={"grid_275kv_km": (33.0, 1.0)},
    )


@pytest.mark.parametrize("text", ["grid:nan", "grid:-1", "grid:", "grid:1e99", ":::", "", "x:1", "grid:1:2"])
def test_an_address_with_a_strange_weight_sets_none(text):
    assert address.read({"w": text}) == Session()


@pytest.mark.parametrize(
    "parameters",
    [
        {"profile": "nonsense"},
        {"of": "mars"},
        {"of": "file"},
        {"lang": "fr"},
        {"in": "00,48,xx,1"},
        {"a": "metro_km:1"},
        {"a": "metro_km:1:inf"},
        {"a": "metro_km:1:2:3"},
        {"a": "nothing:1:2"},
        {"cw": "nothing:1"},
        {"g": "<script>:1"},
        {"l": "metro_km:1e13"},
        {"unknown": "1"},
    ],
)
def test_what_is_not_valid_says_nothing(parameters):
    assert address.read(parameters) == Session()


def test_lists_hold_each_id_once_and_no_more_than_fits():
    assert address.read({"list": "a,a,b,a"}).shortlist == ["a", "b"]
    assert len(address.read({"list": ",".join(map(str, range(99)))}).shortlist) == 5
    assert address.read({"in": "18,18"}).prefectures == ["18"]
    assert address.read({"site": "x" * 9999}).site is None


@pytest.mark.parametrize(
    "parameters",
    [
        {"list": "a,b,c,d,e,f"},
        {"list": "a,\n"},
        {"site": "x" * 201},
        {"site": "%0A"},
        {"in": "18,99"},
        {"w": "grid:1,grid:2"},
        {"w": "grid:1,power:-1"},
        {"g": ",".join(f"g{n}:1" for n in range(101))},
        {"l": "metro_km:1e13"},
        {"a": "metro_km:1:2,metro_km:2:3"},
        {"of": "mars"},
        {"lang": "x" * 9000},
    ],
)
def test_what_is_dropped_is_named(parameters):
    assert address.read(parameters).unread == list(parameters)


def test_an_address_of_ones_own_has_nothing_to_drop():
    assert address.read(address.written(FILLED)).unread == []
    assert address.read({"list": "a,a,b", "unknown": "x", "w": ""}).unread == []


@given(
    st.dictionaries(st.sampled_from([c.parameter for c in address.CODECS]), st.text(max_size=60)),
)
def test_any_text_is_read_and_written_to_the_same_session(parameters):
    held = address.read(parameters)
    assert address.read(address.written(held)) == held


_IDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([*criteria(), *BRANCHES, "outside_metropolitan_areas", "18", "99", "\ud800", "a" * 300]),
)
_NUMBERS = st.one_of(
    st.floats().map(repr), st.integers().map(str), st.sampled_from(["", "１", "1e400", "-0", "1_0", "nan"])
)
_PARTS = st.one_of(_IDS, st.tuples(_IDS, _NUMBERS).map(":".join), st.tuples(_IDS, _NUMBERS, _NUMBERS).map(":".join))
_QUERIES = st.dictionaries(
    st.sampled_from([c.parameter for c in address.CODECS]), st.lists(_PARTS, max_size=8).map(",".join)
)


@given(_QUERIES)
def test_a_session_of_any_address_is_bounded_and_makes_a_scenario_or_one_sentence(parameters):
    held = address.read(parameters)
    assert address.read(address.written(held)) == held
    assert set(held.unread) <= set(parameters)
    assert len(held.shortlist) == len(set(held.shortlist)) <= 5
    numbers = [held.branches, held.criteria, held.gates]
    assert all(abs(number) <= 1e12 for found in numbers for number in found.values())
    assert all(end is None or abs(end) <= 1e12 for ends in held.limits.values() for end in ends)
    with contextlib.suppress(GeodataError):  # which is shown as one sentence
        weights = bind(scenarios.scenario_of(held, scenarios.base_of(held))).weights
        assert all(isfinite(weight) and weight >= 0 for weight in weights.values())


_END = st.none() | st.floats(-1e12, 1e12)
_ENDS = st.tuples(_END, _END).filter(lambda ends: ends != (None, None))


def test_a_limit_of_an_older_address_is_on_the_worse_side():
    found = address.read({"l": "metro_km:50,available_ha:30"}).limits
    better = {id_: criteria()[id_].direction for id_ in found}
    assert better == {"metro_km": "more", "available_ha": "more"}
    assert found == {"metro_km": (50.0, None), "available_ha": (30.0, None)}


@given(st.dictionaries(st.sampled_from(sorted(criteria())), _ENDS, max_size=5))
def test_a_number_is_carried_to_the_last_digit(limits):
    assert address.read(address.written(Session(limits=limits))).limits == limits
