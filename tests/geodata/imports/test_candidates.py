import json
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.country import crs
from geodata.errors import GeodataError
from geodata.imports.candidates import read_candidates
from geodata.imports.report import Report

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
        ("a.csv", "lon,lat\n百四十,36\n", "a number of degrees in lon, found '百四十' .row 1."),
        ("a.csv", "name,lon,lat\nA,,\n", "no position in row 1"),
        ("a.csv", "site_id,lon,lat\nA,140,36\nA,140,36\n", "unique, found 'A'"),
        ("a.csv", "lon,lat,muni_code\n140,36,182011\n", "check digit"),
        ("a.csv", "", "empty file"),
        ("a.csv", "lon,lat\n", "rows below the heading"),
        ("a.csv", "name,X,Y\nA,-37700.0,-8600.0\n", "metres of a plane"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "save it as .xlsx"),
        ("a.kml", "<kml/>", "a file ending in"),
        ("a.csv", "lon,lat,pref_code\n140,36,99\n", "01 to 47"),
        ("a.csv", "lon,lat,pref_code,muni_code\n140,36,08,47201\n", "contradict"),
        ("a.geojson", UNCLOSED, "expected shapes"),
        ("a.csv", b"\x81", "UTF-8 or cp932"),
        ("a.geojson", "{", "broken"),
        ("a.geojson", json.dumps({"type": "FeatureCollection", "features": []}), "sites with a geometry"),
        ("a.gpkg", b"SQLite format 3\x00 truncated", "broken"),
        ("a.xlsx", b"PK", "Excel workbook"),
    ],
)
def test_bad_input_is_one_sentence_that_names_the_file(tmp_path, name, content, says):
    with pytest.raises(GeodataError, match=says) as caught:
        read_candidates(write(tmp_path / name, content))
    assert name in str(caught.value)


def test_an_absent_file_is_said(tmp_path):
    with pytest.raises(GeodataError, match="expected a file"):
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


def told(path):
    report = Report(file=path.name, kind="candidates")
    frame = read_candidates(path, report)
    return frame, " ".join(report.sentences())


def test_headings_are_matched_by_meaning_and_the_rest_is_said(tmp_path):
    rows = (
        '候補地名,市町村コード,東経,北緯,総面積（㎡）,分譲可能面積（ha）,担当課\n甲,1101,141.3,43.0,"52,000",▲3,企画\n'
    )
    frame, said = told(write(tmp_path / "a.csv", rows.encode("cp932")))
    site = frame.iloc[0]
    assert (site["name"], site["muni_code"], site["area_ha"]) == ("甲", "01101", pytest.approx(5.2))
    assert np.isnan(frame.get("available_ha", pd.Series([np.nan])).iloc[0])
    assert "担当課" in said
    assert "▲3" in said


def test_an_area_without_a_unit_is_unknown_and_said(tmp_path):
    frame, said = told(write(tmp_path / "a.csv", "名称,lon,lat,面積\n甲,140,36,52000\n乙,140.1,36,3ha\n"))
    assert frame["area_ha"].to_list() == pytest.approx([np.nan, 3], nan_ok=True)
    assert "a unit in the heading" in said


def test_excel_is_read_as_it_is_shown(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["県内候補地一覧", None, None, None],
        ["工業団地名", "位置", None, "面積(ha)"],
        [None, "経度", "緯度", None],
        ["北", 136.1, 35.9, 4],
        ["南", 136.2, 35.8, 6],
        ["旧", 136.3, 35.8, 9],
        ["合　計", None, None, 10],
    ):
        sheet.append(row)
    for cells in ("A2:A3", "B2:C2", "D2:D3"):
        sheet.merge_cells(cells)
    sheet.row_dimensions[6].hidden = True
    old = book.create_sheet("旧")
    old.append(["工業団地名", "経度", "緯度"])
    old.append(["隠れ", 136.4, 35.8])
    old.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    frame, said = told(tmp_path / "a.xlsx")
    assert frame[["name", "area_ha"]].to_numpy().tolist() == [["北", 4], ["南", 6]]
    assert "Hidden sheets were not read: 旧" in said
    assert "1 hidden rows were not read (6)" in said
    assert "rows that are no totals" in said


