"""The national data, when they stand beside the project."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from realdata import MARKS

from planner import evaluate, scenario_from_profile

pytestmark = MARKS


def test_the_layers_have_the_size_their_publishers_give(national):
    sizes = [len(national.layer(id_).frame) for id_ in ("municipalities", "prefectures", "municipal_statistics")]
    assert sizes == [1747, 47, 1741]
    assert national.layer("ports").frame["port_class"].notna().sum() == 125
    assert 380_000 < len(national.layer("land_mesh_1km").frame) < 400_000
    assert all(found == [] for found in national.check().values())


def test_nobody_is_lost_when_people_are_spread(national):
    people = national.layer("settlement").frame[["persons_15_64", "employees_ict"]].sum()
    table = national.layer("municipal_statistics").frame[["persons_15_64", "employees_ict"]].sum()
    assert people.to_dict() == pytest.approx(table.to_dict())


def test_land_adds_up_to_the_area_of_japan(national):
    scenario = scenario_from_profile("gx2-datacentre", kind="mesh")
    area_km2 = evaluate(scenario, national).measurements.sites["area_ha"].sum() / 100
    assert area_km2 == pytest.approx(377_975, rel=0.01)  # 国土地理院, 2025


def test_no_decarbonised_plant_is_larger_than_the_largest_there_is(national):
    plants = national.layer("power_plants").frame
    known = plants[plants["decarbonised"] & plants["technology"].ne("nuclear")]
    assert known["capacity_mw"].max() <= 560  # 奥只見, the largest conventional hydro plant of Japan
    assert plants.loc[plants["decarbonised"] & plants["technology"].eq("nuclear"), "capacity_mw"].sum() == 14609


def test_the_three_sites_of_fukui_feed_kansai(national):
    plants = national.layer("power_plants").frame
    fukui = plants[plants["plant_id"].str.match("n-(?:高浜|大飯|美浜)")]
    assert len(fukui) == 7
    assert fukui["grid_area"].eq("kansai").all()


@pytest.mark.parametrize("layer_id", ["candidate_sites", "nuclear_units", "prefecture_seats", "kosen", "ports_listed"])
def test_embedded_points_lie_in_the_municipality_of_their_code(national, layer_id):
    points = gpd.GeoDataFrame(national.layer(layer_id).frame)
    code = points["seat_muni_code" if "seat_muni_code" in points else "muni_code"]
    places = gpd.GeoDataFrame(national.layer("municipalities").frame).set_index("muni_code").geometry
    assert code.isin(places.index).all()
    metric = points.geometry.to_crs("+proj=laea +lat_0=36 +lon_0=137 +ellps=GRS80")
    shapes = places.to_crs(metric.crs).reindex(code).to_numpy()
    away = shapely.distance(np.asarray(metric.array), shapes)
    beyond = points[away > points["accuracy_m"].to_numpy()]
    assert beyond.empty, beyond.iloc[:, :3].to_string()


def test_one_prefecture_alone_scores_as_within_all_japan(national):
    whole = evaluate(scenario_from_profile("gx2-datacentre", kind="mesh"), national).result().table
    part = evaluate(scenario_from_profile("gx2-datacentre", kind="mesh", prefectures=["18"]), national).result().table
    columns = ["score", "score_high", "completeness", "status", "value_decarbonised_mw", "value_grid_275kv_km"]
    pd.testing.assert_frame_equal(whole.loc[part.index, columns], part[columns], check_exact=True)


@pytest.mark.parametrize("profile", ["gx2-datacentre", "gx3-decarbonised-park"])
@pytest.mark.parametrize("kind", ["municipalities", "sites"])
def test_each_profile_ranks_municipalities_and_sites(national, profile, kind):
    status = evaluate(scenario_from_profile(profile, kind=kind), national).ranking.status
    assert (status == "ranked").mean() > 0.5
