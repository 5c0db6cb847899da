"""A map alone in a browser, without the app around it."""

import dataclasses
from pathlib import Path

import hostile
import pytest
import xstatic.pkg.leaflet

from planner import evaluate, scenario_from_profile
from planner.output import pictures
from planner.ui import maps

pytestmark = pytest.mark.browser

ADDRESS = "http://127.0.0.1:9/"
LEAFLET = Path(xstatic.pkg.leaflet.BASE_DIR)
SAID = """() => {
    const said = []
    window[document.querySelector('.folium-map').id].eachLayer(layer => {
        const tip = layer.getTooltip && layer.getTooltip()
        if (!tip) return
        if (layer.eachLayer) return layer.eachLayer(one => said.push(tip.getContent()(one).textContent))
        layer.openTooltip()
        said.push(tip.getElement().textContent)
    })
    return said
}"""
"""Texts of all tooltips: those of a GeoJSON are made per feature by a function, the others are opened."""


@pytest.mark.parametrize("kind", ["sites", "near"])
def test_a_map_shows_hostile_names_as_text_and_runs_nothing(page, embedded, kind):
    result = evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()
    result = dataclasses.replace(result, table=hostile.renamed(result.table))
    assets = maps.Assets(f"{ADDRESS}leaflet.js", f"{ADDRESS}leaflet.css")
    land = pictures.land_picture()
    if kind == "near":
        near = result.table.reset_index().assign(km=1.0)
        figure = maps.near_map(assets, land, None, result.table.iloc[0], near)
    else:
        figure = maps.base_map(assets, land, None, result)
        maps.add_sites(figure, result, "points")
    html = figure.get_root().render()
    page.route(f"{ADDRESS}leaflet.*", lambda route: route.fulfill(path=LEAFLET / Path(route.request.url).name))
    page.route(ADDRESS, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto(ADDRESS)
    page.wait_for_selector("path.leaflet-interactive")
    said = page.evaluate(SAID)
    for name in hostile.NAMES:
        assert any(name in text for text in said), name
    assert page.evaluate("() => window.ran") is None
