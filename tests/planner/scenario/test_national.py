"""How criteria are spread over the country."""

from geodata.catalogue import catalogue
from planner.scenario.criteria import criteria
from planner.scenario.national import GROUND_FROM, national, tells_ground


def test_every_criterion_that_can_be_measured_is_there():
    user = {id_ for id_, c in criteria().items() if any(catalogue()[layer].from_user for layer in c.layers)}
    user |= {"demand_room_mw"}  # known from the user's table alone
    assert set(national().index) == set(criteria()) - user, "run `make national`"


def test_percentiles_ascend():
    levels = national().filter(regex=r"^p\d")
    assert (levels.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_criteria_fall_apart_at_the_limit():
    within = national()["within_10km"]
    assert not within.between(0.9 * GROUND_FROM, 1.05 * GROUND_FROM).any()
    assert tells_ground("buildable_cell_pct")
    assert not tells_ground("workforce")
    assert tells_ground("my_own_criterion")
