import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from office_files import geojson_zip, ksj_frame, shape_zip

from geodata import GeodataError, imports
from geodata.country import crs
from geodata.imports import KINDS, Options
from geodata.imports.ksj.reader import layers

KSJ = [kind for kind in KINDS if kind.startswith("ksj_")]
FIXTURES = Path(__file__).parents[4] / "shared" / "data" / "fixtures"


def read(path, kind, **options):
    return imports.read(path, kind, Options(**options), lambda _: None)


@pytest.mark.parametrize("kind", KSJ)
@pytest.mark.parametrize("shape", ["shapefile in cp932", "geojson in utf-8"])
def test_every_kind_reads_its_shape_and_types_every_column(kind, shape, tmp_path):
    made = ksj_frame(kind)
    path = shape_zip(made, tmp_path) if "cp932" in shape else geojson_zip(made, tmp_path)
    found = read(path, kind)
    report, frame = found.report, found.layer.frame
    assert report.rows_read == report.rows_kept == 3
    assert report.encoding == ("cp932" if "cp932" in shape else "utf-8") or "福井" not in str(made.to_dict())
    assert [p for p in report.problems if p.action == "blanked"] == []
    assert gpd.GeoDataFrame(frame).crs == crs.STORE
    for name, field in found.layer.spec.fields.items():
        assert (frame[name].dtype == np.float64) == (field.dtype == "float")
        if field.dtype == "float" and not name.endswith("_max_m") and not name.endswith("_max_h"):
            assert frame[name].notna().any(), name
    for texts in frame.select_dtypes("str"):
        assert not frame[texts].dropna().str.contains("\ufffd").any()
    assert found.layer.passport.licence == layers()[kind].licence


def test_the_landslide_codes_are_not_swapped(tmp_path):
    """1 is a warning zone and 2 a special warning zone; several public codes have them the other way round."""
    made = gpd.GeoDataFrame(
        {"A33_001": ["1", "2", "3"], "A33_002": ["1", "2", "4"], "A33_003": ["18"] * 3},
        geometry=[shapely.box(136.2 + k / 100, 36, 136.205 + k / 100, 36.01) for k in range(3)],
        crs=6668,
    )
    found = read(geojson_zip(made, tmp_path), "ksj_a33")
    assert found.layer.frame["zone_class"].tolist() == [
        "warning_designated",
        "special_warning_designated",
        "special_warning_before_designation",
    ]
    assert found.layer.frame["phenomenon"].tolist() == ["steep_slope", "debris_flow", "landslide"]
    assert found.layer.spec.outside == tuple(f"{n:02d}" for n in range(1, 48) if n != 18)


def test_tsunami_texts_become_depths(tmp_path):
    texts = ["1m以上2m未満", "0.01m以上 ～ 0.3m未満", "1.0～2.0m", "3m以上～5m未満", "0.3m未満", "１０ｍ以上", "？"]
    made = gpd.GeoDataFrame(
        {"A40_001": ["福井県"] * 7, "A40_002": ["18"] * 7, "A40_003": texts},
        geometry=[shapely.box(136 + k / 10, 36, 136.05 + k / 10, 36.01) for k in range(7)],
        crs=6668,
    )
    found = read(shape_zip(made, tmp_path), "ksj_a40")
    low, high = found.layer.frame["depth_min_m"].tolist(), found.layer.frame["depth_max_m"].tolist()
    assert low[:6] == [1, 0.01, 1, 3, 0, 10]
    assert high[:5] == [2, 0.3, 2, 5, 0.3]
    assert np.isnan([low[6], high[5]]).all()
    assert any(p.action == "blanked" and p.rows == (7,) for p in found.report.problems)


def test_flood_ranks_become_metres_and_only_current_joints_stay(tmp_path):
    flood = gpd.GeoDataFrame(
        {"A31a_205": [1, 6, 9]}, geometry=[shapely.box(136 + k, 36, 136.1 + k, 36.1) for k in range(3)], crs=6668
    )
    frame = read(geojson_zip(flood, tmp_path, "A31a-24_18_20"), "ksj_a31a").layer.frame
    assert frame["depth_min_m"].tolist()[:2] == [0, 20]
    assert np.isnan(frame["depth_min_m"].iloc[2])
    joints = gpd.GeoDataFrame(
        {"N06_012": [2000, 2001], "N06_014": [9999, 2010], "N06_018": ["福井", "旧"], "N06_019": ["1", "2"]},
        geometry=[shapely.Point(136.2, 36), shapely.Point(136.3, 36)],
        crs=6668,
    )
    found = read(shape_zip(joints, tmp_path), "ksj_n06_joint")
    assert found.layer.frame["joint_name"].tolist() == ["福井"]
    assert "rows still in force" in " ".join(found.report.sentences())


