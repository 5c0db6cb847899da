"""One value, one wording: what each surface shows of a criterion at a site comes from the same typed value."""

import html
import json
import re

import numpy as np
import pandas as pd
import pytest
import tiny_country
from commands import run
from streamlit.testing.v1 import AppTest

from planner import evaluate, scenario_from_profile
from planner.explain.amounts import shown
from planner.explain.reasons import explain
from planner.model.digits import text
from planner.model.result import CONTRIBUTION, HIGH, LOW, VALUE, column, known
from planner.model.tables import Why
from planner.output import papers
from planner.output.files import read_result, write
from planner.output.report import report_html

PROFILE = "gx2-datacentre"
FORMATS = [".geojson", ".gpkg", ".csv", ".xlsx", ".parquet"]
SITES = ["exact", "inexact", "unknown"]
KINDS = {"exact": "mesh", "inexact": "sites", "unknown": "sites"}


@pytest.fixture(scope="module")
def stores(tiny, embedded):
    return {"exact": tiny, "inexact": embedded, "unknown": embedded}


@pytest.fixture(scope="module")
def evaluations(stores):
    made = {
        kind: evaluate(scenario_from_profile(PROFILE, kind=KINDS[kind]), stores[kind]) for kind in ("exact", "inexact")
    }
    return {**made, "unknown": made["inexact"]}


@pytest.fixture(params=SITES)
def case(request, stores, evaluations):
    """The ranked site of which most is exact, inexact or unknown, with its store and its result."""
    evaluation = evaluations[request.param]
    table = evaluation.result().table
    ranked = table[table["status"].eq("ranked")].head(20)
    site = str(ranked.filter(regex="^why_").eq(request.param).sum(axis=1).idxmax())
    assert (table.loc[site].filter(regex="^why_") == request.param).any()
    return stores[request.param], evaluation, site


@pytest.fixture
def opened(case, mirror, monkeypatch):
    """A page of the app on the case's store, at the case's site."""
    store, evaluation, site = case
    specs = tiny_country.build(mirror)
    monkeypatch.setenv("PLANNER_DATA_DIR", str(store.root))
    if (store.root / "layers").exists():
        monkeypatch.setattr("geodata.store.store.catalogue", lambda: specs)

    def page(name):
        app = AppTest.from_string(
            "from planner.ui import address, view\nfrom planner.ui.pages import PAGES\naddress.load()\nview.draw_sidebar()\n"
            f"next(page for page in PAGES if page.id == {name!r}).draw()\n",
            default_timeout=90,
        )
        kind = evaluation.plan.scenario.candidates.kind
        app.query_params.update({"lang": "en", "of": kind, "site": site, "list": site, "p": PROFILE})
        app.run()
        assert not app.exception
        return app

    return page


def expected(evaluation, site):
    """Title -> what is said of it, for every criterion."""
    result = evaluation.result()
    row = result.table.loc[site]
    return {c.title["en"]: shown(known(row, id_), c.unit, "en") for id_, c in result.criteria.items()}


def scored(evaluation):
    return {c.title["en"] for c in evaluation.result().criteria.values() if c.weight > 0}


def plain_texts(app):
    """Every text of a page without the signs that keep data from being markup."""
    kinds = ("markdown", "caption", "success", "warning", "info")
    return [str(e.value).replace("\\", "") for kind in kinds for e in getattr(app, kind)]


def check_facts(sentences, evaluation, site):
    """What is not scored and no gate asks for stands in sentences."""
    result = evaluation.result()
    gated = {gate.criterion for gate in result.gates.values()}
    for id_, criterion in result.criteria.items():
        if criterion.weight == 0 and id_ not in gated:
            title = criterion.title["en"]
            start = f"{title}: {expected(evaluation, site)[title]} ("
            assert any(sentence.startswith(start) for sentence in sentences), start


@pytest.mark.parametrize("name", ["explore", "site"])
def test_the_pages_of_a_site(name, case, opened):
    _, evaluation, site = case
    app = opened(name)
    table = next(d.value for d in app.dataframe if "Criterion" in d.value.columns)
    told = dict(zip(table["Criterion"], table["Value"], strict=True))
    assert told == {title: said for title, said in expected(evaluation, site).items() if title in scored(evaluation)}
    row = evaluation.result().table.loc[site]
    ids = [id_ for id_, c in evaluation.result().criteria.items() if c.weight > 0]
    np.testing.assert_array_equal(table["Points proven"], [row[column(CONTRIBUTION, id_)] for id_ in ids])
    check_facts(plain_texts(app), evaluation, site)


def test_side_by_side_on_screen(case, opened):
    _, evaluation, site = case
    table = next(d.value for d in opened("screen").dataframe if d.value.index.name == "Criterion")
    for title, said in expected(evaluation, site).items():
        cell = table.loc[title].iloc[0]
        assert cell == said or cell.startswith(f"{said} (as good as"), (title, cell)


def test_points_on_compare(case, opened):
    _, evaluation, site = case
    names = evaluation.result().table["name"]
    table = next(d.value for d in opened("compare").dataframe if "Points now" in d.value.columns)
    points = dict(zip(table["Name"], table["Points now"], strict=True))
    assert points[names[site]] == evaluation.result().table.loc[site, "score"]


