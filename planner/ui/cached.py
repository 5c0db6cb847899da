"""Caches keyed by content, shared by all sessions; what rests on a visitor's own file stays in that session."""

import secrets
from dataclasses import dataclass
from operator import attrgetter, methodcaller
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata import Layer, Layers, Store
from geodata.base import FloatArray
from geodata.country.mesh import Level
from geodata.errors import Phrase
from geodata.passport import Passport
from geodata.store.overlay import OverlaidStore

from .. import analyses
from ..analyses import Analysis
from ..context import overlays, region
from ..context import skills as context_skills
from ..context.area import Area
from ..context.field_cluster import FieldAnswer, field_answer
from ..context.place import Place
from ..context.power import PowerAnswer, power_answer
from ..context.skills import SkillsAnswer, Spot, skills_answer, spot_of, town_of
from ..decision.portfolio import PortfolioChoice
from ..decision.robustness import RobustnessChoice
from ..evaluation import Evaluation, decide
from ..explain.reasons import Explanation, explain, medians_of
from ..fields.field import fields
from ..i18n import Language
from ..measure.candidates import CandidateChoice, CandidateSet, load_candidates, narrowed, towns_of
from ..measure.choices import known_choices
from ..measure.own import OwnFeatures, own_layer, read_own
from ..measure.run import measure
from ..measure.stress import changed, shifted
from ..model.result import Result
from ..model.tables import Measurements
from ..output import pictures
from ..power.demand import Demand
from ..power.hourly import Storage
from ..scenario.bind import Plan, bind
from ..scenario.scenario import Scenario
from ..skills.work import Work
from . import maps
from .own import recent
from .session import session

_Versions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Evaluated:
    """A scenario evaluated. `identity` names the result; one that rests on own data has a name no other session meets."""

    identity: str
    evaluation: Evaluation
    result: Result


def _needs(plan: Plan) -> str:
    """What the measurements depend on: everything but weights, gates and anchors."""
    scenario = plan.scenario
    criteria = [c.model_dump_json(exclude={"value"}) for c in plan.criteria.values()]
    layers = [f"{id_}{layer.model_dump_json()}" for id_, layer in scenario.layers.items()]
    changes = [change.model_dump_json() for change in scenario.changes]
    return "".join([scenario.candidates.model_dump_json(), *criteria, *layers, *changes])


_HASHED: dict[str | type[Any], Any] = {
    Evaluated: attrgetter("identity"),
    Plan: _needs,
    **dict.fromkeys((Scenario, RobustnessChoice, PortfolioChoice), methodcaller("model_dump_json")),
}
"""How Streamlit tells the arguments of a cached function apart."""


def store() -> Store:
    """The data directory of this server."""
    return Store(tell=_noted)


def _noted(sentence: Phrase) -> None:
    """Remember for the page what was done about a damaged or unwritable file."""
    held = session()
    if sentence not in held.notes:
        held.notes = (*held.notes, sentence)


def brought() -> dict[str, Layer]:
    """Layers that a criterion may use besides the catalogue: imported into the data directory, or by this visitor."""
    held = store()
    stored = {id_: held.layer(id_) for id_ in held.specs if held.specs[id_].from_user and held.has(id_)}
    return {**stored, **session().own.brought()}


def roads() -> str | None:
    """Id of a road layer, when there is one."""
    return next((id_ for id_, layer in brought().items() if {"u", "v", "time_s"} <= set(layer.frame.columns)), None)


def evaluation(scenario: Scenario) -> Evaluated:
    """A scenario evaluated; a change of weights only decides again. A scenario with own data stays in its session."""
    return _of_this_session(scenario) if _private(scenario) else _decided(scenario, _versions())


def _private(scenario: Scenario) -> bool:
    """Whether it rests on something that only this visitor has."""
    used = {id_ for c in bind(scenario).criteria.values() for id_ in c.rests_on()}
    own = scenario.layers or scenario.candidates.path or scenario.candidates.kind == "file"
    return bool(own) or bool(used & set(session().own.brought()))


def _of_this_session(scenario: Scenario) -> Evaluated:
    own = session().own
    versions = str([_versions(), [layer.version for layer in own.layers.values()]])

    def decided() -> Evaluated:
        plan = bind(scenario)
        measured = recent(own.measured, _needs(plan) + versions, lambda: _measurements(plan, _with_own(scenario)))
        evaluated = decide(plan, *measured)
        return Evaluated(secrets.token_hex(16), evaluated, evaluated.result())

    return recent(own.results, scenario.model_dump_json() + versions, decided)


def _with_own(scenario: Scenario) -> Layers:
    """The store with this visitor's layers in front."""
    files = {id_: own_layer(id_, own, own_features(Path(own.path))) for id_, own in scenario.layers.items()}
    return OverlaidStore(store(), {**session().own.brought(), **files})


