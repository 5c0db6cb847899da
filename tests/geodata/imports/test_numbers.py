import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.imports.numbers import degrees_of, iso_date, number_of

MINUS = ["-", "−", "－", "‐", "–", "▲", "△", "▲ ", "△　"]
WIDE = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")


@pytest.mark.parametrize(
    "cell", ["12①", "121)", "12,5", "1,2345", "1 234", "1.2.3", "約12", "-(35)", "12(3)", "1e999", "m²", "二"]
)
def test_what_is_not_certain_is_unknown_and_never_its_digits(cell):
    assert number_of(cell).how == "unreadable"
    assert math.isnan(number_of(cell).value)


@pytest.mark.parametrize("cell", ["", "-", "－", "***", "X", "…", "非公開", " - ", "Ｘ"])
def test_marks_for_what_is_missing_are_no_numbers(cell):
    assert number_of(cell).how == "missing"


@pytest.mark.parametrize("cell", ["12 1)", "12※", "12※2", "12*", "12 注1", "12(注1)", "１２　（1）"])
def test_a_mark_set_apart_from_the_digits_is_a_footnote(cell):
    assert (number_of(cell).value, number_of(cell).how) == (12, "footnote")


@given(
    value=st.decimals(0, 10**9, places=2).map(float),
    sign=st.sampled_from(["", *MINUS, "()", "（）"]),
    wide=st.booleans(),
    thousands=st.booleans(),
    space=st.sampled_from(["", " ", "　"]),
)
def test_no_way_of_writing_a_sign_loses_it(value, sign, wide, thousands, space):
    digits = f"{value:,.2f}" if thousands else f"{value:.2f}"
    text = sign[0] + digits + sign[1] if sign in {"()", "（）"} else sign + digits
    found = number_of(space + (text.translate(WIDE) if wide else text) + space)
    assert found.how == "number"
    assert found.value == (-value if sign else value)
    assert math.copysign(1, found.value) == 1 or found.value < 0


@given(st.floats(-179, 179).map(lambda x: round(x, 4)), st.sampled_from(["°'\"", "度分秒", "°′″"]))
def test_degrees_minutes_and_seconds_are_the_angle(value, marks):
    size = abs(value)
    whole, minutes = int(size), int(size * 60) % 60
    seconds = (size * 60 - whole * 60 - minutes) * 60
    side = "W" if value < 0 else ""
    cell = f"{side}{whole}{marks[0]}{minutes:02d}{marks[1]}{min(seconds, 59.9999):07.4f}{marks[2]}"
    assert degrees_of(cell).value == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("令和8年4月1日", "2026-04-01"),
        ("R8.4.1", "2026-04-01"),
        ("平成20.4.1", "2008-04-01"),
        ("令和元年5月", "2019-05"),
        ("S63/1/7", "1988-01-07"),
        ("46113", "2026-04-01"),
        ("2026/4/1", "2026-04-01"),
        ("２０２６年４月１日現在", "2026-04-01"),
        ("20260401", "2026-04-01"),
        ("2026-04-01 00:00:00", "2026-04-01"),
        ("2026", "2026"),
        ("令和8年13月1日", None),
        ("令和8年度", None),
        ("未定", None),
        ("99999", None),
    ],
)
def test_dates_have_one_form(cell, expected):
    assert iso_date(cell) == expected


@given(st.dates(min_value=date(1989, 1, 8)))
def test_every_form_of_a_day_is_that_day(day):
    serial = (day - date(1899, 12, 30)).days
    heisei = f"平成{day.year - 1988}年{day.month}月{day.day}日"
    for cell in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}", heisei):
        if day.year - 1988 < 100 or cell != heisei:
            assert iso_date(cell) == day.isoformat()
    if 18_000 <= serial <= 80_000:
        assert iso_date(str(serial)) == day.isoformat()


@given(st.dates(min_value=date(2019, 5, 1), max_value=date(2099, 12, 31)))
def test_short_and_single_sign_eras_are_eras(day):
    year = day.year - 2018
    for cell in (f"令{year}.{day.month}.{day.day}", f"㋿{year}年{day.month}月{day.day}日"):
        assert iso_date(cell) == day.isoformat()
