"""Caches keyed by content, shared by all sessions; nothing of a user's own file enters them."""

import streamlit as st

from geodata import Store
from geodata.layer import Passport

from .. import pictures
from ..candidates import CandidateSet, load_candidates
from ..engine import Evaluation, decide, evaluate, measure
from ..model import Measurements, Result
from ..scenario import Plan, Scenario, bind
from . import maps, state


def store() -> Store:
    """The data directory of this server."""
    return Store()


def evaluation(scenario: Scenario) -> tuple[Evaluation, Result]:
    """A scenario evaluated; a change of weights only decides again. A scenario with own data stays in its session."""
    if scenario.layers:
        return _of_this_session(scenario)
    return _decided(scenario.model_dump_json(), _versions())


def _of_this_session(scenario: Scenario) -> tuple[Evaluation, Result]:
    digest = scenario.digest()
    kept = st.session_state.get(state.OWN_RESULT)
    if kept is None or kept[0] != digest:
        evaluated = evaluate(scenario, store())
        kept = (digest, evaluated, evaluated.result())
        st.session_state[state.OWN_RESULT] = kept
    return kept[1], kept[2]


def land_picture() -> str:
    """The offline base map as a data URI."""
    return _land_picture()


def prefecture_lines() -> str | None:
    """Prefecture borders as GeoJSON text when they have been pulled."""
    return _prefecture_lines(_versions()) if store().pulled("prefectures") else None


def passport(layer_id: str) -> tuple[Passport, str, int | None]:
    """Passport of a layer, whether it is pulled, embedded or absent, and its number of rows."""
    return _passport(layer_id, _versions())


def _versions() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(store().versions().items()))


@st.cache_resource(max_entries=6, show_spinner=False)
def _decided(scenario_json: str, versions: tuple[tuple[str, str], ...]) -> tuple[Evaluation, Result]:
    plan = bind(Scenario.model_validate_json(scenario_json))
    candidates, measurements = _measured(_needs(plan), scenario_json, versions)
    evaluated = decide(plan, candidates, measurements)
    return evaluated, evaluated.result()


def _needs(plan: Plan) -> str:
    """What the measurements depend on: everything but weights, gates and anchors."""
    what = [c.model_dump_json(exclude={"value"}) for c in plan.criteria.values()]
    return plan.scenario.candidates.model_dump_json() + "".join(what)


@st.cache_resource(max_entries=3, show_spinner=False)
def _measured(
    needs: str, _scenario_json: str, versions: tuple[tuple[str, str], ...]
) -> tuple[CandidateSet, Measurements]:
    del needs, versions  # the key of the cache
    plan = bind(Scenario.model_validate_json(_scenario_json))
    candidates = load_candidates(plan.scenario.candidates, store())
    return candidates, measure(candidates, list(plan.criteria.values()), store())


@st.cache_resource(max_entries=100, show_spinner=False)
def _passport(layer_id: str, versions: tuple[tuple[str, str], ...]) -> tuple[Passport, str, int | None]:
    del versions  # the key of the cache
    if not store().has(layer_id):
        return store().spec(layer_id), "absent", None
    layer = store().layer(layer_id)
    return layer.passport, layer.origin, len(layer.frame)


@st.cache_resource(max_entries=1, show_spinner=False)
def _land_picture() -> str:
    return pictures.land_picture()


@st.cache_resource(max_entries=1, show_spinner=False)
def _prefecture_lines(versions: tuple[tuple[str, str], ...]) -> str:
    del versions  # the key of the cache
    return maps.outlines(store().layer("prefectures").geometry)