def own_features(path: Path) -> OwnFeatures:
    """Features of one of this visitor's files, their shape, and what was found on reading them."""
    return session().own.read(path, ("features", str(_versions())), lambda: read_own(path, towns_of(store())))


def own_sites(path: Path) -> CandidateSet:
    """Candidates of one of this visitor's files, all of them."""
    choice = CandidateChoice(kind="file", path=str(path))
    return session().own.read(path, ("sites", str(_versions())), lambda: load_candidates(choice, store()))


def _measurements(plan: Plan, seen: Layers) -> tuple[CandidateSet, Measurements]:
    """Everything left of the waist."""
    choice, seen = plan.scenario.candidates, changed(seen, plan.scenario.changes)
    own = choice.kind == "file" and choice.path is not None
    candidates = narrowed(own_sites(Path(choice.path or "")), choice) if own else load_candidates(choice, seen)
    measurements = measure(candidates, list(plan.criteria.values()), seen)
    return candidates, shifted(measurements, plan.scenario.changes)


def power(place: Place, demand: Demand, load: FloatArray, storage: Storage) -> PowerAnswer:
    """What a load would need at a place; with a layer of this visitor's own it stays in the session."""
    own = session().own.brought()
    if not own:
        return _power(place, demand, load, storage, _versions())
    versions = str([_versions(), [layer.version for layer in own.values()]])
    seen = OverlaidStore(store(), own)
    key = f"{place}{demand.model_dump_json()}{load.sum()}{load.max()}{storage}{versions}"
    return recent(session().own.results, key, lambda: power_answer(seen, place, demand, load, storage))


def skills(spot_key: tuple[str, Place], work: Work) -> SkillsAnswer:
    """Who an investment needs at a place, or over a municipality; with a layer of this visitor's own it stays in the session."""
    own = session().own.brought()
    if not own:
        return _skills(spot_key, work, _versions())
    versions = str([_versions(), [layer.version for layer in own.values()]])
    seen = OverlaidStore(store(), own)
    key = f"{spot_key}{work.model_dump_json()}{versions}"
    return recent(session().own.results, key, lambda: skills_answer(seen, _spot(spot_key, seen), work))


def _spot(spot_key: tuple[str, Place], seen: Layers) -> Spot:
    town, place = spot_key
    return town_of(seen, town) if town else spot_of(place)


def seen() -> Layers:
    """The layers that this visitor sees: those of the server, with the visitor's own in front."""
    own = session().own.brought()
    return OverlaidStore(store(), own) if own else store()


def field(field_id: str, area: Area, amount_oku: float | None) -> FieldAnswer:
    """What an area already does in a field; with a layer of this visitor's own it stays in the session."""
    own = session().own.brought()
    if not own:
        return _field(field_id, area, amount_oku, _versions())
    versions = str([_versions(), [layer.version for layer in own.values()]])
    key = f"field{field_id}{area}{amount_oku}{versions}"
    return recent(session().own.results, key, lambda: field_answer(seen(), fields()[field_id], area, amount_oku))


def town_gaps(pref_code: str, work: Work) -> pd.DataFrame:
    """Fill of the scarcest occupation by municipality; with a layer of this visitor's own it stays in the session."""
    own = session().own.brought()
    if not own:
        return _town_gaps(pref_code, work, _versions())
    versions = str([_versions(), [layer.version for layer in own.values()]])
    seen = OverlaidStore(store(), own)
    key = f"towns{pref_code}{work.model_dump_json()}{versions}"
    return recent(session().own.results, key, lambda: context_skills.town_gaps(seen, pref_code, work))


def town_shapes(pref_code: str) -> gpd.GeoSeries | None:
    """Areas of the municipalities of a prefecture by code, when they have been pulled."""
    if not store().pulled("municipalities"):
        return None
    frame = store().layer("municipalities").frame
    return gpd.GeoDataFrame(frame[frame["pref_code"].eq(pref_code)]).set_index("muni_code").geometry


def land_picture() -> str:
    """The offline base map as a data URI."""
    return _land_picture()


def prefecture_lines() -> str | None:
    """Prefecture borders as GeoJSON text when they have been pulled."""
    return _prefecture_lines(_versions()) if store().pulled("prefectures") else None


def explanation(seen: Evaluated, site: str, language: Language) -> Explanation:
    """Why a site stands where it stands."""
    return explain(seen.result, site, language, medians=_medians(seen))


def stocks(codes: tuple[str, ...], language: Language) -> pd.DataFrame:
    """The three stocks of a region."""
    return _stocks(codes, language, _versions())


