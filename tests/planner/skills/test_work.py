"""The workers of an investment: sizes, rates from projects, shares, years."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from planner.errors import PlannerError
from planner.skills.assumptions import assumptions
from planner.skills.industries import EDUCATIONS, OCCUPATIONS, industries
from planner.skills.work import Work, by_year, need_of, read_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("300 MW", (300.0, "MW")),
        ("1 GW", (1000.0, "MW")),
        ("1,700 jobs", (1700.0, "jobs")),
        ("1700人", (1700.0, "jobs")),
        ("20GWh", (20.0, "GWh")),
        ("30000 m²", (30000.0, "m2")),
        ("9,800億円", (9800.0, "oku")),
        ("55000 wafers/month", (55000.0, "wafers")),
        ("３００ＭＷ", (300.0, "MW")),
        ("20ヘクタール", (20.0, "ha")),
    ],
)
def test_a_size_is_read_with_its_unit(text, size):
    assert read_size(text) == size


@pytest.mark.parametrize("text", ["", "MW", "300", "300 elephants", "-5 MW", "0 MW", "1.2.3 MW"])
def test_what_is_no_size_is_one_sentence(text):
    with pytest.raises(PlannerError, match="expected a number and one of"):
        read_size(text)


def test_workers_given_are_the_workers():
    need = need_of(Work(size=1700, unit="jobs"))
    assert need.jobs == (1700.0, 1700.0, 1700.0)
    assert need.by_occupation[1].sum() == pytest.approx(1700)
    assert need.by_education[1].sum() == pytest.approx(1700)


def test_a_data_centre_of_300_mw_has_60_to_90_workers_by_the_rule_that_is_named():
    need = need_of(Work(industry="datacentre", size=300, unit="MW"))
    assert need.jobs == pytest.approx((60.0, 75.0, 90.0))
    assert need.rate.n == 1
    assert "100 MW" in need.rate.sources[0]


def test_a_rate_of_two_projects_is_half_the_least_to_twice_the_most():
    need = need_of(Work(industry="shipbuilding", size=100, unit="ha"))
    ours = sorted([373 / 17.9, 1030 / 69.8])
    assert need.jobs == pytest.approx((100 * ours[0] / 2, 100 * np.mean(ours), 100 * ours[1] * 2))
    assert need.rate.n == 2


def test_projects_of_the_users_own_join_the_rate():
    own = pd.DataFrame([{"project": "x", "industry": "shipbuilding", "jobs": 500.0, "site_ha": 50.0, "source_url": ""}])
    own = own.reindex(
        columns=[
            "project",
            "industry",
            "jobs",
            "mw",
            "gwh",
            "wafers_month",
            "floor_m2",
            "site_ha",
            "capex_oku",
            "source_url",
        ]
    )
    assert need_of(Work(industry="shipbuilding", size=100, unit="ha"), own).rate.n == 3
    lacking = own.assign(jobs=np.nan)
    assert need_of(Work(industry="shipbuilding", size=100, unit="ha"), lacking).rate.n == 2


def test_where_no_project_tells_a_size_only_workers_are_taken():
    with pytest.raises(ValidationError, match="no project tells workers per GWh"):
        Work(industry="shipbuilding", size=3, unit="GWh")


@pytest.mark.parametrize(
    "id_",
    [
        "semiconductor-fab",
        "field-semiconductor-fab",
        "半導体工場",
        "半導体工場（前工程）",
        "半導体工場(前工程)",
        "Semiconductor Fab",
    ],
)
def test_a_profile_stands_for_its_industry_with_and_without_field_and_a_name_does_too(id_):
    assert Work(industry=id_).industry == "semiconductor-fab"


def test_an_industry_that_is_none_is_refused():
    with pytest.raises(ValidationError, match="not one of the table"):
        Work(industry="spaceport")


@given(st.sampled_from(sorted(industries())), st.floats(1, 1e5), st.floats(0, 1))
def test_bounds_hold_the_middle_and_remote_work_lowers_what_must_be_near(industry, size, remote):
    work = Work(industry=industry, size=size, unit="jobs", remote=remote)
    need = need_of(work)
    for part in (need.by_occupation, need.by_education, need.builders):
        assert (part[0] <= part[1] + 1e-9).all()
        assert (part[1] <= part[2] + 1e-9).all()
    assert (need.local <= need.by_occupation + 1e-9).all()
    at = OCCUPATIONS.index("production")
    assert need.local[1, at] == need.by_occupation[1, at]
    assert len(EDUCATIONS) == need.by_education.shape[1]


def test_years_build_before_the_start_and_fill_in_three_years():
    need = need_of(Work(size=1000, unit="jobs"))
    table = by_year(need, assumptions(), 2030).set_index("year")
    assert table.loc[2029, "building"] == need.building[1]
    assert table.loc[2028, "building"] == need.building[1] / 2
    assert table.loc[2027, "building"] == 0
    assert table.loc[2029, "operation"] == 0
    assert table.loc[2030, "operation"] == pytest.approx(450)
    assert table.loc[2032, "operation"] == 1000
    assert (table["operation_low"] <= table["operation"]).all()
    assert (table["operation"] <= table["operation_high"]).all()
