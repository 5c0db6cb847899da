"""Supply and gap, by hand at two sites: people within reach, on the market, schools, fill, years, pressure; and what is unknown."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from tiny_people import SERIES
from worlds import layer

from geodata.country import crs
from geodata.country.mesh import GRIDS
from geodata.sources.commuting import PAIR, RESIDENTS, WORKERS, square_of
from planner.skills.gap import gap_of
from planner.skills.industries import OCCUPATIONS, TECHNICAL
from planner.skills.reach import Sites
from planner.skills.supply import SkillLayers, supply_of
from planner.skills.work import Work, need_of

LON, LAT = np.array([137.03, 137.09, 137.53]), np.array([36.02, 36.02, 36.02])
SQUARES = square_of(*GRIDS["1km"].locate(LON, LAT))
A, B, FAR = (int(code) for code in SQUARES)
PRODUCTION, CLERICAL = OCCUPATIONS.index("production"), OCCUPATIONS.index("clerical")
PLAIN = {"time_factor": (1.0, 1.0, 1.0), "occupation_factor": (1.0, 1.0, 1.0), "mix_factor": (1.0, 1.0, 1.0)}


def people(**changes):
    """Two squares 20 minutes apart and one 70 minutes away, with 1,000, 2,000 and 50,000 at work."""
    base = {name: np.zeros(3) for name in (*RESIDENTS, *WORKERS)} | {
        "persons_15_64": [1500.0, 3000.0, 70000.0],
        "employed": [1000.0, 2000.0, 50000.0],
        "unemployed": [50.0, 100.0, 2000.0],
        "high_school_students": [300.0, 600.0, 9000.0],
    }
    table = {
        "point_id": ["a", "b", "c"],
        "muni_code": ["01001", "01002", "01003"],
        "square": SQUARES,
        **base,
        **changes,
    }
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(LON, LAT), crs=crs.STORE)


def minutes():
    taken = {
        (A, A): 5,
        (A, B): 20,
        (B, A): 20,
        (B, B): 5,
        (A, FAR): 70,
        (FAR, A): 70,
        (B, FAR): 60,
        (FAR, B): 60,
        (FAR, FAR): 5,
    }
    return pd.DataFrame({"pair": [h * PAIR + w for h, w in taken], "minutes": [float(m) for m in taken.values()]})


def schools(graduates=100.0, accuracy_m=0.0):
    rows = {
        "level": ["kosen", "university"],
        "graduates_low": graduates,
        "graduates": graduates,
        "graduates_high": graduates,
        "accuracy_m": accuracy_m,
    }
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(LON[:2], LAT[:2]), crs=crs.STORE)


def layers(**changes):
    held = {
        "squares": layer(people()),
        "series": layer(pd.DataFrame([SERIES])),
        "minutes": layer(minutes()),
        "schools": layer(schools()),
    }
    return SkillLayers(**{**held, **changes})


def sites(off_m=0.0):
    return Sites(LON, LAT, np.full(3, off_m))


def test_two_sites_by_hand():
    """A works 20 minutes from B; both schools and 3,000 at work are within reach of each, 200 needed for production."""
    work = Work(industry="food", size=1000, unit="jobs", assume=PLAIN)
    supply, need = supply_of(sites(), layers(), work), need_of(work)
    gap = gap_of(supply, need, work)
    for site in (0, 1):
        assert supply.counts["employed"][1][site] == 3000
        assert supply.employed[1][site, PRODUCTION] == pytest.approx(3000 * 0.20)
        market = 3000 * 0.20 * 0.04 + 150 * 0.20  # movers of the year and the unemployed
        assert supply.available[1][site, PRODUCTION] == pytest.approx(market)
        assert gap.fill[1][site, PRODUCTION] == pytest.approx(market / 680)  # 68 % of 1,000
        assert gap.pressure[1][site, PRODUCTION] == pytest.approx(100 * 680 / 600)
        leavers = 900 / 3 * 0.25 * 0.80
        assert supply.leavers[1][site] == pytest.approx(leavers)
        industrial, kosen, science = supply.graduates[1][site]
        assert industrial == pytest.approx(leavers * 0.37)
        assert kosen == pytest.approx(100 * 0.6 * 0.5)
        assert science == pytest.approx(100 * 0.5)
        won = 0.09 * (industrial + kosen + science)
        assert gap.years_all[1][site] == pytest.approx(1000 * (0.15 + 0.03 + 0.10) / won)
        assert OCCUPATIONS[int(gap.scarcest[site])] == "production"
    assert supply.counts["employed"][1][2] == 50_000
    assert supply.graduates[1][2, 1] == 0


def test_the_time_factor_bounds_who_is_within_reach():
    supply = supply_of(sites(), layers(), Work())
    low, value, high = supply.counts["employed"]
    assert value.tolist() == [3000, 3000, 50000]
    assert low.tolist() == [3000, 3000, 50000]  # 20 minutes are 26 at the slowest
    assert high.tolist() == [3000, 53000, 52000]  # 60 minutes are 45 at the fastest, 70 are not


def test_without_roads_a_circle_counts():
    supply = supply_of(sites(), layers(minutes=None), Work())
    assert (supply.reach.by_road == 0).all()
    assert supply.counts["employed"][1].tolist() == [3000, 3000, 50000]
    assert supply.counts["employed"][2][1] == 53000  # 40 km


def test_an_inexact_site_claims_what_every_square_around_would_give():
    low, _, high = supply_of(sites(6000.0), layers(), Work(assume=PLAIN)).counts["employed"]
    assert low[0] <= 3000 <= high[0]
    assert low[2] <= 50000


def test_what_is_done_about_it_counts():
    plain, helped = (
        Work(assume=PLAIN),
        Work(assume=PLAIN, transfers={"production": 100}, foreign={"production": 50}, seats={"kosen": 40}, remote=0.5),
    )
    before, after = (gap_of(supply_of(sites(), layers(), w), need_of(w), w) for w in (plain, helped))
    needed = need_of(plain).by_occupation[1, PRODUCTION]
    assert after.fill[1][0, PRODUCTION] - before.fill[1][0, PRODUCTION] == pytest.approx(150 / needed)
    assert after.fill[1][0, CLERICAL] == pytest.approx(2 * before.fill[1][0, CLERICAL])
    kosen = TECHNICAL.index("kosen")
    assert after.won[1][0, kosen] - before.won[1][0, kosen] == pytest.approx(40 * 0.5)


def test_later_years_scale_people_and_a_town_without_projection_is_unknown():
    table = pd.DataFrame({"muni_code": ["01001", "01002"], "index_2030": [90.0, 90.0], "index_2040": [80.0, 60.0]})
    work = Work(year=2040, assume=PLAIN)
    supply = supply_of(sites(), layers(projection=layer(table)), work)
    assert supply.index[1][0] == pytest.approx((1500 * 0.8 + 3000 * 0.6) / 4500)
    assert supply.counts["persons_15_64"][1][0] == pytest.approx(1500 * 0.8 + 3000 * 0.6)
    assert np.isnan(supply.index[1][2])
    assert supply.index[0][2] <= 0.6
    assert supply.index[2][2] >= 0.8
    between = supply_of(sites(), layers(projection=layer(table)), Work(year=2035, assume=PLAIN))
    assert between.index[1][0] == pytest.approx((1500 * 0.85 + 3000 * 0.75) / 4500)


def test_ages_are_told_where_a_projection_has_them_and_open_elsewhere():
    table = pd.DataFrame({"muni_code": ["01001", "01003"], "index_2040": [90.0, 90.0], "age_15_29_pct": [20.0, 30.0]})
    supply = supply_of(sites(), layers(projection=layer(table)), Work(assume=PLAIN))
    young = supply.counts["age_15_29"]
    assert young[1].tolist() == [300.0, 300.0, 21000.0]
    assert np.isposinf(young[2][0])  # the other town within reach is not in the projection


def test_a_table_of_occupations_takes_the_place_of_the_prefecture():
    own = pd.DataFrame(
        [{"muni_code": "01001", "employed": 1000.0, **dict.fromkeys(OCCUPATIONS, 50.0), "production": 500.0}]
    )
    supply = supply_of(sites(), layers(occupations=layer(own)), Work(assume={"time_factor": (1.0, 1.0, 1.0)}))
    assert supply.employed[1][0, PRODUCTION] == pytest.approx(1000 * 0.5 + 2000 * 0.2)
    assert supply.employed[0][0, PRODUCTION] == pytest.approx(1000 * 0.5 + 2000 * 0.2 * 0.7)


def test_a_table_of_seats_takes_the_place_of_the_estimate_and_a_school_without_seats_is_unknown():
    seats = schools(np.array([40.0, np.nan])).assign(level="kosen")
    supply = supply_of(sites(), layers(seats=layer(seats)), Work(assume=PLAIN))
    kosen, science = TECHNICAL.index("kosen"), TECHNICAL.index("univ_science")
    assert supply.graduates[1][0, kosen] == pytest.approx(40 * 0.6 * 0.5)
    assert np.isposinf(supply.graduates[2][0, kosen])  # the other school may give any number
    assert supply.graduates[1][0, science] == pytest.approx(100 * 0.5)


def test_a_school_where_nobody_lives_stands_at_the_nearest_square_with_people():
    away = schools().set_geometry(gpd.points_from_xy(LON[:2], LAT[:2] - 0.05), crs=crs.STORE)
    here, there = (supply_of(sites(), layers(schools=layer(held)), Work(assume=PLAIN)) for held in (schools(), away))
    assert there.graduates[1].tolist() == here.graduates[1].tolist()


def test_suppressed_students_leave_the_upper_bound_open():
    squares = layer(people(high_school_students=[300.0, np.nan, 0.0]))
    supply = supply_of(sites(), layers(squares=squares), Work(assume=PLAIN))
    assert supply.leavers[1][0] == pytest.approx(300 / 3 * 0.25 * 0.8)
    assert np.isposinf(supply.leavers[2][0])


def test_without_schools_years_are_unknown():
    work = Work(assume=PLAIN)
    gap = gap_of(supply_of(sites(), layers(schools=None), work), need_of(work), work)
    assert np.isnan(gap.years_all[1]).all()
    assert (gap.years_all[0] >= 0).all()


def test_what_is_unknown_has_no_scarcest_occupation():
    work = Work(year=2040, assume=PLAIN)
    supply = supply_of(sites(), layers(), work)  # no projection: nobody knows who is there in 2040
    gap = gap_of(supply, need_of(work), work)
    assert np.isnan(gap.least_fill[1]).all()
    assert (gap.scarcest == -1).all()


def test_nobody_needed_is_no_scarcity():
    work = Work(assume=PLAIN)
    need = dataclasses.replace(need_of(work), local=np.zeros((3, len(OCCUPATIONS))))
    gap = gap_of(supply_of(sites(), layers(), work), need, work)
    assert (gap.scarcest == -1).all()
    assert (gap.most_pressure[1] == 0).all()
