"""Files of a known kind, brought in on the page Data."""

import geopandas as gpd
import pytest
import shapely
from office_files import geojson_zip, ksj_frame
from streamlit.testing.v1 import AppTest

from geodata import imports
from planner.ui import owndata

SCRIPT = """
from planner.ui import address, view
from planner.ui.pages import data
address.load()
view.draw_sidebar()
data.PAGE.draw()
"""


@pytest.fixture
def app():
    return AppTest.from_string(SCRIPT, default_timeout=90).run()


def give(app, path):
    uploader = next(u for u in app.file_uploader if u.key.startswith("bring-file"))
    uploader.set_value((path.name, path.read_bytes(), "application/zip")).run()
    assert not app.exception
    assert not app.error


def brought(app):
    return [b.label.replace("\\", "") for b in app.button if b.label.startswith("✕")]


def test_two_files_of_a_kind_stand_beside_each_other_and_one_is_taken_away(app, tmp_path, monkeypatch):
    calls = []
    read = imports.read
    monkeypatch.setattr(owndata.imports, "read", lambda *args, **kwargs: (calls.append(1), read(*args, **kwargs))[1])
    app.selectbox(key="bring-kind-ja").set_value("ksj_a16").run()
    frame = ksj_frame("ksj_a16")
    for number, part in enumerate((frame, gpd.GeoDataFrame(frame.head(1)))):
        (tmp_path / str(number)).mkdir()
        give(app, geojson_zip(part, tmp_path / str(number)))
    assert len(brought(app)) == len(set(brought(app))) == 2
    app.run()
    assert len(calls) == 2
    app.button(key=next(b.key for b in app.button if b.label.startswith("✕"))).click().run()
    assert not app.exception
    assert len(brought(app)) == 1
    assert len(calls) == 2


GATES = """
import streamlit as st
outcomes = view.current().result.table["gate_outside_landslide_zones"]
st.text(" ".join(f"{outcome}={n}" for outcome, n in outcomes.value_counts().items()))
"""


def test_zones_that_a_visitor_brings_are_a_gate_of_the_profile_until_they_are_taken_away(tmp_path):
    app = AppTest.from_string(SCRIPT + GATES, default_timeout=90).run()
    assert app.text[-1].value == "unknown=371"
    everywhere = gpd.GeoDataFrame(ksj_frame("ksj_a33").head(1), geometry=[shapely.box(123, 21, 153, 45)], crs=6668)
    app.selectbox(key="bring-kind-ja").set_value("ksj_a33").run()
    app.checkbox(key="bring-complete").check()
    app.text_input(key="bring-covers").set_value("17,18").run()
    give(app, geojson_zip(everywhere, tmp_path))
    assert "fail=" in app.text[-1].value
    app.button(key=next(b.key for b in app.button if b.label.startswith("✕"))).click().run()
    assert app.text[-1].value == "unknown=371"
