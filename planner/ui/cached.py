"""Caches keyed by content, shared by all sessions; nothing of a user's own file enters them."""

import json
import secrets

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata import Layer, Store
from geodata.country.mesh import Level
from geodata.layer import Passport
from geodata.store.overlay import OverlaidStore

from .. import analyses
from ..analyses import Analysis
from ..context import overlays, region
from ..decision.portfolio import PortfolioChoice
from ..decision.robustness import RobustnessChoice
from ..evaluation import Evaluation, decide, evaluate, opened
from ..explain.reasons import Explanation, explain, medians_of
from ..i18n import Language
from ..measure.candidates import CandidateSet, load_candidates
from ..measure.run import measure
from ..measure.stress import shifted
from ..model.result import Result
from ..model.tables import Measurements
from ..output import pictures
from ..scenario.bind import Plan, bind
from ..scenario.scenario import Scenario
from . import maps, state


def store() -> Store:
    """The data directory of this server."""
    return Store()


def brought() -> dict[str, Layer]:
    """Layers that a criterion may use besides the catalogue: imported into the data directory, or by this visitor."""
    held = store()
    stored = {id_: held.layer(id_) for id_ in held.specs if held.specs[id_].connector == "import" and held.has(id_)}
    return {**stored, **state.brought()}


def roads() -> str | None:
    """Id of a road layer, when there is one."""
    return next((id_ for id_, layer in brought().items() if {"u", "v", "time_s"} <= set(layer.frame.columns)), None)


def evaluation(scenario: Scenario) -> tuple[Evaluation, Result]:
    """A scenario evaluated; a change of weights only decides again. A scenario with own data stays in its session."""
    if _private(scenario):
        return _of_this_session(scenario)
    return _decided(scenario.model_dump_json(), _versions())


def _private(scenario: Scenario) -> bool:
    """Whether it rests on something that only this visitor has."""
    used = {id_ for c in scenario.own.values() for id_ in c.rests_on()}
    return bool(scenario.layers) or bool(used & set(state.brought()))


def _of_this_session(scenario: Scenario) -> tuple[Evaluation, Result]:
    digest = scenario.digest() + "".join(layer.version for layer in state.brought().values())
    kept = st.session_state.get(state.OWN_RESULT)
    if kept is None or kept[0] != digest:
        evaluated = evaluate(scenario, OverlaidStore(store(), state.brought()))
        kept = (digest, evaluated, evaluated.result(), secrets.token_hex(16))
        st.session_state[state.OWN_RESULT] = kept
    return kept[1], kept[2]


def land_picture() -> str:
    """The offline base map as a data URI."""
    return _land_picture()


def prefecture_lines() -> str | None:
    """Prefecture borders as GeoJSON text when they have been pulled."""
    return _prefecture_lines(_versions()) if store().pulled("prefectures") else None


def mesh_picture(scenario: Scenario, result: Result, level: Level) -> maps.MeshPicture:
    """The picture of a mesh, drawn once per result."""
    return _mesh_picture(_identity(scenario), level, result)


def explanation(scenario: Scenario, result: Result, site: str, language: Language) -> Explanation:
    """Why a site stands where it stands."""
    return explain(result, site, language, medians=_medians(_identity(scenario), result))


def robust(scenario: Scenario, result: Result, choice: RobustnessChoice, language: Language) -> Analysis:
    """Robustness, drawn once per result and choice."""
    return _robust(_identity(scenario), choice.model_dump_json(), language, result)


def portfolio(scenario: Scenario, result: Result, choice: PortfolioChoice, language: Language) -> Analysis:
    """A portfolio, solved once per result and choice."""
    return _portfolio(_identity(scenario), choice.model_dump_json(), language, result)


def stakeholders(scenario: Scenario, result: Result, sets: dict[str, dict[str, float]]) -> pd.DataFrame:
    """Ranks of the best sites under each set of weights."""
    return _stakeholders(_identity(scenario), json.dumps(sets, sort_keys=True), result)


def stocks(codes: tuple[str, ...], language: Language) -> pd.DataFrame:
    """The three stocks of a region."""
    return _stocks(codes, language, _versions())


def overlay(key: str, bounds: tuple[float, float, float, float]) -> tuple[gpd.GeoSeries, int]:
    """Shapes of an overlay within bounds, and how many there are."""
    return _overlay(key, tuple(round(edge, 1) for edge in bounds), _versions())  # type: ignore[arg-type]


def _identity(scenario: Scenario) -> str:
    """What a result depends on; one that rests on own data has a random name that no other session can meet."""
    own = str(st.session_state[state.OWN_RESULT][3]) if _private(scenario) else ""
    return scenario.digest() + own + str(hash(_versions()))


@st.cache_resource(max_entries=4, show_spinner=False)
def _mesh_picture(identity: str, level: Level, _result: Result) -> maps.MeshPicture:
    del identity  # the key of the cache
    return maps.mesh_picture(_result, level)


@st.cache_resource(max_entries=8, show_spinner=False)
def _medians(identity: str, _result: Result) -> pd.Series:
    del identity  # the key of the cache
    return medians_of(_result)


@st.cache_resource(max_entries=8, show_spinner=False)
def _robust(identity: str, choice_json: str, language: Language, _result: Result) -> Analysis:
    del identity  # the key of the cache
    return analyses.robust(_result, RobustnessChoice.model_validate_json(choice_json), language)


@st.cache_resource(max_entries=8, show_spinner=False)
def _portfolio(identity: str, choice_json: str, language: Language, _result: Result) -> Analysis:
    del identity  # the key of the cache
    return analyses.portfolio(_result, PortfolioChoice.model_validate_json(choice_json), language)


@st.cache_resource(max_entries=4, show_spinner=False)
def _stakeholders(identity: str, sets_json: str, _result: Result) -> pd.DataFrame:
    del identity  # the key of the cache
    return analyses.stakeholder_ranks(_result, json.loads(sets_json))


@st.cache_resource(max_entries=20, show_spinner=False)
def _stocks(codes: tuple[str, ...], language: Language, versions: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    del versions  # the key of the cache
    return region.stocks(store(), list(codes), language)


@st.cache_resource(max_entries=40, show_spinner=False)
def _overlay(
    key: str, bounds: tuple[float, float, float, float], versions: tuple[tuple[str, str], ...]
) -> tuple[gpd.GeoSeries, int]:
    del versions  # the key of the cache
    chosen = overlays.overlays()[key]
    return overlays.cut(store().layer(chosen.layer), chosen, bounds)


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
    changes = [change.model_dump_json() for change in plan.scenario.changes]
    return plan.scenario.candidates.model_dump_json() + "".join([*what, *changes])


@st.cache_resource(max_entries=3, show_spinner=False)
def _measured(
    needs: str, _scenario_json: str, versions: tuple[tuple[str, str], ...]
) -> tuple[CandidateSet, Measurements]:
    del needs, versions  # the key of the cache
    plan = bind(Scenario.model_validate_json(_scenario_json))
    seen = opened(plan.scenario, store())
    candidates = load_candidates(plan.scenario.candidates, seen)
    measurements = measure(candidates, list(plan.criteria.values()), seen)
    return candidates, shifted(measurements, plan.scenario.changes)


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
