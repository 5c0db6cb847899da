"""A planner's first minutes, in a real browser."""

import json
import math
import re

import pytest
from browsing import HEADER, ROW, click_map, frame, give, last_rows, opened, reason, settled, upload, why
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_fresh_clone_shows_ranked_sites_and_says_so(page, fresh_server):
    opened(page, fresh_server)
    body = page.locator('[data-testid="stMain"]').inner_text()
    assert "同梱の初期データ" in body
    assert "順位あり321" in body
    assert "絞り込みであり" in body
    assert frame(page).locator("path.leaflet-interactive:not([stroke='#d55e00'])").count() == 371


def test_a_row_selects_the_site_on_the_map_and_the_map_stays(page, fresh_server):
    opened(page, fresh_server)
    frame(page).evaluate("() => { window.map.setView([36, 138], 7, {animate: false}); window.kept = 1 }")
    table = page.locator('[data-testid="stDataFrame"]').first.bounding_box()
    page.mouse.click(table["x"] + 18, table["y"] + HEADER + 2 * ROW + ROW / 2)
    settled(page)
    third = page.locator('[data-testid="stDataFrame"] canvas tr').nth(3).locator("td").nth(1).inner_text()
    expect(reason(page)).to_contain_text(third, timeout=20_000)
    assert frame(page).evaluate("() => [window.kept, window.map.getZoom()]") == [1, 7]
    ring = frame(page).locator("path[stroke='#d55e00']")
    assert ring.count() == 1


def test_a_marker_selects_its_row_and_explains_itself(page, fresh_server):
    opened(page, fresh_server)
    opened_site = why(page)
    frame(page).evaluate("() => window.map.setView([43.19, 141.3], 12, {animate: false})")
    click_map(page, 141.3, 43.19)  # 石狩湾新港地域
    expect(reason(page)).to_contain_text("石狩湾新港地域", timeout=20_000)
    assert why(page) != opened_site


def test_the_english_interface_has_no_japanese_sentence(page, fresh_server):
    opened(page, fresh_server)
    page.get_by_text("English", exact=True).click()
    page.get_by_text("1. What do you want to place?").wait_for()
    settled(page)
    body = page.locator('[data-testid="stSidebar"]').inner_text()
    assert not re.search("[ぁ-ん]", body)
    assert page.get_by_role("heading", name=re.compile("Why this site")).count() == 1


def test_the_download_is_a_valid_geojson_of_every_site(page, fresh_server, tmp_path):
    opened(page, fresh_server)
    with page.expect_download() as caught:
        page.get_by_role("button", name="GeoJSON").click()
    path = tmp_path / "x.geojson"
    caught.value.save_as(path)
    whole = json.loads(path.read_text("utf-8"))
    assert len(whole["features"]) == 371
    assert whole["metadata"]["scenario"]["profile"] == "gx2-datacentre"


def test_two_visitors_do_not_see_each_others_weights(browser, page, fresh_server):
    opened(page, fresh_server)
    slider = page.get_by_role("slider").first
    given = slider.input_value()
    slider.focus()
    page.keyboard.press("End")
    settled(page)
    context = browser.new_context(locale="ja-JP")
    other = context.new_page()
    opened(other, fresh_server)
    assert other.get_by_role("slider").first.input_value() == given
    assert page.get_by_role("slider").first.input_value() == "100" != given
    context.close()


def test_a_clicked_cell_is_the_cell_of_the_table(page, tiny_server):
    opened(page, tiny_server)
    page.get_by_test_id("stRadioGroup").get_by_text("1 kmメッシュ").click()
    settled(page)
    for lon, lat in [(140.031, 36.021), (140.081, 36.171), (140.169, 36.079)]:
        frame(page).evaluate("([lat, lon]) => window.map.setView([lat, lon], 11, {animate: false})", [lat, lon])
        click_map(page, lon, lat)
        row, col = math.floor(lat * 120), math.floor((lon - 100) * 80)
        code = f"{row // 80}{col // 80}{row % 80 // 10}{col % 80 // 10}{row % 10}{col % 10}"
        expect(reason(page)).to_contain_text(code, timeout=20_000)


def test_an_uploaded_layer_becomes_a_criterion_of_this_visitor_alone(browser, page, fresh_server, tmp_path):
    path = tmp_path / "工業用水.csv"
    path.write_text("name,lon,lat\nA,136.22,36.06\n", "utf-8")
    opened(page, fresh_server)
    before = why(page)
    upload(page, path)
    assert page.locator('[data-testid="stMain"]').inner_text().count("ファイルには全ての値") == 1
    assert "工業用水：" in page.locator('[data-testid="stMain"]').inner_text()  # a fact until it is switched on
    page.get_by_text("採点に加える").click()
    settled(page)
    assert "工業用水" in last_rows(page, 2)
    context = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
    other = context.new_page()
    opened(other, fresh_server)
    assert why(other) == before
    assert "工業用水" not in last_rows(other, 2)
    context.close()


def test_a_broken_upload_is_said_and_the_app_stays_up(page, fresh_server, tmp_path):
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK but no zip")
    opened(page, fresh_server)
    upload(page, path)
    assert "broken.zip" in page.get_by_test_id("stAlert").first.inner_text()
    assert why(page)


def test_sites_of_ones_own_are_ranked_until_they_are_taken_away(browser, page, fresh_server, tmp_path):
    path = tmp_path / "自分の用地.csv"
    path.write_text("name,lon,lat\n用地A,136.2,36.0\n用地B,136.5,35.9\n", "utf-8")
    opened(page, fresh_server)
    give(page, "自分の候補地を比べる", path)
    settled(page)
    assert "用地" in why(page)
    assert frame(page).locator("path.leaflet-interactive:not([stroke='#d55e00'])").count() == 2
    assert "自分の候補地" in page.get_by_text("このページのリンクには含まれないもの").inner_text()
    context = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
    other = context.new_page()
    opened(other, page.url)
    assert "用地A" not in why(other)
    assert other.get_by_text("自分の用地.csv").count() == 0
    context.close()
    page.get_by_role("button", name="自分の用地.csv").click()
    settled(page)
    assert "用地A" not in why(page)


def test_the_circle_of_an_opened_scenario_is_shown_and_taken_off(page, fresh_server, tmp_path):
    path = tmp_path / "scenario.toml"
    circle = "[candidates]\nwithin = {lon = 136.2, lat = 35.8, radius_km = 60}\n[branches.grid]\nweight = 50.0\n"
    path.write_text(f'profile = "gx2-datacentre"\n{circle}', "utf-8")
    opened(page, fresh_server)
    give(page, "シナリオの保存・読込", path)
    settled(page)
    assert "順位あり8" in page.locator('[data-testid="stMain"]').inner_text()
    assert page.get_by_role("slider").first.input_value() == "50"
    page.get_by_role("button", name="60 km以内").click()
    settled(page)
    assert "順位あり321" in page.locator('[data-testid="stMain"]').inner_text()