@pytest.mark.parametrize(
    ("columns", "price", "edition"),
    [(60, "L01_006", "to_2017"), (120, "L01_006", "2018"), (135, "L01_006", "2022"), (146, "L01_008", "2024")],
)
def test_land_prices_follow_their_edition(tmp_path, columns, price, edition):
    made = gpd.GeoDataFrame(
        {f"L01_{n:03d}": [str(n)] * 2 for n in range(1, columns + 1)},
        geometry=[shapely.Point(136.2, 36), shapely.Point(136.3, 36)],
        crs=6668,
    )
    made[price] = ["52000", "61000"]
    frame = read(geojson_zip(made, tmp_path, f"L01-{edition}"), "ksj_l01").layer.frame
    assert frame["price_yen_per_m2"].tolist() == [52000, 61000]


def test_a_file_without_prj_takes_the_publishers_and_says_so(tmp_path):
    found = read(shape_zip(ksj_frame("ksj_c02"), tmp_path, prj=False), "ksj_c02")
    assert any("EPSG:4612" in s for s in found.report.sentences())


def test_utf8_is_not_read_as_cp932(tmp_path):
    found = read(shape_zip(ksj_frame("ksj_a33"), tmp_path, encoding="utf-8"), "ksj_a33")
    assert found.report.encoding == "utf-8"
    assert found.layer.frame["area_name"].str.startswith("福井").all()


def test_gml_is_read_through_gdal(tmp_path):
    pyogrio.write_dataframe(ksj_frame("ksj_a33"), tmp_path / "A33.gml", driver="GML")
    assert read(tmp_path / "A33.gml", "ksj_a33").report.rows_kept == 3


def test_the_wrong_kind_names_what_it_expected(tmp_path):
    with pytest.raises(GeodataError, match="A29_001"):
        read(shape_zip(ksj_frame("ksj_a33"), tmp_path), "ksj_a29")
    with pytest.raises(GeodataError, match="expected one of"):
        read(tmp_path / "x", "nonsense")


def test_shapes_are_repaired_rejected_and_counted(tmp_path):
    bow = shapely.Polygon([(136, 36), (136.1, 36.1), (136.1, 36), (136, 36.1)])
    made = gpd.GeoDataFrame(
        {"A33_001": ["1"] * 4, "A33_002": ["1"] * 4, "A33_004": list("abcc")},
        geometry=[
            bow,
            shapely.box(10, 10, 11, 11),
            shapely.box(136.3, 36, 136.4, 36.1),
            shapely.box(136.3, 36, 136.4, 36.1),
        ],
        crs=6668,
    )
    found = read(geojson_zip(made, tmp_path), "ksj_a33")
    actions = {p.action: p.count for p in found.report.problems if p.count}
    assert actions == {"repaired": 1, "rejected": 1, "dropped": 1}
    assert found.report.rows_kept == 2
    assert found.layer.geometry.is_valid.all()


def test_swapped_coordinates_are_one_sentence(tmp_path):
    made = gpd.GeoDataFrame(
        {"C02_005": ["a", "b"], "C02_002": ["11", "12"], "C02_001": ["1", "1"]},
        geometry=[shapely.Point(36, 136), shapely.Point(36.1, 136)],
        crs=6668,
    )
    with pytest.raises(GeodataError, match="the two swapped"):
        read(geojson_zip(made, tmp_path), "ksj_c02")


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["N03-21_17_210101.json", "N03-21_01_210101.json", "N03-21_210101.s0001.json"])
def test_the_publishers_own_boundaries(name):
    if not FIXTURES.is_dir():
        pytest.skip("the national data are not beside the project")
    found = read(FIXTURES / "ksj" / name, "ksj_n03")
    codes = found.layer.frame["municipality_code"].dropna()
    assert codes.str.fullmatch(r"\d{5}").all()
    assert found.report.rows_kept > 10


def test_shapefiles_of_one_zip_are_put_together(tmp_path):
    made = ksj_frame("ksj_a12")
    path = tmp_path / "A12-15_18_GML.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in ("05", "06"):
            archive.writestr(
                f"a_{number}.geojson", made.assign(LAYER_NO=number, OBJ_NAME=number).to_crs(6668).to_json()
            )
    found = read(path, "ksj_a12")
    assert found.report.rows_kept == 6
    assert set(found.layer.frame["area_class"]) == {"agricultural_area", "farmland_area"}
    assert any("put together" in s for s in found.report.sentences())


def test_centimetres_are_not_metres(tmp_path):
    made = gpd.GeoDataFrame(
        {"A40_001": ["x"], "A40_002": ["18"], "A40_003": ["50cm以上1m未満"]},
        geometry=[shapely.box(136, 36, 136.1, 36.1)],
        crs=6668,
    )
    assert read(geojson_zip(made, tmp_path), "ksj_a40").layer.frame[["depth_min_m", "depth_max_m"]].iloc[
        0
    ].tolist() == [0.5, 1]


def test_a_prefecture_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(GeodataError, match="01 to 47"):
        read(geojson_zip(ksj_frame("ksj_a33"), tmp_path), "ksj_a33", covers=("99",))
