"""What is said of a calibrated set."""

import pytest

from planner.explain.calibration import told
from planner.model.calibration import Calibration
from planner.scenario.profiles import calibrated


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("profile", calibrated())
def test_every_set_says_its_choices_its_figures_and_its_rivals(profile, language):
    made = Calibration.model_validate(calibrated()[profile]["calibration"])
    fitted, stood, rivals, *rest = told(made, language)
    assert len(rest) == 1 + bool(made.kept)
    assert str(made.n if made.fields else made.pooled_n) in fitted
    assert f"{made.held_out.calibrated.area:.2f}" in stood
    assert f"{made.held_out.best_column.area:.2f}" in rivals


def test_a_set_that_is_no_better_than_a_column_says_so():
    sets = [Calibration.model_validate(table["calibration"]) for table in calibrated().values()]
    assert {made.beats_columns for made in sets} == {True, False}
    for made in sets:
        assert ("higher than both" in told(made, "en")[2]) == made.beats_columns
