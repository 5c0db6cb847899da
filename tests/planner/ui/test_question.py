"""The side bar without a browser: opened scenarios, the visitor's own files, one place for each number."""

import io

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from planner.ui import cached

SCRIPT = "from planner.ui.router import main\nmain()\n"
CIRCLE = (
    'profile = "gx2-datacentre"\n[candidates]\nwithin = {lon = 136.2, lat = 35.8, radius_km = 60}\n'
    '[branches.grid]\nweight = 50.0\n[[changes]]\nkind = "shift"\ncriterion = "port_km"\ntimes = 0.5\n'
    "[stakeholders.town]\ngrid = 10.0\npower = 90.0\n"
)
SITES = "name,lon,lat\nA,136.2,36.0\nB,139.7,35.7\n"


@pytest.fixture
def new():

    def make(**parameters):
        app = AppTest.from_string(SCRIPT, default_timeout=90)
        for name, value in parameters.items():
            app.query_params[name] = value
        return app.run()

    return make


def said(app):
    kinds = ("caption", "error", "info", "markdown")
    return " ".join(str(e.value) for kind in kinds for e in getattr(app, kind)).replace("\\", "")


def uploader(app, name):
    return next(u for u in app.file_uploader if u.key.startswith(name))


def give(app, name, file_name, content):
    uploader(app, name).set_value((file_name, content.encode(), "text/plain")).run()
    assert not app.exception
    return app


def buttons(app):
    return [button.label.replace("\\", "") for button in app.button if button.label.startswith("✕")]


def press(app, start):
    next(b for b in app.button if b.label.replace("\\", "").startswith(f"✕ {start}")).click().run()
    assert not app.exception


def names(app):
    return sorted(app.dataframe[0].value["name"])


def address(app):
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def test_a_circle_of_an_opened_scenario_counts_is_named_and_can_be_taken_off(new):
    app = new()
    everywhere = len(app.dataframe[0].value)
    give(app, "scenario-file", "a.toml", CIRCLE)
    assert 0 < len(app.dataframe[0].value) < everywhere
    assert any("60 km" in label for label in buttons(app))
    assert "円による範囲の指定、関係者の重み、ストレステスト" in said(app)
    assert app.slider(key="weight-gx2-datacentre-grid").value == 50
    assert address(app)["w"] == "grid:50"
    for start in ("東経136.2", "ストレステスト", "関係者"):
        press(app, start)
    assert len(app.dataframe[0].value) == everywhere
    assert buttons(app) == []
    assert "リンクには含まれない" not in said(app)
    assert app.slider(key="weight-gx2-datacentre-grid").value == 50


def test_an_opened_scenario_survives_the_language_and_its_address(new):
    app = give(new(), "scenario-file", "a.toml", CIRCLE)
    seen = app.dataframe[0].value["score"].to_list()
    app.button_group(key="language").set_value("en").run()
    assert app.dataframe[0].value["score"].to_list() == seen
    assert "The link does not carry the circle, stakeholders, stress tests" in said(app)
    other = new(**address(app))
    assert other.slider(key="weight-gx2-datacentre-grid").value == 50
    assert len(other.dataframe[0].value) > len(seen)


def test_a_file_that_is_no_scenario_is_said_until_one_is_opened(new):
    app = give(new(ws="assumed"), "scenario-file", "悪い.toml", "x = ")
    assert "悪い.toml" in said(app)
    app.slider(key="weight-gx2-datacentre-grid").set_value(40).run()
    assert "悪い.toml" in said(app)
    give(app, "scenario-file", "a.toml", CIRCLE)
    assert "悪い.toml" not in said(app)


def test_another_profile_begins_anew(new):
    app = give(new(), "scenario-file", "a.toml", CIRCLE)
    app.selectbox(key="profile-ja").set_value("gx3-decarbonised-park").run()
    assert not any("60 km" in label for label in buttons(app))
    assert "w" not in address(app)


