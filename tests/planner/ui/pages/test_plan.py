"""The page of a plan: begun, filled, written into, and taken away; what cannot be is said and changes nothing."""

import pytest
from streamlit.testing.v1 import AppTest

from planner.plans.plan import Plan
from planner.ui.pages import plan as page

SCRIPT = (
    "from planner.ui import address, view\nfrom planner.ui.pages import PAGES\naddress.load()\nview.draw_sidebar()\n"
    "next(page for page in PAGES if page.id == 'plan').draw()\n"
)


def begun():
    app = AppTest.from_string(SCRIPT, default_timeout=90)
    app.query_params["lang"] = "en"
    app.run()
    next(b for b in app.button if b.label == "Begin this plan").click().run()
    assert not app.exception
    return app


def held(app) -> Plan:
    return app.session_state["session"].plan


def test_a_plan_is_begun_filled_and_written_into():
    app = begun()
    assert held(app).kind == "B"
    next(b for b in app.button if b.label == "Draw evidence").click().run()
    assert any(answer.evidence for answer in held(app).answers.values())
    app.text_area(key="plan-text-B-feasibility").set_value("Demand is there.").run()
    assert held(app).answers["feasibility"].text == "Demand is there."
    assert held(app).answers["feasibility"].evidence
    next(b for b in app.button if b.label == "Keep today's state").click().run()
    assert len(held(app).snapshots) == 1
    next(b for b in app.button if b.label == "Close this plan").click().run()
    assert held(app) is None
    assert not app.exception


def test_title_announcement_and_stage_are_taken_over():
    app = begun()
    next(one for one in app.text_input if one.label == "Title").set_value("Kumamoto")
    next(one for one in app.text_input if one.label.startswith("Who announces")).set_value("the governor")
    next(one for one in app.button if one.label == "Take over").click().run()
    assert (held(app).title, held(app).announced_by) == ("Kumamoto", "the governor")


@pytest.mark.parametrize(
    ("name", "row", "taken"),
    [
        ("partners", {"name": "甲社", "kind": "firm", "private": "yes"}, {"name": "甲社", "kind": "firm", "private": True}),
        ("partners", {"name": " ", "kind": "None"}, {}),
        ("kpis", {"id": "k", "actuals": "2027-03-31=12, 2028-03-31=14"}, {"id": "k", "actuals": [("2027-03-31", "12"), ("2028-03-31", "14")]}),
        ("investments", {"title": "x", "capex_oku": "50"}, {"title": "x", "capex_oku": "50"}),
    ],
)  # fmt: skip
def test_a_row_of_the_editor_becomes_one_of_the_file(name, row, taken):
    assert page._row(name, row) == taken


def test_a_value_of_the_file_comes_back_from_its_cell():
    assert page._cell(None) == ""
    assert page._cell(value=True) == "yes"
    assert page._cell([["2027-03-31", 12.0]]) == "2027-03-31=12"
    assert page._cell(12.5) == "12.5"
