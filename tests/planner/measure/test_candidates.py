import dataclasses
import re

import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.country import crs
from geodata.store.overlay import OverlaidStore
from planner import PlannerError
from planner.measure.candidates import CandidateChoice, load_candidates


def choice(**options):
    return CandidateChoice.model_validate(options)


def test_the_embedded_sites_need_no_data(embedded):
    sites = load_candidates(choice(kind="sites"), embedded)
    assert len(sites.table) == 371
    assert sites.table["pref_code"].nunique() == 47
    assert sites.table.index.is_unique
    assert sites.geometry().index.equals(sites.table.index)


def test_without_the_land_cells_the_pull_command_is_named(embedded):
    with pytest.raises(PlannerError, match="planner data pull land_mesh_1km"):
        load_candidates(choice(kind="mesh"), embedded)


def test_mesh_cells_are_rectangles_with_their_land_area(tiny):
    mesh = load_candidates(choice(kind="mesh", prefectures=["08"]), tiny)
    assert set(mesh.table["muni_code"]) == {"08201", "08202"}
    assert mesh.geometry().geom_type.eq("Polygon").all()
    assert mesh.table["area_ha"].between(0, 110).all()
    assert mesh.table["area_ha"].sum() == pytest.approx(19_930, rel=0.02)
    assert mesh.table["name"].iloc[0].startswith("甲市 5440")


def test_municipalities_have_their_area_and_a_point_inside(tiny):
    places = load_candidates(choice(kind="municipalities", prefectures=["09"]), tiny)
    assert places.table["name"].to_list() == ["丙市"]
    assert places.table["area_ha"].iloc[0] == pytest.approx(9_990, rel=0.01)


def test_a_circle_keeps_what_lies_in_it(tiny):
    circle = {"lon": 140.05, "lat": 36.05, "radius_km": 3}
    inside = load_candidates(choice(kind="mesh", within=circle), tiny)
    assert 20 <= len(inside.table) <= 34  # pi * 9 km2 of cells of about 1.04 km2


def test_a_region_without_sites_is_an_error(tiny):
    with pytest.raises(PlannerError, match="no site is left"):
        load_candidates(choice(kind="mesh", prefectures=["47"]), tiny)


def test_the_users_points_get_their_municipality(tiny, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("name,lon,lat\nA,140.05,36.15\nB,140.5,36.5\n", "utf-8")
    table = load_candidates(choice(kind="file", path=str(path)), tiny).table
    assert table["muni_code"].to_list() == ["09201", ""]
    assert table["pref_code"].to_list() == ["09", ""]


SHORE = st.floats(0.0005, 0.04)


@given(east=st.floats(140.001, 140.099), off=SHORE)
def test_a_site_off_the_coast_belongs_to_the_nearest_municipality_and_that_is_said(tiny, tmp_path_factory, east, off):
    path = tmp_path_factory.mktemp("shore") / "quay.csv"
    path.write_text(f"name,lon,lat\nA,{east},{36.0 - off}\n", "utf-8")
    found = load_candidates(choice(kind="file", path=str(path), prefectures=["08"]), tiny)
    assert found.table["muni_code"].to_list() == ["08201"]
    said = " ".join(found.report.sentences())
    metres = int(re.search(r"08201 \((\d+) m\)", said)[1])
    assert metres == pytest.approx(off * 110_950, rel=0.02, abs=2)


@pytest.fixture(scope="module")
def islands(tiny):
    """Two small islands, 4 km apart, each a municipality."""
    towns = tiny.layer("municipalities")
    frame = towns.frame.head(2).copy()
    frame["geometry"] = [shapely.box(x, 36.0, x + 0.004, 36.004) for x in (140.0, 140.048)]
    return OverlaidStore(tiny, {"municipalities": dataclasses.replace(towns, frame=frame, version="islands")})


@given(angle=st.floats(0, 360), share=st.floats(0.5, 0.999))
@example(angle=90.0, share=0.999)
def test_wherever_an_inexact_site_by_the_sea_lies_its_municipality_is_among_the_possible(
    islands, tmp_path_factory, angle, share
):
    path = tmp_path_factory.mktemp("shore") / "quay.csv"
    path.write_text("name,lon,lat,accuracy_m\nA,140.002,36.002,2500\n", "utf-8")
    possible = load_candidates(choice(kind="file", path=str(path)), islands).around
    lon, lat, _ = crs.GEOD.fwd(140.002, 36.002, angle, share * 2500)
    path.write_text(f"name,lon,lat\nA,{lon},{lat}\n", "utf-8")
    truth = load_candidates(choice(kind="file", path=str(path)), islands).table["muni_code"].iloc[0]
    assert truth in {"", *possible["muni_code"]}


def test_a_site_far_out_at_sea_belongs_to_no_municipality_and_that_is_said(tiny, tmp_path):
    path = tmp_path / "far.csv"
    path.write_text("name,lon,lat\nA,140.05,35.9\n", "utf-8")
    found = load_candidates(choice(kind="file", path=str(path)), tiny)
    assert found.table["muni_code"].to_list() == [""]
    assert "within 5 km" in " ".join(found.report.sentences())


def test_stated_codes_stay_wards_become_cities_and_contradictions_are_told(tiny, tmp_path):
    path = tmp_path / "stated.csv"
    path.write_text(
        "name,lon,lat,都道府県コード,市区町村コード\n"
        "A,140.05,36.05,08,\nB,140.05,36.05,,14109\nC,140.05,36.05,13,\nD,140.05,36.05,,\n",
        "utf-8",
    )
    found = load_candidates(choice(kind="file", path=str(path)), tiny)
    assert found.table["muni_code"].to_list() == ["08201", "14100", "", "08201"]
    assert found.table["pref_code"].to_list() == ["08", "14", "13", "08"]
    said = " ".join(found.report.sentences())
    assert "one of its wards" in said
    assert "where the site lies" in said


def test_the_digest_follows_what_is_measured(embedded):
    sites = load_candidates(choice(kind="sites"), embedded)
    assert sites.digest() == load_candidates(choice(kind="sites"), embedded).digest()
    assert sites.digest() != load_candidates(choice(kind="sites", prefectures=["01"]), embedded).digest()
