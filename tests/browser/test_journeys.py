"""Each persona's way through the app, click by click; docs/journeys.md tells the same and must give the same counts."""

import json
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyarrow.parquet as pq
import pytest
from browsing import HEADER, ROW, frame, opened, ready, settled, why

pytestmark = pytest.mark.browser
JOURNEYS = (Path(__file__).parents[2] / "docs" / "journeys.md").read_text("utf-8")
WORDS = {
    "ja": {
        "screen": "絞り込む", "compare": "比べる", "robust": "確かさ", "power": "電力", "site": "候補地", "region": "地域", "data": "データ", "method": "方法",
        "shortlist": "検討リストに入れる", "pdf": "この候補地の紙（PDF）", "limits": "限度を設ける指標", "metro": "東京・大阪からの距離",
        "change": "何が変われば", "excel": "差分（Excel）", "region_pdf": "地域の紙（PDF）",
    },
    "en": {
        "screen": "Screen", "compare": "Compare", "robust": "Sureness", "power": "Power", "site": "Site sheet", "region": "Region", "data": "Data",
        "method": "Method", "shortlist": "Put on the shortlist", "pdf": "This sheet as PDF", "limits": "Criteria with a limit",
        "metro": "Distance from Tokyo and Osaka", "change": "What would have to change", "excel": "Difference as Excel", "region_pdf": "Region as PDF",
    },
}  # fmt: skip


class Visitor:
    """A page that counts its clicks."""

    def __init__(self, page, address, language):
        self.page, self.words, self.clicks = page, WORDS[language], 0
        opened(page, f"{address}?lang={language}")

    def click(self, locator):
        locator.click()
        self.clicks += 1
        ready(self.page)

    def go(self, name):
        self.click(self.page.get_by_test_id("stTopNavLink").filter(has_text=self.words[name]).first)
        assert not self.page.locator("[data-testid=stException]").count()

    def save(self, button, folder):
        with self.page.expect_download() as caught:
            self.page.get_by_role("button", name=button, exact=True).click()
        self.clicks += 1
        path = folder / caught.value.suggested_filename
        caught.value.save_as(path)
        return path


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_planner_explores_explains_and_prints(page, fresh_server, tmp_path, language):
    visitor = Visitor(page, fresh_server, language)
    table = page.locator('[data-testid="stDataFrame"]').first.bounding_box()
    page.mouse.click(table["x"] + 18, table["y"] + HEADER + ROW + ROW / 2)
    visitor.clicks += 1
    settled(page)
    second = page.locator('[data-testid="stDataFrame"] canvas tr').nth(2).locator("td").nth(1).inner_text()
    visitor.go("robust")
    visitor.click(page.get_by_test_id("stButtonGroup").get_by_text(visitor.words["change"]))
    assert second in page.locator('[data-testid="stMain"]').inner_text()
    visitor.go("site")
    assert second in page.locator('[data-testid="stMain"]').inner_text()
    pdf = visitor.save(visitor.words["pdf"], tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF")
    assert f"planner: {visitor.clicks} clicks" in JOURNEYS


@pytest.mark.parametrize("language", ["ja"])
def test_the_investor_screens_and_keeps_a_shortlist(page, fresh_server, language):
    visitor = Visitor(page, fresh_server, language)
    visitor.click(page.get_by_role("button", name=visitor.words["shortlist"]))
    visitor.go("screen")
    box = page.get_by_role("combobox", name=re.compile(visitor.words["limits"]))
    visitor.click(box)
    box.fill(visitor.words["metro"][:4])
    visitor.click(page.get_by_role("option", name=visitor.words["metro"]))
    body = page.locator('[data-testid="stMain"]').inner_text()
    assert "1／5" in body or "(1 of 5)" in body
    visitor.go("compare")
    visitor.go("screen")
    assert page.get_by_test_id("stMetric").count() == 1  # the shortlist survives a change of page
    assert f"investor: {visitor.clicks} clicks" in JOURNEYS


@pytest.mark.parametrize("language", ["en"])
def test_the_analyst_takes_everything_along(page, fresh_server, tmp_path, language):
    visitor = Visitor(page, fresh_server, language)
    geojson = visitor.save("GeoJSON", tmp_path)
    assert len(json.loads(geojson.read_text("utf-8"))["features"]) == 371
    assert len(gpd.read_file(visitor.save("GeoPackage", tmp_path))) == 371
    assert pq.read_table(visitor.save("GeoParquet", tmp_path)).num_rows == 371
    assert openpyxl.load_workbook(visitor.save("Excel", tmp_path)).sheetnames[0] == "sites"
    assert len(zipfile.ZipFile(visitor.save("CSV (zip)", tmp_path)).namelist()) == 2
    visitor.go("compare")
    assert "sites" in openpyxl.load_workbook(visitor.save(visitor.words["excel"], tmp_path)).sheetnames
    visitor.go("method")
    visitor.go("data")
    assert f"analyst: {visitor.clicks} clicks" in JOURNEYS


def test_every_page_opens_in_english_and_the_region_prints(page, fresh_server, tmp_path):
    visitor = Visitor(page, fresh_server, "en")
    for name in ("screen", "compare", "robust", "site", "data", "method", "region"):
        visitor.go(name)
        assert not re.search("[ぁ-ん]{2}", page.locator('[data-testid="stSidebar"]').inner_text())
    assert visitor.save(visitor.words["region_pdf"], tmp_path).read_bytes().startswith(b"%PDF")


def test_a_view_is_an_address(page, browser, fresh_server):
    opened(page, f"{fresh_server}?profile=gx3-decarbonised-park&in=18&w=power:80&site=18201-01")
    assert page.get_by_role("slider", name="脱炭素電源").input_value() == "80"
    seen = why(page)
    context = browser.new_context(locale="ja-JP")
    other = context.new_page()
    opened(other, page.url)
    assert why(other) == seen
    assert other.get_by_role("slider", name="脱炭素電源").input_value() == "80"
    context.close()


def test_an_address_that_says_nonsense_leaves_the_app_standing(page, fresh_server):
    opened(
        page,
        f"{fresh_server}?profile=nonsense&in=99,xx&w=grid:nan,power:-3,x:1&cw=y:9&of=mars&site=%3Cscript%3E&list=a,b",
    )
    assert "順位あり321" in page.locator('[data-testid="stMain"]').inner_text()


def test_panning_never_reruns(page, fresh_server):
    opened(page, fresh_server)
    page.evaluate(
        "() => { window.runs = 0; new MutationObserver(ms => ms.forEach(m => { if (m.target.dataset.testScriptState === 'running') window.runs++ }))"
        ".observe(document.querySelector('[data-testid=stApp]'), {attributes: true, attributeFilter: ['data-test-script-state']}) }"
    )
    frame(page).evaluate(
        "() => { window.map.setView([36, 138], 8, {animate: false}); window.map.panBy([120, 60], {animate: false}) }"
    )
    page.wait_for_timeout(1500)
    assert page.evaluate("() => window.runs") == 0


def test_no_page_scrolls_sideways_and_the_region_prints(page, fresh_server, tmp_path):
    visitor = Visitor(page, fresh_server, "ja")
    over = "() => document.querySelector('[data-testid=stMain]').scrollWidth - document.querySelector('[data-testid=stMain]').clientWidth"
    for name in ("robust", "power", "method", "region"):
        for width, height in [(1280, 800), (1024, 768)]:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(200)
            assert page.evaluate(over) <= 1
        visitor.go(name)
    assert page.evaluate(over) <= 1
    assert visitor.save(visitor.words["region_pdf"], tmp_path).read_bytes().startswith(b"%PDF")
