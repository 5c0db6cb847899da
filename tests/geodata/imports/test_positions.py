import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import imports
from geodata.country import crs
from geodata.errors import GeodataError
from geodata.imports import Options
from geodata.imports.candidates import read_candidates
from geodata.imports.report import Report


def write(path, text):
    path.write_text(text, "utf-8")
    return path


ZONES = {
    6: (
        "6",
        "6系",
        "第Ⅵ系",
        "VI",
        "第六系",
        "平面直角座標系（6系）",
        "EPSG:6674",
        "6674",
        "JGD2011 / Japan Plane Rectangular CS VI",
    )
}


@pytest.mark.parametrize("zone", ZONES[6])
@pytest.mark.parametrize("heading", ["系", "系番号", "座標系", "EPSG"])
def test_plane_coordinates_are_read_where_their_zone_is_stated(tmp_path, zone, heading):
    x, y = -37_735.6, 6_332.3
    report = Report("p.csv", "candidates")
    text = f'候補地名,X座標,Y座標,{heading}\n北,"{x:,}",{y},{zone}\n'
    frame = read_candidates(write(tmp_path / "p.csv", text), report)
    point = frame.to_crs(6674).geometry.iloc[0]
    assert (point.y, point.x) == pytest.approx((x, y), abs=0.01)
    assert any("X was read as northing" in sentence for sentence in report.sentences())
    assert not any("not used" in sentence for sentence in report.sentences())


@given(
    zone=st.integers(1, 13),
    north=st.floats(-50_000, 50_000),
    east=st.floats(-50_000, 50_000),
    stated=st.sampled_from(["column", "heading"]),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_plane_position_is_the_same_however_its_zone_is_stated(tmp_path, zone, north, east, stated):
    inside = f"（{zone}系）" if stated == "heading" else ""
    text = f"候補地名,X座標{inside}(m),Y座標(m),系\n北,{north},{east},{'' if inside else zone}\n"
    frame = read_candidates(write(tmp_path / "p.csv", text))
    point = frame.to_crs(6668 + zone).geometry.iloc[0]
    assert (point.y, point.x) == pytest.approx((north, east), abs=0.01)


@pytest.mark.parametrize("zone", ["", "20", "WGS84", "不明"])
def test_metres_without_a_known_zone_are_one_sentence_that_names_the_column(tmp_path, zone):
    with pytest.raises(GeodataError, match="add a column 系 with its number"):
        read_candidates(write(tmp_path / "p.csv", f"候補地名,X座標,Y座標,系\n北,-37735.6,6332.3,{zone}\n"))


def test_degrees_beside_a_coordinate_system_stay_degrees_and_the_old_one_is_converted(tmp_path):
    text = "候補地名,経度,緯度,座標系\n北,136.07,35.66,JGD2011\n南,136.07,35.66,旧日本測地系\n"
    new, old = read_candidates(write(tmp_path / "p.csv", text)).geometry
    assert (new.x, new.y) == (136.07, 35.66)
    metres = crs.geodesic_m(new.x, new.y, old.x, old.y)
    assert 300 < metres < 600


ROWS = {
    "経度,緯度": "136.07,35.66",
    "東経,北緯": "136°04'12\",35°39'36\"",
    "経度(日本測地系),緯度(日本測地系)": "136.07,35.66",
    "X座標（6系）,Y座標（6系）": "-37735.6,6332.3",
}


@pytest.mark.parametrize("heads", ROWS)
def test_a_list_of_estates_and_a_list_of_sites_are_placed_alike(tmp_path, heads):
    path = write(tmp_path / "p.csv", f"団地名,{heads}\n甲,{ROWS[heads]}\n")
    estates = imports.read(path, "estates", Options(), lambda _: None)
    report = Report("p.csv", "candidates")
    sites = read_candidates(path, report)
    assert estates.layer.frame.geometry.iloc[0].equals_exact(sites.geometry.iloc[0], 1e-9)
    said = [[sentence for sentence in one.sentences() if "EPSG" in sentence] for one in (report, estates.report)]
    assert said[0] == said[1]


def test_metres_without_a_zone_leave_an_estate_to_its_municipality(tmp_path, tiny):
    name = tiny.layer("municipalities").frame.drop_duplicates("name", keep=False)["name"].iloc[0]
    path = write(tmp_path / "p.csv", f"団地名,市町村名,X座標,Y座標\n甲,{name},-37735.6,6332.3\n")
    found = imports.read(path, "estates", Options(), lambda id_: tiny.layer(id_) if tiny.has(id_) else None)
    assert found.layer.frame["accuracy_m"].iloc[0] > 1_000
    assert "with the number 系" in " ".join(found.report.sentences())


@pytest.mark.parametrize("kind", ["estates", "candidates"])
@pytest.mark.parametrize(("east", "said"), [(0.0, False), (1.0, True)])
def test_a_position_far_from_the_municipality_that_is_named_is_said(tmp_path, tiny, kind, east, said):
    towns = tiny.layer("municipalities")
    town = towns.frame.drop_duplicates("name", keep=False).iloc[0]
    inside = town["geometry"].representative_point()
    path = write(tmp_path / "p.csv", f"団地名,市町村名,経度,緯度\n甲,{town['name']},{inside.x + east},{inside.y}\n")
    report = Report("p.csv", kind)
    if kind == "candidates":
        read_candidates(path, report, municipalities=towns)
    else:
        look = {"municipalities": towns}.get
        report = imports.read(path, kind, Options(), look).report
    assert ("a position in the municipality that the row names" in " ".join(report.sentences())) == said
