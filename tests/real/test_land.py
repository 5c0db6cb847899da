"""The checks of prepared/land/SOURCES.md on the real tables, and twenty drives against networkx."""

import gzip

import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import pytest
from realdata import MARKS, MIRROR

from geodata.country import crs
from geodata.spatial.network import Places
from geodata.spatial.roads import ACCESS_KPH, road_graph

LAND = (
    *("land_use_1km", "terrain_1km", "ground_1km", "protected_1km", "population_1km", "climate_1km", "roads_national"),
    *("land_prices", "active_faults", "volcanoes", "industrial_areas_osm", "did_cities", "municipal_land"),
)

pytestmark = MARKS


@pytest.fixture(scope="module")
def cells(national):
    frames = [national.layer(id_).frame.set_index("mesh_code") for id_ in LAND[:6]]
    return pd.concat(frames, axis=1)


def test_the_table_lacks_7441_cells_of_the_land_mesh(national):
    mesh, land = national.layer("land_mesh_1km").frame, national.layer("land_use_1km").frame
    lacking = mesh[~mesh["mesh_code"].isin(land["mesh_code"])]
    assert (len(mesh), len(land), len(lacking)) == (385_186, 377_745, 7_441)
    assert lacking["muni_code"].between("01695", "01700").sum() == 6_043  # the northern islands; the rest is coast
    assert national.check() == {id_: [] for id_ in national.check()}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("53380538", {"natpark_strict_pct": 100}),  # Fuji
        ("52350349", {"relief_m": 0, "did_pct": 100}),  # Osaka
        ("63417643", {"industrial_zone_pct": 100, "elevation_m": 15}),  # Tomakomai East
        ("53407515", {"land_pct": 41}),  # Kashima
        ("52367006", {"water_pct": 100}),  # Lake Biwa
        ("49302667", {"farmland_zone_pct": 77, "open_pct": 81, "open_free_pct": 13}),  # JASM
    ],
)
def test_a_known_cell_has_its_values(cells, code, expected):
    assert cells.loc[code, list(expected)].to_dict() == expected


@pytest.mark.parametrize(("code", "exclusive"), [("61413247", 89), ("64416224", 62)])  # Mutsu-Ogawara, Ishikari bay
def test_the_industrial_zones_hold_the_exclusive_one(cells, code, exclusive):
    assert exclusive <= cells.loc[code, "industrial_zone_pct"] <= 100


def test_mountains_cities_and_soft_ground_are_where_they_are(cells):
    assert cells.loc["53380538", "elevation_m"] == pytest.approx(3407, abs=40)
    assert cells.loc["53384109", "elevation_m"] == pytest.approx(2949, abs=40)
    assert cells.loc["52350349", "avs30_m_s"] == pytest.approx(162, abs=1)
    assert cells.loc["64411524", "avs30_m_s"] == pytest.approx(257, abs=1)
    assert cells["persons_2015"].sum() == pytest.approx(127_094_051 - 9_179, abs=200)


def test_forest_and_farmland_add_up_to_their_stated_areas(national):
    land = national.layer("land_use_1km").frame
    cell_km2 = land["open_free_ha"].sum() / (land["open_free_pct"].sum() / 100) / 100
    assert land["farmland_zone_pct"].sum() / 100 * cell_km2 == pytest.approx(63_702, rel=0.03)
    assert land["forest_pct"].mean() == pytest.approx(69.3, abs=0.3)


def test_municipal_sums_equal_the_table_beside_the_cells(national):
    beside = pd.read_csv(MIRROR / "prepared/land/municipality_land_from_mesh.csv", dtype={"municipality_code": "str"})
    ours = national.layer("land_use_1km").frame.groupby("muni_code")["open_free_ha"].sum()
    theirs = beside.set_index("municipality_code")["open_free_ha"]
    assert len(theirs) == len(ours) == 1741
    assert (ours - theirs.reindex(ours.index)).abs().max() <= 1 + 0.01 * theirs.max()


def test_points_and_lines_are_as_many_as_stated(national):
    assert len(national.layer("land_prices").frame) == 25_993
    assert national.layer("land_prices").frame["industrial_2026_yen_m2"].notna().sum() == 1_053
    assert len(national.layer("industrial_areas_osm").frame) == 8_326
    assert len(national.layer("municipal_land").frame) == 1_740
    cities = national.layer("did_cities").frame.set_index("muni_code")
    assert cities["did_persons"].sum() == pytest.approx(86.9e6, rel=0.005)
    assert cities.loc["43100", "name"] == "熊本市"  # wards count for their city


