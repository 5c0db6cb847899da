"""Dates of layers in words."""

import re

from ..i18n import Language, translator

_DAY = r"\d{4}(?:-\d{2}){0,2}"
_INTERVAL = re.compile(rf"({_DAY})/({_DAY})")


def dated(reference_date: str | None, language: Language) -> str:
    """The date of a layer; an interval (ISO 8601, `first/last`) is that of its rows. Nothing where none is told."""
    found = _INTERVAL.fullmatch(reference_date or "")
    if found is None:
        return reference_date or ""
    return translator(language)("differs by row, {first} to {last}", first=found.group(1), last=found.group(2))
