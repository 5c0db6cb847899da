"""The answer for one load at one place, on a fresh machine and on pulled data."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from geodata import Layer
from geodata.sources.hourly import TECHNOLOGIES
from geodata.store.overlay import OverlaidStore
from planner.context import behind, clean_words
from planner.context import power_words as words
from planner.context.place import Place, place_at, place_of
from planner.context.power import power_answer, read_prices
from planner.errors import PlannerError
from planner.i18n import translator
from planner.power.demand import Demand
from planner.power.hourly import HOURS, Storage


@pytest.fixture(scope="module")
def fresh(embedded):
    return power_answer(embedded, place_of(embedded, "01235-01"), Demand(connection_mw=300, by_year=2033))


@pytest.fixture(scope="module")
def pulled(tiny):
    return power_answer(tiny, place_at(tiny, 140.12, 36.06), Demand(connection_mw=50, by_year=2030))


def test_the_embedded_default_alone_answers_with_wide_bounds(fresh):
    assert fresh.area == "hokkaido"
    best = fresh.options[0]
    assert best.name
    assert best.years[0] < best.years[1] < best.years[2]
    assert fresh.assumed_only
    assert fresh.match.share[0] <= fresh.match.share[1] <= fresh.match.share[2]
    assert {lock.id for lock in fresh.locks} >= {"substations", "power_plants", "hourly_profiles"}


def test_the_options_are_in_order_and_each_stands_once(pulled):
    years = [option.years[1] for option in pulled.options]
    assert years == sorted(years)
    assert len({option.id for option in pulled.options}) == len(pulled.options)
    assert {option.name for option in pulled.options} >= {"甲変電所", "乙変電所"}
    (second,) = [option for option in pulled.options if option.name == "乙変電所"]
    assert second.upstream == "甲変電所"
    assert second.route == "radial"


def test_flows_stand_beside_the_station_that_the_line_enters(pulled):
    assert all(flow["p95_mw"] == 600 for option in pulled.options for flow in option.flows)


def test_room_that_nobody_published_is_unknown_in_every_year(fresh):
    assert fresh.by_year["known_mw"].isna().all()
    assert (fresh.by_year["expected_mw"].diff().dropna() >= 0).all()
    assert (fresh.by_year["most_mw"] >= fresh.by_year["expected_mw"]).all()


def test_a_larger_store_leaves_less_to_the_grid(embedded):
    place, demand = place_of(embedded, "01235-01"), Demand(connection_mw=300)
    bare = power_answer(embedded, place, demand)
    stored = power_answer(embedded, place, demand, storage=Storage(300, 3_000, 0.85))
    assert stored.match.residual_gwh <= bare.match.residual_gwh


def test_a_load_of_the_users_own_is_matched_as_it_is(embedded):
    place, load = place_of(embedded, "01235-01"), np.zeros(HOURS)
    load[::24] = 1.0
    answer = power_answer(embedded, place, Demand(connection_mw=1), load)
    assert answer.match.share[1] == pytest.approx(1.0)
    assert np.isnan(answer.match.share_by_hour[:, 1]).all()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_everything_is_said_in_words(fresh, language):
    t = translator(language)
    assert "300" in words.headline(fresh, language)
    assert words.why(fresh, language)
    assert t("More than ten years cannot be ruled out.") in words.cautions(fresh, language)
    assert t("No room for demand is known at this connection: its years rest on assumptions alone.") in words.cautions(
        fresh, language
    )
    tables = (
        words.options_table,
        clean_words.supply_table,
        clean_words.needed_table,
        words.figures_table,
        words.costs_table,
    )
    for table in tables:
        assert len(table(fresh, language))
    assert len(behind.assumptions_table(fresh.demand.assumed, language))
    assert len(behind.layers_table(fresh.locks, language))
    points, (low, middle, high) = words.watt_bit(fresh, language)
    assert len(points) == 5
    assert 0 <= low <= middle <= high <= 100
    assert t("unknown") in points.iloc[0].tolist()


def test_the_deadline_is_judged_by_the_bounds(embedded):
    place = place_of(embedded, "01235-01")
    said = [
        words.cautions(power_answer(embedded, place, Demand(connection_mw=300, by_year=year)), "en")
        for year in (2026, 2060)
    ]
    assert "The load surely comes too late for the year asked for, on these assumptions." in said[0]
    assert "The load surely fits by the year asked for, on these assumptions." in said[1]


def test_nothing_in_reach_is_said_to_be_unknown(embedded):
    sea = power_answer(embedded, Place(153.98, 24.28), Demand(connection_mw=300))
    assert not sea.options
    assert "unknown, not impossible" in words.headline(sea, "en")
    assert sea.costs["connection"] is None
    assert words.options_table(sea, "en").empty


def test_the_answer_is_plain_json(fresh):
    whole = json.loads(json.dumps(words.as_json(fresh), allow_nan=False))
    assert whole["options"][0]["room_mw"] == [None, None]
    assert set(whole["match"]["needed_mw"]) == {"0.8", "0.9", "0.95", "1"}
    assert whole["assumptions"]["detour"]["basis"] == "assumption"


def test_land_costs_its_price_on_the_area_that_the_load_needs(embedded):
    place = dataclasses.replace(place_of(embedded, "01235-01"), land_yen_m2=(10_000.0, 20_000.0, 30_000.0))
    low, middle, high = power_answer(embedded, place, Demand(connection_mw=230)).costs["land"]
    assert middle == pytest.approx(10 * 1e4 * 20_000 / 1e8)
    assert low == pytest.approx(230 / 37 * 1e4 * 10_000 / 1e8)
    assert high == pytest.approx(230 / 4 * 1e4 * 30_000 / 1e8)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_terms_say_where_nothing_was_found(language):
    table = words.terms_table(language)
    assert len(table) >= 5
    assert any("不明" in text or "unknown" in text for text in table.iloc[:, 1])


def test_a_site_that_is_not_listed_is_one_sentence(embedded):
    with pytest.raises(PlannerError, match="expected LAT,LON"):
        place_of(embedded, "nowhere")


def test_a_place_knows_its_prefecture(embedded):
    place = place_at(embedded, 141.35, 43.06)
    assert place.pref_code == "01"


def test_a_price_table_gives_the_cost_of_a_matched_share(embedded, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("technology,yen_kwh\n" + "".join(f"{name},10\n" for name in TECHNOLOGIES))
    place = place_of(embedded, "01235-01")
    priced = power_answer(embedded, place, Demand(connection_mw=100, prices=read_prices(path)))
    bare = power_answer(embedded, place, Demand(connection_mw=100))
    mix = priced.match.needed_mw[0.8]
    factors = priced.technologies.set_index("technology")["cf_mid"]
    expected = sum(mw * factors[name] * 8760 * 1000 * 10 for name, mw in mix.items()) / 1e8
    assert clean_words.needed_table(priced, "en").iloc[0]["Cost of a year"] == f"{expected:,.0f} 100m yen"
    assert clean_words.needed_table(bare, "en").iloc[0]["Cost of a year"] == "unknown"
    path.write_text("technology,yen_kwh\ntidal,10\n")
    with pytest.raises(PlannerError, match="tidal"):
        read_prices(path)


def test_a_survey_of_the_users_own_bounds_what_is_not_listed(embedded):
    place, demand = place_of(embedded, "01235-01"), Demand(connection_mw=100)
    spec = embedded.specs["capacity_survey"]
    frame = pd.DataFrame({"feature_id": ["1"], "technology": ["solar"], "total_mw": [5_000.0]})
    store = OverlaidStore(embedded, {"capacity_survey": Layer(spec, frame, spec, "imported", "v", None, ())})
    high = [
        power_answer(seen, place, demand).technologies.set_index("technology")["mw_high"] for seen in (embedded, store)
    ]
    assert high[1]["solar"] < high[0]["solar"]
    assert high[1]["wind"] == high[0]["wind"]
