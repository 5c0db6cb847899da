"""People on the national data: every municipality and cell answered with bounds, neighbours told apart, sums as published."""

import numpy as np
import pytest
from realdata import MARKS

from planner.context.skills import skills_answer, town_of
from planner.context.skills_words import at
from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.run import measure
from planner.scenario.criteria import criteria
from planner.scenario.national import national as spread
from planner.scenario.national import same_in_prefecture
from planner.skills.industries import TECHNICAL
from planner.skills.work import Work

pytestmark = MARKS

ASKED = {
    "fab": Work(industry="semiconductor-fab", size=1700, unit="jobs"),
    "data centre": Work(industry="datacentre", size=300, unit="MW"),
    "shipyard": Work(industry="shipbuilding", size=20, unit="ha"),
}
PEOPLE = ("workforce_road", "fill_ratio", "technical_graduates", "fill_years", "local_pressure_pct")


@pytest.mark.parametrize("kind", ["municipalities", "mesh"])
@pytest.mark.parametrize("work", ASKED.values(), ids=ASKED)
def test_every_place_is_answered_with_its_bounds(national, kind, work):
    places = load_candidates(CandidateChoice(kind=kind), national)
    asked = [criteria()[id_].model_copy(update={"work": work}) for id_ in PEOPLE]
    found = measure(places, asked, national)
    north = places.table["muni_code"].str.startswith(("01695", "01696", "01697", "01698", "01699", "01700"))
    for id_ in PEOPLE:
        value, low, high = (part.loc[~north, id_] for part in (found.values, found.low, found.high))
        assert value.notna().mean() > 0.999, id_
        known = value.notna()
        assert (low <= value)[known].all(), id_
        assert (value <= high)[known].all(), id_


def test_squares_hold_the_country(national):
    people = national.layer("workforce_squares").frame
    assert people["employed"].sum() == pytest.approx(57_643_225)
    assert people["persons_15_64"].sum() == pytest.approx(72_922_764, rel=1e-6)


def test_technical_graduates_of_kyushu_are_of_the_size_that_is_reported(national):
    """27,000 a year from technical high schools, kosen and universities, faculties of science among them (dempa-digital.com)."""
    kyushu = [str(code) for code in range(40, 48)]
    schools = national.layer("technical_schools").frame
    ours = schools[schools["muni_code"].str[:2].isin(kyushu)][["graduates_low", "graduates", "graduates_high"]].sum()
    people, series = national.layer("workforce_squares").frame, national.layer("prefecture_series").frame
    to_work = series.set_index("pref_code")["school_leavers_to_work_pct"] / 100
    pref = people["muni_code"].str[:2]
    leavers = (people["high_school_students"] / 3 * pref.map(to_work))[pref.isin(kyushu)].sum()
    low, middle, high = (part + leavers * share for part, share in zip(ours, (0.25, 0.37, 0.5), strict=True))
    assert low < 27_000 < high
    assert middle == pytest.approx(27_000, rel=0.25)


def test_neighbours_with_other_schools_and_roads_get_other_answers(national):
    kikuyo, minamata = (skills_answer(national, town_of(national, code), Work()) for code in ("43404", "43205"))
    science = TECHNICAL.index("univ_science")
    assert at(kikuyo.supply.graduates, science)[1] > 2 * at(minamata.supply.graduates, science)[1]
    one, other = (skills_answer(national, town_of(national, code), Work()) for code in ("43404", "43443"))
    assert at(one.gap.least_fill) != at(other.gap.least_fill)
    assert at(one.gap.years_all)[1] != at(other.gap.years_all)[1]


def test_islands_off_the_road_graph_count_a_circle_and_say_so(national):
    ishigaki, naha = (skills_answer(national, town_of(national, code), Work()) for code in ("47207", "47201"))
    assert ishigaki.supply.reach.by_road.max() == 0
    assert naha.supply.reach.by_road.min() == 1
    assert at(ishigaki.supply.counts["persons_15_64"])[1] > 20_000


def test_what_is_one_value_per_prefecture_ranks_nothing_inside_one():
    skills = [id_ for id_, one in criteria().items() if one.branch == "skills"]
    flat = {id_ for id_ in skills if same_in_prefecture(id_)}
    assert flat == {"openings_per_seeker", "production_share_pct", "professional_share_pct"}
    assert (spread().loc[list(set(skills) - flat), "within_prefecture"] > 0.05).all()
    assert np.isfinite(spread().loc[list(PEOPLE), "within_prefecture"]).all()