def test_the_present_value_on_sureness(case, opened):
    _, evaluation, site = case
    app = opened("robust")
    app.button_group(key="part-en").set_value("What would have to change").run()
    row, criteria = evaluation.result().table.loc[site], evaluation.result().criteria
    table = next(d.value for d in app.dataframe if "Enough at" in d.value.columns)
    for title, told in zip(table["Criterion"], table["Now"], strict=True):
        id_ = next(i for i, c in criteria.items() if c.title["en"] == title)
        numbers = {f"{text(row[column(kind, id_)])} {criteria[id_].unit}" for kind in (VALUE, LOW, HIGH)}
        assert told in numbers | {"unknown"}, title
        assert (told == "unknown") == np.isnan(row[column(VALUE, id_)])
    now = re.compile(r"(.+): at .+ \(now (unknown|[\d,.]+)[ )]")
    found = [m for sentence in plain_texts(app) if (m := now.match(sentence.removeprefix("- ")))]
    assert len(found) == sum("(now " in sentence for sentence in plain_texts(app))
    for match in found:
        id_ = next(i for i, c in criteria.items() if c.title["en"] == match[1])
        numbers = {text(row[column(kind, id_)]) for kind in (VALUE, LOW, HIGH)}
        assert match[2] in numbers | {"unknown"}, match[0]
        assert (match[2] == "unknown") == np.isnan(row[column(VALUE, id_)])


def test_the_report(case):
    _, evaluation, site = case
    result = evaluation.result()
    page = html.unescape(report_html(type(result)(result.table.loc[[site]], result.about), "en"))
    for title, said in expected(evaluation, site).items():
        if title in scored(evaluation):
            assert re.search(rf"{re.escape(title)}</t[dh]>\s*<td[^>]*>{re.escape(said)}</td>", page), (title, said)
        else:
            assert said in page


def test_the_paper(case, monkeypatch):
    store, evaluation, site = case
    told = {}
    monkeypatch.setattr(papers, "compiled", lambda template, data, *_: told.update(data) or template.encode())
    papers.site_pdf(evaluation.result(), site, store, "en")
    said = expected(evaluation, site)
    assert {row[0]: row[1] for row in told["values"]} == {t: said[t] for t in scored(evaluation)}
    check_facts(told["facts"], evaluation, site)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_files_and_the_command(case, suffix, tmp_path):
    _, evaluation, site = case
    path = tmp_path / f"x{suffix}"
    write(evaluation, path)
    fresh, back = evaluation.result(), read_result(path)
    for id_ in fresh.criteria:
        assert str(known(back.table.loc[site], id_)) == str(known(fresh.table.loc[site], id_))  # NaN is NaN
        points = (table.loc[site].get(column(CONTRIBUTION, id_), np.nan) for table in (back.table, fresh.table))
        np.testing.assert_array_equal(*points)
    answer = json.loads(run("explain", path, site, "--json", "--lang", "en").stdout)
    said = expected(evaluation, site)
    assert {line["title"]: line["value"] for line in answer["lines"]} == {t: said[t] for t in scored(evaluation)}
    check_facts(answer["facts"], evaluation, site)


def test_the_printed_ranking(embedded, evaluations, tmp_path):
    told = run("rank", "--profile", PROFILE, "--out", tmp_path / "x.csv", data_dir=embedded.root, COLUMNS="200").stdout
    table = evaluations["inexact"].result().table
    for site, row in table[table["status"].eq("ranked")].head(10).iterrows():
        cells = (
            row["rank"],
            site,
            row["name"],
            f"{row['score']:.1f}",
            f"{row['score_high']:.1f}",
            f"{row['completeness']:.0%}",
        )
        assert re.search(r"\s+\W?\s*".join(re.escape(str(cell)) for cell in cells), told), cells


def test_every_number_of_a_result_has_the_digits_of_its_text(case):
    _, evaluation, site = case
    result = evaluation.result()
    for id_ in result.criteria:
        told = known(result.table.loc[site], id_)
        for number in (told.value, told.low, told.high):
            if told.why != Why.UNKNOWN and abs(number) != float("inf"):
                assert float(text(number).replace(",", "")) == number
        assert told.why == Why.UNKNOWN or told.low <= told.value <= told.high


def test_a_file_of_a_version_that_wrote_every_digit_is_read_and_its_bounds_hold(case, tmp_path):
    _, evaluation, site = case
    path = tmp_path / "old.csv"
    write(evaluation, path)
    measured = evaluation.measurements
    old = pd.read_csv(path, dtype={"site_id": "str"}, encoding="utf-8-sig").set_index("site_id")
    for id_ in measured.values:
        for kind, part in ((VALUE, measured.values), (LOW, measured.low), (HIGH, measured.high)):
            old[column(kind, id_)] = part[id_] * (1 + 1e-12)
    old.to_csv(path, encoding="utf-8-sig")
    beside = path.with_name(f"{path.name}.metadata.json")
    told = json.loads(beside.read_text("utf-8"))
    beside.write_text(json.dumps({key: part for key, part in told.items() if key != "content_sha256"}), "utf-8")
    back, fresh = read_result(path).table, evaluation.result().table
    assert back["rank"].astype("Int64").to_list() == fresh["rank"].to_list()
    assert explain(read_result(path), site, "en").verdict == explain(evaluation.result(), site, "en").verdict
    for id_ in measured.values:
        told, whole = known(fresh.loc[site], id_), known(back.loc[site], id_)
        if told.why not in {Why.UNKNOWN, Why.EXACT}:
            assert told.low <= whole.low + 1e-6
            assert told.high >= whole.high - 1e-6
