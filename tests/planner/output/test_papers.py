import io
import re
import time
from importlib.resources import files

import hostile
import hostile_session
import noto_cjk_sans_jp_regular
import pytest
from fontTools.ttLib import TTFont

from planner import evaluate, scenario_from_profile
from planner.context.skills import skills_answer, town_of
from planner.output import papers
from planner.output.papers import drawings, region_pdf, site_pdf
from planner.output.papers.brief import brief_pdf
from planner.scenario.merge import merged_scenario
from planner.skills.work import Work


@pytest.fixture(scope="module")
def result(embedded):
    return evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_papers_are_pdf_in_both_languages(result, embedded, language):
    site = site_pdf(result, str(result.table.index[0]), embedded, language)
    region = region_pdf(embedded, ["18"], "福井県", language)
    assert site.startswith(b"%PDF")
    assert region.startswith(b"%PDF")
    assert len(io.BytesIO(site).getvalue()) > 20_000


def test_a_paper_has_the_same_bytes_at_any_time(result, embedded):
    site = str(result.table.index[0])
    first = site_pdf(result, site, embedded, "ja"), region_pdf(embedded, ["18"], "福井県", "ja")
    time.sleep(1.1)  # a PDF says seconds of the clock
    assert (site_pdf(result, site, embedded, "ja"), region_pdf(embedded, ["18"], "福井県", "ja")) == first


def test_the_sheet_says_who_acts_next_and_how_far_each_rule_has_come(result, embedded, monkeypatch):
    told = {}
    monkeypatch.setattr(papers, "compiled", lambda template, data, *_: told.update(data) or template.encode())
    site_pdf(result, str(result.table.index[0]), embedded, "ja")
    assert all("担い手：" in step["note"] for plan in told["steps"] for step in plan["steps"])
    assert all("法案" in note for _, note in told["rules"])


def test_text_from_data_is_never_markup_on_paper(result, embedded):
    evil = result.table.index[0]
    table = result.table.assign(
        name=result.table["name"].where(result.table.index != evil, '#panic("x") *b* $x$ <a> \\ "')
    )
    assert site_pdf(type(result)(table, result.about), str(evil), embedded, "ja").startswith(b"%PDF")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_paper_takes_every_hostile_text(embedded, tmp_path, language):
    path = tmp_path / "sites.geojson"
    path.write_text(hostile_session.collection("name"), "utf-8")
    scenario = {**hostile_session.scenario(), "candidates": {"kind": "file", "path": str(path)}}
    result = evaluate(merged_scenario(scenario, "test"), embedded).result()
    worst = result.table.index[result.table["name"].eq(hostile.EVERYTHING)][0]
    assert site_pdf(result, str(worst), embedded, language).startswith(b"%PDF")
    assert region_pdf(embedded, ["18"], hostile.EVERYTHING, language).startswith(b"%PDF")


def test_every_character_of_the_interface_is_in_the_font():
    """Typst prints a box for a character without a glyph, and does not say so."""
    known = set(TTFont(noto_cjk_sans_jp_regular.FONT_PATH).getBestCmap())
    shown = (files("planner.i18n") / "locale" / "ja.po").read_text("utf-8") + "≥≤−㏊髙﨑±"
    assert {c for c in shown if c.isprintable() and ord(c) not in known} == set()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_brief_has_two_pages_with_charts(tiny, language):
    work = Work(
        size=300,
        unit="jobs",
        seats={"kosen": 40},
        transfers={"production": 20},
        foreign={"construction": 9},
        remote=0.2,
    )
    paper = brief_pdf(skills_answer(tiny, town_of(tiny, "08201"), work), language)
    assert paper.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2


def test_text_from_data_stays_text_in_a_chart():
    drawn = drawings.bars([("<script>x</script>", (1.0, 2.0, 3.0), "&")]) + drawings.balance([("<b>", -1.0)])
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "NaN" not in drawings.bars([("a", (float("nan"),) * 3, "?")])
