import base64
import dataclasses
import io
import re
import shutil
import subprocess
from html import escape

import geopandas as gpd
import hostile
import numpy as np
import pytest
from PIL import Image

from geodata.country.mesh import GRIDS
from planner import evaluate, scenario_from_profile
from planner.context.skills import town_gaps
from planner.output import pictures
from planner.skills.work import Work
from planner.ui import maps

ASSETS = maps.Assets("../leaflet/leaflet.js", "../leaflet/leaflet.css")
LAND = "data:image/png;base64,"


@pytest.fixture(scope="module")
def cells(tiny):
    return evaluate(scenario_from_profile("gx2-datacentre", kind="mesh"), tiny).result()


def picture(uri):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",", 1)[1]))))


def test_no_address_of_the_map_leads_outside(embedded):
    result = evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()
    figure = maps.base_map(ASSETS, LAND, None, result)
    maps.add_sites(figure, result, "points")
    html = figure.get_root().render()
    sources = re.findall(r"""(?:src|href)=["']([^"']+)""", html)
    assert {s for s in sources if not s.startswith("data:")} == {ASSETS.script, ASSETS.style}


def test_names_are_escaped_before_they_reach_the_map(embedded, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('name,lon,lat\n"<img src=x onerror=alert(1)>",140,36\n', "utf-8")
    result = evaluate(scenario_from_profile("gx2-datacentre", kind="file", path=str(path)), embedded).result()
    figure = maps.base_map(ASSETS, LAND, None, result)
    maps.add_sites(figure, result, "points")
    html = figure.get_root().render()
    assert "<img src=x" not in html
    assert r"\u0026lt;img src=x" in html


@pytest.mark.parametrize("lat", [24.5, 30.0, 36.0, 41.0, 45.4])
def test_the_warped_picture_puts_a_row_where_web_mercator_draws_it(lat):
    south, north, rows = 24.0, 46.0, 2640
    source = np.zeros((rows, 1), dtype=np.uint8)
    row = int((north - lat) / (north - south) * rows)
    source[row - 1 : row + 2] = 1
    out = pictures.warped(source, (130.0, south, 131.0, north))
    y = [np.log(np.tan(np.pi / 4 + np.radians(a) / 2)) for a in (north, lat, south)]
    expected = (y[0] - y[1]) / (y[0] - y[2]) * len(out)
    assert np.flatnonzero(out[:, 0]).mean() == pytest.approx(expected, abs=2.5)


def test_an_equal_degree_picture_would_be_tens_of_kilometres_off():
    south, north = 24.0, 46.0
    y = [np.log(np.tan(np.pi / 4 + np.radians(a) / 2)) for a in (north, 35.0, south)]
    drawn = north - (y[0] - y[1]) / (y[0] - y[2]) * (north - south)
    assert abs(drawn - 35.0) * 111 > 40


def test_the_pixel_of_a_cell_has_the_colour_of_its_score(cells):
    grid = GRIDS["1km"]
    indices, (west, _, _, north) = maps.mesh_indices(cells, grid)
    row, col = grid.decode(cells.table.index.to_series())
    lon, lat = grid.centres(row, col)
    at = ((north - lat) * 120).astype(int), ((lon - west) * 80).astype(int)
    ranked = cells.table["status"].eq("ranked").to_numpy()
    expected = np.round(cells.table["score"].to_numpy() / 100 * 200)
    assert np.array_equal(indices[at][ranked], expected[ranked])
    assert (indices[at][cells.table["status"].eq("excluded").to_numpy()] == maps._INDEX_EXCLUDED).all()


@pytest.mark.parametrize("position", [0, 100, -1])
def test_a_click_finds_the_cell_under_it(cells, position):
    row = cells.table.iloc[position]
    assert maps.site_at(cells, row["lon"], row["lat"], "1km") == cells.table.index[position]


def test_a_click_at_sea_finds_nothing(cells):
    assert maps.site_at(cells, 139.0, 30.0, "1km") is None


def test_a_palette_png_keeps_index_and_transparency():
    uri = pictures.png_uri(np.array([[0, 1], [1, 0]], dtype=np.uint8), [(0, 0, 0, 0), (10, 20, 30, 255)])
    assert picture(uri).tolist() == [[0, 1], [1, 0]]
    assert Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))).convert("RGBA").getpixel((1, 0)) == (
        10,
        20,
        30,
        255,
    )


def test_the_legend_escapes_its_labels():
    labels = dict.fromkeys(("low", "high", "not_ranked", "excluded"), "<b>")
    assert "<b>" not in maps.legend(labels)


@pytest.mark.parametrize("words", ["<b>", "\"'>", "{{7*7}}"])
def test_a_swatch_escapes_its_words(words):
    assert escape(words).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in maps.swatch("#2166ac", words)


def hostile_map(kind, embedded):
    """A map of each kind whose names and ids are hostile."""
    result = evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()
    result = dataclasses.replace(result, table=hostile.renamed(result.table))
    if kind == "near":
        return maps.near_map(ASSETS, LAND, None, result.table.iloc[0], result.table.reset_index().assign(km=1.0))
    figure = maps.base_map(ASSETS, LAND, None, result)
    if kind == "sites":
        maps.add_sites(figure, result, "points")
    else:
        maps.add_moves(figure, result.table.assign(move=1), result.table["name"])
    return figure


@pytest.mark.parametrize("kind", ["sites", "moves", "near"])
def test_hostile_names_neither_break_the_script_nor_run_in_it(embedded, kind, tmp_path):
    html = hostile_map(kind, embedded).get_root().render()
    for part in ("1337", "`甲`", "\\1,000", "${window", "`+(window", "'); window", "<img src=x", "</script><script>w"):
        assert part not in html
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert scripts
    for number, script in enumerate(scripts):
        if node := shutil.which("node"):
            path = tmp_path / f"{number}.js"
            path.write_text(script, "utf-8")
            checked = subprocess.run([node, "--check", path], capture_output=True, text=True, check=False)
            assert checked.returncode == 0, checked.stderr


def test_names_of_municipalities_are_escaped_on_their_map(tiny):
    towns = town_gaps(tiny, "08", Work()).assign(told="<img src=x>`${1}{{7*7}}", shade=50.0)
    shapes = gpd.GeoDataFrame(tiny.layer("municipalities").frame).set_index("muni_code").geometry
    for areas in (shapes, None):
        html = maps.town_map(ASSETS, LAND, None, towns, areas, "08201").get_root().render()
        assert "<img src=x" not in html
        assert "${1}" not in html
        assert "{{7*7}}" not in html
        assert "&#123;&#123;7*7&#125;&#125;" in html.replace("\\u0026", "&")
    unknown = maps.town_map(ASSETS, LAND, None, towns.assign(shade=np.nan), None, "08201").get_root().render()
    assert unknown.count("#8f8f8f") == len(towns)
