"""The session in the address, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.scenario.criteria import criteria
from planner.ui import address
from planner.ui.session import Session

FILLED = Session(
    language="en",
    profile="gx3-decarbonised-park",
    kind="mesh",
    site="18201-01",
    prefectures=["17", "18"],
    shortlist=["a", "b,c", "50%"],
    branches={"grid": 35.5},
    criteria={"metro_km": 3.0},
    gates={"outside_metropolitan_areas": 200.0},
    anchors={"grid_275kv_km": (33.0, 1.0)},
    limits={"metro_km": 123456.789},
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
    assert len(address.read({"site": "x" * 9999}).site) == 200


@given(
    st.dictionaries(st.sampled_from([c.parameter for c in address.CODECS]), st.text(max_size=60)),
)
def test_any_text_is_read_and_written_to_the_same_session(parameters):
    held = address.read(parameters)
    assert address.read(address.written(held)) == held


@given(st.dictionaries(st.sampled_from(sorted(criteria())), st.floats(-1e12, 1e12), max_size=5))
def test_a_number_is_carried_to_the_last_digit(limits):
    assert address.read(address.written(Session(limits=limits))).limits == limits
