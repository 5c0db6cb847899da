import shutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context

import pandas as pd
import pytest

from geodata import Store
from planner import evaluate, scenario_from_profile
from planner.model.tables import FAIL
from planner.scenario.bind import bind

POOLS = {
    "threads": ThreadPoolExecutor,
    "processes": partial(ProcessPoolExecutor, mp_context=get_context("spawn")),  # a runner with threads cannot fork
}


def mesh(profile="gx2-datacentre", **options):
    return scenario_from_profile(profile, kind="mesh", **options)


def numbers(evaluation):
    return evaluation.result().table.drop(columns=["rank", "rank_best", "rank_from", "rank_to"]).sort_index()


def test_the_columns_stand_as_documented(tiny):
    table = evaluate(mesh(), tiny).result().table
    first = [
        "name",
        "pref_code",
        "muni_code",
        "area_ha",
        "status",
        "rank",
        "rank_best",
        "score",
        "score_high",
        "completeness",
        "failed_gates",
    ]
    assert table.columns[: len(first)].to_list() == first
    criteria = [c.removeprefix("value_") for c in table.columns if c.startswith("value_")]
    scored = [c for c in criteria if c in bind(mesh()).weights]
    start, end = len(first), len(first) + len(criteria) + len(scored)
    expected = [*(f"value_{c}" for c in criteria), *(f"contribution_{c}" for c in scored)]
    assert table.columns[start:end].to_list() == expected


def test_one_prefecture_alone_scores_as_within_the_whole(tiny):
    whole, part = numbers(evaluate(mesh(), tiny)), numbers(evaluate(mesh(prefectures=["09"]), tiny))
    of_the_list = ["rank_region"]  # a rank is one among those that are compared
    pd.testing.assert_frame_equal(
        whole.loc[part.index].drop(columns=of_the_list), part.drop(columns=of_the_list), check_exact=True
    )


@pytest.mark.parametrize("pool", POOLS)
def test_partitioned_equals_whole(tiny, tmp_path, pool):
    whole = numbers(evaluate(mesh(), tiny))
    shutil.copytree(tiny.root / "layers", tmp_path / "layers")
    cold = Store(tmp_path, tiny.specs)
    with POOLS[pool](2) as executor:
        cut = numbers(evaluate(mesh(), cold, executor=executor))
    pd.testing.assert_frame_equal(whole, cut, check_exact=True)


def test_what_was_measured_comes_from_the_cache(tiny, monkeypatch):
    whole = numbers(evaluate(mesh(), tiny))
    monkeypatch.setattr("planner.measure.run.measure_pass", lambda *_: pytest.fail("measured again"))
    pd.testing.assert_frame_equal(numbers(evaluate(mesh(), tiny)), whole, check_exact=True)


def test_a_damaged_cache_is_measured_again(tiny):
    whole = numbers(evaluate(mesh(), tiny))
    kept = list(tiny.cache_dir("measures").glob("*.kept"))
    assert kept
    for path in kept:
        path.write_bytes(b"damaged")
    pd.testing.assert_frame_equal(numbers(evaluate(mesh(), tiny)), whole, check_exact=True)


def test_twice_the_same(tiny):
    scenario = mesh("gx3-decarbonised-park")
    first, second = evaluate(scenario, tiny).result(), evaluate(scenario, tiny).result()
    pd.testing.assert_frame_equal(first.table, second.table, check_exact=True)
    assert first.metadata() == second.metadata()


def test_best_first_and_excluded_last_with_their_gate(embedded):
    table = evaluate(scenario_from_profile("gx2-datacentre"), embedded).result().table
    assert table["rank"].iloc[0] == 1
    assert table["rank"].dropna().is_monotonic_increasing
    excluded = table[table["status"].eq("excluded")]
    assert len(excluded) > 0
    assert excluded["failed_gates"].eq("outside_metropolitan_areas").all()
    assert excluded["gate_outside_metropolitan_areas"].eq(FAIL).all()
    assert excluded["rank"].isna().all()


def test_a_partial_inventory_never_turns_into_a_certain_no(embedded):
    table = evaluate(scenario_from_profile("gx2-datacentre"), embedded).result().table
    assert set(table["gate_land_30ha_within_10km"]) == {"pass", "unknown"}


def test_on_a_fresh_machine_the_embedded_sites_are_ranked(embedded):
    evaluation = evaluate(scenario_from_profile("gx2-datacentre"), embedded)
    assert evaluation.ranking.status.value_counts()["ranked"] > 200
    origins = {lock.id: lock.origin for lock in evaluation.measurements.layers}
    assert origins["candidate_sites"] == "embedded"
    assert (origins["settlement"], origins["terrain_1km"]) == ("shipped", "absent")
    assert evaluation.measurements.values["workforce"].notna().all()
    assert evaluation.measurements.values["relief_m"].isna().all()


def test_progress_ends_at_1(embedded):
    seen = []
    evaluate(
        scenario_from_profile("gx2-datacentre"), embedded, progress=lambda stage, share: seen.append((stage, share))
    )
    assert seen[-1] == ("decide", 1.0)
    assert [share for _, share in seen] == sorted(share for _, share in seen)


def test_a_criterion_that_tells_no_sites_apart_is_named(embedded):
    result = evaluate(scenario_from_profile("gx2-datacentre", prefectures=["47"]), embedded).result()
    described = result.criteria
    assert not described["relief_m"].discriminates  # unknown everywhere: nothing has been pulled
    assert described["metro_km"].discriminates == (result.table["value_metro_km"].between(50, 300).sum() > 1)


class OnlyLayers:
    """What `Layers` asks for and nothing else, handed on from a store."""

    def __init__(self, store):
        for name in ("specs", "spec", "has", "layer", "lock", "versions", "private", "tell", "cache_dir"):
            setattr(self, name, getattr(store, name))


def test_an_evaluation_asks_nothing_of_a_store_but_its_layers(tiny):
    pd.testing.assert_frame_equal(numbers(evaluate(mesh(), tiny)), numbers(evaluate(mesh(), OnlyLayers(tiny))))
