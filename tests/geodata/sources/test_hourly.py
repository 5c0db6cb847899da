"""Hourly shapes of the tiny country and of the shipped table."""

import pytest

from geodata.sources.hourly import HOURS, TECHNOLOGIES


@pytest.mark.parametrize("which", ["tiny", "embedded"])
def test_every_shape_has_a_mean_of_one(which, request):
    frame = request.getfixturevalue(which).layer("hourly_profiles").frame
    assert len(frame) == HOURS
    shapes = [name for name in frame.columns if name not in {"hour", "month"}]
    assert set(TECHNOLOGIES) < set(shapes)
    assert frame[shapes].dropna(axis=1, how="all").mean().to_numpy() == pytest.approx(1.0)
    assert frame["month"].iloc[[0, -1]].tolist() == [4.0, 3.0]


def test_hours_that_are_missing_are_counted(tiny):
    (step,) = tiny.layer("hourly_profiles").steps
    assert step.action == "added"
    assert step.count >= 1 + 24 * len(TECHNOLOGIES)


def test_a_trunk_line_in_sections_has_its_largest_flow(tiny):
    row = tiny.layer("trunk_flows").frame.set_index("name").loc["甲乙線"]
    assert (row["p95_mw"], row["most_mw"]) == (600, 700)
