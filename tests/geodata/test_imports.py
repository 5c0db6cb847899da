"""A layer brought in is kept, found again, and changes a ranking."""

import json

import geopandas as gpd
import pytest
import shapely
from office_files import ESTAT, TSO_LINES, geojson_zip

from geodata import GeodataError, Store, imports
from geodata.imports import Options
from planner import evaluate
from planner.scenario.merge import merged_scenario

OWN = {
    "branch": "land",
    "direction": "less",
    "why": {"ja": "試す", "en": "a test"},
    "caveat": {"ja": "試す", "en": "a test"},
    "title": {"ja": "試す", "en": "A test"},
}


def kept(store, path, kind, layer, **options):
    found = imports.read(
        path, kind, Options(layer, **options), lambda id_: store.layer(id_) if store.has(id_) else None
    )
    store.keep(found.layer)
    return Store(store.root)


def ranking(store, **stanza):
    table = {"profile": "gx2-datacentre", "candidates": {"prefectures": ["17", "18"]}, "gates": {}}
    if stanza:
        whole = {**OWN, **stanza}
        table |= {"own": {"mine": whole}, "criteria": {"mine": {"weight": 300, "basis": "assumption"}}}
    return evaluate(merged_scenario(table, "test"), store)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "data")


def flood(tmp_path, x=136.1):
    frame = gpd.GeoDataFrame({"A31a_205": [3, 2]}, geometry=[shapely.box(x, 35.9, x + 0.15, 36.2)] * 2, crs=6668)
    return geojson_zip(frame, tmp_path, "A31a-24_18_20")


def test_what_is_kept_is_found_again_with_its_passport(store, tmp_path):
    again = kept(store, flood(tmp_path), "ksj_a31a", "flood_18", reference_date="2024", complete=True)
    layer = again.layer("flood_18")
    assert (layer.origin, layer.passport.reference_date, layer.passport.licence) == ("imported", "2024", "CC_BY_4.0")
    assert layer.spec.outside == tuple(f"{n:02d}" for n in range(1, 48) if n != 18)
    assert again.pulled("flood_18")
    assert "flood_18" in again.versions()
    assert [o for o in again.check() if o == "flood_18"]
    assert again.check()["flood_18"] == []


def test_a_name_of_the_catalogue_is_refused_and_a_bad_one_too(store, tmp_path):
    with pytest.raises(GeodataError, match="catalogue has a layer"):
        kept(store, flood(tmp_path), "ksj_a31a", "ports")
    with pytest.raises(GeodataError, match="small letters"):
        kept(store, flood(tmp_path), "ksj_a31a", "../evil")


def test_a_damaged_import_leaves_the_store_working(store, tmp_path):
    kept(store, flood(tmp_path), "ksj_a31a", "flood_18")
    pointer = store.root / "imports" / "flood_18" / "current"
    (pointer.parent / f"{pointer.read_text()}.json").write_text("{", "utf-8")
    assert "flood_18" not in Store(store.root).specs


def test_a_flood_map_is_a_criterion_counted_once_and_unknown_outside_its_prefecture(store, tmp_path):
    again = kept(store, flood(tmp_path), "ksj_a31a", "flood_18", complete=True)
    value = {"kind": "linear", "worst": 100, "best": 0}
    found = ranking(again, measure="share_pct", layers=["flood_18"], unit="%", value=value)
    column = found.measurements.values["mine"]
    prefecture = found.measurements.sites["pref_code"]
    assert column[prefecture.eq("17")].isna().all()
    fukui = column[prefecture.eq("18")]
    assert fukui.notna().all()
    assert fukui.max() == 100
    assert (fukui <= 100).all()
    assert found.ranking.rank.tolist() != ranking(again).ranking.rank.tolist()


def test_a_depth_is_a_gate_that_a_partial_map_never_passes_for_certain(store, tmp_path):
    again = kept(store, flood(tmp_path), "ksj_a31a", "flood_18")
    gate = {
        "title": {"ja": "浸水3 m未満", "en": "Flood below 3 m"},
        "criterion": "mine",
        "at_most": 0.4,
        "basis": "assumption",
    }
    table = {
        "profile": "gx2-datacentre",
        "candidates": {"prefectures": ["18"]},
        "own": {
            "mine": {
                **OWN,
                "measure": "worst_value",
                "layers": ["flood_18"],
                "column": "depth_min_m",
                "unit": "m",
                "value": {"kind": "linear", "worst": 5, "best": 0},
            }
        },
        "criteria": {"mine": {"weight": 0, "basis": "assumption"}},
        "gates": {"flood": gate},
    }
    outcome = evaluate(merged_scenario(table, "test"), again).screening.outcome["flood"]
    assert set(outcome) == {"fail", "unknown"}


