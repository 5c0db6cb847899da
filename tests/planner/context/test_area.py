"""An area by block, prefecture or municipality, by code or name."""

import pandas as pd
import pytest

from planner import PlannerError
from planner.context.area import area_of, municipality_codes


@pytest.mark.parametrize(
    ("named", "prefectures"),
    [
        ("SKK", ("36", "37", "38", "39")),
        ("四国", ("36", "37", "38", "39")),
        ("43", ("43",)),
        ("熊本県", ("43",)),
        ("熊本", ("43",)),
        ("Kumamoto", ("43",)),
        ("40,43", ("40", "43")),
    ],
)
def test_blocks_and_prefectures(embedded, named, prefectures):
    area = area_of(embedded, named)
    assert area.prefectures == prefectures
    assert not area.municipalities


def test_municipalities_by_code_and_name(embedded):
    area = area_of(embedded, "43404、合志市")
    assert area.municipalities == ("43404", "43216")
    assert area.prefectures == ("43",)
    assert area.title("ja") == "菊陽町・合志市"


@pytest.mark.parametrize("named", ["", "99", "火星", "府中市"])
def test_what_is_no_area_is_refused(embedded, named):
    with pytest.raises(PlannerError, match="region"):
        area_of(embedded, named)


def test_wards_lie_in_their_city_and_nothing_else_does(embedded):
    area = area_of(embedded, "40130")
    assert area.holds(pd.Series(["40130", "40131", "40135", "40100", "40202", None])).tolist() == [
        *(True, True, True),
        *(False, False, False),
    ]
    whole = area_of(embedded, "40")
    assert whole.holds(pd.Series(["40131", "40", "41201", ""])).tolist() == [True, True, False, False]


def test_a_point_without_a_code_takes_the_nearest_municipality(embedded):
    rows = embedded.layer("core_firms").frame.head(3)
    assert municipality_codes(embedded, rows).tolist() == rows["muni_code"].tolist()
    bare = rows.drop(columns="muni_code")
    assert municipality_codes(embedded, bare).str[:2].tolist() == rows["pref_code"].tolist()
