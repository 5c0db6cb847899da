"""A view is an address: the question, the site and the shortlist as query parameters, and back."""

from collections.abc import Mapping
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
        if parameters.get(key):
            found[name] = parameters[key][:_MOST]
    for key, name in _LISTS.items():
        if parameters.get(key):
            found[name] = [part for part in parameters[key].split(",") if part][:_MOST]
    for key, name in _NUMBERS.items():
        pairs = (part.partition(":") for part in parameters.get(key, "").split(","))
        numbers = {id_: float(text) for id_, _, text in pairs if _is_weight(text)}
        if numbers:
            found[name] = numbers
    return found


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
    return parameters


def _is_weight(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1e6  # noqa: PLR2004  (any scale, but a number)
    except ValueError:
        return False
