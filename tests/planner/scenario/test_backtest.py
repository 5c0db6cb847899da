"""The back-test is fixed: its hash stands in every calibrated file and on the page, and it speaks of every criterion once."""

from collections import Counter
from pathlib import Path

import pytest

from planner.measure.choices import FIELDS, known_choices
from planner.model.calibration import Calibration
from planner.model.sourced import BRANCHES
from planner.scenario.backtest import backtest, backtest_sha256
from planner.scenario.criteria import criteria
from planner.scenario.profiles import calibrated, profiles

ROOT = Path(__file__).parents[3]


def test_every_criterion_is_fitted_or_left_out_for_a_reason():
    columns = backtest().criteria
    named = Counter([*columns.used, *(id_ for ids in columns.left_out.values() for id_ in ids)])
    assert set(named) == set(criteria())
    assert set(named.values()) == {1}


def test_what_is_kept_carries_weight_in_the_assumed_set():
    for id_, judged in backtest().profiles.items():
        assert set(judged.judges) <= set(FIELDS)
        assert judged.judges
        for kept in judged.kept:
            assert profiles()[id_]["criteria"][kept]["weight"] > 0


def test_the_survey_prior_speaks_of_every_branch_that_is_fitted():
    test = backtest()
    fitted = {criteria()[id_].branch for id_ in test.criteria.used}
    assert fitted <= set(test.prior) <= set(BRANCHES)


@pytest.mark.parametrize("profile", calibrated())
def test_a_calibrated_set_was_made_by_this_back_test_on_this_list(profile, embedded):
    made = Calibration.model_validate(calibrated()[profile]["calibration"])
    assert made.backtest_sha256 == backtest_sha256(), "run `make calibrate validate`"
    assert made.choices_sha256 == known_choices(embedded).digest(), "run `make calibrate validate`"


def test_every_profile_of_the_back_test_is_calibrated():
    assert set(calibrated()) == set(backtest().profiles)


def test_the_page_names_the_back_test_and_shows_every_profile():
    page = (ROOT / "docs" / "validation.md").read_text("utf-8")
    assert backtest_sha256() in page, "run `make validate`"
    assert all(f"`{id_}`" in page for id_ in profiles())
