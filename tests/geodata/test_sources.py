"""Each connector against the faults of its publisher, on hand-written rows."""

import json

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
import tiny_country
from affine import Affine
from pandas import Series

from geodata.errors import FormatError
from geodata.layer import Reading
from geodata.sources import CONNECTORS, Inputs, meshes
from geodata.sources.all_japan_grid import highest_kv
from geodata.sources.plants import _already_known


def steps(layer) -> dict[str, int]:
    return {step.note.en: step.count for step in layer.steps}


def read(connector: str, tmp_path, name: str, content: bytes) -> Reading:
    path = tmp_path / name
    path.write_bytes(content)
    return CONNECTORS[connector](Inputs(files={name: path}, layers={}))


def test_substations_are_distinct_points_without_traction(tiny):
    layer = tiny.layer("substations")
    by_name = layer.frame.set_index("name")["voltage_kv"]
    assert steps(layer) == {
        "features repeated across regional files": 2,
        "railway traction substations": 1,
        "names invented from an address": 1,
        "voltage unknown, kept as unknown": 2,
    }
    assert by_name["甲変電所"] == 275
    assert by_name["面の変電所"] == 500
    assert by_name[["不明変電所", "誤記変電所"]].isna().all()
    assert layer.frame["name"].isna().sum() == 1
    assert layer.geometry.geom_type.eq("Point").all()


@pytest.mark.parametrize(
    ("tag", "kv"),
    [
        ("275000;66000", 275),
        ("66000;154000", 154),
        ("66000,6600", 66),
        ("6600", 6.6),
        ("dc250000", 250),
        ("15400066", None),
        ("77", None),
        (None, None),
    ],
)
def test_the_highest_voltage_of_a_tag(tag, kv):
    assert highest_kv(Series([tag], dtype="str")).to_list() == pytest.approx([kv or float("nan")], nan_ok=True)


def test_lines_stand_once_whatever_their_direction(tiny):
    layer = tiny.layer("transmission_lines")
    assert len(layer.frame) == 3
    assert sorted(layer.frame["voltage_kv"].dropna()) == [154, 275]
    assert steps(layer) == {
        "lines without length": 1,
        "features repeated across regional files": 2,
        "voltages that no grid area has": 1,
        "generated line names": 1,
    }


def test_plants_are_one_table_without_double_counting(tiny):
    layer = tiny.layer("power_plants")
    plants = layer.frame
    ours = plants[plants["record"].isin(["osm", "gppd"])]
    mw = ours[ours["decarbonised"]].groupby("technology")["capacity_mw"].sum().to_dict()
    assert mw == {"hydro": 40, "solar": 20, "wind": 42.5}
    assert plants.loc[plants["technology"].eq("nuclear") & plants["decarbonised"], "capacity_mw"].sum() == 14609
    done = steps(layer)
    assert done["plants repeated across regional files"] == 1
    assert done["capacity and name copied from a nearby plant"] == 1
    assert done["capacities of 0 or below, which mean unknown"] == 1
    assert done["co-fired with fossil fuel: not decarbonised"] == 1
    assert done["capacity of nuclear sites not restarted"] == 1
    assert done["GPPD nuclear (installed, not operable)"] == 1
    assert done["plants that OpenStreetMap already has with a capacity"] == 2
    assert done["GPPD positions in the sea (inexact)"] == 1


def test_a_roof_is_not_a_power_station(tiny):
    plants = tiny.layer("power_plants").frame
    assert "赤穂火力" not in plants["name"].to_list()
    mapped = plants[plants["record"].isin(["osm", "gppd"])]
    assert mapped.loc[mapped["technology"].eq("solar"), "capacity_mw"].max() == 20


def test_pumped_storage_is_not_supply(tiny):
    pumped = tiny.layer("power_plants").frame.query("technology == 'pumped_storage'")
    assert pumped["name"].to_list() == ["奥多々良木発電所"]
    assert not pumped["decarbonised"].any()


def test_an_idle_nuclear_site_has_no_capacity(tiny):
    idle = tiny.layer("power_plants").frame.query("operable == 'no'")
    assert idle["name"].to_list() == ["休止原子力発電所"]
    assert idle["capacity_mw"].isna().all()
    assert not idle["decarbonised"].any()


def test_a_plant_belongs_to_the_area_of_its_operator(tiny):
    plants = tiny.layer("power_plants").frame.set_index("name")["grid_area"]
    assert plants["甲水力発電所"] == "tokyo"
    assert plants["高浜原子力発電所1号機"] == "kansai"
    assert plants["柏崎刈羽原子力発電所6号機"] == "tokyo"


def test_municipal_statistics_keep_a_suppressed_cell_unknown(tiny):
    table = tiny.layer("municipal_statistics").frame.set_index("muni_code")
    assert table.loc["08201"].to_dict() == {
        "name": "甲市",
        "persons": 90000,
        "persons_15_64": 50000,
        "employees": 30000,
        "employees_manufacturing": 9000,
        "employees_ict": 600,
        "establishments_manufacturing": 300,
        "employees_research": 500,
        "employees_construction": 2000,
        "employees_transport": 1500,
        "employees_farming": 300,
        "employed": 44000,
        "unemployed": 2000,
        "unemployed_women": 800,
        "outside_labour_force": 30000,
        "outside_labour_force_women": 20000,
        "high_school_students": 2400,
        "primary_schools": 20,
        "large_shops": 9,
        "hospitals": 5,
        "clinics": 70,
        "doctors": 200,
    }
    assert table["employees_ict"].isna().to_dict() == {"08201": False, "08202": True, "09201": False}


