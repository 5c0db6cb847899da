import re
from importlib.resources import files

import pytest

from geodata import Store
from geodata.catalogue import catalogue
from geodata.country.codes import GRID_AREAS
from geodata.imports import KINDS
from geodata.sources import CONNECTORS
from geodata.store import validate

SPECS = catalogue()


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_every_layer_has_a_connector_that_exists(spec):
    for named in {spec.connector, spec.starter.connector if spec.starter else None} - {None, "import"}:
        assert named in CONNECTORS, f"{spec.id}: add {named!r} to CONNECTORS in geodata/sources/__init__.py"


@pytest.mark.parametrize("spec", [s for s in SPECS.values() if s.starter], ids=lambda s: s.id)
def test_every_embedded_table_fits_its_specification(spec, embedded: Store):
    for name in (spec.starter.file, *spec.starter.beside):
        assert (files("geodata") / "starter" / name).is_file(), f"{spec.id}: write its table geodata/starter/{name}"
    layer = embedded.layer(spec.id)
    assert layer.origin == "embedded"
    assert validate.problems(layer.frame, spec) == []


def test_inputs_come_before_what_is_derived_from_them():
    order = list(SPECS)
    assert all(order.index(i) < order.index(s.id) for s in SPECS.values() for i in s.inputs)


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_a_number_has_a_unit(spec):
    unitless = [name for name, field in spec.fields.items() if field.dtype == "float" and not field.unit]
    assert unitless == []


def test_the_47_prefectures_with_their_blocks(embedded: Store):
    seats = embedded.layer("prefecture_seats").frame
    assert seats["pref_code"].tolist() == [f"{n:02d}" for n in range(1, 48)]
    assert (seats["seat_muni_code"].str[:2] == seats["pref_code"]).all()
    blocks = seats.groupby("block_code")["pref_code"].agg(" ".join).to_dict()
    assert blocks["KT1"] == "11 12 13 14"
    assert blocks["CHB"] == "16 17 21 23 24"
    assert len(blocks) == 9


def test_15_restarted_units_at_9_sites_of_14609_mw(embedded: Store):
    units = embedded.layer("nuclear_units").frame
    assert (len(units), units["site"].nunique(), units["capacity_mw"].sum()) == (15, 9, 14609)
    fukui = units[units["pref_code"].eq("18")]
    assert fukui["site"].nunique() == 3
    assert fukui["grid_area"].eq("kansai").all()
    plants = embedded.layer("power_plants").frame
    nuclear = plants[plants["technology"].eq("nuclear")]
    assert nuclear["decarbonised"].all()
    assert nuclear["capacity_mw"].sum() == 14609


def test_the_mismatch_table_as_published(embedded: Store):
    table = embedded.layer("employment_mismatch_2040").frame.set_index("key")
    gap = table["supply_2040_10k_persons"] - table["demand_2040_10k_persons"]
    assert (gap - table["mismatch_10k_persons"]).abs().max() <= 1  # printed figures are rounded
    assert table.loc["ai_robot", "mismatch_10k_persons"] == -339
    assert table.loc["production", "part_of"] == "onsite"


def test_the_three_classes_of_ports(embedded: Store):
    classes = embedded.layer("ports").frame["port_class"].value_counts().to_dict()
    assert classes == {"international_hub": 18, "international_strategic": 5, "important": 102}


def test_58_kosen_in_their_prefectures(embedded: Store):
    kosen = embedded.layer("kosen").frame.set_index("name")
    assert kosen["founder"].value_counts().to_dict() == {"national": 51, "private": 4, "public": 3}
    assert kosen.loc["都城工業高等専門学校", "pref_code"] == "45"
    assert (kosen["muni_code"].str[:2] == kosen["pref_code"]).all()


def test_28_base_airports(embedded: Store):
    classes = embedded.layer("airports").frame["airport_class"].value_counts()
    assert classes[["company_managed", "national", "specific_local"]].to_list() == [4, 19, 5]


def test_the_demand_of_47_prefectures_adds_up(embedded: Store):
    demand = embedded.layer("electricity_demand").frame.drop(columns="source").set_index("pref_code")
    parts = demand[["special_high_voltage_gwh", "high_voltage_gwh", "low_voltage_gwh"]].sum(axis=1)
    assert len(demand) == 47
    assert (parts - demand["total_gwh"]).abs().max() < 0.01


def test_the_balance_of_the_ten_areas_is_measured_supply_over_demand(embedded: Store):
    balance = embedded.layer("area_balance").frame.set_index("grid_area")
    supply = balance.filter(regex="^(nuclear|hydro|solar|wind|geothermal|biomass)_").sum(axis=1)
    assert (supply - balance["decarbonised_mean_mw"]).abs().max() < 0.5
    assert balance.loc["kyushu", "decarbonised_share_pct"] == 64.0
    assert balance.loc["tokyo", "decarbonised_share_pct"] == 14.7


def test_every_prefecture_has_a_grid_area_and_shizuoka_is_split(embedded: Store):
    areas = embedded.layer("grid_areas").frame.set_index("code")
    assert set(areas.index[areas.index.str.len() == 2]) == {f"{n:02d}" for n in range(1, 48)}
    assert set(areas["grid_area"]) == set(GRID_AREAS)
    assert areas.loc[["22", "22203"], "grid_area"].to_list() == ["chubu", "tokyo"]
    assert areas.loc["22210", "split"] == "true"


def test_own_decarbonised_plants_have_a_source_and_are_no_pumped_storage(embedded: Store):
    plants = embedded.layer("decarbonised_plants").frame
    assert plants["source_url"].str.startswith("http").all()
    assert plants["capacity_mw"].between(50, 1000).all()
    pumped = embedded.layer("pumped_storage").frame["name"]
    assert not plants["name"].str.removesuffix("発電所").isin(pumped).any()


def test_candidate_sites_stand_in_all_prefectures_each_with_a_source(embedded: Store):
    sites = embedded.layer("candidate_sites").frame
    assert sites["pref_code"].nunique() == 47
    assert (sites["muni_code"].str[:2] == sites["pref_code"]).all()
    assert sites["source_url"].str.match(re.compile("https?://")).all()
    assert sites["accuracy_m"].gt(0).all()
    assert sites.loc[sites["available_ha"].notna(), "available_status"].notna().all()


def test_positions_read_from_openstreetmap_stand_under_its_licence(embedded: Store):
    for spec in SPECS.values():
        if spec.starter and "position_method" in (frame := embedded.layer(spec.id).frame).columns:
            assert not frame["position_method"].eq("osm").any() or spec.starter.licence == "ODbL-1.0"
    assert SPECS["substations"].starter.licence == "ODbL-1.0"


def test_a_place_kept_for_a_users_file_is_filled_by_a_kind_of_file():
    kept = {id_ for id_, spec in SPECS.items() if spec.connector == "import"}
    assert kept == {kind.fills for kind in KINDS.values() if kind.fills}
