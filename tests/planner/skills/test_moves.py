"""Moves between occupations: who could do the work, what is missing, which course opens most."""

import numpy as np
import pytest

from planner.errors import PlannerError
from planner.skills.assumptions import assumptions
from planner.skills.industries import OCCUPATIONS
from planner.skills.moves import moves_to, read_table, routes, table

PEOPLE = np.full(len(OCCUPATIONS), 1000.0)
EMPLOYED = (PEOPLE, PEOPLE, PEOPLE)
OWN = "occupation,class,share_low,share,share_high,weld,code\nwelder,production,0.1,0.2,0.3,3,0\nfitter,production,0.1,0.2,0.3,2,0\nclerk,clerical,0.5,0.5,0.5,0,2\nlost,clerical,,,,0,0\n"


def own(tmp_path, text=OWN):
    path = tmp_path / "occupations.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path)


def test_our_table_has_every_share_in_order_and_every_class():
    rows = table().rows
    assert (rows["share_low"] <= rows["share"]).all()
    assert (rows["share"] <= rows["share_high"]).all()
    assert rows.groupby("class")["share"].sum().max() <= 1
    assert set(rows["class"]) <= set(OCCUPATIONS)


def test_a_move_is_viable_when_little_is_lacking(tmp_path):
    found = moves_to("welder", own(tmp_path), EMPLOYED, assumptions())
    assert found.feeders["occupation"].tolist() == ["fitter"]  # the clerk lacks three levels of one skill
    first = found.feeders.iloc[0]
    assert (first["lacking"], first["skill"], first["people"]) == (1, "weld", 200.0)


def test_one_more_course_opens_the_move_of_those_who_lacked_one_level_too_many(tmp_path):
    found = moves_to("welder", own(tmp_path), EMPLOYED, assumptions())
    assert found.courses["skill"].tolist() == ["weld"]
    course = found.courses.iloc[0]
    assert course["occupations"] == 2
    assert course["names"] == "clerk, lost"
    assert np.isnan(course["people"])  # one of them has no share: unknown, never 0


def test_the_route_from_clerical_work_tells_every_step(tmp_path):
    found = routes(["welder"], own(tmp_path), EMPLOYED, assumptions())
    assert found[["occupation", "target", "levels", "viable"]].to_numpy().tolist() == [
        ["clerk", "welder", 3.0, False],
        ["lost", "welder", 3.0, False],
    ]
    assert found["steps"].tolist() == [[("weld", 3)], [("weld", 3)]]
    ours = routes([], table(), EMPLOYED, assumptions())
    ai = set(table().rows.query("ai_robot == 'yes'")["occupation"])
    assert set(ours["target"]) == ai  # where 2040 is short, whatever the work turns on


def test_nobody_moves_to_where_they_are():
    found = moves_to("operator", table(), EMPLOYED, assumptions())
    assert "operator" not in set(found.feeders["occupation"])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (OWN.replace("welder,production", "welder,wizard"), "row 2: class 'wizard'"),
        (OWN.replace("0.3,3,0", "0.3,9,0"), "row 2: expected a level from 0 to 3"),
        (OWN.replace("0.3,2,0", "0.3,x,0"), "row 3: expected a level from 0 to 3"),
        ("occupation,class\na,production\n", "expected rows with columns of skills"),
    ],
)
def test_a_table_that_is_wrong_names_its_row(tmp_path, text, sentence):
    with pytest.raises(PlannerError, match=sentence):
        own(tmp_path, text)


def test_an_occupation_of_a_class_that_nobody_asks_for_is_read_and_not_counted(tmp_path):
    found = moves_to("welder", own(tmp_path, OWN + "smith,sales,0.1,0.1,0.1,3,0\n"), EMPLOYED, assumptions())
    people = found.feeders.set_index("occupation")["people"]
    assert np.isnan(people["smith"])
    assert people["fitter"] == 200


def test_an_occupation_that_is_none_is_named():
    with pytest.raises(PlannerError, match="expected one of"):
        moves_to("wizard", table(), EMPLOYED, assumptions())
