import dataclasses
from unittest.mock import ANY

import numpy as np
import pandas as pd
import pytest

from geodata.store.overlay import OverlaidStore
from planner import PlannerError
from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.run import measure, measure_pass, passes
from planner.measure.verbs import criterion_of, measures
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.scenario.merge import merged_scenario


def sites(store, tmp_path, text):
    path = tmp_path / "sites.csv"
    path.write_text(text, "utf-8")
    return load_candidates(CandidateChoice(kind="file", path=str(path)), store)


def measured(store, candidates, id_, **changes):
    criterion = criterion_of({**criteria()[id_].model_dump(), **changes})
    return measure_pass(candidates, [criterion], store)[0]


ONE = "site_id,lon,lat\nA,140.05,36.05\n"


def test_a_distance_from_a_partial_inventory_is_an_upper_bound(tiny, tmp_path):
    column = measured(tiny, sites(tiny, tmp_path, ONE), "grid_275kv_km")
    assert column.value[0] == pytest.approx(0, abs=1e-3)  # 甲変電所 stands there
    far = measured(tiny, sites(tiny, tmp_path, "site_id,lon,lat\nA,140.05,36.0\n"), "grid_275kv_km")
    assert far.value[0] == pytest.approx(2.2188, abs=0.005)  # 0.02 degrees north to the 275 kV line
    assert (far.low[0], far.high[0]) == (0.0, far.value[0])


def test_a_distance_from_a_complete_inventory_is_exact(tiny, tmp_path):
    column = measured(tiny, sites(tiny, tmp_path, ONE), "interchange_km")
    assert column.low[0] == column.value[0] == column.high[0] == pytest.approx(4.4375, abs=0.005)


def test_a_site_of_inexact_position_has_an_inexact_distance(tiny, tmp_path):
    column = measured(
        tiny, sites(tiny, tmp_path, "site_id,lon,lat,accuracy_m\nA,140.05,36.05,2000\n"), "interchange_km"
    )
    assert (column.low[0], column.high[0]) == (pytest.approx(column.value[0] - 2), pytest.approx(column.value[0] + 2))


def test_a_sum_over_a_partial_inventory_is_a_lower_bound(tiny, tmp_path):
    column = measured(tiny, sites(tiny, tmp_path, ONE), "decarbonised_mw", reach_m=20_000.0)
    assert column.value[0] == pytest.approx(40 + 12.5 + 20)
    assert (column.low[0], column.high[0]) == (column.value[0], np.inf)


def test_nothing_listed_is_unknown_not_0(tiny, tmp_path):
    column = measured(tiny, sites(tiny, tmp_path, "site_id,lon,lat\nA,127.7,26.2\n"), "decarbonised_mw")
    assert np.isnan([column.value[0], column.low[0], column.high[0]]).all()


def test_nobody_within_a_complete_inventory_is_0(tiny, tmp_path):
    column = measured(tiny, sites(tiny, tmp_path, "site_id,lon,lat\nA,127.7,26.2\n"), "workforce")
    assert (column.value[0], column.low[0], column.high[0]) == (0, 0, 0)


def test_people_of_a_place_with_suppressed_cells_are_a_lower_bound(tiny, tmp_path):
    column = measured(tiny, sites(tiny, tmp_path, ONE), "employees_ict")
    assert column.value[0] == pytest.approx(680)
    assert column.high[0] == np.inf


def test_where_a_layer_does_not_reach_the_value_is_unknown(tiny):
    villages = load_candidates(CandidateChoice(kind="municipalities", prefectures=("01",)), tiny)
    assert villages.table.index.to_list() == ["01695"]
    for id_ in ("workforce", "port_km", "grid_275kv_km", "decarbonised_mw"):
        assert np.isnan(measured(tiny, villages, id_).value[0]), id_


def test_each_plot_counts_once_and_the_users_own_is_added(embedded, tmp_path):
    listed = embedded.layer("candidate_sites").frame.query("available_ha > 20").iloc[0]
    lon, lat = listed["geometry"].x, listed["geometry"].y
    near = f"site_id,name,lon,lat,available_ha\nA,{listed['name']},{lon},{lat},999\nB,mine,{lon},{lat},7\nC,none,{lon},{lat},\n"
    column = measured(embedded, sites(embedded, tmp_path, near), "available_ha")
    same, mine, none = column.value
    assert same == none >= listed["available_ha"]
    assert mine == pytest.approx(none + 7)


def test_one_absent_companion_makes_a_distance_an_upper_bound(embedded):
    candidates = load_candidates(CandidateChoice(), embedded)
    column = measured(embedded, candidates, "grid_275kv_km")
    assert np.isfinite(column.value).all()
    assert (column.low == 0).all()


