"""The session in the address: one table of codecs, one per query parameter; what is not valid is dropped and named."""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from math import isfinite
from typing import Any, get_args
from urllib.parse import unquote

import streamlit as st

from geodata.country.codes import PREFECTURE_CODES

from ..i18n import LANGUAGES
from ..measure.candidates import CandidateSet
from ..model.sourced import BRANCHES
from ..scenario.base import BASE_ID
from ..scenario.criteria import criteria
from ..scenario.profiles import Weighting, default_weights, profiles
from .session import SHORTLISTED, Range, Session, language, session

_LONGEST, _LONGEST_ID, _MOST_GATES = 8_000, 200, 100
_HEAVIEST, _LARGEST = 1e6, 1e12
_LONGEST_NAME, _MOST_PLACES = 80, 20
_JAPAN = ((20.0, 46.0), (122.0, 154.1))
"""Least and most latitude and longitude of a place."""
_DEMAND, _MOST_MW = ("connection_mw", "by_year"), 20_000
_Accepts = Callable[[str], bool]


@dataclass(frozen=True)
class Codec:
    """
    A field of the session and its query parameter.

    `decode` returns what is valid, something empty when nothing is, and whether everything was.
    """

    parameter: str
    field: str
    encode: Callable[[Any], str]
    decode: Callable[[str], tuple[Any, bool]]


def _one_of(options: Callable[[], Collection[str]]) -> Callable[[str], tuple[str, bool]]:
    return lambda text: (text, True) if text in options() else ("", False)


def _site(text: str) -> tuple[str, bool]:
    id_ = unquote(text)
    return (id_, True) if _is_id(id_) else ("", False)


def _is_id(id_: str) -> bool:
    """Whether a text can be the id of a site: not empty, not long, no control sign in it."""
    return 0 < len(id_) <= _LONGEST_ID and not any(unicodedata.category(sign).startswith("C") for sign in id_)


def _list(accepts: _Accepts, most: int) -> Callable[[str], tuple[list[str], bool]]:
    def decode(text: str) -> tuple[list[str], bool]:
        parts = [unquote(part) for part in text.split(",")]
        found = list(dict.fromkeys(part for part in parts if accepts(part)))
        return found[:most], all(map(accepts, parts)) and len(found) <= most

    return decode


def _numbers(accepts: _Accepts, low: float, high: float, most: int) -> Callable[[str], tuple[dict[str, float], bool]]:
    def decode(text: str) -> tuple[dict[str, float], bool]:
        found: dict[str, float] = {}
        parts = text.split(",")
        for part in parts:
            id_, _, number = part.rpartition(":")
            value = _number(number, low, high)
            if accepts(id_) and value is not None:
                found.setdefault(id_, value)
        return dict(islice(found.items(), most)), len(found) == len(parts) <= most

    return decode


def _ranges(text: str) -> tuple[dict[str, tuple[float, float]], bool]:
    found: dict[str, tuple[float, float]] = {}
    parts = text.split(",")
    for part in parts:
        id_, _, numbers = part.partition(":")
        worst, best = (_number(number, -_LARGEST, _LARGEST) for number in (*numbers.split(":"), "", "")[:2])
        if id_ in criteria() and worst is not None and best is not None and numbers.count(":") == 1:
            found.setdefault(id_, (worst, best))
    return found, len(found) == len(parts)


def _limits(text: str) -> tuple[dict[str, Range], bool]:
    """`id:low:high`, either empty; `id:number`, of older addresses, limits the worse side."""
    found: dict[str, Range] = {}
    parts = text.split(",")
    for part in parts:
        id_, *numbers = part.split(":")
        if id_ not in criteria() or not 1 <= len(numbers) <= 2 or not any(numbers):  # noqa: PLR2004  (low and high)
            continue
        ends = [_number(number, -_LARGEST, _LARGEST) for number in numbers]
        if any(end is None for end, number in zip(ends, numbers, strict=True) if number):
            continue
        if len(ends) == 1:
            ends = [ends[0], None] if criteria()[id_].direction == "more" else [None, ends[0]]
        found.setdefault(id_, (ends[0], ends[1]))
    return found, len(found) == len(parts)


def _places(text: str) -> tuple[dict[str, tuple[float, float]], bool]:
    found: dict[str, tuple[float, float]] = {}
    parts = text.split(",")
    for part in parts:
        name, *numbers = part.split(":")
        lat, lon = (_number(number, *bounds) for number, bounds in zip((*numbers, "", "")[:2], _JAPAN, strict=True))
        id_ = unquote(name)
        if _is_id(id_) and len(id_) <= _LONGEST_NAME and len(numbers) == 2 and lat is not None and lon is not None:  # noqa: PLR2004  (lat and lon)
            found.setdefault(id_, (lat, lon))
    return dict(islice(found.items(), _MOST_PLACES)), len(found) == len(parts) <= _MOST_PLACES


