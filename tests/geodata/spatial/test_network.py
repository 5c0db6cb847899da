"""Driving time on a toy grid of streets, and on a real extract when it is there."""

import heapq
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import GeodataError, Store, imports
from geodata.country import crs
from geodata.imports import Options
from geodata.spatial.network import SNAP_M, Places, network_of
from planner import evaluate
from planner.scenario.merge import merged_scenario

FIXTURES = Path(__file__).parents[4] / "shared" / "data" / "fixtures"
STEP = 0.005


def osm(rows=4, columns=4, *, oneway=False, island=True):
    """A grid of primary roads near Fukui as an .osm text; one node further off has a road of its own."""
    nodes = "".join(
        f'<node id="{r * columns + c + 1}" lat="{36.0 + r * STEP}" lon="{136.2 + c * STEP}"/>'
        for r in range(rows)
        for c in range(columns)
    )
    lines = [[r * columns + c + 1 for c in range(columns)] for r in range(rows)]
    lines += [[r * columns + c + 1 for r in range(rows)] for c in range(columns)]
    tag = '<tag k="oneway" v="yes"/>' if oneway else ""
    ways = "".join(
        f'<way id="{100 + n}">'
        + "".join(f'<nd ref="{i}"/>' for i in line)
        + f'<tag k="highway" v="primary"/>{tag}</way>'
        for n, line in enumerate(lines)
    )
    if island:
        nodes += '<node id="900" lat="36.1" lon="136.3"/><node id="901" lat="36.105" lon="136.3"/>'
        ways += '<way id="900"><nd ref="900"/><nd ref="901"/><tag k="highway" v="residential"/></way>'
    return f"<osm version='0.6' generator='test'>{nodes}{ways}</osm>"


def roads(tmp_path, **options):
    (tmp_path / "r.osm").write_text(osm(**options), "utf-8")
    return imports.read(tmp_path / "r.osm", "road_network", Options("roads"), lambda _: None).layer


def at(lon, lat, off_m=0.0):
    x_m, y_m = crs.to_work(np.atleast_1d(lon), np.atleast_1d(lat))
    return Places(x_m, y_m, np.broadcast_to(np.asarray(off_m, dtype=float), x_m.shape))


def test_minutes_follow_the_streets_and_the_assumed_speed(tmp_path):
    network = network_of(roads(tmp_path))
    minutes = network.minutes_to_nearest(at(136.2, 36.0), at(136.2 + 3 * STEP, 36.0 + 3 * STEP)).value
    metres = crs.geodesic_m(136.2, 36.0, 136.2 + 3 * STEP, 36.0) + crs.geodesic_m(136.2, 36.0, 136.2, 36.0 + 3 * STEP)
    assert minutes[0] == pytest.approx(float(metres) / (40 / 3.6) / 60, rel=0.02)


def test_what_cannot_be_reached_or_lies_off_the_network_is_unknown(tmp_path):
    network = network_of(roads(tmp_path))
    to = at(136.2, 36.0)
    unreachable = network.minutes_to_nearest(at(136.3, 36.1), to).value
    far = at(137.0, 37.0)
    assert np.isnan([unreachable[0], network.minutes_to_nearest(far, to).value[0]]).all()
    assert network.snap(far.x_m, far.y_m)[1][0] > SNAP_M
    assert np.isnan(network.minutes_to_nearest(at(136.2, 36.0), at(140.0, 40.0)).value[0])


