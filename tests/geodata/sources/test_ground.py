"""Prices, faults, volcanoes, works and districts against the faults of their tables."""

import pandas as pd
import pytest
import tiny_land

from geodata.errors import FormatError
from geodata.sources import CONNECTORS, Inputs
from geodata.sources.ground import _towns


def test_industrial_prices_are_brought_to_2026_by_the_index_of_their_prefecture(tiny):
    prices = tiny.layer("land_prices").frame.set_index("point_id")["industrial_2026_yen_m2"]
    assert prices["08201-009-001"] == pytest.approx(20000 * 121 / 110)
    assert prices["09201-009-001"] == pytest.approx(9000)
    assert prices[["08201-000-001"]].isna().all()


def test_a_price_outside_japan_is_left_out_and_counted(tiny):
    layer = tiny.layer("land_prices")
    assert "08201-000-002" not in set(layer.frame["point_id"])
    assert [(step.count, step.note.en) for step in layer.steps] == [(1, "points outside Japan")]


def test_prices_of_several_years_are_one_sentence(tmp_path):
    files = {"prices.parquet": tmp_path / "prices.parquet", "index.csv": tmp_path / "index.csv"}
    tiny_land.prices().assign(year=[2022, 2022, 2021, 2022]).to_parquet(files["prices.parquet"])
    files["index.csv"].write_bytes(tiny_land.tables()["industrial_land_price_index_prefecture.csv"])
    with pytest.raises(FormatError, match="prices of one year, found years 2021, 2022"):
        CONNECTORS["land_prices"](Inputs(files=files, layers={}))


def test_what_lies_at_sea_is_no_ground(tiny):
    assert tiny.layer("active_faults").frame["name"].to_list() == ["乙断層"]
    assert tiny.layer("volcanoes").frame["name"].to_list() == ["Ko-san"]


def test_points_of_a_fault_follow_its_trace(tiny):
    points = tiny.layer("active_fault_points")
    assert points.frame["name"].eq("乙断層").all()
    assert points.geometry.x.unique().tolist() == [140.15]
    assert points.geometry.y.sort_values().diff().max() <= 0.0025 + 1e-9
    assert (points.geometry.y.min(), points.geometry.y.max()) == (36.0, 36.2)


def test_works_are_valid_shapes(tiny):
    assert tiny.layer("industrial_areas_osm").geometry.is_valid.all()


def test_a_city_stands_at_its_cell_of_most_residents(tiny):
    cities = tiny.layer("did_cities").frame
    assert cities[["muni_code", "did_persons"]].to_numpy().tolist() == [["08201", 125000.0]]
    assert (cities["geometry"].x.iloc[0], cities["geometry"].y.iloc[0]) == pytest.approx(
        (140.04375, 36.054167), abs=1e-5
    )


def test_a_ward_counts_for_its_city():
    codes = pd.Series(["01101", "13104", "14131", "01202", "47381"])
    known = pd.Series(["01100", "01202", "13104", "14100", "14130", "14150", "47207"])
    assert _towns(codes, known).to_list() == ["01100", "13104", "14130", "01202", "47381"]


def test_missing_figures_of_a_municipality_stay_unknown(tiny):
    table = tiny.layer("municipal_land").frame.set_index("muni_code")
    assert table.loc["08201", "building_land_ha"] == 1200
    assert table.loc["08202", ["building_land_ha", "residential_yen_m2"]].isna().all()