def test_a_weight_put_back_to_that_of_the_profile_leaves_the_address(new):
    app = new(ws="assumed")
    app.slider(key="weight-gx2-datacentre-grid").set_value(40).run()
    assert address(app)["w"] == "grid:40"
    app.slider(key="weight-gx2-datacentre-grid").set_value(35).run()
    assert "w" not in address(app)


def test_sites_of_ones_own_are_ranked_for_this_visitor_alone(new):
    app = give(new(), "sites-file", "候補 地.csv", SITES)
    assert names(app) == ["A", "B"]
    assert app.radio(key="kind-ja").value == "file"
    assert "自分の候補地" in said(app)
    assert address(app).get("site") is None
    assert names(new(**address(app))) != ["A", "B"]
    app.button_group(key="language").set_value("en").run()
    assert names(app) == ["A", "B"]
    app.radio(key="kind-en").set_value("sites").run()
    assert len(app.dataframe[0].value) > 2
    app.radio(key="kind-en").set_value("file").run()
    assert names(app) == ["A", "B"]
    press(app, "候補 地.csv")
    assert app.radio(key="kind-en").value == "sites"
    assert app.radio(key="kind-en").options == ["Candidate sites", "Municipalities"]


def test_two_files_of_sites_stand_beside_each_other(new):
    app = give(new(), "sites-file", "x.csv", SITES)
    give(app, "sites-file", "x.csv", SITES.replace("A,", "C,"))
    assert names(app) == ["B", "C"]
    app.selectbox(key="sites-chosen").set_value(app.selectbox(key="sites-chosen").options[0]).run()
    assert names(app) == ["A", "B"]


def test_a_file_is_read_once_whatever_is_changed_afterwards(new, monkeypatch):
    calls = []

    def counted(name, read):
        return lambda what, *args: (calls.append(f"{name} {what}"), read(what, *args))[1]

    monkeypatch.setattr(cached, "load_candidates", counted("sites", cached.load_candidates))
    monkeypatch.setattr(cached, "read_own", counted("features", cached.read_own))
    app = give(new(), "sites-file", "x.csv", SITES)
    give(app, "own-file", "y.csv", "name,lon,lat\nW,136.22,36.06\n")
    first = [call for call in calls if "/planner-" in call]
    assert [call.split()[0] for call in first] == ["sites", "features"]
    app.toggle(key="own-used").set_value(True).run()
    app.slider(key="weight-gx2-datacentre-grid").set_value(40).run()
    app.text_input(key="own-date").set_value("2025").run()
    app.number_input(key="gate-gx2-datacentre-outside_metropolitan_areas-ja").set_value(20.0).run()
    app.button_group(key="language").set_value("en").run()
    assert not app.exception
    assert [call for call in calls if "/planner-" in call] == first


def test_a_workbook_is_a_layer_of_ones_own_and_what_was_done_is_said_once_read(new, monkeypatch):
    calls = []
    monkeypatch.setattr(
        cached, "read_own", lambda *args, read=cached.read_own: (calls.append(args[0].name), read(*args))[1]
    )
    book = io.BytesIO()
    pd.DataFrame({"名称": ["甲"], "経度": ["136度13分12秒"], "緯度": ["36.06"]}).to_excel(book, index=False)
    app = new()
    for _ in range(2):
        uploader(app, "own-file").set_value(("y.xlsx", book.getvalue(), "application/octet-stream")).run()
        assert not app.exception
    assert "y.xlsx：1行を読み込み、1行を保持" in said(app)
    assert "度分秒" in said(app)
    assert "planner-" not in said(app)
    app.toggle(key="own-used").set_value(True).run()
    app.button_group(key="language").set_value("en").run()
    assert "1 rows read, 1 kept" in said(app)
    assert calls == ["y.xlsx"]


