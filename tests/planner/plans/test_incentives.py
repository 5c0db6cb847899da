"""Schemes are matched by the rules they state; what is not known is open, and a call that ended is over."""

from datetime import date

import pytest

from geodata.errors import InvalidError
from planner.plans.incentives import FITS, MAYBE, NOT, OVER, Case, Incentive, incentives, match, matched

DAY = date(2026, 11, 28)
TEXT = {"ja": "あ", "en": "a"}
PLAIN = {
    "id": "x",
    "title": TEXT,
    "text": {**TEXT, "sources": ["own"]},
    "kind": "subsidy",
    "status": "running",
    "as_of": "2026-04",
    "who": TEXT,
    "answers": ["capex"],
}


def scheme(**rules):
    return Incentive.model_validate({**PLAIN, **rules})


@pytest.mark.parametrize(
    ("rules", "case", "verdict"),
    [
        ({"capex_min_oku": 35.0}, {"capex_oku": 35.0}, FITS),
        ({"capex_min_oku": 35.0}, {"capex_oku": 34.9}, NOT),
        ({"capex_min_oku": 35.0}, {}, MAYBE),
        ({"capex_min_oku": 35.0, "capex_min_sme_oku": 5.0}, {"capex_oku": 6.0, "size": "sme"}, FITS),
        ({"capex_min_oku": 35.0, "capex_min_sme_oku": 5.0}, {"capex_oku": 6.0, "size": "mid"}, NOT),
        ({"roi_min_pct": 15.0}, {"roi_pct": 15.0}, FITS),
        ({"sizes": ["mid", "sme"]}, {"size": "large"}, NOT),
        ({"plan_needed": True, "plans": ["B"]}, {"plan": "B", "plan_member": True}, FITS),
        ({"plan_needed": True, "plans": ["B"]}, {"plan": "B"}, MAYBE),
        ({"plan_needed": True, "plans": ["B"]}, {"plan": "C", "plan_member": True}, NOT),
        ({"area": "special_zone"}, {"area": ("special_zone",)}, FITS),
        ({"area": "special_zone"}, {"not_area": ("special_zone",)}, NOT),
        ({"area": "special_zone"}, {}, MAYBE),
        ({"fields": ["ocean"]}, {"field": "food"}, NOT),
        ({}, {"capex_oku": 1.0}, MAYBE),
        ({"capex_min_oku": 1.0, "closes": date(2026, 11, 27)}, {"capex_oku": 9.0}, OVER),
        ({"capex_min_oku": 1.0, "closes": DAY}, {"capex_oku": 9.0}, FITS),
    ],
)
def test_a_case_by_hand(rules, case, verdict):
    assert matched(scheme(**rules), Case(**case), DAY).verdict == verdict


def test_a_scheme_that_is_over_is_shown_and_stands_behind_those_that_fit():
    found = match(Case(), DAY)
    assert len(found) == len(incentives())
    order = [FITS, MAYBE, OVER, NOT]
    assert [order.index(one.verdict) for one in found] == sorted(order.index(one.verdict) for one in found)
    assert any(one.verdict == OVER for one in found)


def test_only_schemes_that_answer_a_gap_are_asked_for():
    assert {gap for one in match(Case(), DAY, ["water"]) for gap in one.incentive.answers} >= {"water"}
    assert all("water" in one.incentive.answers for one in match(Case(), DAY, ["water"]))


def test_the_tax_on_bold_investment_has_the_thresholds_of_the_paper():
    tax = incentives()["bold_tax"]
    assert (tax.capex_min_oku, tax.capex_min_sme_oku, tax.roi_min_pct) == (35.0, 5.0, 15.0)
    assert tax.status == "bill"


def test_nothing_is_called_law_that_rests_on_the_bill_of_2026():
    land = [one for one in incentives().values() if one.kind == "land"]
    assert land
    assert {one.status for one in land if "bill" in one.text.en.lower()} <= {"bill"}


def test_a_call_cannot_close_before_it_opens():
    with pytest.raises((InvalidError, ValueError)):
        scheme(opens=date(2026, 5, 2), closes=date(2026, 5, 1))
