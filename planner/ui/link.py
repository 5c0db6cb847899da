"""A view is an address: the question, the site and the shortlist as query parameters, and back."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

import streamlit as st

from . import state

_LISTS = {"in": "prefectures", "list": "shortlist"}
_NUMBERS = {"w": "branches", "cw": "criteria"}
_MOST = 200


def load() -> None:
    """Take over what the address says, once per session; what does not fit is left to the question to refuse."""
    if state.get("linked"):
        return
    state.put("linked", value=True)
    for name, value in read(st.query_params.to_dict()).items():
        state.put(name, value)


def store() -> None:
    """Write the present view into the address."""
    wanted = written(state.everything())
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def read(parameters: Mapping[str, str]) -> dict[str, Any]:
    """What parameters say; those that say nothing are left out, and nothing is longer than a link."""
    found: dict[str, Any] = {}
    for key, name in (("profile", "profile"), ("of", "kind"), ("site", "site"), ("lang", "language")):
        found[name] = parameters.get(key, "")[:_MOST]
    for key, name in _LISTS.items():
        most = state.SHORTLISTED if name == "shortlist" else _MOST
        found[name] = [part for part in parameters.get(key, "").split(",") if part][:most]
    for key, name in _NUMBERS.items():
        found[name] = _numbers(parameters.get(key, ""), _is_weight)
    found["gates"] = _numbers(parameters.get("g", ""), _is_number)
    found["anchors"] = _anchors(parameters.get("a", ""))
    return {name: value for name, value in found.items() if value}


def _numbers(text: str, accepted: Callable[[str], bool]) -> dict[str, float]:
    pairs = (part.rpartition(":") for part in text.split(","))
    return {id_: float(number) for id_, _, number in pairs if id_ and accepted(number)}


def _anchors(text: str) -> dict[str, list[float]]:
    parts = [part.split(":") for part in text.split(",")]
    whole = [part for part in parts if len(part) == len(("id", "worst", "best")) and all(map(_is_number, part[1:]))]
    return {part[0]: [float(part[1]), float(part[2])] for part in whole}


def written(choices: Mapping[str, Any]) -> dict[str, str]:
    """Parameters of a view; nothing of an uploaded file enters a link."""
    plain = {"profile": choices.get("profile"), "of": choices.get("kind"), "site": choices.get("site")}
    parameters = {key: str(value) for key, value in plain.items() if value}
    parameters["lang"] = state.language()
    for key, name in _LISTS.items():
        if choices.get(name):
            parameters[key] = ",".join(map(str, choices[name]))
    for key, name in _NUMBERS.items():
        if choices.get(name):
            parameters[key] = ",".join(f"{id_}:{value:g}" for id_, value in choices[name].items())
    if choices.get("gates"):
        parameters["g"] = ",".join(f"{id_}:{value:g}" for id_, value in choices["gates"].items())
    if choices.get("anchors"):
        parameters["a"] = ",".join(f"{id_}:{worst:g}:{best:g}" for id_, (worst, best) in choices["anchors"].items())
    return parameters


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text)) and abs(float(text)) <= 1e12  # noqa: PLR2004  (a number that a unit can bear)
    except ValueError:
        return False


def _is_weight(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1e6  # noqa: PLR2004  (any scale, but a number)
    except ValueError:
        return False