def test_the_nearer_of_tokyo_and_osaka_counts(embedded, tmp_path):
    text = "site_id,lon,lat\nA-tokyo,139.767,35.681\nB-osaka,135.495,34.702\nC-fukuoka,130.42,33.59\n"
    column = measured(embedded, sites(embedded, tmp_path, text), "metro_km")
    assert column.value == pytest.approx([0, 0, 483], abs=2)


def test_criteria_that_share_features_are_measured_in_one_pass():
    plan = bind(merged_scenario({"profile": "gx2-datacentre", "weights": "assumed"}, "test"))
    together = [[c.id for c in group] for group in passes(plan.criteria.values())]
    assert any({"workforce", "employees_ict"} <= set(group) for group in together)


def test_a_prefectural_value_is_that_of_the_sites_prefecture(tiny):
    places = load_candidates(CandidateChoice(kind="municipalities", prefectures=("08", "09")), tiny)
    column = measured(tiny, places, "openings_per_seeker")
    assert column.value == pytest.approx([1.5, 1.5, 1.0])
    assert (column.low == column.high).all()


def test_the_grid_area_follows_the_municipality_not_the_prefecture(embedded, tmp_path):
    text = "site_id,lon,lat,pref_code,muni_code\nA,138.86,35.1,22,22203\nB,137.7,34.7,22,22130\nC,135.5,35.5,18,18481\n"
    column = measured(embedded, sites(embedded, tmp_path, text), "area_decarbonised_share_pct")
    assert column.value == pytest.approx([14.7, 22.9, 45.2])  # Tokyo, Chubu, Kansai


def test_a_value_of_a_cell_is_bounded_by_the_cells_around_a_site_of_inexact_position(tiny, tmp_path):
    text = "site_id,lon,lat,accuracy_m\nA,140.04,36.004,100\nB,140.09,36.004,3000\nC,140.5,36.5,0\n"
    column = measured(tiny, sites(tiny, tmp_path, text), "elevation_m")
    assert column.value == pytest.approx([10, 10, np.nan], nan_ok=True)
    assert column.low[:2] == pytest.approx([10, 10])
    assert column.high[:2] == pytest.approx([10, 30])


def test_without_a_column_features_are_counted(tiny, tmp_path):
    column = measured(tiny, sites(tiny, tmp_path, ONE), "engineering_universities")
    assert column.value[0] == 2


def test_two_stores_in_one_process_give_two_answers(embedded, tmp_path):
    text = "site_id,lon,lat,pref_code,muni_code\nA,138.86,35.1,22,22203\n"
    moved = embedded.layer("grid_areas")
    frame = moved.frame.assign(grid_area=moved.frame["grid_area"].where(moved.frame["code"].ne("22203"), "kansai"))
    other = OverlaidStore(embedded, {"grid_areas": dataclasses.replace(moved, frame=frame, version="moved")})
    asked = sites(embedded, tmp_path, text)
    criterion = criteria()["area_decarbonised_share_pct"]
    answers = [measure(asked, [criterion], store).values[criterion.id].iloc[0] for store in (embedded, other, embedded)]
    assert answers == pytest.approx([14.7, 45.2, 14.7])
    assert {lock.id for lock in measure(asked, [criterion], embedded).layers} >= {"grid_areas", "area_balance"}


def test_a_nearest_names_what_it_found(tiny, tmp_path):
    found = measure(sites(tiny, tmp_path, ONE), [criteria()["grid_275kv_km"], criteria()["port_km"]], tiny)
    assert found.nearest["grid_275kv_km"].iloc[0].to_dict() == {"id": ANY, "name": "甲変電所", "kv": 275.0}
    assert found.nearest["grid_275kv_km"]["id"].iloc[0] in set(tiny.layer("substations").frame["substation_id"])
    assert np.isnan(found.nearest["port_km"]["kv"].iloc[0])


def test_a_value_looked_up_twice_names_the_code(tiny):
    twice = tiny.layer("prefecture_series")
    rows = pd.concat([twice.frame, twice.frame.iloc[:1].assign(openings_per_seeker=9.0)], ignore_index=True)
    store = OverlaidStore(tiny, {"prefecture_series": dataclasses.replace(twice, frame=rows, version="twice")})
    places = load_candidates(CandidateChoice(kind="municipalities", prefectures=("08",)), tiny)
    with pytest.raises(PlannerError, match=r"pref_code 08 more than once, with 1\.5, 9"):
        measure(places, [criteria()["openings_per_seeker"]], store)


def test_every_measure_is_offered_under_an_id_of_its_own():
    ids = [offer.id for kind in measures().values() for offer in kind.offers()]
    assert len(ids) == len(set(ids))


def test_every_measure_has_its_own_fields_and_words():
    known = measures()
    assert set(known) >= {
        "nearest_km",
        "sum_within",
        "admin_value",
        "mesh_value",
        "share_pct",
        "worst_value",
        "drive_min",
    }
    for name, kind in known.items():
        assert kind.label, name
        assert kind.model_fields["measure"].default == name