def overlay(key: str, bounds: tuple[float, float, float, float]) -> tuple[gpd.GeoSeries, int]:
    """Shapes of an overlay within bounds, and how many there are."""
    return _overlay(key, tuple(round(edge, 1) for edge in bounds), _versions())  # type: ignore[arg-type]


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=_HASHED)
def mesh_picture(seen: Evaluated, level: Level) -> maps.MeshPicture:
    """The picture of a mesh, drawn once per result."""
    return maps.mesh_picture(seen.result, level)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=_HASHED)
def _medians(seen: Evaluated) -> pd.Series:
    return medians_of(seen.result)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=_HASHED)
def robust(seen: Evaluated, choice: RobustnessChoice, language: Language) -> Analysis:
    """Robustness, drawn once per result and choice."""
    return analyses.robust(seen.result, choice, language)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=_HASHED)
def validation(seen: Evaluated, language: Language) -> Analysis:
    """Where the product's own list of real choices stands, worked out once per result."""
    return analyses.validate(seen.result, known_choices(store()), language)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=_HASHED)
def portfolio(seen: Evaluated, choice: PortfolioChoice, language: Language) -> Analysis:
    """A portfolio, solved once per result and choice."""
    return analyses.portfolio(seen.result, choice, language)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=_HASHED)
def stakeholders(seen: Evaluated, sets: dict[str, dict[str, float]]) -> pd.DataFrame:
    """Ranks of the best sites under each set of weights."""
    return analyses.stakeholder_ranks(seen.result, sets)


@st.cache_resource(max_entries=20, show_spinner=False)
def _stocks(codes: tuple[str, ...], language: Language, versions: _Versions) -> pd.DataFrame:
    del versions  # the key of the cache
    return region.stocks(store(), list(codes), language)


@st.cache_resource(max_entries=40, show_spinner=False)
def _overlay(key: str, bounds: tuple[float, float, float, float], versions: _Versions) -> tuple[gpd.GeoSeries, int]:
    del versions  # the key of the cache
    chosen = overlays.overlays()[key]
    return overlays.cut(store().layer(chosen.layer), chosen, bounds)


def passport(layer_id: str) -> tuple[Passport, str, int | None]:
    """Passport of a layer, whether it is pulled, embedded or absent, and its number of rows."""
    return _passport(layer_id, _versions())


def _versions() -> _Versions:
    return tuple(sorted(store().versions().items()))


@st.cache_resource(max_entries=6, show_spinner=False, hash_funcs=_HASHED)
def _decided(scenario: Scenario, versions: _Versions) -> Evaluated:
    plan = bind(scenario)
    evaluated = decide(plan, *_measured(plan, versions))
    return Evaluated(scenario.digest() + str(versions), evaluated, evaluated.result())


@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs=_HASHED)
def _measured(plan: Plan, versions: _Versions) -> tuple[CandidateSet, Measurements]:
    del versions  # the key of the cache
    return _measurements(plan, store())


@st.cache_resource(max_entries=30, show_spinner=False, hash_funcs={Demand: methodcaller("model_dump_json")})
def _power(place: Place, demand: Demand, load: FloatArray, storage: Storage, versions: _Versions) -> PowerAnswer:
    del versions  # the key of the cache
    return power_answer(store(), place, demand, load, storage)


_BY_CONTENT: dict[str | type[Any], Any] = {Work: methodcaller("model_dump_json"), Place: repr}


@st.cache_resource(max_entries=30, show_spinner=False, hash_funcs=_BY_CONTENT)
def _skills(spot_key: tuple[str, Place], work: Work, versions: _Versions) -> SkillsAnswer:
    del versions  # the key of the cache
    return skills_answer(store(), _spot(spot_key, store()), work)


@st.cache_resource(max_entries=30, show_spinner=False, hash_funcs={Area: repr})
def _field(field_id: str, area: Area, amount_oku: float | None, versions: _Versions) -> FieldAnswer:
    del versions  # the key of the cache
    return field_answer(store(), fields()[field_id], area, amount_oku)


@st.cache_resource(max_entries=30, show_spinner=False, hash_funcs=_BY_CONTENT)
def _town_gaps(pref_code: str, work: Work, versions: _Versions) -> pd.DataFrame:
    del versions  # the key of the cache
    return context_skills.town_gaps(store(), pref_code, work)


@st.cache_resource(max_entries=100, show_spinner=False)
def _passport(layer_id: str, versions: _Versions) -> tuple[Passport, str, int | None]:
    del versions  # the key of the cache
    if not store().has(layer_id):
        return store().spec(layer_id), "absent", None
    layer = store().layer(layer_id)
    return layer.passport, layer.origin, len(layer.frame)


@st.cache_resource(max_entries=1, show_spinner=False)
def _land_picture() -> str:
    return pictures.land_picture()


@st.cache_resource(max_entries=1, show_spinner=False)
def _prefecture_lines(versions: _Versions) -> str:
    del versions  # the key of the cache
    return maps.outlines(store().layer("prefectures").geometry)