DRIVES = [
    (("Tokyo", 139.767, 35.681), ("Osaka", 135.495, 34.702), 359),
    (("Aomori", 140.74, 40.82), ("Tokyo", 139.767, 35.681), 503),
    (("Fukuoka", 130.42, 33.59), ("Kumamoto", 130.69, 32.79), 86),
    (("Takamatsu", 134.05, 34.34), ("Okayama", 133.92, 34.66), 67),
    (("Naha", 127.68, 26.21), ("Nago", 127.98, 26.59), 57),
]


def at(place):
    return Places(*crs.to_work(np.array([place[1]]), np.array([place[2]])), np.zeros(1))


@pytest.mark.parametrize(
    ("start", "end", "minutes"), DRIVES, ids=lambda part: part[0] if isinstance(part, tuple) else ""
)
def test_a_drive_takes_as_long_as_stated(national, start, end, minutes):
    graph = road_graph(national.layer("roads_national").frame)
    assert graph.minutes_to_nearest(at(start), at(end)).value[0] == pytest.approx(minutes, abs=6)


def test_no_road_leads_to_hokkaido(national):
    graph = road_graph(national.layer("roads_national").frame)
    assert np.isnan(graph.minutes_to_nearest(at(("", 141.35, 43.06)), at(DRIVES[0][0])).value[0])


def test_twenty_drives_equal_networkx(national):
    ways = national.layer("roads_national").frame
    graph, kept = road_graph(ways), ways[ways["piece_nodes"] > 1000]
    names = np.unique(np.concatenate([kept["u"], kept["v"]]))
    whole = nx.DiGraph()
    quickest = kept.groupby(["u", "v"])["time_s"].min().reset_index()
    whole.add_weighted_edges_from(quickest.itertuples(index=False))
    chosen = np.random.default_rng(13).choice(len(names), 24, replace=False)
    back = whole.reverse(copy=False)
    for target in chosen[:4]:
        ours = graph._from_gate(np.array([target]), np.array([0.0]))
        theirs = nx.single_source_dijkstra_path_length(back, names[target])
        for start in chosen[4:9]:
            assert ours[start] == pytest.approx(theirs.get(names[start], np.inf), rel=1e-6, abs=0.1)
    assert ACCESS_KPH == 20


def test_drives_in_one_city_are_a_quarter_longer_than_those_of_osmnx(national, tmp_path):
    packed = MIRROR / "fixtures" / "osm_tachikawa_drive_2021.graphml.gz"
    (tmp_path / "city.graphml").write_bytes(gzip.decompress(packed.read_bytes()))
    city = osmnx.load_graphml(tmp_path / "city.graphml")
    city = osmnx.routing.add_edge_travel_times(osmnx.routing.add_edge_speeds(city))
    inside = sorted(max(nx.strongly_connected_components(city), key=len))
    rng, pairs = np.random.default_rng(0), []
    while len(pairs) < 200:
        start, end = (inside[k] for k in rng.choice(len(inside), 2, replace=False))
        ends = [(city.nodes[n]["x"], city.nodes[n]["y"]) for n in (start, end)]
        if crs.geodesic_m(*ends[0], *ends[1]) >= 3_000:
            pairs.append((start, end, *ends))
    graph = road_graph(national.layer("roads_national").frame)
    theirs = np.array([nx.shortest_path_length(city, a, b, weight="travel_time") / 60 for a, b, _, _ in pairs])
    ours = [graph.minutes_to_nearest(at(("", *a)), at(("", *b))) for _, _, a, b in pairs]
    value, low, high = (np.array([getattr(one, part)[0] for one in ours]) for part in ("value", "low", "high"))
    assert np.median(value - theirs) == pytest.approx(2.2, abs=0.5)  # minutes, as docs/decisions/012 tells
    assert np.median(value / theirs) == pytest.approx(1.26, abs=0.06)
    assert np.mean((low <= theirs) & (theirs <= high)) == pytest.approx(0.44, abs=0.1)
