"""Clean supply around a place, by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geodata.country import crs
from geodata.sources.hourly import TECHNOLOGIES
from planner.power.demand import Demand
from planner.power.supply import (
    Around,
    Capacity,
    SupplyLayers,
    annual_gwh,
    capacity,
    factors_of,
    matched,
    shapes_of,
    sharpened,
)


def layers_of(store, *, solar=False):
    plain = (store.layer(id_) for id_ in ("power_plants", "hourly_profiles", "capacity_factors", "capacity_totals"))
    register = (store.layer("solar_municipal"), store.layer("municipalities")) if solar else (None, None)
    return SupplyLayers(*plain, store.layer("nuclear_outlook"), *register)


def around(lon, lat, reach_m=30_000.0):
    return Around(crs.points_in_work(pd.Series([lon]), pd.Series([lat])), np.zeros(1), reach_m)


def test_plants_without_output_widen_the_upper_bound_alone(tiny):
    held = capacity(around(140.05, 36.05), layers_of(tiny), 2026)
    wind = TECHNOLOGIES.index("wind")
    assert held.low[0, wind] == held.value[0, wind] == 12.5
    solar = TECHNOLOGIES.index("solar")
    assert held.unknown[0, solar] >= 1
    assert held.high[0, solar] > 50_000
    assert (held.low <= held.value).all()
    assert (held.value <= held.high).all()


def test_the_municipal_register_stands_for_solar_where_it_is_there(tiny):
    solar = TECHNOLOGIES.index("solar")
    held = capacity(around(140.05, 36.05), layers_of(tiny, solar=True), 2026)
    assert held.unknown[0, solar] == 0
    assert held.value[0, solar] == pytest.approx(tiny.layer("solar_municipal").frame["solar_mw"].sum(), rel=0.5)


def test_pumped_storage_is_no_source(tiny):
    hydro = TECHNOLOGIES.index("hydro")
    assert capacity(around(140.05, 36.05), layers_of(tiny), 2026).value[0, hydro] < 1000


def test_a_restart_counts_from_its_year(embedded):
    tomari = around(140.513, 43.036)
    nuclear = TECHNOLOGIES.index("nuclear")
    before, after = (capacity(tomari, layers_of(embedded), year).value[0, nuclear] for year in (2026, 2027))
    assert after - before == 912
    late = capacity(tomari, layers_of(embedded), 2035)
    assert late.high[0, nuclear] > late.value[0, nuclear]


def test_energy_is_capacity_times_its_factor(embedded):
    factors = factors_of(embedded.layer("capacity_factors"), pd.Series(["kyushu", None]))
    solar = TECHNOLOGIES.index("solar")
    assert factors["mid"][0, solar] == 0.133
    assert factors["mid"][1, solar] == 0.135
    mw = np.zeros((2, len(TECHNOLOGIES)))
    mw[:, solar] = 1000
    held = Capacity(mw, mw, mw, np.zeros_like(mw))
    assert annual_gwh(held, factors)[1][0] == pytest.approx(1000 * 0.133 * 8.76)


def test_a_flat_source_as_large_as_the_load_matches_all_of_it(embedded):
    nuclear, shapes = TECHNOLOGIES.index("nuclear"), embedded.layer("hourly_profiles")
    areas = pd.Series(["kyushu", "tokyo"])
    factors = factors_of(embedded.layer("capacity_factors"), areas)
    mw = np.zeros((2, len(TECHNOLOGIES)))
    mw[:, nuclear] = (10_000.0, 0.0)
    low, middle, high = matched(
        Capacity(mw, mw, mw, np.zeros_like(mw)), factors, areas, shapes, Demand(connection_mw=100)
    )
    assert middle.tolist() == pytest.approx([1.0, 0.0])
    assert (low <= middle).all()
    assert (middle <= high).all()


def test_a_shape_that_is_not_the_areas_own_is_named_and_made_more_uneven(embedded):
    rows, national = shapes_of(embedded.layer("hourly_profiles"), "tohoku")
    assert national == TECHNOLOGIES
    own, of_tokyo = shapes_of(embedded.layer("hourly_profiles"), "tokyo")
    assert "solar" not in of_tokyo
    assert own.shape == (len(TECHNOLOGIES), 8760)
    wind = TECHNOLOGIES.index("wind")
    uneven = sharpened(rows, national)
    assert uneven[wind].std() > rows[wind].std()
    assert uneven.mean(axis=1) == pytest.approx(np.ones(len(TECHNOLOGIES)))


def test_places_are_in_work():
    assert isinstance(around(140.0, 36.0).sites, gpd.GeoSeries)
