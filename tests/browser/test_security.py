"""Hostile files and foreign names against a real server, in a real browser."""

import urllib.error
import urllib.request

import hostile_session
import pytest
import tomli_w
from browsing import give, opened, ready, settled, upload, without_fault

pytestmark = pytest.mark.browser
RAN = "() => window.ran !== undefined"


def calm(page):
    """No script of a file has run in the page or in a frame."""
    without_fault(page)
    assert not [frame.url for frame in page.frames if frame.evaluate(RAN)]


def test_hostile_files_ask_no_other_host_and_run_nothing_on_any_page(page, fresh_server, tmp_path):
    asked, dialogs = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    scenario, sites, layer = tmp_path / "scenario.toml", tmp_path / "`候補`.geojson", tmp_path / "![x](y).geojson"
    scenario.write_text(tomli_w.dumps(hostile_session.scenario()), "utf-8")
    sites.write_text(hostile_session.collection("name"), "utf-8")
    layer.write_text(hostile_session.collection(hostile_session.EVERYTHING), "utf-8")
    opened(page, fresh_server)
    give(page, "シナリオの保存・読込", scenario)
    give(page, "自分の候補地を比べる", sites)
    upload(page, layer)
    page.get_by_label("基準の名称").fill(hostile_session.EVERYTHING)
    page.get_by_text("採点に加える").click()
    settled(page)
    assert "![x](" in page.get_by_test_id("stMain").inner_text()
    calm(page)
    for title in ("絞り込む", "比べる", "確かさ", "候補地", "地域", "データ", "方法"):
        page.get_by_test_id("stTopNavLink").filter(has_text=title).first.click()
        ready(page)
        calm(page)
    assert not dialogs
    assert not [url for url in asked if not url.startswith((fresh_server, "data:", "blob:"))]


def test_a_page_that_comes_under_a_foreign_name_gets_nothing(fresh_server):
    foreign = urllib.request.Request(fresh_server, headers={"Host": "evil.example"})  # noqa: S310  (our own server)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(foreign, timeout=10)  # noqa: S310  (as above)
    assert refused.value.code == 421
    refused.value.close()
