"""Connections on a made-up grid, worked out by hand, and laws over any grid."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from geodata import Layer
from geodata.catalogue import catalogue
from geodata.country import crs
from planner.power.demand import Demand
from planner.power.equipment import GridLayers, circuits_for, equipment, station_class
from planner.power.options import options, to_work

LON, LAT = 140.0, 36.0
KM = 1 / 111.0


def layer(id_, rows, shapes):
    spec = catalogue()[id_]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=crs.STORE)
    return Layer(spec, frame, spec, "own", "v1", None, ())


def stations(*rows):
    table = [
        {
            "substation_id": f"s{n}",
            "name": name,
            "voltage_kv": max(map(float, sides.split(";"))),
            "sides_kv": sides,
            "role": role,
        }
        for n, (name, sides, role, _) in enumerate(rows)
    ]
    return layer("substations", table, [Point(LON, LAT + km * KM) for *_, km in rows])


def found(layers, demand, *, off_m=0.0, open_ended=False):
    table = equipment(layers, demand)
    return table, options(
        to_work(np.array([LON]), np.array([LAT])), np.array([off_m]), table, demand, open_ended=open_ended
    )


def test_one_circuit_is_always_in_reserve():
    assert circuits_for(Demand(connection_mw=80), 66.0) == 2
    assert circuits_for(Demand(connection_mw=100), 66.0) == 3
    assert circuits_for(Demand(connection_mw=1000), 66.0) is None
    assert circuits_for(Demand(connection_mw=1000), 275.0) == 2


def test_the_class_of_a_station_is_its_banks_less_one():
    low, middle, high = station_class(Demand().assumed, 275.0, 66.0)
    assert low == pytest.approx(1 * 150 * 0.85)
    assert middle == pytest.approx(2 * 300 * 0.95)
    assert high == pytest.approx(4 * 450 * 1.0)


def test_the_side_is_chosen_and_not_the_highest_voltage():
    table, best = found(GridLayers(stations(("大", "500;66", "transmission", 3))), Demand(connection_mw=50))
    assert table["kv"].tolist() == [66.0]
    assert best.station_km[1, 0] == pytest.approx(3.0, rel=0.01)


def test_a_station_of_one_known_voltage_gets_the_lower_side_of_its_class_and_says_so():
    table, _ = found(GridLayers(stations(("一", "154", "transmission", 3))), Demand(connection_mw=50))
    assert set(zip(table["kv"], table["side_assumed"], strict=True)) == {(154.0, False), (66.0, True)}


@pytest.mark.parametrize("role", ["industrial", "traction", "generation"])
def test_a_customers_own_station_is_no_connection(role):
    table, best = found(
        GridLayers(stations(("客", "66", role, 1), ("網", "66", "distribution", 9))), Demand(connection_mw=20)
    )
    assert table["name"].iloc[best.best[0]] == "網"


def test_a_line_overhead_is_no_connection_but_may_be_opened_at_its_cost_and_time():
    here = LineString([(LON - 0.1, LAT), (LON + 0.1, LAT)])
    line = layer("transmission_lines", [{"line_id": "l0", "name": "上空線", "voltage_kv": 275.0}], [here])
    demand = Demand(connection_mw=300)
    table, best = found(GridLayers(stations(("遠", "275", "transmission", 20)), (line,)), demand)
    assert table["name"].iloc[best.best[0]] == "遠"
    opened = table[table["kind"].eq("opening")].iloc[0]
    study, build = demand.assumed["study_years"][1], demand.assumed["station_years"][1]
    assert opened["wait_mid"] >= study + build
    small, _ = found(GridLayers(stations(("遠", "66", "transmission", 20)), (line,)), Demand(connection_mw=20))
    assert not small["kind"].eq("opening").any()


def test_the_nearer_of_two_stations_of_a_class_gives_power_first():
    table, best = found(
        GridLayers(stations(("近", "275;154;66", "transmission", 2), ("次", "66", "distribution", 6))), Demand()
    )
    assert table["name"].iloc[best.best[0]] == "近"


def test_nothing_in_reach_is_unknown_and_not_impossible():
    _, best = found(GridLayers(stations(("遠", "275", "transmission", 90))), Demand(connection_mw=300))
    assert best.best[0] == -1
    assert np.isnan([*best.years[:, 0], *best.bill[:, 0]]).all()


def room(**more):
    row = {"room_mw": 150.0, "room_to_mw": np.nan, "applied_mw": np.nan, "lead_years": 2.0, "as_of": "2026-05-01"}
    table = pd.DataFrame([{**row, "voltage_kv": np.nan, "from_year": np.nan, **more}])
    spec = catalogue()["demand_room"]
    frame = gpd.GeoDataFrame(table, geometry=[Point(LON, LAT + 3 * KM)], crs=crs.STORE)
    return Layer(spec, frame, spec, "imported", "v1", None, ())


def test_known_room_decides_the_years_and_its_date_is_kept():
    bare = GridLayers(stations(("甲", "275;66", "transmission", 3)))
    with_room = dataclasses.replace(bare, room=room())
    (_, unknown), (table, known) = found(bare, Demand()), found(with_room, Demand())
    assert known.years[2, 0] < unknown.years[2, 0]
    assert table["room_low"].iloc[known.best[0]] == 150.0
    assert table["room_date"].iloc[known.best[0]] == "2026-05-01"
    _, full = found(dataclasses.replace(bare, room=room(room_mw=20.0)), Demand())
    assert full.years[1, 0] > unknown.years[1, 0]


def test_room_is_net_of_applications_less_those_assumed_to_withdraw():
    layers = GridLayers(stations(("甲", "66", "transmission", 3)), room=room(applied_mw=100.0))
    table, _ = found(layers, Demand(connection_mw=20, assume={"withdrawn": (0.0, 0.3, 0.6)}))
    assert (table["room_low"].iloc[0], table["room_high"].iloc[0]) == (50.0, 110.0)


def test_room_from_a_later_year_counts_once_that_year_is_asked():
    layers = GridLayers(stations(("甲", "66", "transmission", 3)), room=room(from_year=2031.0))
    early, _ = found(layers, Demand(connection_mw=20, by_year=2030))
    late, _ = found(layers, Demand(connection_mw=20, by_year=2032))
    assert np.isnan(early["room_low"].iloc[0])
    assert late["room_low"].iloc[0] == 150.0


def test_the_bill_has_a_price_up_to_154_kv_alone():
    demand = Demand(connection_mw=50)
    _, best = found(GridLayers(stations(("甲", "66", "transmission", 3), ("乙", "275", "transmission", 3))), demand)
    assert best.bill[1, 0] == pytest.approx(3.0 * 1.25 * 2.56 + 7.4, rel=0.01)
    _, best = found(GridLayers(stations(("乙", "275", "transmission", 3))), Demand(connection_mw=1000))
    assert np.isnan(best.bill).all()


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(["66", "154;66", "275;66", "500;275"]), st.floats(0.5, 50)), min_size=1, max_size=8
    ),
    st.sampled_from([20.0, 100.0, 400.0]),
    st.floats(0, 5_000),
)
def test_the_bounds_hold_and_the_best_is_the_best_of_all(rows, mw, off_m):
    layers = GridLayers(stations(*((f"s{n}", sides, "transmission", km) for n, (sides, km) in enumerate(rows))))
    demand = Demand(connection_mw=mw)
    table, best = found(layers, demand, off_m=off_m)
    if best.best[0] < 0:
        assert table.empty
        return
    place = to_work(np.array([LON]), np.array([LAT]))
    alone = [table.iloc[[n]].reset_index(drop=True) for n in range(len(table))]
    each = [options(place, np.zeros(1), row, demand, open_ended=False).years[1, 0] for row in alone]
    assert best.years[1, 0] == pytest.approx(np.nanmin(each))
    assert best.years[0, 0] <= best.years[1, 0] <= best.years[2, 0]
