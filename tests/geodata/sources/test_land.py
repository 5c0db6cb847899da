"""Tables of the 1 km cells against their faults."""

import numpy as np
import pandas as pd
import pytest
import tiny_land

from geodata.errors import FormatError
from geodata.sources import CONNECTORS, Inputs


def read(tiny, tmp_path, table: pd.DataFrame, connector: str = "land_use"):
    path = tmp_path / "mesh1km_land.parquet"
    table.to_parquet(path)
    layers = {"land_mesh_1km": tiny.layer("land_mesh_1km")}
    return CONNECTORS[connector](Inputs(files={path.name: path}, layers=layers))


def test_buildable_land_is_open_and_neither_steep_nor_town(tiny):
    frame = tiny.layer("land_use_1km").frame.set_index("mesh_code")
    plain, hill = frame.loc[tiny_land.code(4330, 3204)], frame.loc[tiny_land.code(4328, 3214)]
    town = frame.loc[tiny_land.code(4326, 3203)]
    cell_ha = plain["open_free_ha"] / 0.45
    assert plain["buildable_high_ha"] == plain["buildable_ha"] == pytest.approx(0.95 * cell_ha)
    assert plain["buildable_low_ha"] == pytest.approx(0.95 * cell_ha - 100 * 0.05)
    assert hill["buildable_high_ha"] == 0
    assert town["buildable_ha"] < 0.1 * cell_ha < town["buildable_high_ha"]
    assert plain["conversion_pct"] == 55
    assert plain["buildable_pct"] == pytest.approx(95)
    assert town["buildable_pct"] == pytest.approx(5)
    assert (town["buildable_low_pct"], town["buildable_high_pct"]) == pytest.approx((0, 95))


def test_land_without_a_row_stays_unknown_and_is_counted(tiny):
    layer = tiny.layer("land_use_1km")
    mesh = tiny.layer("land_mesh_1km").frame["mesh_code"]
    lacking = {step.action: step.count for step in layer.steps}["kept"]
    assert lacking == (~mesh.isin(layer.frame["mesh_code"])).sum() > 0
    assert tiny_land.code(*tiny_land.WITHOUT_ROW) not in set(layer.frame["mesh_code"])
    ground = tiny.layer("ground_1km")
    assert {step.action: step.count for step in ground.steps}["dropped"] == 1


def test_a_table_of_another_grid_is_one_sentence(tiny, tmp_path):
    halves = tiny_land.cells().assign(mesh_code=lambda t: t["mesh_code"] + "1")
    with pytest.raises(FormatError, match="1 km grid squares"):
        read(tiny, tmp_path, halves)
    elsewhere = tiny_land.cells().assign(
        mesh_code=[tiny_land.code(4400, 3200 + k) for k in range(len(tiny_land.cells()))]
    )
    with pytest.raises(FormatError, match="rows in cells without land"):
        read(tiny, tmp_path, elsewhere)


def test_a_table_of_another_edition_is_one_sentence(tiny, tmp_path):
    with pytest.raises(FormatError, match="no open_land"):
        read(tiny, tmp_path, tiny_land.cells().drop(columns="open_land"))
    with pytest.raises(FormatError, match="numbers in forest, found text such as 'much'"):
        read(tiny, tmp_path, tiny_land.cells().assign(forest="much"))


def test_the_other_tables_keep_their_columns(tiny):
    assert tiny.layer("terrain_1km").frame["relief_m"].unique().tolist() == [0, 300]
    assert tiny.layer("population_1km").frame["persons_2015"].max() == 6000
    assert tiny.layer("climate_1km").frame["months_below_10c"].eq(5).all()
    parks = tiny.layer("protected_1km")
    assert parks.passport.inventory == "partial"
    assert np.isin(parks.frame["natpark_strict_pct"], [0, 80]).all()
