"""Every page without a browser, and the address of a view."""

import tomllib

import pytest
import tiny_country
from streamlit.testing.v1 import AppTest

from planner import scenario_from_profile
from planner.scenario import merged_scenario
from planner.ui import link
from planner.ui.question import toml_of

PAGES = ("explore", "screen", "compare", "robust", "site", "region", "data", "method")


def script(name):
    return (
        "import streamlit as st\nfrom planner.ui import link, view\n"
        f"from planner.ui.pages import {name}\nlink.load()\nview.draw_sidebar()\n{name}.page()\n"
    )


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_runs_on_a_fresh_machine(name, language, tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path / "none"))
    app = AppTest.from_string(script(name), default_timeout=90)
    app.session_state["language"] = language
    app.run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("kind", ["municipalities", "mesh"])
def test_every_page_runs_on_pulled_data(name, kind, tiny, mirror, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tiny.root))
    specs = tiny_country.build(mirror)
    monkeypatch.setattr("geodata.store.catalogue", lambda: specs)
    app = AppTest.from_string(script(name), default_timeout=90)
    app.query_params["of"] = kind
    app.run()
    assert not app.exception


def test_a_limit_narrows_the_funnel(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path / "none"))
    app = AppTest.from_string(script("screen"), default_timeout=60)
    app.run()
    app.multiselect(key="limits-gx2-datacentre-ja").set_value(["metro_km"]).run()
    app.number_input(key="limit-metro_km-ja").set_value(500.0).run()
    assert not app.exception
    left = app.dataframe[0].value["残り"].to_list()
    assert left[1] < left[0]


def test_a_nested_weight_and_an_anchor_change_the_ranking(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path / "none"))
    app = AppTest.from_string(script("explore"), default_timeout=60)
    app.run()
    before = app.dataframe[0].value["score"].to_list()
    app.number_input(key="best-gx2-datacentre-metro_km-ja").set_value(900.0).run()
    anchored = app.dataframe[0].value["score"].to_list()
    assert anchored != before
    app.number_input(key="inside-gx2-datacentre-grid_154kv_km-ja").set_value(0.0).run()
    assert not app.exception
    assert app.dataframe[0].value["score"].to_list() != anchored


def test_the_pull_button_takes_a_folder_and_says_what_is_wrong(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path / "none"))
    app = AppTest.from_string(script("data"), default_timeout=60)
    app.run()
    app.text_input(key="pull-folder").set_value(str(tmp_path / "nothing-here"))
    app.button(key="pull").click().run()
    assert not app.exception
    assert "MANIFEST.csv" in app.error[0].value.replace("\\", "")


def test_an_address_and_back():
    choices = {
        "profile": "gx3-decarbonised-park",
        "kind": "mesh",
        "site": "18201-01",
        "prefectures": ["17", "18"],
        "shortlist": ["a", "b"],
        "branches": {"grid": 35.5},
        "criteria": {"metro_km": 3.0},
    }
    parameters = {**link.written(choices), "lang": ""}
    assert link.read(parameters) == choices


@pytest.mark.parametrize("text", ["grid:nan", "grid:-1", "grid:", "grid:1e99", ":::", ""])
def test_an_address_with_a_strange_weight_sets_none(text):
    assert "branches" not in link.read({"w": text})


@pytest.mark.parametrize("profile", ["gx2-datacentre", "field-shipbuilding"])
def test_a_saved_scenario_is_the_same_scenario(profile):
    scenario = scenario_from_profile(profile, prefectures=("18",))
    again = merged_scenario(tomllib.loads(toml_of(scenario)), "saved")
    assert again.digest() == scenario.digest()
