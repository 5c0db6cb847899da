"""Bring the files of a prefecture's desk into the app: report, criterion, and every broken kind."""

import re

import pytest
from browsing import frame, last_rows, opened, ready, settled
from office_files import ESTATES, geojson_zip, ksj_frame, shape_zip, workbook

pytestmark = pytest.mark.browser


def to_data(page, address):
    opened(page, address)
    page.get_by_test_id("stTopNavLink").filter(has_text="データ").first.click()
    ready(page)


def choose_kind(page, kind):
    box = page.get_by_role("combobox", name=re.compile("ファイルの種類"))
    box.click()
    box.fill(kind)
    page.get_by_role("option").filter(has_text=f"({kind})").first.click()
    ready(page)


def give(page, path):
    page.get_by_test_id("stMain").locator("input[type=file]").set_input_files(path)
    ready(page)


def said(page):
    return page.get_by_test_id("stMain").inner_text()


def test_a_ksj_zip_in_cp932_becomes_a_criterion_of_this_visitor(page, fresh_server, tmp_path):
    to_data(page, fresh_server)
    choose_kind(page, "ksj_a33")
    give(page, shape_zip(ksj_frame("ksj_a33"), tmp_path))
    assert "3行を取り込みました" in said(page)
    assert "cp932" in said(page)
    page.get_by_test_id("stTopNavLink").filter(has_text="探す").first.click()
    settled(page)
    page.get_by_text("4. 自分のデータを基準に加える").click()
    page.get_by_text("取り込んだデータ").click()
    settled(page)
    page.get_by_text("採点に加える").click()
    settled(page)
    assert "土砂災害" in last_rows(page, 2)
    assert frame(page).locator("path").count() > 300


BROKEN = [
    ("x.zip", "ksj_a33", b"not a zip", "another or a truncated file"),
    ("y.zip", "ksj_a33", b"", "空"),
    ("x.csv", "estates", b"a,b\n1,2\n", "a heading such as"),
    ("x.xlsx", "estates", b"PK\x03\x04broken", "a broken one"),
    ("y.csv", "estat", "a,b\n1,2\n".encode("cp932"), "地域 コード"),
    ("x.osm", "road_network", b"<!DOCTYPE x [<!ENTITY a 'b'>]><osm/>", "without DOCTYPE"),
    ("x.geojson", "ksj_a31a", b'{"type":"FeatureCollection","features":[', "ending in"),
]


def test_a_broken_file_of_each_kind_is_said_and_the_app_stays_up(page, fresh_server, tmp_path):
    to_data(page, fresh_server)
    for name, kind, content, says in BROKEN:
        (tmp_path / name).write_bytes(content)
        choose_kind(page, kind)
        give(page, tmp_path / name)
        body = said(page)
        assert says in body or "空" in body, name
        assert str(tmp_path) not in body
        assert not page.locator("[data-testid=stException]").count()
    page.get_by_test_id("stTopNavLink").filter(has_text="方法").first.click()
    ready(page)
    assert "得点のしくみ" in said(page)


def test_an_excel_list_of_estates_lists_its_problems_row_by_row(page, fresh_server, tmp_path):
    rows = [[*row, ""] for row in ESTATES]
    rows[1][-1], rows[2][-1], rows[3][-1], rows[4][-1] = "緯度", "36.0", "36.1", ""
    for row, lon in zip(rows[1:], ("経度", "136.2", "136.3", ""), strict=True):
        row.append(lon)
    to_data(page, fresh_server)
    choose_kind(page, "estates")
    give(page, workbook(rows, tmp_path / "一覧.xlsx"))
    body = said(page)
    assert "2行を取り込みました" in body
    assert "なぞの用地" in body


def test_another_visitor_sees_nothing_of_it(page, browser, fresh_server, tmp_path):
    to_data(page, fresh_server)
    choose_kind(page, "ksj_a33")
    give(page, geojson_zip(ksj_frame("ksj_a33"), tmp_path))
    context = browser.new_context(locale="ja-JP")
    other = context.new_page()
    opened(other, fresh_server)
    other.get_by_text("4. 自分のデータを基準に加える").click()
    ready(other)
    assert other.get_by_text("取り込んだデータ").count() == 0
    context.close()