def test_sectors_keep_a_suppressed_cell_unknown_and_add_up_to_the_employees_of_the_town(tiny):
    table = tiny.layer("sector_employees").frame
    assert len(table) == 3 * 18
    by_town = table.pivot_table(index="area_code", columns="sector", values="employees", dropna=False)
    assert (by_town.loc["08201", "E"], by_town.loc["09201", "H"]) == (9000, 700)
    assert np.isnan(by_town.loc["08202", "G"])
    total = tiny.layer("municipal_statistics").frame.set_index("muni_code")["employees"]
    assert by_town.loc["08201"].sum() == total["08201"]


def test_ssdse_in_the_wrong_encoding_or_layout_is_one_sentence(tmp_path):
    with pytest.raises(FormatError, match="expected text in cp932"):
        read("ssdse_a", tmp_path, "SSDSE-A-2026.csv", tiny_country.ssdse() + b"\x81")
    with pytest.raises(FormatError, match="expected"):
        read("ssdse_a", tmp_path, "SSDSE-A-2026.csv", tiny_country.ssdse().decode("cp932").encode())
    with pytest.raises(FormatError, match="A1302"):
        read("ssdse_a", tmp_path, "SSDSE-A-2026.csv", tiny_country.ssdse(label="15歳以上人口"))
    with pytest.raises(FormatError, match="three header rows"):
        read("ssdse_a", tmp_path, "SSDSE-A-2026.csv", b"a,b\n1,2\n3,4\n5,6\n")


def test_municipalities_are_repaired_and_the_northern_villages_kept(tiny):
    layer = tiny.layer("municipalities")
    assert layer.geometry.is_valid.all()
    assert steps(layer) == {
        "polygons with self-intersections made valid": 1,
        "six northern villages: no statistics, polygon kept": 1,
    }
    assert layer.frame.set_index("muni_code")["no_statistics"].to_dict()[tiny_country.NORTHERN]


def test_ports_of_japan_with_0_as_unknown(tiny):
    ports = tiny.layer("ports").frame.set_index("name")
    assert ports.loc["Ko Port", "channel_depth_m"] == 14.5
    assert ports["pier_depth_m"].isna().all()
    assert "Elsewhere" not in ports.index


def test_a_listed_port_keeps_its_class_and_stands_once(tiny):
    ports = tiny.layer("ports").frame
    assert len(ports) == 126  # the 125 listed ones and Ko Port; Tokyo Ko is 東京港
    assert ports.set_index("name").loc["東京港", "channel_depth_m"] == 12
    assert ports["port_class"].value_counts().to_dict() == {
        "important": 102,
        "international_hub": 18,
        "international_strategic": 5,
    }


def test_joints_in_use_once(tiny):
    joints = tiny.layer("expressway_joints").frame
    assert joints.set_index("joint_id")["kind"].to_dict() == {
        "J1": "interchange",
        "J2": "smart_interchange",
        "J3": "junction",
    }


def test_a_land_cell_has_the_municipality_that_holds_most_of_it(tiny):
    mesh = tiny.layer("land_mesh_1km").frame
    assert mesh["mesh_code"].is_unique
    assert mesh["land_share"].between(0, 1).all()
    area = mesh.groupby("muni_code")["land_share"].sum()
    assert area["08201"] == pytest.approx(0.1 * 0.1 * 120 * 80, rel=0.15)
    assert set(mesh["muni_code"]) == set(tiny_country.MUNICIPALITIES)


def test_people_are_spread_over_the_land_and_none_is_lost(tiny):
    people = tiny.layer("settlement").frame
    assert people["persons_15_64"].sum() == pytest.approx(87000)
    by_town = people.groupby("muni_code")["persons_15_64"].sum()
    assert by_town.to_dict() == pytest.approx({"08201": 50000, "08202": 15000, "09201": 22000})
    assert tiny_country.NORTHERN not in people["muni_code"].to_list()


@pytest.mark.parametrize("broken", [b"{", b'{"type": "FeatureCollection"}', "変電所".encode("cp932")])
def test_a_broken_geojson_is_one_sentence(tmp_path, broken):
    with pytest.raises(FormatError, match=r"tokyo_substations\.geojson"):
        read("all_japan_grid_substations", tmp_path, "tokyo_substations.geojson", broken)


def test_a_geojson_of_something_else_names_the_columns(tmp_path):
    content = json.dumps({"type": "FeatureCollection", "features": [tiny_country.feature("Point", [140, 36], a=1)]})
    with pytest.raises(FormatError, match="voltage"):
        read("all_japan_grid_substations", tmp_path, "x_substations.geojson", content.encode())


