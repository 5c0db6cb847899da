"""From a field to a shortlist, a cluster, the people with years to fill, and a part-filled plan printed: click by click, in Japanese."""

import io
import re
from pathlib import Path

import docx
import pytest
from browsing import opened, ready, without_fault

pytestmark = pytest.mark.browser
JOURNEYS = (Path(__file__).parents[2] / "docs" / "journeys.md").read_text("utf-8")


class Steps:
    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, locator):
        locator.click()
        self.clicks += 1
        ready(self.page)
        without_fault(self.page)

    def go(self, name):
        self.click(self.page.get_by_test_id("stTopNavLink").filter(has_text=name).first)

    def pick(self, label, option):
        self.click(self.page.get_by_test_id("stMain").get_by_role("combobox", name=re.compile(label)))
        self.click(self.page.get_by_role("option", name=option, exact=True))

    def save(self, name):
        with self.page.expect_download(timeout=60_000) as caught:
            self.page.get_by_role("button", name=name, exact=True).click()
        self.clicks += 1
        return Path(caught.value.path()).read_bytes()

    def body(self):
        return self.page.locator('[data-testid="stMain"]').inner_text()


def test_from_a_field_to_a_plan_on_paper(page, tiny_server):
    opened(page, f"{tiny_server}?lang=ja&of=municipalities")
    steps = Steps(page)
    steps.go("戦略分野")
    steps.pick("分野", "2. 造船")
    steps.pick("都道府県", "茨城県")
    assert "造船" in steps.body()
    assert "バリューチェーン" in steps.body()
    steps.click(page.get_by_role("button", name="この分野で順位を付ける"))
    steps.go("探す")
    assert "造船" in steps.body()
    steps.click(page.get_by_role("button", name="検討リストに入れる"))
    steps.go("確かさ")
    steps.click(page.get_by_test_id("stButtonGroup").get_by_text("クラスター"))
    steps.go("人材")
    assert "学校と満たすまでの年数" in steps.body()
    steps.go("計画書")
    steps.pick("都道府県", "茨城県")
    steps.click(page.get_by_role("button", name="この計画書を始める"))
    steps.click(page.get_by_role("button", name="根拠データを取り込む"))
    assert page.get_by_text(re.compile("特化係数")).count()
    paper = docx.Document(io.BytesIO(steps.save("Word")))
    text = "\n".join(
        [p.text for p in paper.paragraphs] + [c.text for t in paper.tables for r in t.rows for c in r.cells]
    )
    assert "地域産業クラスター計画" in text
    assert "特化係数" in text
    assert steps.save("PDF").startswith(b"%PDF")
    assert f"cluster: {steps.clicks} clicks" in JOURNEYS
