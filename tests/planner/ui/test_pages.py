"""Every page without a browser."""

import importlib
import pkgutil
import tomllib

import pytest
import tiny_country
from streamlit.testing.v1 import AppTest

from planner import scenario_from_profile
from planner.scenario.merge import merged_scenario
from planner.ui import pages
from planner.ui.pages import PAGES
from planner.ui.scenarios import toml_of

NAMES = [page.id for page in PAGES]


def script(name):
    return (
        "from planner.ui import address, view\nfrom planner.ui.pages import PAGES\naddress.load()\nview.draw_sidebar()\n"
        f"next(page for page in PAGES if page.id == {name!r}).draw()\n"
    )


def test_every_page_is_listed_once():
    for found in pkgutil.iter_modules(pages.__path__):
        page = importlib.import_module(f"{pages.__name__}.{found.name}").PAGE
        assert page in PAGES, f"planner/ui/pages/{found.name}.py: give it a PAGE"
    places = [page.place for page in PAGES]
    assert len(set(places)) == len(places), "two pages share a place: give one another"
    assert len(set(NAMES)) == len(NAMES), "two pages share an id, which is their address: give one another"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_runs_on_a_fresh_machine(name, language):
    app = AppTest.from_string(script(name), default_timeout=90)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["municipalities", "mesh"])
def test_every_page_runs_on_pulled_data(name, kind, tiny, mirror, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tiny.root))
    specs = tiny_country.build(mirror)
    monkeypatch.setattr("geodata.store.store.catalogue", lambda: specs)
    app = AppTest.from_string(script(name), default_timeout=90)
    app.query_params["of"] = kind
    app.run()
    assert not app.exception


def test_a_limit_narrows_the_funnel():
    app = AppTest.from_string(script("screen"), default_timeout=60)
    app.run()
    app.multiselect(key="limits-gx2-datacentre-ja").set_value(["metro_km"]).run()
    app.number_input(key="limit-0-metro_km-ja").set_value(500.0).run()
    assert not app.exception
    left = app.dataframe[0].value["残り"].to_list()
    assert left[1] < left[0]


def test_a_nested_weight_and_an_anchor_change_the_ranking():
    app = AppTest.from_string(script("explore"), default_timeout=60)
    app.run()
    before = app.dataframe[0].value["score"].to_list()
    app.number_input(key="best-gx2-datacentre-metro_km-ja").set_value(900.0).run()
    anchored = app.dataframe[0].value["score"].to_list()
    assert anchored != before
    app.number_input(key="inside-gx2-datacentre-connection_km-ja").set_value(0.0).run()
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


@pytest.mark.parametrize("profile", ["gx2-datacentre", "field-shipbuilding"])
def test_a_saved_scenario_is_the_same_scenario(profile):
    scenario = scenario_from_profile(profile, prefectures=("18",))
    again = merged_scenario(tomllib.loads(toml_of(scenario)), "saved")
    assert again.digest() == scenario.digest()


def texts(app):
    return " ".join(str(e.value) for kind in ("caption", "error", "info") for e in getattr(app, kind))


def test_a_gate_and_an_anchor_survive_the_language_and_the_link():
    app = AppTest.from_string(script("explore"), default_timeout=60)
    app.query_params["ws"] = "assumed"
    app.run()
    app.number_input(key="gate-gx2-datacentre-outside_metropolitan_areas-ja").set_value(200.0).run()
    app.number_input(key="worst-gx2-datacentre-metro_km-ja").set_value(33.0).run()
    seen = app.dataframe[0].value["score"].to_list()
    app.button_group(key="language").set_value("en").run()
    assert app.dataframe[0].value["score"].to_list() == seen
    address = dict(app.query_params)
    other = AppTest.from_string(script("explore"), default_timeout=60)
    for name, value in address.items():
        other.query_params[name] = value[0] if isinstance(value, list) else value
    other.run()
    assert other.dataframe[0].value["score"].to_list() == seen


