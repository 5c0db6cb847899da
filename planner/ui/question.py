"""The question, in the side bar of every page: what, where, among what, and what matters how much."""

import tomllib
from typing import Any

import streamlit as st
import tomli_w

from geodata.country.codes import prefectures

from ..errors import PlannerError
from ..i18n import Language, translator
from ..measure.criterion import Criterion
from ..model.sourced import BRANCHES
from ..model.values import Linear
from ..scenario.bind import bind
from ..scenario.criteria import criteria
from ..scenario.gates import Gate
from ..scenario.merge import merged_scenario, scenario_from_profile
from ..scenario.profiles import profiles
from ..scenario.scenario import Scenario
from . import cached, owndata, state
from .text import plain, said

KINDS = {"sites": "Candidate sites", "municipalities": "Municipalities", "mesh": "1 km mesh"}
FIRST_PROFILE = "gx2-datacentre"
_SLIDER_TOP = 100


def ask(language: Language) -> Scenario:
    """Draw the question and return its scenario; PlannerError when what was set does not fit together."""
    t = translator(language)
    st.subheader(t("1. What do you want to place?"), anchor=False)
    profile = st.selectbox(
        t("Zone type or industry"),
        list(profiles()),
        index=list(profiles()).index(state.one_of("profile", list(profiles()), FIRST_PROFILE)),
        format_func=lambda id_: scenario_from_profile(id_).title[language],
        key=_key(f"profile-{language}"),
    )
    _changed_profile(profile)
    st.subheader(t("2. Where, and among what?"), anchor=False)
    table: dict[str, Any] = {"profile": profile, "candidates": _candidates(language)}
    st.subheader(t("3. What matters more?"), anchor=False)
    st.caption(t("Weights are assumptions: no ministry has published any. They are relative; any scale."))
    base = _base(profile)
    table |= {"branches": _branches(base, language), **_details(base, language)}
    with st.expander(t("4. Add your own data as a criterion")):
        added = owndata.ask(list(base.branches), language)
        table |= {**added, "criteria": {**table["criteria"], **added.get("criteria", {})}}
    scenario = merged_scenario(_over(state.get("opened") or {}, table), "app")
    _files(scenario, language)
    return scenario


def weight_key(profile: str, branch: str) -> str:
    """Key of a branch's slider."""
    return _key(f"weight-{profile}-{branch}")


def _key(name: str) -> str:
    """Key of a widget; an opened file begins a new generation, so that the browser's old values are not sent again."""
    generation = state.get("generation", 0)
    return f"{name}-{generation}" if generation else name


def use_weights(weights: dict[str, float]) -> None:
    """Set the sliders, from another page's button."""
    state.put("generation", state.get("generation", 0) + 1)
    state.put("branches", {branch: float(round(weight)) for branch, weight in weights.items()})


def toml_of(scenario: Scenario) -> str:
    """The scenario as a file that `planner rank --scenario` and this app open."""
    return tomli_w.dumps(_without_none(scenario.portable()))


def _changed_profile(profile: str) -> None:
    """Weights set by hand belong to one profile."""
    if state.get("profile") not in {None, profile}:
        for name in ("branches", "criteria", "anchors", "gates", "opened"):
            state.put(name, {})
    state.put("profile", profile)


def _base(profile: str) -> Scenario:
    opened = state.get("opened") or {}
    return merged_scenario({"profile": profile, **opened}, "app")


def _candidates(language: Language) -> dict[str, Any]:
    t = translator(language)
    names = prefectures()["name" if language == "ja" else "name_en"]
    chosen = st.multiselect(
        t("Prefectures"),
        names.index,
        default=[code for code in state.get("prefectures", []) if code in names.index],
        format_func=names.get,
        key=_key(f"prefectures-{language}"),
        placeholder=t("All of Japan"),
    )
    state.put("prefectures", chosen)
    kinds = available_kinds()
    kind = st.radio(
        t("Candidates"),
        kinds,
        index=kinds.index(state.one_of("kind", kinds, "sites")),
        format_func=lambda k: t(KINDS[k]),
        key=_key(f"kind-{language}"),
    )
    state.put("kind", kind)
    if len(kinds) == 1:
        st.caption(t("Municipalities and mesh need the boundaries: `planner data pull`."))
    return {"kind": kind, "prefectures": sorted(chosen)}


