import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.imports.codes import area_codes, check_digit, prefecture_codes
from geodata.imports.report import Report

CODES = st.builds("{:02d}{:03d}".format, st.integers(1, 47), st.integers(100, 799))


def codes(*texts, prefectures=None):
    report = Report("x", "y")
    front = None if prefectures is None else pd.Series(prefectures)
    found = area_codes(pd.Series(list(texts)), report, "c", prefectures=front)
    return [None if pd.isna(code) else code for code in found], report


@pytest.mark.parametrize(("code", "digit"), [("01100", "2"), ("13101", "6"), ("27100", "4"), ("47201", "8")])
def test_the_check_digit_is_the_ministrys(code, digit):
    assert check_digit(code) == digit


@given(st.lists(CODES, min_size=1, max_size=8, unique=True))
def test_a_code_is_found_whatever_its_form(known):
    assert codes(*known)[0] == known or all(
        check_digit(("0" + code)[:5]) == code[-1] for code in known
    )  # a column of which each code is by chance a shorter one with its check digit
    assert codes(*(code + check_digit(code) for code in known))[0] == known
    assert codes(*(f"{code}.0" if code[0] != "0" else code for code in known[:1]))[0] == known[:1]
    assert codes(*(code[2:].lstrip("0") for code in known), prefectures=[code[:2] for code in known])[0] == known


@given(st.lists(CODES.filter(lambda code: code[0] == "0"), min_size=1, max_size=8, unique=True))
def test_a_lost_zero_is_put_back(known):
    assert codes(*(code[1:] for code in known))[0] == known


def test_six_digits_without_their_zero_are_known_by_their_check_digits():
    assert codes("11011", "12025", "182010")[0] == ["01101", "01202", "18201"]
    assert codes("11011", "11029", "12025")[0] == ["01101", "01102", "01202"]


def test_a_wrong_check_digit_is_unknown_and_said():
    found, report = codes("182011", "18202")
    assert found == [None, "18202"]
    assert "182011" in " ".join(report.sentences())


def test_prefectures_have_two_digits():
    report = Report("x", "y")
    assert prefecture_codes(pd.Series(["1", "18", "48", ""]), report, "p").fillna("?").to_list() == [
        "01",
        "18",
        "?",
        "?",
    ]
    assert "'48'" in " ".join(report.sentences())


def test_one_wrong_code_does_not_hide_that_a_column_carries_check_digits():
    found, report = codes("182010", "11002", "182011")
    assert found == ["18201", "01100", None]
    assert any(problem.action == "blanked" and problem.found == "182011" for problem in report.problems)


def test_codes_with_and_without_check_digits_in_one_column_are_each_read_in_their_form():
    assert codes("182010", "18202", "18204")[0] == ["18201", "18202", "18204"]
