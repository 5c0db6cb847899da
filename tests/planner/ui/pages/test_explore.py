"""The page without a browser."""

import re
import tomllib
from pathlib import Path

import pytest
import tiny_country
from streamlit.testing.v1 import AppTest

from planner.ui.pages import explore
from planner.ui.server import DEFAULTS, environment
from planner.ui.text import plain

SCRIPT = "from planner.ui.router import main\nmain()\n"


@pytest.fixture
def app():
    return AppTest.from_string(SCRIPT, default_timeout=60)


def texts(app):
    return " ".join(
        str(e.value)
        for kind in ("subheader", "info", "caption", "markdown", "success", "warning", "error")
        for e in getattr(app, kind)
    )


def test_a_fresh_clone_shows_ranked_sites_and_says_what_they_rest_on(app):
    app.run()
    assert not app.exception
    said = texts(app)
    assert "同梱の初期データ" in said
    assert "未取得のため不明" in said
    assert "製品に付属する計測値の表" in said
    assert "順位あり321" in said
    unknown = next(e.value for e in app.caption if e.value.startswith("未取得のため不明"))
    assert "利用者の取り込み" not in unknown  # which no pull brings
    assert app.dataframe[0].value["rank"].iloc[0] == 1


def test_english_is_complete(app):
    app.query_params["lang"] = "en"
    app.run()
    assert not app.exception
    said = texts(app)
    assert "Embedded default" in said
    assert "Why this site" in said


def test_a_weight_changes_the_ranking(app):
    app.query_params["ws"] = "assumed"
    app.run()
    before = app.dataframe[0].value["name"].to_list()
    app.slider(key="weight-gx2-datacentre-dispersion").set_value(100).run()
    assert not app.exception
    assert app.dataframe[0].value["name"].to_list() != before


def test_the_other_profile_and_one_prefecture(app):
    app.run()
    app.selectbox(key="profile-ja").set_value("gx3-decarbonised-park").run()
    app.multiselect(key="prefectures-ja").set_value(["18"]).run()
    assert not app.exception
    assert set(app.dataframe[0].value["pref"]) == {"福井県"}


def test_another_language_keeps_what_was_chosen(app):
    app.run()
    app.selectbox(key="profile-ja").set_value("gx3-decarbonised-park").run()
    app.multiselect(key="prefectures-ja").set_value(["18"]).run()
    app.button_group(key="language").set_value("en").run()
    assert not app.exception
    assert app.selectbox(key="profile-en").value == "gx3-decarbonised-park"
    assert set(app.dataframe[0].value["pref"]) == {"Fukui"}
    assert app.radio(key="kind-en").value == "sites"


def test_without_land_cells_there_is_no_mesh_to_choose(app):
    app.run()
    assert app.radio(key="kind-ja").options == ["候補地の一覧", "市町村"]


def test_a_fresh_clone_ranks_municipalities(app):
    app.run()
    app.radio(key="kind-ja").set_value("municipalities").run()
    assert not app.exception
    assert len(app.dataframe[0].value) > 100


def test_all_weights_0_is_said_and_the_app_stays_up(app):
    app.run()
    for slider in app.slider:
        slider.set_value(0)
    app.run()
    assert not app.exception
    assert "重みがすべて0" in app.error[0].value.replace("\\", "")


@pytest.mark.parametrize("kind", ["municipalities", "mesh"])
def test_pulled_boundaries_open_the_other_candidates(app, tiny, mirror, monkeypatch, kind):
    specs = tiny_country.build(mirror)
    monkeypatch.setattr("geodata.store.store.catalogue", lambda: specs)
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tiny.root))
    app.run()
    app.radio(key="kind-ja").set_value(kind).run()
    assert not app.exception
    assert len(app.dataframe[0].value) > 2


def test_text_from_data_is_shown_as_it_is_written():
    assert plain("![x](http://a) <b>*") == "\\!\\[x\\]\\(\u2060http\\://a\\) \\<b\\>\\*"


def test_the_environment_wins_over_the_defaults(monkeypatch, tmp_path):
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "9999")
    monkeypatch.setenv("STREAMLIT_SERVER_HEADLESS", "false")
    chosen = environment(tmp_path)
    assert chosen["STREAMLIT_SERVER_PORT"] == "9999"
    assert chosen["STREAMLIT_SERVER_HEADLESS"] == "false"
    assert chosen["STREAMLIT_SERVER_ADDRESS"] == DEFAULTS["STREAMLIT_SERVER_ADDRESS"] == "127.0.0.1"
    assert "STREAMLIT_SERVER_PORT" not in DEFAULTS


def test_app_py_runs_with_the_same_settings_as_the_command():
    path = Path(__file__).parents[4] / ".streamlit" / "config.toml"
    said = {
        f"STREAMLIT_{section}_{re.sub(r'(?<=[a-z])(?=[A-Z])', '_', key)}".upper(): str(value).lower()
        for section, settings in tomllib.loads(path.read_text("utf-8")).items()
        for key, value in settings.items()
    }
    assert said == {key: value.lower() for key, value in DEFAULTS.items()}


def test_only_layers_that_a_pull_brings_are_missed():
    assert "substations" in explore.PULLED
    assert not {"candidate_sites", "real_choices", "flood_zones"} & explore.PULLED