def test_degrees_minutes_and_seconds_are_converted_and_said(tmp_path):
    frame, said = told(write(tmp_path / "a.csv", "名称,経度,緯度\n甲,東経140度30分36秒,36°06'00\"\n"))
    assert (frame.geometry.x.iloc[0], frame.geometry.y.iloc[0]) == pytest.approx((140.51, 36.1))
    assert "degrees, minutes and seconds" in said


def test_headings_that_name_the_old_datum_move_the_points(tmp_path):
    frame, said = told(write(tmp_path / "a.csv", "名称,経度（旧日本測地系）,緯度（旧日本測地系）\n甲,140,36\n"))
    moved = crs.geodesic_m(140, 36, frame.geometry.x.iloc[0], frame.geometry.y.iloc[0])
    assert 350 < moved < 500
    assert "EPSG:4301" in said


def test_a_geopackage_in_the_old_datum_is_moved_too(tmp_path):
    sites(4301).to_file(tmp_path / "a.gpkg")
    corner = read_candidates(tmp_path / "a.gpkg").total_bounds
    assert 350 < crs.geodesic_m(140.0, 36.0, corner[0], corner[1]) < 500


def test_a_shapefile_without_code_page_in_a_zip_within_a_zip_keeps_its_names(tmp_path):
    inner = zipped(shapefile(tmp_path), tmp_path / "inner.zip", leave_out=[".cpg"])
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(inner, "配布/候補地.zip")
    assert read_candidates(tmp_path / "outer.zip")["name"].to_list() == ["甲", "乙"]


def test_a_geojson_in_a_zip_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.geojson", sites().to_json())
    assert read_candidates(tmp_path / "a.zip")["name"].to_list() == ["甲", "乙"]


def test_codes_get_their_digits_back(tmp_path):
    frame, _ = told(write(tmp_path / "a.csv", "lon,lat,pref_code,muni_code\n141,43,1,1101\n136.2,36,18,18201\n"))
    assert frame["pref_code"].to_list() == ["01", "18"]
    assert frame["muni_code"].to_list() == ["01101", "18201"]