def _number(text: str, low: float, high: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) and low <= number <= high else None


def _escaped(id_: str) -> str:
    return id_.replace("%", "%25").replace(",", "%2C")


def _ids(held: list[str]) -> str:
    return ",".join(map(_escaped, held))


def _pairs(held: dict[str, float]) -> str:
    return ",".join(f"{id_}:{_shortest(number)}" for id_, number in held.items())


def _triples(held: dict[str, tuple[float, float]]) -> str:
    return ",".join(f"{id_}:{_shortest(worst)}:{_shortest(best)}" for id_, (worst, best) in held.items())


def _named_places(held: dict[str, tuple[float, float]]) -> str:
    return ",".join(
        f"{_escaped(n).replace(':', '%3A')}:{_shortest(lat)}:{_shortest(lon)}" for n, (lat, lon) in held.items()
    )


def _sides(held: dict[str, Range]) -> str:
    def end(number: float | None) -> str:
        return "" if number is None else _shortest(number)

    return ",".join(f"{id_}:{end(low)}:{end(high)}" for id_, (low, high) in held.items() if (low, high) != (None, None))


def _shortest(number: float) -> str:
    """The shortest text that reads back as the same number."""
    return f"{number:g}" if float(f"{number:g}") == number else repr(number)


def _is_gate(id_: str) -> bool:
    return id_.isidentifier() and len(id_) <= _LONGEST_ID


CODECS = (
    Codec("profile", "profile", str, _one_of(profiles)),
    Codec("ws", "weights", str, _one_of(lambda: get_args(Weighting))),
    Codec("of", "kind", str, _one_of(lambda: ("sites", "municipalities", "mesh"))),
    Codec("site", "site", _escaped, _site),
    Codec("lang", "language", str, _one_of(lambda: LANGUAGES)),
    Codec("in", "prefectures", _ids, _list(PREFECTURE_CODES.__contains__, len(PREFECTURE_CODES))),
    Codec("list", "shortlist", _ids, _list(_is_id, SHORTLISTED)),
    Codec("w", "branches", _pairs, _numbers(BRANCHES.__contains__, 0, _HEAVIEST, len(BRANCHES))),
    Codec(
        "cw",
        "criteria",
        _pairs,
        _numbers(lambda id_: id_ == BASE_ID or id_ in criteria(), 0, _HEAVIEST, len(criteria()) + 1),
    ),
    Codec("g", "gates", _pairs, _numbers(_is_gate, -_LARGEST, _LARGEST, _MOST_GATES)),
    Codec("a", "anchors", _triples, _ranges),
    Codec("p", "places", _named_places, _places),
    Codec("l", "limits", _sides, _limits),
    Codec("d", "demand", _pairs, _numbers(_DEMAND.__contains__, 1, _MOST_MW, len(_DEMAND))),
)


def read(parameters: Mapping[str, str]) -> Session:
    """
    A session as an address says it; what says nothing stays as in a new session.

    Its `unread` are the parameters that hold, in whole or in part, what cannot be; that part is dropped.
    """
    held = Session()
    for codec in CODECS:
        text = parameters.get(codec.parameter, "")
        if not text:
            continue
        value, whole = codec.decode(text) if len(text) <= _LONGEST else (None, False)
        if value:
            setattr(held, codec.field, value)
        if not whole:
            held.unread.append(codec.parameter)
    if held.weights is None and (held.branches or held.criteria or held.anchors):
        held.weights = "assumed"  # an address of before there was another set
    return held


def written(held: Session) -> dict[str, str]:
    """Parameters of a session; nothing of an uploaded file enters a link."""
    parameters = {}
    public = _public(held)
    if public.weights is None and (public.branches or public.criteria or public.anchors):
        public = replace(public, weights=default_weights(public.profile))
    for codec in CODECS:
        value = getattr(public, codec.field)
        if value:
            parameters[codec.parameter] = codec.encode(value)
    return parameters


def _public(held: Session) -> Session:
    """A session without what stands in the visitor's own candidate files."""
    if held.kind != "file":
        return held
    catalogued = [site for site in held.shortlist if not site_is_own(held, site)]
    return replace(held, kind="sites", site=None, shortlist=catalogued)


def site_is_own(held: Session, site: str) -> bool:
    """Whether an id stands in one of the visitor's candidate files."""
    return any(isinstance(found, CandidateSet) and site in found.table.index for found in held.own.readings.values())


def load() -> None:
    """Take over what the address says, once per session."""
    held = session()
    if held.addressed:
        return
    held.addressed = True
    said = read(st.query_params.to_dict())
    held.unread = said.unread
    for codec in CODECS:
        setattr(held, codec.field, getattr(said, codec.field))


def store() -> None:
    """Write the session into the address."""
    wanted = written(replace(session(), language=language()))
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
