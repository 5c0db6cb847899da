"""A suffix names one driver, and no other driver of the installed GDAL can be reached behind it, at any door."""

import json
import sqlite3
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from geodata import imports
from geodata.errors import FormatError, GeodataError
from geodata.files import drivers
from geodata.imports.candidates import read_candidates
from planner.errors import PlannerError
from planner.measure.own import read_own
from planner.output.files import read_result

KEPT = "the-rows-of-another-file"
OWN_FORMAT = {"GeoJSON", "GPKG", "ESRI Shapefile", "GML", "TopoJSON"}
ENDINGS = {"CSV": ".csv", "KML": ".kml", "LIBKML": ".kml", "FlatGeobuf": ".fgb", "SQLite": ".sqlite", "GPX": ".gpx"}
SUFFIXES = (".geojson", ".json", ".gpkg", ".gml", ".xml", ".shp", ".zip")


def _import(path: Path) -> object:
    return imports.read(path, "ksj_a33", imports.Options(), lambda _: None)


DOORS: dict[str, Callable[[Path], object]] = {
    "candidates": read_candidates,
    "own layer": read_own,
    "import": _import,
    "result": read_result,
}


@pytest.fixture(scope="module")
def places() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["甲", "乙"]}, geometry=[shapely.Point(139, 35), shapely.Point(140, 36)], crs=4326)


@pytest.fixture(scope="module")
def foreign(places: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A file of each driver that can write one, and recipes that make GDAL open other files or hosts."""
    folder = tmp_path_factory.mktemp("foreign")
    secret = folder / "secret.csv"
    secret.write_text(f"name,x,y\n{KEPT},139,35\n", "utf-8")
    found = {}
    for driver, can in pyogrio.list_drivers().items():
        if "w" in can and driver not in OWN_FORMAT | {
            "MEM",
            "PDS4",
            "Elasticsearch",
            "Carto",
            "AmigoCloud",
            "NGW",
            "GPSBabel",
        }:
            path = folder / f"file{ENDINGS.get(driver, '')}"
            try:
                with warnings.catch_warnings(action="ignore"):
                    pyogrio.write_dataframe(places, path, driver=driver)
                found[driver] = path.read_bytes()
            except Exception:  # noqa: BLE001, S112  (a driver that cannot write points has no file to try)
                continue
    source = f"<SrcDataSource>{secret}</SrcDataSource><SrcLayer>secret</SrcLayer>"
    layer = f'<OGRVRTLayer name="secret">{source}<GeometryField encoding="PointFromColumns" x="x" y="y"/></OGRVRTLayer>'
    found["OGR_VRT"] = f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>".encode()
    pipeline = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret}"}
    found["GDALG"] = json.dumps(pipeline).encode()
    found["GDALG in a collection"] = json.dumps(
        {**pipeline, "x": {"type": "FeatureCollection", "features": []}}
    ).encode()
    found["WFS"] = b"<OGRWFSDataSource><URL>http://127.0.0.1:9/wfs</URL></OGRWFSDataSource>"
    found["HTTP"] = b"http://127.0.0.1:9/places.geojson"
    found["OAPIF"] = b'{"links":[{"rel":"data","href":"http://127.0.0.1:9/collections"}],"conformsTo":[]}'
    return found


@pytest.mark.parametrize("door", DOORS)
def test_no_other_driver_is_reached_behind_a_suffix(door: str, foreign: dict[str, bytes], tmp_path: Path) -> None:
    assert {"OGR_VRT", "GDALG", "FlatGeobuf", "SQLite", "KML", "DXF"} <= set(foreign)
    for driver, content in foreign.items():
        for suffix in SUFFIXES:
            path = tmp_path / f"places{suffix}"
            path.write_bytes(content)
            with pytest.raises((PlannerError, GeodataError)) as caught:
                DOORS[door](path)
            assert KEPT not in str(caught.value), (driver, suffix)


@pytest.mark.parametrize("door", ["candidates", "own layer", "import"])
def test_nor_inside_a_zip(door: str, foreign: dict[str, bytes], tmp_path: Path) -> None:
    for driver, content in foreign.items():
        for suffix in (".shp", ".geojson", ".gml"):
            path = tmp_path / "places.zip"
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr(f"places{suffix}", content)
                archive.writestr("places.dbf", content)
            with pytest.raises((PlannerError, GeodataError)) as caught:
                DOORS[door](path)
            assert KEPT not in str(caught.value), (driver, suffix)


@pytest.mark.parametrize(
    "name", ["/vsicurl/http://127.0.0.1:9/a.geojson", "/vsizip/x.zip/a.shp", "PG:dbname=x", "CSV:x"]
)
def test_names_that_gdal_would_resolve_are_no_files(name: str) -> None:
    for door in DOORS.values():
        with pytest.raises((PlannerError, GeodataError)):
            door(Path(name))


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".gml", ".shp"])
def test_the_named_driver_reads_what_was_written(suffix: str, places: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / f"places{suffix}"
    pyogrio.write_dataframe(places, path, driver=drivers.KINDS[suffix].driver)
    frame = drivers.read_vector(path)
    assert list(frame["name"]) == ["甲", "乙"]
    assert [point.x for point in frame.geometry] == pytest.approx([139, 140])
    assert frame.crs.to_epsg() == 4326
    assert set(drivers.read_information(path).fields) >= {"name"}


def test_a_geopackage_of_views_is_refused(places: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "places.gpkg"
    pyogrio.write_dataframe(places, path, driver="GPKG", layer="places")
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW endless AS SELECT a.* FROM places a, places b, places c")
        database.execute(
            "INSERT INTO gpkg_contents(table_name, data_type, identifier) VALUES ('endless', 'features', 'e')"
        )
    database.close()
    with pytest.raises(FormatError, match="endless"):
        drivers.read_vector(path)


def test_a_file_that_needs_too_much_is_given_up(
    places: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "places.gpkg"
    pyogrio.write_dataframe(places, path, driver="GPKG")
    monkeypatch.setattr(drivers, "SECONDS", -1.0)
    with pytest.raises(FormatError, match="seconds"):
        drivers.read_vector(path)
    monkeypatch.undo()
    assert len(drivers.read_vector(path)) == 2


def test_rows_are_bounded(places: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "places.gpkg"
    pyogrio.write_dataframe(gpd.GeoDataFrame(places.sample(50, replace=True, random_state=1)), path, driver="GPKG")
    assert len(drivers.read_vector(path, most=10)) == 11
