import geopandas as gpd
import pytest
import shapely

from geodata.country.codes import PREFECTURE_CODES
from geodata.imports import Options, read
from geodata.store.joining import joined


def zones(tmp_path, covers, *, complete=True, date="2024", x=136.0):
    path = tmp_path / f"A33-{'-'.join(covers)}.geojson"
    shape = shapely.box(x, 36.0, x + 0.1, 36.1)
    gpd.GeoDataFrame({"A33_002": ["1"]}, geometry=[shape], crs=6668).to_file(path)
    return read(path, "ksj_a33", Options("landslide_zones", None, date, covers, complete), lambda _: None).layer


def test_files_of_other_prefectures_are_one_layer_that_covers_both(tmp_path):
    one, two = zones(tmp_path, ("17",), date="2024"), zones(tmp_path, ("18",), date="2025", x=136.2)
    both = joined(one, two)
    assert len(both.frame) == 2
    assert both.frame[both.spec.key].is_unique
    assert set(PREFECTURE_CODES) - set(both.spec.outside) == {"17", "18"}
    assert (both.passport.reference_date, both.passport.inventory) == ("2024 / 2025", "complete")
    assert both.version not in {one.version, two.version}


@pytest.mark.parametrize("covers", [("17",), ("17", "18"), ()])
def test_a_file_of_the_same_prefecture_takes_its_place(tmp_path, covers):
    one, two = zones(tmp_path, ("17",)), zones(tmp_path, covers, x=136.2)
    assert joined(one, two) is two


def test_one_partial_file_makes_the_whole_partial(tmp_path):
    both = joined(zones(tmp_path, ("17",)), zones(tmp_path, ("18",), complete=False))
    assert both.passport.inventory == "partial"
