"""The session in the address: one table of codecs, one per query parameter; what is not valid says nothing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any
from urllib.parse import unquote

import streamlit as st

from geodata.country.codes import PREFECTURE_CODES

from ..i18n import LANGUAGES
from ..measure.candidates import CandidateSet
from ..model.sourced import BRANCHES
from ..scenario.base import BASE_ID
from ..scenario.criteria import criteria
from ..scenario.profiles import profiles
from .session import SHORTLISTED, Session, language, session

_LONGEST, _LONGEST_ID = 8_000, 200
_HEAVIEST, _LARGEST = 1e6, 1e12
_LONGEST_NAME, _MOST_PLACES = 80, 20
_SOUTH, _NORTH, _WEST, _EAST = 20, 46, 122, 154.1
_Accepts = Callable[[str], bool]


@dataclass(frozen=True)
class Codec:
    """A field of the session and its query parameter; `decode` returns something empty for what is not valid."""

    parameter: str
    field: str
    encode: Callable[[Any], str]
    decode: Callable[[str], Any]


def _one_of(options: Callable[[], Collection[str]]) -> Callable[[str], str]:
    return lambda text: text if text in options() else ""


def _id(text: str) -> str:
    return unquote(text)[:_LONGEST_ID]


def _list(accepts: _Accepts, most: int) -> Callable[[str], list[str]]:
    def decode(text: str) -> list[str]:
        parts = dict.fromkeys(_id(part) for part in text.split(","))
        return [part for part in parts if part and accepts(part)][:most]

    return decode


def _numbers(accepts: _Accepts, low: float, high: float) -> Callable[[str], dict[str, float]]:
    def decode(text: str) -> dict[str, float]:
        pairs = (part.rpartition(":") for part in text.split(","))
        found = {id_: _number(number, low, high) for id_, _, number in pairs if id_ and accepts(id_)}
        return {id_: number for id_, number in found.items() if number is not None}

    return decode


def _ranges(text: str) -> dict[str, tuple[float, float]]:
    found = {}
    for part in text.split(","):
        id_, _, numbers = part.partition(":")
        worst, best = (_number(number, -_LARGEST, _LARGEST) for number in (*numbers.split(":"), "", "")[:2])
        if id_ in criteria() and worst is not None and best is not None and numbers.count(":") == 1:
            found[id_] = (worst, best)
    return found


def _places(text: str) -> dict[str, tuple[float, float]]:
    found = {}
    for part in text.split(","):
        name, *numbers = part.split(":")
        lat, lon = (_number(number, 0, 180) for number in (*numbers, "", "")[:2])
        if name and len(numbers) == len(("lat", "lon")) and lat is not None and lon is not None:
            found[_id(name)[:_LONGEST_NAME]] = (lat, lon)
    inside = {name: at for name, at in found.items() if _SOUTH <= at[0] <= _NORTH and _WEST <= at[1] <= _EAST}
    return dict(list(inside.items())[:_MOST_PLACES])


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


def _shortest(number: float) -> str:
    """The shortest text that reads back as the same number."""
    return f"{number:g}" if float(f"{number:g}") == number else repr(number)


def _is_gate(id_: str) -> bool:
    return id_.isidentifier() and len(id_) <= _LONGEST_ID


CODECS = (
    Codec("profile", "profile", str, _one_of(profiles)),
    Codec("of", "kind", str, _one_of(lambda: ("sites", "municipalities", "mesh"))),
    Codec("site", "site", _escaped, _id),
    Codec("lang", "language", str, _one_of(lambda: LANGUAGES)),
    Codec("in", "prefectures", _ids, _list(PREFECTURE_CODES.__contains__, len(PREFECTURE_CODES))),
    Codec("list", "shortlist", _ids, _list(bool, SHORTLISTED)),
    Codec("w", "branches", _pairs, _numbers(BRANCHES.__contains__, 0, _HEAVIEST)),
    Codec("cw", "criteria", _pairs, _numbers(lambda id_: id_ == BASE_ID or id_ in criteria(), 0, _HEAVIEST)),
    Codec("g", "gates", _pairs, _numbers(_is_gate, -_LARGEST, _LARGEST)),
    Codec("a", "anchors", _triples, _ranges),
    Codec("p", "places", _named_places, _places),
    Codec("l", "limits", _pairs, _numbers(lambda id_: id_ in criteria(), -_LARGEST, _LARGEST)),
)


def read(parameters: Mapping[str, str]) -> Session:
    """A session as an address says it; what says nothing stays as in a new session."""
    held = Session()
    for codec in CODECS:
        value = codec.decode(parameters.get(codec.parameter, "")[:_LONGEST])
        if value:
            setattr(held, codec.field, value)
    return held


def written(held: Session) -> dict[str, str]:
    """Parameters of a session; nothing of an uploaded file enters a link."""
    parameters = {}
    public = _public(held)
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
    for codec in CODECS:
        setattr(held, codec.field, getattr(said, codec.field))


def store() -> None:
    """Write the session into the address."""
    wanted = written(replace(session(), language=language()))
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
