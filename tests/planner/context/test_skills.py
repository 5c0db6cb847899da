"""A skills answer: the same numbers as a ranking, national figures as printed, what is unknown, words and plain data."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from importing import read, written

from geodata.store.overlay import OverlaidStore
from planner.context import behind, mismatch_words, moves_words, skills_json
from planner.context import skills_words as words
from planner.context.place import Place, place_at
from planner.context.skills import instruments, skills_answer, spot_of, town_gaps, town_of
from planner.errors import PlannerError
from planner.i18n import translator
from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.run import measure
from planner.model.sources import sources
from planner.scenario.criteria import criteria
from planner.skills.work import Work

PRINTED = {
    "professional": (-181, 1867, 1686, 1288),
    "ai_robot": (-339, 782, 443, 236),
    "clerical": (437, 1039, 1476, 1455),
    "onsite": (-260, 3283, 3023, 3637),
    "production": (-206, 731, 525, 835),
    "hs_general": (32, 778, 810, 899),
    "hs_industrial": (-91, 538, 448, 534),
    "kosen": (-15, 77, 62, 64),
    "univ_science": (-124, 899, 775, 689),
    "univ_humanities": (76, 1549, 1625, 1678),
}
FIGURES = {
    "workforce_road": lambda a: words.at(a.supply.counts["persons_15_64"]),
    "fill_ratio": lambda a: words.at(a.gap.least_fill),
    "local_pressure_pct": lambda a: words.at(a.gap.most_pressure),
}


@pytest.fixture(scope="module")
def here(tiny):
    return spot_of(place_at(tiny, 140.05, 36.05))


@pytest.fixture(scope="module")
def answer(tiny, here):
    return skills_answer(tiny, here, Work(size=300))


def test_national_figures_are_as_printed(embedded):
    table = embedded.layer("employment_mismatch_2040").frame.set_index("key")
    columns = [
        "mismatch_10k_persons",
        "demand_2040_10k_persons",
        "supply_2040_10k_persons",
        "employed_2022_10k_persons",
    ]
    assert {key: tuple(row) for key, row in table[columns].astype(int).iterrows()} == PRINTED


def test_what_is_left_of_a_class_is_derived_and_called_so(answer):
    rows = mismatch_words.mismatch_rows(answer, "en").set_index("key")
    assert rows.loc["other_professional", "mismatch"] == 158
    assert rows.loc["other_onsite", "mismatch"] == -54
    assert rows["derived"].sum() == 2


@pytest.mark.parametrize("code", ["08201", "08202", "09201"])
def test_a_municipality_has_the_numbers_of_its_ranking(tiny, code):
    answer = skills_answer(tiny, town_of(tiny, code), Work())
    towns = load_candidates(CandidateChoice(kind="municipalities"), tiny)
    measured = measure(towns, [criteria()[id_] for id_ in FIGURES], tiny)
    for id_, figure in FIGURES.items():
        low, value, high = (float(part.loc[code, id_]) for part in (measured.low, measured.values, measured.high))
        ours = figure(answer)
        assert (ours[0], ours[1]) == pytest.approx((low, value), rel=2e-3, abs=1e-3), id_
        assert min(ours[2], 1000.0) == pytest.approx(min(high, 1000.0), rel=2e-3, abs=1e-3), id_


def test_a_municipality_is_found_by_name_and_an_unknown_one_is_named(tiny):
    assert town_of(tiny, "甲市").place.muni_code == "08201"
    with pytest.raises(PlannerError, match="found 0 of that name"):
        town_of(tiny, "無い市")


def test_towns_of_a_prefecture_on_the_map_are_those_of_the_criterion(tiny):
    table = town_gaps(tiny, "08", Work())
    assert sorted(table.index) == ["08201", "08202"]
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()


def test_without_layers_the_need_is_told_and_the_rest_is_unknown(embedded):
    answer = skills_answer(embedded, spot_of(Place(140.0, 36.0, pref_code="08")), Work())
    assert answer.need.jobs[1] == 1700
    assert answer.supply is None
    assert answer.gap is None
    for language in ("ja", "en"):
        assert words.headline(answer, language)
        assert len(words.need_table(answer, language))
        assert words.supply_table(answer, language).empty
    assert "supply" not in skills_json.as_json(answer)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_table_is_told_in_both_languages(answer, language):
    assert "300" in words.headline(answer, language)
    for table in (
        *(words.need_table, words.education_table, words.supply_table, words.schools_table, moves_words.moves_table),
        *(
            moves_words.courses_table,
            moves_words.routes_table,
            words.instruments_table,
            words.rates_table,
            words.projects_table,
        ),
    ):
        told = table(answer, language)
        assert len(told), table.__name__
        assert not told.map(lambda cell: bool(re.search(r"\bnan\b", str(cell).lower()))).to_numpy().any(), (
            table.__name__
        )
    assert len(behind.assumptions_table(answer.work.assumed, language))
    assert behind.layers_table(answer.locks, language)[translator(language)("Source")].ne("").all()
    assert words.cautions(answer, language)
    assert len(mismatch_words.mismatch_notes(answer, language)) >= 2


def test_plain_data_is_json_without_nan(answer):
    told = json.loads(json.dumps(skills_json.as_json(answer), allow_nan=False))
    assert told["gap"]["scarcest"] == "professional"
    assert told["supply"]["by_road"] is True


def test_instruments_have_a_status_a_date_and_a_source_that_was_read(answer):
    for one in instruments().values():
        assert one.status in {"running", "announced", "ended", "unknown"}
        assert one.as_of[:2] == "20"
        assert {sources()[id_].kind for id_ in one.text.sources} == {"ministry"}
    shown = words.instruments_table(answer, "en")["For"].str.cat(sep=" ")
    assert ("graduates of kosen" in shown) == ("school" in answer.answers)


def test_planned_projects_are_summed_and_what_is_unknown_is_counted_apart(tiny, here, tmp_path):
    text = "name,industry,jobs,size,start_year,municipality\nA,battery,300,,2029,甲市\nB,datacentre,,300 MW,2030,乙町\nC,food,,,2031,甲市\nD,spaceport,,9 MW,2031,甲市\nE,food,50,,2031,丙市\n"
    found = read(written(tmp_path, text), "planned_projects", tiny)
    answer = skills_answer(OverlaidStore(tiny, {"planned_projects": found.layer}), here, Work(size=300))
    rows = answer.planned.set_index("name")
    assert sorted(rows.index) == ["A", "B", "C", "D"]  # E stands in another prefecture
    assert rows.loc["B", ["jobs_low", "jobs", "jobs_high"]].tolist() == pytest.approx([60, 75, 90])
    assert rows.loc[["C", "D"], "jobs"].isna().all()
    assert "2 planned projects ask for 375 persons (360 to 390); 2 state" in words.planned_said(answer, "en")


def test_a_project_of_the_users_own_moves_answer_and_ranking_alike(tiny, tmp_path):
    text = "name,industry,jobs,size,municipality\n甲製鉄,素材,900,10 ha,甲市\n"
    found = read(written(tmp_path, text), "planned_projects", tiny)
    seen, work = OverlaidStore(tiny, {"planned_projects": found.layer}), Work(industry="materials", size=20, unit="ha")
    with_own, without = (skills_answer(store, town_of(store, "08201"), work) for store in (seen, tiny))
    assert with_own.need.rate.n == without.need.rate.n + 1
    assert with_own.need.jobs[2] == 1800
    for store, answer in ((seen, with_own), (tiny, without)):
        row = town_gaps(store, "08", work).loc["08201"]
        assert (row["low"], row["value"]) == pytest.approx(words.at(answer.gap.least_fill)[:2], rel=2e-3, abs=1e-3)


def test_what_is_little_is_not_told_as_nothing():
    assert words.span((0.0, 0.004, 0.3), 1) == "<0.1 (0.0–0.3)"
    assert words.span((0.0, 0.0, 0.0), 1) == "0.0"
    assert words.span((1.0, np.nan, 2.0)) == "?"
    assert words.span((1.0, 2.0, np.inf)) == "2 (1–∞)"


def test_schools_are_listed_by_how_sure_they_are_within_reach(answer):
    order = answer.schools["within"].map({"surely": 0, "given": 1, "possibly": 2})
    assert order.is_monotonic_increasing
    assert set(answer.schools["name"]) == {"甲大学", "丙大学"}


def test_a_later_year_is_unknown_where_a_town_has_no_projection(tiny):
    answer = skills_answer(tiny, town_of(tiny, "09201"), Work(year=2040, minutes=10))
    assert np.isnan(words.at(answer.supply.index)[1])
    assert answer.gap.scarcest.tolist() == [-1]
    assert "on the market in 2040 is unknown here" in words.headline(answer, "en")
    assert "unknown" in words.pressure_said(answer, "en")
    assert skills_json.as_json(answer)["gap"]["scarcest"] is None
    assert isinstance(words.need_table(answer, "en"), pd.DataFrame)