def test_a_truncated_parquet_is_one_sentence(tmp_path):
    with pytest.raises(FormatError, match="GeoParquet"):
        read("expressway_joints", tmp_path, "joints.parquet", b"PAR1 and no more")


def test_a_truncated_topojson_is_one_sentence(tmp_path):
    with pytest.raises(FormatError, match="TopoJSON"):
        read("admin_municipalities", tmp_path, "m.topojson", b'{"type":"Topology","arcs":[')


def test_a_plant_of_our_own_list_is_not_counted_beside_its_twin(tiny):
    plants = tiny.layer("power_plants").frame
    own = tiny.layer("decarbonised_plants").frame
    assert plants["record"].eq("decarbonised_plants").sum() == len(own)  # none of them stands in the tiny country
    twin = plants[plants["record"].eq("osm") & plants["technology"].eq("hydro")].head(1)
    near = own.head(1).assign(technology="hydro", capacity_mw=41.0, geometry=twin["geometry"].to_numpy())
    assert _already_known(near, twin, 6000).to_list() == [True]
    assert _already_known(near.assign(technology="solar"), twin, 6000).to_list() == [False]


def test_prefectural_series_take_the_latest_year_and_shares(tiny):
    table = tiny.layer("prefecture_series").frame.set_index("pref_code")
    assert table.loc["08", "openings_per_seeker"] == 1.5
    assert table.loc["08", "share_production_pct"] == pytest.approx(300 / 1300 * 100)
    assert table.loc["09", "population_2040_index"] == 85
    assert table.loc["08", "shipments_100m_yen"] == 120_000


def test_closed_stations_are_out(tiny):
    assert tiny.layer("stations").frame["name"].to_list() == ["甲駅"]


def test_a_university_stands_once(tiny):
    assert tiny.layer("universities").frame["name"].to_list() == ["甲大学", "丙大学"]


def test_elevation_is_that_of_the_raster_cell_under_the_centre(tiny):
    table = tiny.layer("elevation_1km").frame.set_index("mesh_code")["elevation_m"]
    assert set(table) == {10, 30}
    assert table["54400003"] == 10  # 140.04 E lies west of 140.1
    assert table["54400019"] == 30  # 140.12 E lies east of it
    assert not table.index.str.startswith("6546").any()  # the northern village is outside the raster


HALF_DEGREES = Affine(0.5, 0, 139.5, 0, -0.5, 36.5)


def _raster(path, *, nodata=-1.0, transform=HALF_DEGREES):
    """Four cells of half a degree, west to east and north to south 1, 2, 3 and no data."""
    grid = np.array([[1, 2], [3, -1]], dtype="int16")
    shape = {"driver": "GTiff", "width": 2, "height": 2, "count": 1, "dtype": "int16"}
    with rasterio.open(path, "w", nodata=nodata, transform=transform, **shape) as raster:
        raster.write(grid, 1)
    return path


def test_a_raster_is_read_under_places_and_is_unknown_elsewhere(tmp_path):
    lon = np.array([139.6, 140.4, 139.6, 140.4, 139.4, 140.6, 140.0])
    lat = np.array([36.4, 36.4, 35.6, 35.6, 36.4, 36.4, 35.4])
    found = meshes._under(lon, lat, _raster(tmp_path / "x.tif"), "x.tif")
    assert np.array_equal(found, [1, 2, 3, *[np.nan] * 4], equal_nan=True)
    assert np.isnan(meshes._under(lon + 10, lat, tmp_path / "x.tif", "x.tif")).all()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("lacks", [{"nodata": None}, {"transform": Affine.identity()}])
def test_a_raster_without_place_or_mark_is_refused(tmp_path, lacks):
    with pytest.raises(FormatError, match="a GeoTIFF"):
        meshes._under(np.array([140.0]), np.array([36.0]), _raster(tmp_path / "x.tif", **lacks), "x.tif")


def test_the_two_gdals_of_rasterio_and_pyogrio_live_side_by_side(tmp_path):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(140, 36)], crs=4326)
    for turn in range(2):
        frame.to_file(tmp_path / f"{turn}.gpkg")
        assert meshes._under(np.array([139.6]), np.array([36.4]), _raster(tmp_path / f"{turn}.tif"), "x")[0] == 1
        assert gpd.read_file(tmp_path / f"{turn}.gpkg").crs.to_epsg() == 4326


def test_solar_joins_by_prefecture_and_name(tiny):
    layer = tiny.layer("solar_municipal")
    assert layer.frame.set_index("muni_code")["solar_mw"].to_dict() == {"08201": 50, "08202": 2}
    assert steps(layer) == {"rows whose name has no code": 1}


@pytest.mark.parametrize("connector", ["universities", "population_mesh", "elevation_1km"])
def test_a_broken_binary_is_one_sentence(tmp_path, connector, tiny):
    (tmp_path / "broken.bin").write_bytes(b"not what it says")
    layers = {"land_mesh_1km": tiny.layer("land_mesh_1km")}
    with pytest.raises(FormatError, match="expected a"):
        CONNECTORS[connector](Inputs(files={"broken.bin": tmp_path / "broken.bin"}, layers=layers))
