"""What holds for every analysis: files with the meaning of each column, agreement with the file it was read from."""

import importlib
import json
import pkgutil

import geopandas as gpd
import pytest

from planner import analyses, scenario_from_profile
from planner.analyses.analysis import finite
from planner.decision.clusters import ClusterChoice
from planner.decision.portfolio import PortfolioChoice
from planner.decision.problem import problem_of
from planner.output.files import read_result, write, write_analysis


@pytest.fixture(scope="module")
def one_of_each(result, heavier, quick):
    return [
        analyses.robust(result, quick, "ja"),
        analyses.breakeven(result, str(result.table.index[3]), 3, "ja"),
        analyses.clusters(result, ClusterChoice(), "ja"),
        analyses.portfolio(result, PortfolioChoice(k=3, spacing_km=100), "ja"),
        analyses.compare(result, heavier, "ja"),
    ]


@pytest.mark.parametrize("suffix", ["geojson", "parquet", "gpkg", "csv", "xlsx"])
def test_a_result_read_back_is_the_same_problem(evaluations, result, suffix, tmp_path):
    write(evaluations[0], tmp_path / f"x.{suffix}")
    fresh, read = problem_of(result), problem_of(read_result(tmp_path / f"x.{suffix}"))
    assert read.sites.index.tolist() == fresh.sites.index.tolist()
    assert read.least == pytest.approx(fresh.least)
    assert read.most == pytest.approx(fresh.most)
    assert read.proven == pytest.approx(fresh.proven, nan_ok=True)
    assert fresh.scores == pytest.approx(fresh.sites["score"].to_numpy())


def test_every_analysis_is_registered(one_of_each):
    of_the_mesh = {"validate": analyses.SPECS["validate"]}
    assert {one.kind: one.spec for one in one_of_each} | of_the_mesh == analyses.SPECS


def test_every_module_with_an_analysis_has_its_entry():
    for found in pkgutil.iter_modules(analyses.__path__):
        spec = getattr(importlib.import_module(f"{analyses.__name__}.{found.name}"), "SPEC", None)
        assert spec is None or analyses.SPECS.get(spec.id) is spec, (
            f"planner/analyses/{found.name}.py: its SPEC must have an id of its own"
        )


def test_every_column_is_explained_and_every_sentence_is_used(one_of_each, result, heavier):
    for one in one_of_each:
        of = heavier if one.kind == "compare" else result
        meanings = one.meanings(of, "ja")
        assert list(meanings) == [one.key, *one.table.columns]
        assert all(meaning and "{" not in meaning for meaning in meanings.values())
        assert set(one.spec.columns) <= set(meanings)
        assert all(any(name.startswith(prefix) for name in meanings) for prefix in one.spec.prefixes)


def test_a_column_without_a_sentence_is_named(one_of_each, result):
    one = one_of_each[0]
    one = type(one)(one.spec, one.table.assign(surprise=1), one.choice, one.sentences)
    with pytest.raises(KeyError, match="surprise"):
        one.meanings(result, "en")


@pytest.mark.parametrize("suffix", ["geojson", "csv", "xlsx", "parquet", "gpkg"])
def test_every_analysis_is_written_with_its_meaning(one_of_each, result, suffix, tmp_path):
    for one in one_of_each:
        path = tmp_path / f"{one.kind}.{suffix}"
        write_analysis(one, result, path, "ja")
        assert path.stat().st_size > 200
    if suffix == "geojson":
        outlines = gpd.read_file(tmp_path / "clusters.geojson")
        assert set(outlines.geom_type) == {"Polygon"}
        metadata = json.loads((tmp_path / "clusters.geojson").read_text("utf-8"))["metadata"]
        assert metadata["analysis"]["choice"]["min_area_ha"] == 30
        assert set(metadata["columns"]) >= {"cluster_id", "area_ha", "member_ids"}


def test_plain_data_has_no_infinity():
    assert finite({"a": [float("inf"), 1.5], 2: float("nan")}) == {"a": [None, 1.5], "2": None}


def test_profiles_carry_the_settings_of_the_analyses():
    scenario = scenario_from_profile("gx2-datacentre")
    assert (scenario.clusters.radius_km, scenario.clusters.min_area_ha) == (10, 30)
    assert scenario.robustness.draws == 10_000
