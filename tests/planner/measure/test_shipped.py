"""The measurements that come with the product stand in for layers that are not pulled, and for nothing else."""

import dataclasses

import pytest

from geodata import Store
from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.run import measure
from planner.measure.shipped import ORIGIN, fingerprint, locks
from planner.measure.verbs import criterion_of
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.scenario.merge import scenario_from_profile

OUT = {"relief_m", "slope_deg", "soft_ground_m_s", "volcano_km", "interchange_min"}
OUT |= {"flood_pct", "tsunami_pct", "landslide_pct", "demand_room_mw"}
OUT |= {"connection_cost"}  # the stand-in holds stations of 187 kV and over, for which no price was found
"""Criteria whose layers have terms still to be checked, two licences that share no file, or only come from the user."""


@pytest.fixture
def empty(tmp_path):
    return Store(tmp_path)


def test_every_listed_site_has_values_without_a_pull_and_says_what_they_rest_on(empty):
    sites = load_candidates(CandidateChoice(kind="sites"), empty)
    measured = measure(sites, list(criteria().values()), empty)
    known = measured.values.notna().mean()
    for id_ in criteria():
        assert id_ in OUT or known[id_] > 0, id_
    assert known["grid_154kv_km"] == 1
    of = {lock.id: lock for lock in measured.layers}
    assert of["land_use_1km"].origin == ORIGIN
    assert "ODbL" in of["land_use_1km"].licence
    assert of["substations"].origin == "embedded"
    assert of["terrain_1km"].origin == "absent"
    assert measured.nearest["grid_154kv_km"]["name"].notna().any()


def test_municipalities_come_with_the_product_and_are_measured_over_their_ground(empty):
    towns = load_candidates(CandidateChoice(kind="municipalities", prefectures=("43",)), empty)
    measured = measure(towns, [criteria()["buildable_ha"], criteria()["grid_275kv_km"]], empty)
    kikuyo = towns.table.index[towns.table["name"].eq("菊陽町")][0]
    assert measured.low.loc[kikuyo, "grid_275kv_km"] < measured.high.loc[kikuyo, "grid_275kv_km"]
    assert measured.values["buildable_ha"].notna().all()
    assert {lock.id for lock in measured.layers} >= {"municipalities", "land_use_1km"}
    assert all(lock.attribution for lock in measured.layers if lock.origin == ORIGIN)


def test_another_reach_is_not_in_the_table(empty):
    sites = load_candidates(CandidateChoice(kind="sites", prefectures=("43",)), empty)
    other = criterion_of({**criteria()["residents_2015"].model_dump(), "reach_m": 12_345.0})
    assert fingerprint(other) != fingerprint(criteria()["residents_2015"])
    assert measure(sites, [other], empty).values["residents_2015"].isna().all()


def test_a_site_that_lies_elsewhere_is_not_in_the_table(empty):
    sites = load_candidates(CandidateChoice(kind="sites", prefectures=("43",)), empty)
    moved = dataclasses.replace(sites, table=sites.table.assign(lon=sites.table["lon"] + 0.01))
    assert measure(moved, [criteria()["residents_2015"]], empty).values["residents_2015"].isna().all()


def test_what_is_pulled_is_measured_anew(tiny):
    places = load_candidates(CandidateChoice(kind="municipalities"), tiny)
    measured = measure(places, [criteria()["buildable_ha"]], tiny)
    assert all(lock.origin != ORIGIN for lock in measured.layers)


@pytest.mark.parametrize("profile", ["gx2-datacentre", "field-semiconductor-fab"])
def test_a_profile_has_all_its_criteria_at_the_sites_but_those_left_out(empty, profile):
    plan = bind(scenario_from_profile(profile))
    sites = load_candidates(CandidateChoice(kind="sites", prefectures=("16",)), empty)
    values = measure(sites, list(plan.criteria.values()), empty).values
    unknown = {id_ for id_ in values if values[id_].isna().all()}
    assert unknown <= OUT | {"natpark_pct"}  # of which nothing is known outside the parks


def test_each_layer_behind_the_tables_has_a_passport():
    for id_, lock in locks().items():
        assert all(getattr(lock, part) for part in ("version", "licence", "attribution", "reference_date", "status")), (
            id_
        )
