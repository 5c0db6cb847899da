"""Connections, topology and clean supply on the national data."""

import numpy as np
import pytest
from realdata import MARKS

from planner import evaluate
from planner.context.place import place_at
from planner.context.power import power_answer
from planner.power.demand import Demand
from planner.scenario.merge import merged_scenario

pytestmark = MARKS


def test_known_stations_hang_together(national):
    table = national.layer("grid_topology").frame.dropna(subset=["name"])
    assert table["upstream_id"].notna().sum() > 1_000
    by_name = table.drop_duplicates("name").set_index("name")
    assert by_name.loc["南早来変電所", "route"] == "looped"
    assert by_name.loc["新京葉変電所", "upstream_km"] == 0
    assert by_name.loc["九州電力 北熊本変電所", "upstream_name"] == "熊本変電所"


@pytest.mark.parametrize(("profile", "mw"), [("gx2-datacentre", 1000.0), ("gx3-decarbonised-park", 100.0)])
def test_every_listed_site_has_an_answer_with_its_bounds(national, profile, mw):
    scenario = merged_scenario({"profile": profile, "demand": {"connection_mw": mw, "by_year": 2035}}, "test")
    measured = evaluate(scenario, national).measurements
    for id_ in ("power_years", "connection_km", "matched_pct"):
        value, low, high = (part[id_] for part in (measured.values, measured.low, measured.high))
        assert value.notna().mean() > 0.95, id_
        known = value.notna()
        assert (low <= value)[known].all()
        assert (value <= high)[known].all()
    assert measured.values["demand_room_mw"].isna().all()
    assert (measured.low["power_years"].dropna() >= 0.25).all()


def test_a_town_where_data_centres_queue_is_answered_like_the_published_case(national):
    answer = power_answer(national, place_at(national, 140.14, 35.80, 1_000.0), Demand(connection_mw=300, by_year=2030))
    best = answer.options[0]
    assert best.name == "新京葉変電所"  # from which 千葉印西 is fed
    assert best.years[0] < 4.75 < best.years[2]
    assert answer.assumed_only
    assert any(flow["name"] == "印旛線" for flow in best.flows)


def test_the_hourly_share_of_the_tokyo_area_is_near_the_measured_one(national):
    answer = power_answer(national, place_at(national, 139.70, 35.70), Demand())
    assert answer.balance["hourly_share"] == pytest.approx(0.147, abs=0.02)


def test_thousands_of_sites_are_matched_at_once(national):
    scenario = merged_scenario({"profile": "gx3-decarbonised-park", "candidates": {"kind": "municipalities"}}, "test")
    measured = evaluate(scenario, national).measurements
    assert np.isfinite(measured.values["matched_pct"]).mean() > 0.9