def test_weights_of_any_scale_are_kept():
    plain = AppTest.from_string(script("explore"), default_timeout=60)
    plain.query_params["ws"] = "assumed"
    plain.run()
    for weights in (
        "grid:0.35,power:0.2,land:0.36,skills:0.1,access:0.1,dispersion:0.1,hazard:0.12,cluster:0.08",
        "grid:350,power:200,land:360,skills:100,access:100,dispersion:100,hazard:120,cluster:80",
    ):
        app = AppTest.from_string(script("explore"), default_timeout=60)
        app.query_params["w"] = weights
        app.run()
        assert not app.exception
        assert app.dataframe[0].value["score"].to_list() == pytest.approx(plain.dataframe[0].value["score"].to_list())


def test_anchors_that_turn_a_criterion_round_are_refused_in_japanese():
    app = AppTest.from_string(script("explore"), default_timeout=60)
    app.query_params["ws"] = "assumed"
    app.run()
    app.number_input(key="worst-gx2-datacentre-metro_km-ja").set_value(400.0).run()
    assert not app.exception
    assert "類型の値を使います" in texts(app)


def test_all_weights_0_is_said_in_japanese():
    app = AppTest.from_string(script("explore"), default_timeout=60)
    app.query_params["w"] = "grid:0,power:0,land:0,skills:0,access:0,dispersion:0,hazard:0,cluster:0"
    app.run()
    assert not app.exception
    assert "重みがすべて0です" in texts(app)


def test_a_full_shortlist_of_other_candidates_can_be_emptied():
    app = AppTest.from_string(script("screen"), default_timeout=60)
    app.query_params["list"] = "a,b,c,d,e,f,g"
    app.run()
    assert "5／5" in " ".join(s.value for s in app.subheader)
    app.button(key="remove-a").click().run()
    assert "4／5" in " ".join(s.value for s in app.subheader)


@pytest.mark.parametrize("query", [{"list": "a,a,%61,b"}, {"list": "a,a", "of": "mars", "l": "metro_km:1,metro_km:2"}])
def test_a_link_with_repeated_ids_or_wrong_values_opens_screen(query):
    app = AppTest.from_string(script("screen"), default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    assert not app.error


def test_a_link_that_holds_what_cannot_be_is_told_in_a_sentence():
    app = AppTest.from_string("from planner.ui.router import main\nmain()\n", default_timeout=60)
    app.query_params.update({"of": "mars", "in": "18,99", "lang": "ja"})
    app.run()
    assert not app.exception
    assert "of, in" in app.warning[0].value
    assert app.multiselect(key="prefectures-ja").value == ["18"]


@pytest.mark.parametrize(("language", "word"), [("ja", "不明"), ("en", "unknown")])
def test_an_unknown_value_of_the_site_sheet_is_called_so(language, word):
    app = AppTest.from_string(script("site"), default_timeout=90)
    app.query_params["lang"] = language
    app.run()
    table = app.dataframe[1]
    assert table.value.isna().to_numpy().any()
    assert table.proto.placeholder == word


@pytest.mark.parametrize(("language", "said"), [("ja", "候補に含まれていない"), ("en", "not among these candidates")])
def test_a_link_to_a_site_that_is_no_candidate_says_so_until_another_is_chosen(language, said):
    app = AppTest.from_string(script("site"), default_timeout=90)
    app.query_params.update({"site": "no-such-site", "lang": language})
    app.run()
    assert any("no-such-site" in w.value.replace("\\", "") and said in w.value for w in app.warning)
    picker = app.selectbox(key=f"sheet-{language}")
    picker.select_index(3).run()
    assert not app.warning


def test_sureness_shows_numbers_and_a_table_and_folds_the_sentences_away():
    app = AppTest.from_string(script("robust"), default_timeout=90)
    app.query_params["lang"] = "en"
    app.run()
    numbers = {metric.label: metric.value for metric in app.metric}
    headline = next(m.value for m in app.markdown if m.value.startswith("**Of the top"))
    assert f"{numbers['robust']} are robust" in headline
    assert f"{numbers['weak']} are weak" in headline
    assert sum(int(numbers[label]) for label in ("robust", "depends on the weights and unknowns", "weak")) == 10
    folded = [m.value for box in app.expander for m in box.markdown]
    assert any(sentence.startswith("- Convergence") for sentence in folded)
    assert any(f"the best {numbers['equals of the first']} apart" in sentence for sentence in folded)