@given(
    name=st.text("亜伊宇絵尾髙①～・敦賀", min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp932"]),
    hectares=st.floats(0.01, 9999).map(lambda x: round(x, 2)),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_encoding_changes_a_name_or_a_number(tmp_path, name, encoding, hectares):
    path = write(tmp_path / "a.csv", f'名称,経度,緯度,面積(ha)\n{name},140,36,"{hectares:,}"\n'.encode(encoding))
    frame = read_candidates(path)
    assert (frame["name"].iloc[0], frame["area_ha"].iloc[0]) == (name, hectares)


TOWNS = "候補地名,所在地,面積ha,担当課\n甲,{town}字東1-2,12.5,企画\n乙,どこか町3,4,企画\n"


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx"])
def test_a_row_without_coordinates_lies_in_the_town_that_it_names(tmp_path, tiny, suffix):
    towns = tiny.layer("municipalities")
    name, shape = towns.frame["name"].iloc[0], towns.frame.geometry.iloc[0]
    rows = [line.split(",") for line in TOWNS.format(town=name).split()]
    path = tmp_path / f"a{suffix}"
    if suffix == ".xlsx":
        pd.DataFrame(rows).to_excel(path, header=False, index=False)
    else:
        path.write_text("\n".join((("\t" if suffix == ".tsv" else ",").join(row)) for row in rows), "utf-8")
    report = Report(file=path.name, kind="candidates")
    found = read_candidates(path, report, municipalities=towns)
    assert found[["name", "area_ha"]].to_numpy().tolist() == [["甲", 12.5]]
    assert shape.contains(found.geometry.iloc[0])
    assert found["accuracy_m"].iloc[0] > 100
    said = " ".join(report.sentences())
    assert (report.rows_read, report.rows_kept) == (2, 1)
    assert "an inner point of the municipality was taken" in said
    assert "Headings not used: 担当課." in said
    assert "乙" in said


def test_rows_with_coordinates_stay_where_they_are_beside_rows_with_a_town(tmp_path, tiny):
    towns = tiny.layer("municipalities")
    name = towns.frame["name"].iloc[0]
    path = write(tmp_path / "a.csv", f"名称,市町村名,経度,緯度\n甲,,140.05,36.05\n乙,{name},,\n")
    found = read_candidates(path, municipalities=towns)
    assert (found.geometry.x.iloc[0], found.geometry.y.iloc[0]) == pytest.approx((140.05, 36.05))
    assert np.isnan(found["accuracy_m"].iloc[0])
    assert towns.frame.geometry.iloc[0].contains(found.geometry.iloc[1])


def test_a_table_of_unknown_towns_is_one_sentence(tmp_path, tiny):
    path = write(tmp_path / "a.csv", "名称,所在地\n甲,どこか町\n")
    with pytest.raises(GeodataError, match=r"a\.csv: expected rows in a known municipality"):
        read_candidates(path, municipalities=tiny.layer("municipalities"))


def test_notes_and_totals_are_no_sites_but_a_place_so_named_is(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "候補地一覧,,,\n令和6年4月1日現在,,,\n候補地名,経度,緯度,面積(ha)\n計,136.07,35.66,10\nい,136.08,35.67,20\n"
        "合計,,,30\n※ 面積は公簿による,,,\n（注）未確認を含む,,,\n",
        "utf-8",
    )
    report = Report("list.csv", "candidates")
    sites = read_candidates(path, report)
    assert sites["name"].to_list() == ["計", "い"]
    assert "合計" in " ".join(report.sentences())
    assert "※" in " ".join(report.sentences())


def test_a_coordinate_that_is_a_formula_without_a_value_is_said_to_be_one(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["候補地名", "経度", "緯度"])
    book.active.append(["北", 136.07, "=35+0.66"])
    book.save(tmp_path / "f.xlsx")
    with pytest.raises(GeodataError, match="formula without a stored value"):
        read_candidates(tmp_path / "f.xlsx", Report("f.xlsx", "candidates"))


@given(
    x=st.floats(131, 140),
    y=st.floats(34, 42),
    wide=st.floats(0.001, 0.05),
    high=st.floats(0.001, 0.05),
    low=st.floats(0.05, 0.45),
    several=st.booleans(),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_bow_tie_is_repaired_with_a_note_and_keeps_an_area(tmp_path, x, y, wide, high, low, several):  # noqa: PLR0913, PLR0917
    corners = [(x, y), (x + wide, y + high), (x + wide, y + high * low), (x, y + high), (x, y)]
    bow = shapely.Polygon(corners)
    shape = shapely.MultiPolygon([bow, shapely.box(x + 1, y, x + 1.01, y + 0.01)]) if several else bow
    assert not shape.is_valid
    write(tmp_path / "b.geojson", shapely.to_geojson(gpd.GeoSeries([shape]).array[0]))
    report = Report("b.geojson", "candidates")
    frame = read_candidates(tmp_path / "b.geojson", report)
    assert frame.geometry.is_valid.all()
    assert (frame.geometry.to_crs(crs.WORK).area > 0).all()
    assert any("expected a valid shape" in sentence for sentence in report.sentences())


@given(
    values=st.lists(st.tuples(st.booleans(), st.integers(1, 500)), min_size=1, max_size=6),
    formula=st.sampled_from(["=1+2", "=SUM(A1:A3)", "=C2*2", "='別'!A1"]),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_formula_without_a_stored_value_is_unknown_and_named(tmp_path, values, formula):
    book = openpyxl.Workbook()
    book.active.append(["候補地名", "経度", "緯度", "面積ha"])
    for n, (stored, area) in enumerate(values):
        book.active.append([f"P{n}", 136.0 + n / 100, 35.5, area if stored else formula])
    book.save(tmp_path / "f.xlsx")
    report = Report("f.xlsx", "candidates")
    frame = read_candidates(tmp_path / "f.xlsx", report)
    found = frame.get("area_ha", pd.Series(np.nan, index=frame.index))
    assert found.to_list() == pytest.approx([a if stored else np.nan for stored, a in values], nan_ok=True)
    lost = [n for n, (stored, _) in enumerate(values) if not stored]
    said = " ".join(report.sentences())
    assert not lost or (f"{len(lost)} formulas have no stored value" in said and f"D{lost[0] + 2}" in said)
