"""A value in words: with its unit and what is known of it."""

import numpy as np

from ..i18n import Language, Translate, translator
from ..model.digits import text
from ..model.tables import Known, Why

_EXACT = 1e-9
_WHOLE_FROM = 100


def shown(known: Known, unit: str, language: Language) -> str:
    """A value with what is known of it and the feature that it was measured to."""
    t = translator(language)
    said = _SAID[known.why](known, unit, t)
    return t("{value} to {nearest}", value=said, nearest=known.nearest) if known.nearest else said


def quantity(value: float) -> str:
    """Number as people read it: three significant digits below 100, thousands separated above."""
    return f"{value:,.0f}" if abs(value) >= _WHOLE_FROM else f"{value:.3g}"


def exactly(value: float, unit: str, language: Language) -> str:
    """A number of a result with its unit, at the digits that it has there; NaN is unknown."""
    return shown(Known(value, value, value, Why.UNKNOWN if np.isnan(value) else Why.EXACT), unit, language)


def amount(value: float, unit: str, language: Language) -> str:
    """A number that was worked out, with its unit, in the reader's language; NaN is unknown."""
    t = translator(language)
    return t("unknown") if np.isnan(value) else f"{quantity(value)} {t(unit)}"


def _number(value: float, unit: str, t: Translate) -> str:
    return f"{text(value)} {t(unit)}"


def _unknown(_: Known, __: str, t: Translate) -> str:
    return t("unknown")


def _exact(known: Known, unit: str, t: Translate) -> str:
    return _number(known.value, unit, t)


def _inexact(known: Known, unit: str, t: Translate) -> str:
    if not np.isfinite(known.high):
        return _at_least(known, unit, t) if np.isfinite(known.low) else _unbounded(known, unit, t)
    number, slack = _number(known.value, unit, t), known.high - known.value
    if abs(known.low - (known.value - slack)) < _EXACT:
        return t("{number} (± {slack})", number=number, slack=text(slack))
    return t("{number} ({low} to {high})", number=number, low=text(known.low), high=text(known.high))


def _at_least(known: Known, unit: str, t: Translate) -> str:
    proven = t("at least {number}", number=_number(known.low, unit, t))
    return _with_given(proven, known, unit, t) if known.value > known.low else proven


def _at_most(known: Known, unit: str, t: Translate) -> str:
    proven = t("at most {number}", number=_number(known.high, unit, t))
    return _with_given(proven, known, unit, t) if known.value < known.high else proven


def _unbounded(known: Known, unit: str, t: Translate) -> str:
    return _with_given(t("unknown"), known, unit, t)


def _with_given(proven: str, known: Known, unit: str, t: Translate) -> str:
    """What is proven, with what was found at the positions given."""
    return t("{proven} ({number} at the place given)", proven=proven, number=_number(known.value, unit, t))


_SAID = {
    Why.UNKNOWN: _unknown,
    Why.EXACT: _exact,
    Why.INEXACT: _inexact,
    Why.AT_LEAST: _at_least,
    Why.AT_MOST: _at_most,
}
