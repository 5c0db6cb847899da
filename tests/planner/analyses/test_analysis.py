"""Analyses of real results of the embedded default: files, sentences, and agreement with the ranking itself."""

import json

import geopandas as gpd
import pandas as pd
import pytest

from planner import PlannerError, evaluate, scenario_from_profile
from planner.analyses import analysis
from planner.decision.clusters import ClusterChoice
from planner.decision.portfolio import PortfolioChoice
from planner.decision.problem import problem_of
from planner.decision.robustness import RobustnessChoice
from planner.output.files import read_result, write, write_analysis
from planner.scenario.merge import merged_scenario

QUICK = RobustnessChoice(draws=300)


@pytest.fixture(scope="module")
def results(embedded):
    heavier = {"profile": "gx2-datacentre", "branches": {"power": {"weight": 60.0}}}
    sets = {"stakeholders": {"grid first": {"grid": 3, "land": 1}, "people first": {"skills": 3, "grid": 1}}}
    return [
        evaluate(merged_scenario({"profile": "gx2-datacentre", **sets}, "test"), embedded),
        evaluate(merged_scenario(heavier, "test"), embedded),
    ]


@pytest.fixture(scope="module")
def result(results):
    return results[0].result()


@pytest.mark.parametrize("suffix", ["geojson", "parquet", "gpkg", "csv", "xlsx"])
def test_a_result_read_back_is_the_same_problem(results, result, suffix, tmp_path):
    write(results[0], tmp_path / f"x.{suffix}")
    fresh, read = problem_of(result), problem_of(read_result(tmp_path / f"x.{suffix}"))
    assert read.sites.index.tolist() == fresh.sites.index.tolist()
    assert read.least == pytest.approx(fresh.least)
    assert read.most == pytest.approx(fresh.most)
    assert read.proven == pytest.approx(fresh.proven, nan_ok=True)
    assert fresh.scores == pytest.approx(fresh.sites["score"].to_numpy())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_robustness_speaks_and_compares_the_stakeholders(result, language):
    found = analysis.robust(result, QUICK, language)
    assert all(sentence.endswith(("。", ".")) for sentence in found.sentences)
    assert "stakeholder_grid first" in found.table
    assert json.dumps(found.metadata(), allow_nan=False)
    assert len(found.table) == (result.table["status"] == "ranked").sum()


@pytest.mark.parametrize("kind", ["disc", "prefecture", "block"])
def test_every_site_is_in_one_cluster_and_every_plot_counts_once(result, kind):
    found = analysis.clusters(result, ClusterChoice(kind=kind), "ja")
    members = [site for ids in found.more["members"].values() for site in ids]
    assert len(members) == len(set(members))
    plots = result.table.loc[members, "site_available_ha"]
    assert found.table["area_ha"].sum() == pytest.approx(plots.sum())
    assert found.shapes.is_valid.all()
    assert (found.table["area_ha"][found.table["requirement"].eq("pass")] >= 30).all()
    assert found.table["rank"].notna().eq(found.table["requirement"].eq("pass")).all()


def test_a_disc_holds_only_what_lies_within_its_radius(result):
    found = analysis.clusters(result, ClusterChoice(radius_km=10), "en")
    from planner.decision.space import distance_m  # noqa: PLC0415

    for centre, ids in found.more["members"].items():
        far = result.table.loc[ids]
        here = result.table.loc[centre]
        assert distance_m(far["lon"].to_numpy(), far["lat"].to_numpy(), here["lon"], here["lat"]).max() <= 10_000


@pytest.mark.parametrize("suffix", ["geojson", "csv", "xlsx", "parquet", "gpkg"])
def test_every_analysis_is_written_with_its_meaning(results, result, suffix, tmp_path):
    found = [
        analysis.robust(result, QUICK, "ja"),
        analysis.breakeven(result, str(result.table.index[3]), 3, "ja"),
        analysis.clusters(result, ClusterChoice(), "ja"),
        analysis.portfolio(result, PortfolioChoice(k=3, spacing_km=100), "ja"),
        analysis.compare(result, results[1].result(), "ja"),
    ]
    for one in found:
        path = tmp_path / f"{one.kind}.{suffix}"
        write_analysis(one, result, path, "ja")
        assert path.stat().st_size > 200
    if suffix == "geojson":
        outlines = gpd.read_file(tmp_path / "clusters.geojson")
        assert set(outlines.geom_type) == {"Polygon"}
        metadata = json.loads((tmp_path / "clusters.geojson").read_text("utf-8"))["metadata"]
        assert metadata["analysis"]["choice"]["min_area_ha"] == 30
        assert set(metadata["columns"]) >= {"cluster_id", "area_ha", "member_ids"}


def test_a_comparison_names_the_weight_that_moved_a_site(results, result):
    found = analysis.compare(result, results[1].result(), "en")
    moved = found.table[found.table["reason"].eq("weight")]
    assert (moved["criterion"] != "").all()
    assert set(found.table["reason"]) <= {"weight", "unchanged", "coverage"}
    same = analysis.compare(result, result, "en").table
    assert (same["move"].fillna(0) == 0).all()
    assert set(same["reason"]) == {"unchanged"}


def test_breakeven_agrees_with_ranking_again(result):
    """At the weight said to be needed the site is exactly at the line of the top ten."""
    site = str(result.table.index[result.table["rank"].eq(12)][0])
    table = analysis.breakeven(result, site, 10, "en").table
    assert table["value_needed"].notna().any()
    criterion = table["weight_needed"].sub(table["weight_now"]).abs().idxmin()
    share = table.loc[criterion, "weight_needed"]
    problem = problem_of(result)
    j = list(problem.criteria).index(criterion)
    others = [w for k, w in enumerate(problem.weights) if k != j]
    weights = problem.weights * (1 - share) / sum(others)
    weights[j] = share
    scores = pd.Series(problem.with_weights(weights).scores, index=problem.sites.index)
    assert (scores > scores[site] + 1e-9).sum() == 9


def test_costs_are_checked():
    with pytest.raises(PlannerError, match="site_id and cost"):
        analysis.read_costs(pd.DataFrame({"id": [1]}), "c.csv")
    with pytest.raises(PlannerError, match="row 3: cost 'x'"):
        analysis.read_costs(pd.DataFrame({"site_id": ["a", "b"], "cost": [1, "x"]}), "c.csv")


def test_nothing_ranked_is_one_sentence(embedded):
    nowhere = {"profile": "gx2-datacentre", "candidates": {"prefectures": ["13"]}}
    with pytest.raises(PlannerError, match="ranks no site"):
        analysis.robust(evaluate(merged_scenario(nowhere, "test"), embedded).result(), QUICK, "ja")


def test_profiles_carry_the_settings_of_the_analyses():
    scenario = scenario_from_profile("gx2-datacentre")
    assert (scenario.clusters.radius_km, scenario.clusters.min_area_ha) == (10, 30)
    assert scenario.robustness.draws == 10_000
