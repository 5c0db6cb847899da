"""Codes of municipalities and prefectures as lists carry them: with a check digit, without the zero in front, in two columns."""

import pandas as pd

from ..country.codes import PREFECTURE_CODES
from ..errors import phrase
from .numbers import plain
from .report import Report

_WEIGHTS = (6, 5, 4, 3, 2)
_SHORT, _FULL, _CHECKED = 4, 5, 6
_MANY = 3


def check_digit(code: str) -> str:
    """Sixth digit that the Ministry of Internal Affairs appends to a five-digit code."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code, strict=True))
    return str((11 - total % 11) % 10)


def area_codes(raw: pd.Series, report: Report, column: str, *, prefectures: pd.Series | None = None) -> pd.Series:
    """
    Five-digit codes of areas; prefectures end in 000, what is no code is NaN and reported.

    Six digits are read once their check digit fits; a zero lost in front is put back; up to three digits are completed by
    the prefecture beside them, or stand for a prefecture when there is no such column.
    """
    texts = raw.fillna("").astype("str").map(plain).str.replace(r"\.0+$", "", regex=True)
    checked = _has_check_digits(texts)
    codes = texts.map(lambda text: _code(text, checked=checked))
    if prefectures is not None:
        front = prefectures.fillna("").astype("str").map(plain).str.replace(r"\.0+$", "", regex=True).str.zfill(2)
        short = texts.str.fullmatch(r"\d{1,3}") & front.isin(PREFECTURE_CODES)
        codes = codes.mask(short, front + texts.str.zfill(3))
    report.add(
        "blanked", codes.isna() & texts.ne(""), column, phrase("a code of an area, its check digit right"), texts
    )
    restored = codes.notna() & texts.str.len().ge(_SHORT) & codes.ne(texts)
    report.add("repaired", restored, column, phrase("a code of five digits"), texts)
    return codes


def prefecture_codes(raw: pd.Series, report: Report, column: str) -> pd.Series:
    """Two-digit codes; a zero lost in front is put back, what is no prefecture is NaN and reported."""
    texts = raw.fillna("").astype("str").map(plain).str.replace(r"\.0+$", "", regex=True)
    codes = texts.str.zfill(2)
    codes = codes.where(codes.isin(PREFECTURE_CODES))
    report.add("repaired", codes.notna() & texts.str.len().eq(1), column, phrase("a code of two digits"), texts)
    report.add("blanked", codes.isna() & texts.ne(""), column, phrase("a prefecture code from 01 to 47"), texts)
    return codes


def _has_check_digits(texts: pd.Series) -> bool:
    """Whether a column carries check digits: one of six fits and so do most of five, or all of five do and are many."""
    long = texts[texts.str.fullmatch(r"\d{5,6}")].drop_duplicates()
    fits = long.map(lambda text: _code(text, checked=True) is not None).astype(bool)
    six = long.str.len().eq(_CHECKED)
    if six.any():
        return bool(fits[six].any()) and fits[~six].sum() * 2 >= (~six).sum()
    return len(long) >= _MANY and bool(fits.all())


def _code(text: str, *, checked: bool) -> str | None:
    if not text.isdecimal():
        return None
    if len(text) <= 2:  # noqa: PLR2004  (a prefecture)
        return f"{text:0>2}000" if f"{text:0>2}" in {*PREFECTURE_CODES, "00"} else None
    if len(text) == _CHECKED or (checked and len(text) == _FULL):
        text = text.zfill(_CHECKED)
        if text[_FULL] != check_digit(text[:_FULL]):
            return None
        text = text[:_FULL]
    text = text.zfill(_FULL) if len(text) == _SHORT else text
    return text if len(text) == _FULL and text[:2] in {*PREFECTURE_CODES, "00"} else None