@settings(max_examples=25)
@given(start=st.integers(0, 15), goals=st.lists(st.integers(0, 15), min_size=1, max_size=4), oneway=st.booleans())
def test_shortest_times_agree_with_a_plain_search(tmp_path_factory, start, goals, oneway):
    layer = roads(tmp_path_factory.mktemp("g"), oneway=oneway, island=False)
    network = network_of(layer)
    place = {n: (136.2 + (n % 4) * STEP, 36.0 + (n // 4) * STEP) for n in range(16)}
    to = at([place[g][0] for g in goals], [place[g][1] for g in goals])
    found = network.minutes_to_nearest(at(*place[start]), to).value
    edges = {}
    for row in layer.frame.itertuples():
        edges.setdefault(row.u, []).append((row.v, row.time_s))
    ends = {row.u: row.geometry.coords[0] for row in layer.frame.itertuples()} | {
        row.v: row.geometry.coords[-1] for row in layer.frame.itertuples()
    }

    def node(n):
        return min(ends, key=lambda id_: (ends[id_][0] - place[n][0]) ** 2 + (ends[id_][1] - place[n][1]) ** 2)

    best, queue, wanted = {}, [(0.0, node(start))], {node(g) for g in goals}
    while queue:
        seconds, here = heapq.heappop(queue)
        if here in best:
            continue
        best[here] = seconds
        for there, more in edges.get(here, []):
            heapq.heappush(queue, (seconds + more, there))
    times = [best[g] for g in wanted if g in best]
    assert (np.isnan(found[0]) and not times) or found[0] * 60 == pytest.approx(min(times), abs=2.0)


def test_driving_time_is_a_criterion_only_where_roads_are(tmp_path):
    store = Store(tmp_path / "data")
    store.keep(roads(tmp_path))
    sites = gpd.GeoDataFrame(
        {"name": ["on", "off"], "site_id": ["a", "b"]},
        geometry=[shapely.Point(136.2, 36.0), shapely.Point(138.0, 36.0)],
        crs=6668,
    )
    sites.to_file(tmp_path / "sites.geojson", driver="GeoJSON")
    (tmp_path / "ic.csv").write_text("name,lon,lat,n\nIC,136.215,36.015,5\n", "utf-8")
    text = {"ja": "IC", "en": "IC"}
    own = {"branch": "access", "title": text, "why": text, "caveat": text, "layers": ["ic"], "network": "roads"}
    table = {
        "profile": "gx2-datacentre",
        "candidates": {"kind": "file", "path": str(tmp_path / "sites.geojson")},
        "layers": {
            "ic": {
                "path": str(tmp_path / "ic.csv"),
                "title": text,
                "reference_date": "2026",
                "status": "measured",
                "inventory": "complete",
            }
        },
        "own": {
            "drive": {
                **own,
                "measure": "drive_min",
                "unit": "min",
                "direction": "less",
                "value": {"kind": "linear", "worst": 60, "best": 0},
            },
            "reach": {
                **own,
                "measure": "sum_within_min",
                "reach_min": 30,
                "column": "n",
                "unit": "n",
                "direction": "more",
                "value": {"kind": "linear", "worst": 0, "best": 10},
            },
        },
        "criteria": {"drive": {"weight": 50, "basis": "assumption"}, "reach": {"weight": 50, "basis": "assumption"}},
    }
    values = evaluate(merged_scenario(table, "test"), store).measurements
    assert 1 < values.values.loc["a", "drive"] < 20
    assert np.isnan(values.values.loc["b", "drive"])
    assert values.values.loc["a", "reach"] == 5
    assert np.isinf(values.high.loc["a", "reach"])
    assert np.isnan(values.values.loc["b", "reach"])


@pytest.mark.parametrize(
    "text",
    ["<osm>", "no xml", "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><osm/>", "<osm version='0.6'></osm>"],
)
def test_what_is_no_road_network_is_one_sentence(tmp_path, text):
    (tmp_path / "x.osm").write_text(text, "utf-8")
    with pytest.raises(GeodataError):
        imports.read(tmp_path / "x.osm", "road_network", Options(), lambda _: None)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "lon", "lat"),
    [("osm_tsukuba_aist_2012.osm.gz", 140.13, 36.06), ("osm_tachikawa_drive_2021.graphml.gz", 139.41, 35.70)],
)
def test_a_real_extract_gives_plausible_times(name, lon, lat):
    if not FIXTURES.is_dir():
        pytest.skip("the national data are not beside the project")
    layer = imports.read(FIXTURES / name, "road_network", Options("roads"), lambda _: None).layer
    assert len(layer.frame) > 1000
    minutes = network_of(layer).minutes_to_nearest(at(lon, lat), at(lon + 0.01, lat + 0.005)).value
    assert 0.5 < minutes[0] < 15
