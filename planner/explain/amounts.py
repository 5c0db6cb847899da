"""A value in words: with its unit and what is known of it."""

import pandas as pd

from ..i18n import Language, translator

_EXACT = 1e-9


_WHOLE_FROM = 100


def shown(value: float, low: float, high: float, unit: str, language: Language) -> str:
    """A value with what is known of it: exact, about, at least, at most or unknown."""
    t = translator(language)
    if pd.isna(value):
        return t("unknown")
    number = amount(value, unit, language)
    if pd.isna(high) or high == float("inf"):
        return t("at least {number}", number=number)
    slack = high - value
    if slack > 0 and abs(low - max(value - slack, 0)) < _EXACT:
        return t("{number} (± {slack})", number=number, slack=quantity(slack))
    if slack > 0:
        return t("at most {number} (± {slack})", number=number, slack=quantity(slack))
    return t("at most {number}", number=number) if low == 0 < value else number


def quantity(value: float) -> str:
    """Number as people read it: three significant digits below 100, thousands separated above."""
    return f"{value:,.0f}" if abs(value) >= _WHOLE_FROM else f"{value:.3g}"


def amount(value: float, unit: str, language: Language) -> str:
    """A number with its unit in the reader's language."""
    return f"{quantity(value)} {translator(language)(unit)}"