def available_kinds() -> list[str]:
    """Kinds of candidates that the pulled layers allow."""
    pulled = cached.store().pulled
    needs = {"sites": True, "municipalities": pulled("municipalities"), "mesh": pulled("land_mesh_1km")}
    return [kind for kind, there in needs.items() if there]


def _branches(base: Scenario, language: Language) -> dict[str, Any]:
    """One slider per branch; only what differs from the profile is set."""
    held = {branch: float((state.get("branches") or {}).get(branch, c.weight)) for branch, c in base.branches.items()}
    whole = all(weight.is_integer() and weight <= _SLIDER_TOP for weight in held.values())
    top = max([_SLIDER_TOP, *held.values()]) if whole or max(held.values()) > 1 else 1.0
    weights = {
        branch: st.slider(BRANCHES[branch][language], 0, _SLIDER_TOP, int(weight), key=weight_key(base.profile, branch))
        if whole
        else st.slider(
            BRANCHES[branch][language], 0.0, float(top), weight, key=weight_key(base.profile, branch) + "-fine"
        )
        for branch, weight in held.items()
    }
    changed = {b: float(w) for b, w in weights.items() if w != base.branches[b].weight}
    state.put("branches", changed)
    return {b: {"weight": w} for b, w in changed.items()}


def _details(base: Scenario, language: Language) -> dict[str, Any]:
    """Weight, range and anchors of each criterion, and the gates: the second level of the tree."""
    t = translator(language)
    found: dict[str, dict[str, Any]] = {"criteria": {}, "gates": {}}
    with st.expander(t("Criteria: weights inside each branch, ranges, gates")):
        plan = bind(base)
        for branch in base.branches:
            of_branch = [id_ for id_, c in plan.criteria.items() if c.branch == branch and id_ in plan.weights]
            if of_branch:
                st.markdown(f"**{BRANCHES[branch][language]}**")
            for id_ in of_branch:
                changed = _criterion(base, plan.criteria[id_], language)
                if changed:
                    found["criteria"][id_] = changed
        for gate_id, gate in base.gates.items():
            limit = _limit(base, gate_id, gate, language)
            if limit != gate.limit:
                found["gates"][gate_id] = {"at_least" if gate.at_least is not None else "at_most": limit}
    state.put("criteria", {id_: c["weight"] for id_, c in found["criteria"].items() if "weight" in c})
    state.put(
        "anchors",
        {id_: [c["value"]["worst"], c["value"]["best"]] for id_, c in found["criteria"].items() if "value" in c},
    )
    state.put("gates", {id_: next(iter(limit.values())) for id_, limit in found["gates"].items()})
    return found


def _limit(base: Scenario, gate_id: str, gate: Gate, language: Language) -> float:
    """The threshold of a gate."""
    t = translator(language)
    side = t("or more") if gate.at_least is not None else t("or less")
    unit = t(criteria()[gate.criterion].unit) if gate.criterion in criteria() else ""
    held = float((state.get("gates") or {}).get(gate_id, gate.limit))
    key = _key(f"gate-{base.profile}-{gate_id}-{language}")
    return st.number_input(f"{gate.title[language]} ({unit}, {side})", value=held, key=key)


