import dataclasses

import geopandas as gpd
import pytest
import shapely

from geodata import GeodataError, Store
from geodata.country.codes import PREFECTURE_CODES
from geodata.imports import Options, read
from geodata.store.joining import covered, joined


def zones(tmp_path, covers, *, complete=True, date="2024", x=136.0):
    path = tmp_path / f"A33-{'-'.join(covers)}.geojson"
    shape = shapely.box(x, 36.0, x + 0.1, 36.1)
    gpd.GeoDataFrame({"A33_002": ["1"]}, geometry=[shape], crs=6668).to_file(path)
    return read(path, "ksj_a33", Options("landslide_zones", None, date, covers, complete), lambda _: None).layer


def test_files_of_other_prefectures_are_one_layer_that_covers_both(tmp_path):
    one, two = zones(tmp_path, ("17",), date="2024"), zones(tmp_path, ("18",), date="2025", x=136.2)
    both = joined([one, two])
    assert len(both.frame) == 2
    assert both.frame[both.spec.key].is_unique
    assert set(PREFECTURE_CODES) - set(both.spec.outside) == {"17", "18"}
    assert (both.passport.reference_date, both.passport.inventory) == ("2024 / 2025", "complete")
    assert both.version not in {one.version, two.version}


@pytest.mark.parametrize("covers", [("17",), ("17", "18"), ()])
def test_a_file_of_the_same_prefecture_takes_its_place(tmp_path, covers):
    one, two = zones(tmp_path, ("17",)), zones(tmp_path, covers, x=136.2)
    assert joined([one, two]).version == two.version


def test_one_partial_file_makes_the_whole_partial(tmp_path):
    both = joined([zones(tmp_path, ("17",)), zones(tmp_path, ("18",), complete=False)])
    assert both.passport.inventory == "partial"


def test_a_newer_file_of_one_prefecture_leaves_those_of_the_others(tmp_path):
    store = Store(tmp_path / "data")
    for covers, date, x in ((("17",), "2024", 136.0), (("18",), "2024", 136.2), (("18",), "2025", 136.4)):
        kept = store.keep(zones(tmp_path, covers, date=date, x=x))
    assert covered(kept.spec) == {"17", "18"}
    assert sorted(kept.frame.geometry.bounds["minx"].round(1)) == [136.0, 136.4]
    assert covered(Store(tmp_path / "data").layer("landslide_zones").spec) == {"17", "18"}


def test_what_the_files_are_under_stands_beside_each_other(tmp_path):
    one, two = zones(tmp_path, ("17",)), zones(tmp_path, ("18",))
    other = dataclasses.replace(one, spec=one.spec.model_copy(update={"licence": "non-commercial"}))
    assert joined([other, two]).passport.licence == f"non-commercial / {two.spec.licence}"


def test_a_place_takes_shapes_of_its_own_kind_alone(tmp_path):
    layer = zones(tmp_path, ("17",))
    points = dataclasses.replace(layer, spec=layer.spec.model_copy(update={"geometry": "point"}))
    with pytest.raises(GeodataError, match="expected shapes of polygon"):
        Store(tmp_path / "data").keep(points)


@pytest.mark.parametrize("damaged", ["*.json", "*.parquet"])
def test_a_damaged_file_of_zones_is_said_and_imported_again(tmp_path, damaged):
    Store(tmp_path / "data").keep(zones(tmp_path, ("17",)))
    next((tmp_path / "data" / "imports" / "landslide_zones").glob(damaged)).write_bytes(b"x")
    said = []
    store = Store(tmp_path / "data", tell=said.append)
    if damaged == "*.json":
        assert not store.has("landslide_zones")
        assert "Import the file again" in str(said[0])
    else:
        with pytest.raises(GeodataError, match="Import the file again"):
            store.layer("landslide_zones")
    store.keep(zones(tmp_path, ("18",)))
    assert covered(Store(tmp_path / "data").layer("landslide_zones").spec) == {"18"}
