"""Land of the cells built from official zips, against shapes drawn by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny_country
import tiny_land
from office_files import geojson_zip

from geodata import GeodataError, Store
from geodata.country.mesh import GRIDS
from geodata.imports.land import build

WEST = shapely.box(140.0, 36.0, 140.05, 36.1)  # the western half of 08201
SOUTH = shapely.box(140.0, 36.0, 140.2, 36.05)


def zone(folder, stem, shape, **columns):
    frame = gpd.GeoDataFrame({name: [value] for name, value in columns.items()}, geometry=[shape], crs=6668)
    return geojson_zip(frame, folder, stem)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ksj")
    cells = [(r, c) for r in tiny_land.ROWS for c in tiny_land.COLUMNS]
    grid = GRIDS["1km"]
    heights = gpd.GeoDataFrame(
        {
            "G04a_001": [tiny_land.code(r, c) for r, c in cells],
            "G04a_002": 20.0,
            "G04a_003": [30.0 if c < tiny_land.PLAIN_UNTIL else 500.0 for _, c in cells],
            "G04a_004": 10.0,
        },
        geometry=list(grid.boxes(*map(np.array, zip(*cells, strict=True)))),
        crs=6668,
    )
    return [
        zone(folder, "A13-15_08", WEST, LAYER_NO="07", PREFEC_CD="08"),
        zone(folder, "A12-15_08", SOUTH, LAYER_NO="06", PREFEC_CD="08"),
        zone(folder, "A10-15_08", WEST, LAYER_NO="12", PREFEC_CD="08"),
        zone(folder, "A09-18_08", SOUTH, layer_no="1", A09_001="08"),
        zone(folder, "A29-19_08", SOUTH, A29_001="08201", A29_004="12"),
        zone(folder, "A16-15_08", shapely.box(140.1, 36.0, 140.1125, 36.1), A16_001="1", A16_005=9000.0),
        geojson_zip(heights, folder, "G04-a-11_08"),
    ]


def lookup(store):
    return lambda id_: store.layer(id_) if store.has(id_) else None


def test_each_column_comes_from_its_file(tiny, files):
    built = build(files, ["08"], "2015", lookup(tiny))
    frames = {layer.spec.id: layer.frame.set_index("mesh_code") for layer in built.layers}
    land = frames["land_use_1km"]
    assert set(land["muni_code"]) == {"08201", "08202"}
    wood, field, town = (land.loc[tiny_land.code(*at)] for at in ((4328, 3201), (4322, 3205), (4328, 3208)))
    assert (wood["forest_pct"], wood["open_pct"], wood["buildable_ha"]) == pytest.approx((100, 0, 0), abs=1)
    assert (field["farmland_zone_pct"], field["urban_promotion_pct"], field["industrial_zone_pct"]) == (100, 100, 100)
    assert (field["conversion_pct"], field["open_free_pct"]) == (100, 0)
    assert (town["did_pct"], town["buildable_pct"]) == pytest.approx((100, 0), abs=1)
    assert frames["terrain_1km"].loc[tiny_land.code(4328, 3205), "relief_m"] == 20
    assert land.loc[tiny_land.code(4328, 3213), "buildable_ha"] == 0  # steep
    assert frames["protected_1km"].loc[tiny_land.code(4328, 3201), "natpark_strict_pct"] == 100
    assert built.unknown["land_use_1km"] == ("water_pct", "clear_radius_m")


def test_what_no_file_gives_stays_unknown(tiny, files):
    built = build(files[:1], ["08"], "2015", lookup(tiny))
    assert [layer.spec.id for layer in built.layers] == ["land_use_1km"]
    unknown = set(built.unknown["land_use_1km"])
    assert {"farmland_zone_pct", "did_pct", "buildable_ha", "open_free_ha", "conversion_pct"} <= unknown
    assert "forest_pct" not in unknown


def test_a_built_layer_stands_in_until_it_is_pulled_again(tmp_path, mirror, files):
    store = Store(tmp_path, tiny_country.build(mirror))
    store.pull(["land_use_1km"], mirror=mirror)
    for layer in build(files, ["08"], "2015", lookup(store)).layers:
        store.replace(layer)
    held = store.layer("land_use_1km")
    assert (held.origin, held.passport.reference_date) == ("imported", "2015")
    assert "A13-15_08" in held.passport.attribution
    pd.testing.assert_series_equal(held.frame["forest_pct"], held.frame["forest_pct"].clip(0, 100))
    store.pull(["land_use_1km"], mirror=mirror)
    assert store.layer("land_use_1km").origin == "pulled"


@pytest.mark.parametrize(
    ("name", "prefectures", "says"),
    [("map.zip", ["08"], "by its name"), ("A13-15_08_GML.zip", ["47"], "no cell lies")],
)
def test_what_cannot_be_built_is_one_sentence(tiny, tmp_path, name, prefectures, says):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(GeodataError, match=says):
        build([tmp_path / name], prefectures, "2015", lookup(tiny))


def test_the_land_mesh_must_be_there(embedded, tmp_path):
    with pytest.raises(GeodataError, match="land_mesh_1km is not there"):
        build([tmp_path / "A13-15_08_GML.zip"], ["08"], "2015", lookup(embedded))
