"""No two profiles rank the country alike without a sentence that says why."""

import pytest

from planner.explain.alike import alike_said
from planner.scenario.criteria import criteria
from planner.scenario.national import alike
from planner.scenario.profiles import profiles


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_pair_is_told_on_both_sides(language):
    for row in alike().to_dict("records"):
        for one, other in ((row["profile"], row["other"]), (row["other"], row["profile"])):
            titles = [said for said in alike_said(one, language) if profiles()[other]["title"][language] in said]
            assert titles
            assert f"{row['correlation']:.2f}" in titles[0]


def test_the_table_names_profiles_and_criteria_that_there_are():
    table = alike()
    assert set(table["profile"]) | set(table["other"]) <= set(profiles())
    assert {id_ for said in table["criteria"] for id_ in said.split()} <= set(criteria())
    assert (table["correlation"] > 0.95).all()
