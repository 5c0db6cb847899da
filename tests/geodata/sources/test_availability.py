import pandas as pd
import pytest

from geodata.sources.availability import availability


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("分譲中", "now"),
        ("残り1区画(C区画); 2期造成中", "now"),
        ("計画(2025年度造成開始目標)", "planned"),
        ("造成工事中", "planned"),
        ("売却検討", "planned"),
        ("予約分譲(第1期)", "planned"),
        ("完売", "taken"),
        ("全12区画完売(分譲19.75ha)", "taken"),
        ("操業中", "unclear"),
        (None, "unclear"),
    ],
)
def test_words_decide_whether_land_can_be_had(status, expected):
    assert availability(pd.Series([status], dtype="str")).to_list() == [expected]


def test_what_is_planned_is_not_available(embedded):
    sites = embedded.layer("candidate_sites").frame
    assert sites.loc[sites["availability"].eq("planned"), "available_now_ha"].isna().all()
    assert sites.loc[sites["availability"].eq("unclear"), ["available_now_ha", "planned_ha"]].isna().all(axis=None)
    assert (sites.loc[sites["availability"].eq("taken"), "available_now_ha"].dropna() == 0).all()
    assert (sites["planned_ha"].dropna() > 0).any()