def test_statistics_and_generation_room_change_a_ranking(store, tmp_path):
    (tmp_path / "e.csv").write_text(ESTAT, "utf-8")
    again = kept(store, tmp_path / "e.csv", "estat", "jobs", complete=True)
    value = {"kind": "linear", "worst": 0, "best": 200_000}
    jobs = ranking(
        again,
        measure="admin_value",
        by="pref_code",
        column="value_001",
        layers=["jobs"],
        unit="persons",
        value=value,
        direction="more",
    )
    assert set(jobs.measurements.values["mine"]) == {123_400.0, 99_000.0}
    substations = again.layer("substations").frame
    name = substations[~substations["name"].duplicated(keep=False) & substations["voltage_kv"].ge(275)].iloc[0]
    (tmp_path / "t.csv").write_bytes(TSO_LINES.format(name=name["name"], kv=int(name["voltage_kv"])).encode("cp932"))
    third = kept(again, tmp_path / "t.csv", "tso_capacity", "room")
    near = ranking(
        third, measure="nearest_km", layers=["room"], unit="km", value={"kind": "linear", "worst": 500, "best": 0}
    )
    assert near.measurements.values["mine"].notna().all()
    room = next(lock for lock in near.result().layers if lock.id == "room")
    assert room.licence == "all rights reserved"


def test_estates_and_demand_room_come_in_as_layers(store, tmp_path):
    (tmp_path / "d.csv").write_text("name,room_mw,as_of,lon,lat\nA,80,2026-09,136.2,36.0\n", "utf-8")
    again = kept(store, tmp_path / "d.csv", "demand_room", "demand")
    value = {"kind": "linear", "worst": 0, "best": 100}
    room = ranking(
        again,
        measure="sum_within",
        layers=["demand"],
        column="room_mw",
        reach_m=30_000,
        unit="MW",
        value=value,
        direction="more",
    )
    assert room.measurements.values["mine"].max() == 80
    (tmp_path / "e.csv").write_text("団地名,経度,緯度,分譲可能面積(ha)\nA,136.2,36.0,12\n", "utf-8")
    third = kept(again, tmp_path / "e.csv", "estates", "plots")
    plots = ranking(
        third,
        measure="sum_within",
        layers=["plots"],
        column="available_ha",
        reach_m=30_000,
        unit="ha",
        value=value,
        direction="more",
    )
    assert plots.measurements.values["mine"].max() == 12


def test_an_unknown_layer_is_named(store):
    with pytest.raises(Exception, match="neither in the catalogue, nor imported"):
        ranking(
            store, measure="nearest_km", layers=["nowhere"], unit="km", value={"kind": "linear", "worst": 1, "best": 0}
        )


def test_the_report_is_plain_data(tmp_path):
    found = imports.read(flood(tmp_path), "ksj_a31a", Options(), lambda _: None)
    assert json.loads(json.dumps(found.report.as_dict(), ensure_ascii=False))["rows_read"] == 2


def test_an_unreadable_or_open_ended_depth_is_unknown_and_never_0(store, tmp_path):
    texts = ["20m以上", "1m以上2m未満"]
    spots = store.layer("candidate_sites").frame
    here = list(spots[spots["pref_code"].eq("18")]["geometry"])[:2]
    frame = gpd.GeoDataFrame(
        {"A40_001": ["x"] * 2, "A40_002": ["18"] * 2, "A40_003": texts},
        geometry=[p.buffer(0.05) for p in here],
        crs=6668,
    )
    again = kept(store, geojson_zip(frame, tmp_path, "A40-24_18"), "ksj_a40", "tsu", complete=True)
    value = {"kind": "linear", "worst": 10, "best": 0}
    found = ranking(
        again, measure="worst_value", layers=["tsu"], column="depth_max_m", unit="m", value=value
    ).measurements
    sites = found.sites
    inside = sites[
        [any(p.distance(q) < 1e-9 for q in here[:1]) for p in gpd.points_from_xy(sites["lon"], sites["lat"])]
    ].index
    assert found.values.loc[inside, "mine"].isna().all()
    assert (found.values["mine"].dropna() >= 0).all()
