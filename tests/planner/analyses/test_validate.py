"""Where choices stand in a ranking, by hand on the tiny country."""

import pandas as pd
import pytest

from planner import PlannerError, evaluate
from planner.analyses import validate
from planner.measure.choices import RealChoices
from planner.output.files import write_analysis
from planner.scenario.merge import merged_scenario


@pytest.fixture(scope="module")
def ranked(tiny):
    table = {"profile": "field-semiconductor-fab", "weights": "assumed", "gates": {}, "candidates": {"kind": "mesh"}}
    return evaluate(merged_scenario(table, "test"), tiny).result()


def choices(result, ids, field="semiconductor", year=2020.0):
    rows = result.table.loc[ids]
    columns = {"name": "同名", "field": field, "lon": rows["lon"], "lat": rows["lat"], "accuracy_m": 0.0, "year": year}
    return RealChoices(pd.DataFrame(columns).reset_index(drop=True), 1, "made up")


def test_the_best_cells_stand_at_the_top_and_the_worst_at_the_bottom(ranked):
    ids = ranked.table.index[ranked.table["status"].eq("ranked")]
    best = validate(ranked, choices(ranked, ids[:3]), "ja")
    assert best.table["percentile"].min() > 0.95
    assert set(best.table["site_id"]) <= set(ids[:40])
    worst = validate(ranked, choices(ranked, ids[-3:]), "ja")
    assert worst.table["percentile"].max() < best.table["percentile"].min()


def test_it_says_the_profile_beside_its_best_column(ranked):
    found = validate(ranked, choices(ranked, ranked.table.index[:5]), "en")
    assert "Semiconductors (5): median percentile" in found.sentences[found.facts["own_sentences"] - 2]
    figures = pd.DataFrame(found.facts["figures"])
    assert {"profile", "equal", "workforce"} <= set(figures["rival"])
    assert figures["area"].between(0, 1).all()


def test_a_column_that_shows_the_plants_is_judged_on_later_choices_alone(ranked):
    ids = ranked.table.index[:5]
    old = pd.DataFrame(validate(ranked, choices(ranked, ids, year=1980.0), "en").facts["figures"])
    new = pd.DataFrame(validate(ranked, choices(ranked, ids, year=2031.0), "en").facts["figures"])
    assert "estates_count" not in set(old["rival"])
    later = new[new["rival"].eq("estates_count")]
    assert len(later)
    assert later["decided_after"].notna().all()


def test_the_table_is_written_with_places(ranked, tmp_path):
    found = validate(ranked, choices(ranked, ranked.table.index[:4]), "ja")
    write_analysis(found, ranked, tmp_path / "x.geojson", "ja")
    assert (tmp_path / "x.geojson").read_text("utf-8").count('"Point"') == 4
    assert found.table.index.is_unique


def test_sites_and_other_regions_are_refused(embedded, ranked):
    sites = evaluate(merged_scenario({"profile": "field-semiconductor-fab"}, "test"), embedded).result()
    with pytest.raises(PlannerError, match="expected a result of mesh cells"):
        validate(sites, choices(ranked, ranked.table.index[:3]), "ja")
    far = choices(ranked, ranked.table.index[:3])
    far.table["lat"] = 25.0
    with pytest.raises(PlannerError, match="no choice lies in the region"):
        validate(ranked, far, "ja")