def _criterion(base: Scenario, criterion: Criterion, language: Language) -> dict[str, Any]:
    """What is set otherwise than the profile for one criterion."""
    given = base.criteria[criterion.id].weight
    key = _key(f"{base.profile}-{criterion.id}-{language}")
    weight = st.number_input(
        criterion.title[language],
        0.0,
        value=float((state.get("criteria") or {}).get(criterion.id, given)),
        key=f"inside-{key}",
        help=criterion.why[language],
    )
    changed: dict[str, Any] = {} if weight == given else {"weight": weight}
    value = _anchors(criterion, key, language)
    if value is not None:
        changed |= {"weight": weight, "value": value}
    return changed


def _anchors(criterion: Criterion, key: str, language: Language) -> dict[str, Any] | None:
    """The range on which the weight is asked; None when it is the profile's own."""
    t, unit = translator(language), translator(language)(criterion.unit)
    if not isinstance(criterion.value, Linear):
        knots = ", ".join(f"{x:g} → {v:g}" for x, v in zip(*criterion.value.knots(), strict=True))
        st.caption(t("Value by {unit}: {knots}", unit=unit, knots=knots))
        return None
    own = (criterion.value.worst, criterion.value.best)
    held = (state.get("anchors") or {}).get(criterion.id, own)
    left, right = st.columns(2)
    worst = left.number_input(t("0 points at ({unit})", unit=unit), value=float(held[0]), key=f"worst-{key}")
    best = right.number_input(t("full points at ({unit})", unit=unit), value=float(held[1]), key=f"best-{key}")
    better = best > worst if criterion.direction == "more" else best < worst
    if not better:
        st.error(t("These two would turn the criterion round; the profile's own are used."))
        return None
    return None if (worst, best) == own else {"kind": "linear", "worst": worst, "best": best}


def _files(scenario: Scenario, language: Language) -> None:
    """Take the scenario along as a file, or open one."""
    t = translator(language)
    with st.expander(t("Scenario file: save or open")):
        st.download_button(
            t("Save scenario.toml"),
            data=lambda: toml_of(scenario),
            file_name="scenario.toml",
            mime="application/toml",
            on_click="ignore",
        )
        if state.get("opened_note"):
            st.info(t("The file named data of its own; add those files under 4. Everything else was taken over."))
        upload = st.file_uploader(t("Open a scenario.toml"), type=["toml"], key="scenario-file")
        if upload is not None and state.get("opened_id") != upload.file_id:
            state.put("opened_id", upload.file_id)
            _open(upload.getvalue(), language)


def _open(content: bytes, language: Language) -> None:
    """Take a scenario file over; one sentence when it is none."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
        opened = merged_scenario(table, "scenario.toml")
        bind(opened)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        st.error(translator(language)("This is not a scenario file: {error}", error=plain(str(error))))
        return
    except PlannerError as error:
        st.error(said(error, language))
        return
    for name in ("branches", "criteria", "anchors", "gates"):
        state.put(name, {})
    state.put("profile", opened.profile)
    state.put("prefectures", list(opened.candidates.prefectures))
    state.put("kind", opened.candidates.kind)
    state.put("opened", _without_own(table))
    state.put("opened_note", bool(opened.layers or opened.own or opened.candidates.path))
    state.put("generation", state.get("generation", 0) + 1)
    st.rerun()


def _without_own(table: dict[str, Any]) -> dict[str, Any]:
    """A file's settings less the user's own layers and criteria, whose files are not here."""
    own = set(table.get("own", {}))
    kept = {k: v for k, v in table.items() if k not in {"profile", "candidates", "layers", "own"}}
    return {
        k: {id_: v for id_, v in part.items() if id_ not in own} if k == "criteria" else part
        for k, part in kept.items()
    }


def _over(base: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    """What the widgets set, on top of an opened file."""
    merged = dict(base)
    for key, value in table.items():
        below = merged.get(key)
        merged[key] = (
            _over(below, value) if isinstance(value, dict) and isinstance(below, dict) and key != "value" else value
        )
    return merged


def _without_none(value: Any) -> Any:
    """TOML has no null: what is not set is left out."""
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    return [_without_none(v) for v in value] if isinstance(value, list | tuple) else value
