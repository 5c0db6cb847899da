import json
import zipfile

import geopandas as gpd
import pytest
import shapely

from geodata.country import crs
from geodata.errors import GeodataError
from planner.measure.userfile import read_candidates

CSV = 'site_id,name,経度,緯度,面積ha,分譲可能面積ha\nA,甲団地,140.05,36.05,１２．５,"1,234"\nB,乙団地,140.15,36.05,,\n'


UNCLOSED = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "Polygon", "coordinates": [[[140, 36], [140.1, 36]]]},
            }
        ],
    }
)


def sites(crs_=6668, **columns):
    shapes = [shapely.box(140.0, 36.0, 140.01, 36.01), shapely.box(140.1, 36.0, 140.11, 36.01)]
    return gpd.GeoDataFrame({"name": ["甲", "乙"], **columns}, geometry=shapes, crs=crs_)


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_as_people_save_it(tmp_path, encoding):
    frame = read_candidates(write(tmp_path / "a.csv", CSV.encode(encoding)))
    assert frame.index.to_list() == ["A", "B"]
    assert frame["area_ha"].to_list() == pytest.approx([12.5, float("nan")], nan_ok=True)
    assert frame.loc["A", "available_ha"] == 1234
    assert frame.crs == crs.STORE


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg"])
@pytest.mark.parametrize("epsg", [4326, 6668, 6677, 3857])
def test_vectors_in_any_crs(tmp_path, suffix, epsg):
    path = tmp_path / f"sites{suffix}"
    sites().to_crs(epsg).to_file(path)
    frame = read_candidates(path)
    assert frame.index.to_list() == ["row-000001", "row-000002"]
    assert frame.total_bounds == pytest.approx([140.0, 36.0, 140.11, 36.01], abs=1e-5)


def shapefile(tmp_path, **options):
    folder = tmp_path / "shp"
    folder.mkdir()
    sites().to_file(folder / "候補地.shp", encoding="cp932", **options)
    return folder


def zipped(folder, path, leave_out=()):
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            if file.suffix not in leave_out:
                archive.write(file, file.name)
    return path


def test_a_zipped_shapefile_in_cp932(tmp_path):
    frame = read_candidates(zipped(shapefile(tmp_path), tmp_path / "a.zip"))
    assert frame["name"].to_list() == ["甲", "乙"]


def test_a_shapefile_without_prj_asks_for_its_crs(tmp_path):
    with pytest.raises(GeodataError, match="coordinate reference system"):
        read_candidates(zipped(shapefile(tmp_path), tmp_path / "a.zip", leave_out=[".prj"]))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # GDAL warns of the ring as it reads
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.zip", b"PK not a zip", "truncated"),
        ("a.csv", "name,x1\nA,1\n", "lon and lat"),
        ("a.csv", "lon,lat\n36.05,140.05\n", "swapped"),
        ("a.csv", "lon,lat\n2.35,48.85\n", "place in Japan"),
        ("a.csv", "lon,lat\n百四十,36\n", "expected a number, found '百四十'"),
        ("a.csv", "lon,lat\n,\n", "no position"),
        ("a.csv", "site_id,lon,lat\nA,140,36\nA,140,36\n", "unique, found 'A'"),
        ("a.csv", "lon,lat,pref_code\n140,36,8\n", "leading zero"),
        ("a.csv", "", "CSV table"),
        ("a.csv", "lon,lat\n", "expected rows"),
        ("a.csv", "lon,lat,available_ha\n140,36,-10\n", "0 or more"),
        ("a.csv", "lon,lat,pref_code\n140,36,99\n", "01 to 47"),
        ("a.csv", "lon,lat,pref_code,muni_code\n140,36,08,47201\n", "contradict"),
        ("a.geojson", UNCLOSED, "expected shapes"),
        ("a.csv", b"\x81", "UTF-8 or cp932"),
        ("a.geojson", "{", "broken"),
        ("a.geojson", json.dumps({"type": "FeatureCollection", "features": []}), "sites with a geometry"),
        ("a.gpkg", b"SQLite format 3\x00 truncated", "broken"),
        ("a.xlsx", b"", "found .xlsx"),
    ],
)
def test_bad_input_is_one_sentence_that_names_the_file(tmp_path, name, content, says):
    with pytest.raises(GeodataError, match=says) as caught:
        read_candidates(write(tmp_path / name, content))
    assert name in str(caught.value)


def test_an_absent_file_is_said(tmp_path):
    with pytest.raises(GeodataError, match="no such file"):
        read_candidates(tmp_path / "absent.csv")


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"0" * 20_000_000)
    with pytest.raises(GeodataError, match="ordinary archive"):
        read_candidates(path)


def test_two_shapefiles_are_refused(tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"x")
        archive.writestr("b.shp", b"x")
    with pytest.raises(GeodataError, match="found 2"):
        read_candidates(path)