def test_headings_of_ones_sites_that_are_not_used_are_said(new):
    app = give(new(), "sites-file", "x.csv", SITES.replace("name,lon,lat", "候補地名,経度,緯度").replace("A,", "甲,"))
    assert names(app) == ["B", "甲"]
    app = give(new(), "sites-file", "y.csv", "name,lon,lat,担当課\nA,136.2,36.0,企画\n")
    assert "担当課" in said(app)


def test_every_door_takes_what_the_opener_reads(new):
    app = new()
    for door in ("own-file", "sites-file"):
        assert {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".geojson", ".gpkg", ".zip"} <= set(
            uploader(app, door).proto.type
        )


def test_a_broken_file_of_sites_is_said_by_its_own_name_and_taken_away(new):
    app = give(new(), "sites-file", "[x](http://a).csv", "a,b\n1,2\n")
    assert "lon" in app.error[0].value
    assert "planner-" not in app.error[0].value
    assert "[x](" not in app.error[0].value
    assert len(app.dataframe[0].value) > 2
    press(app, "[x]")
    assert not app.error


def test_two_layers_of_ones_own_and_the_one_taken_away(new):
    app = give(new(), "own-file", "x.csv", "name,lon,lat\nW,136.22,36.06\n")
    give(app, "own-file", "y.csv", "name,lon,lat,kw\nV,136.3,36.0,5\n")
    assert "自分のデータ" in said(app)
    assert len([b for b in buttons(app) if b in {"✕ x.csv", "✕ y.csv"}]) == 2
    press(app, "y.csv")
    press(app, "x.csv")
    assert "自分のデータ" not in said(app).replace("4. 自分のデータを基準に加える", "")


def test_a_repeated_id_in_an_address_stands_once_on_the_shortlist(new):
    app = new(list="18201-01,18201-01")
    assert address(app)["list"] == "18201-01"


def test_a_criterion_of_ones_own_survives_the_language(new):
    app = give(new(), "own-file", "x.csv", "name,lon,lat,kw\nW,136.22,36.06,5\n")
    app.selectbox(key="own-measure-ja").set_value("count").run()
    app.selectbox(key="own-branch-ja").set_value("access").run()
    app.toggle(key="own-used").set_value(True).run()
    seen = app.dataframe[0].value["score"].to_list()
    app.button_group(key="language").set_value("en").run()
    assert not app.exception
    assert app.selectbox(key="own-measure-en").value == "count"
    assert app.dataframe[0].value["score"].to_list() == seen


def test_places_of_ones_own_become_a_criterion_and_stand_in_the_address(new):
    app = new(of="sites", **{"in": "18"})
    area = next(a for a in app.text_area if a.key.startswith("places-"))
    area.set_value("本社 = 36.06, 136.22").run()
    assert not app.exception
    assert address(app)["p"] == "本社:36.06:136.22"
    area = next(a for a in app.text_area if a.key.startswith("places-"))
    area.set_value("nowhere").run()
    assert "nowhere" in " ".join(str(e.value) for e in app.error)
    assert address(app)["p"] == "本社:36.06:136.22"


def test_the_other_set_of_weights_is_a_click_away_and_in_the_address(new):
    app = new()
    fitted = app.dataframe[0].value["score"].to_list()
    assert "実際の立地12件から推定" in said(app)
    app.button_group(key="weights-gx2-datacentre-ja").set_value("assumed").run()
    assert app.dataframe[0].value["score"].to_list() != fitted
    assert "重みは仮定です" in said(app)
    assert address(app)["ws"] == "assumed"
    again = new(**address(app))
    assert again.dataframe[0].value["score"].to_list() == app.dataframe[0].value["score"].to_list()
    app.slider(key="weight-gx2-datacentre-grid").set_value(80).run()
    app.button_group(key="weights-gx2-datacentre-ja").set_value("calibrated").run()
    assert app.dataframe[0].value["score"].to_list() == fitted
    assert "w" not in address(app)
