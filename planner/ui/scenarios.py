"""From what the session holds to a scenario, and from an opened scenario file back into the session."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from ..i18n import Translate
from ..measure.criterion import Criterion
from ..model.values import Linear
from ..scenario.base import BASE_ID
from ..scenario.bind import Plan, bind
from ..scenario.merge import load_scenario, merged_scenario
from ..scenario.profiles import Weighting, calibrated, default_weights
from ..scenario.scenario import Scenario
from . import address
from .own import Upload
from .session import Session

_WHOLE = {"value", "within"}
_OWN_DATA = {"layers", "own"}
_BY_HAND = {"basis": "assumption", "source": "Set by the user of this scenario."}
PARTS = {
    "layers": "data of your own",
    "own": "data of your own",
    "path": "sites of your own",
    "within": "the circle",
    "mesh": "the size of the mesh",
    "changes": "stress tests",
    "demand": "assumptions of the load",
    "work": "the investment and its people",
    "stakeholders": "stakeholders",
    "branches": "other settings of branches",
    "criteria": "other settings of criteria",
    "gates": "other settings of gates",
    "completeness_floor": "the floor of known weight",
    "robustness": "settings of robustness",
    "clusters": "settings of clusters",
    "calibration": "weights calibrated by yourself",
    "title": "texts",
    "question": "texts",
    "asks": "texts",
    "measures": "texts",
}
"""Parts of a scenario that no widget of the side bar shows, or that no address carries."""


def base_of(held: Session) -> Plan:
    """The profile with what an opened file sets beyond the side bar: where the widgets start from."""
    asked = {"profile": held.profile, "weights": weights_of(held), "places": _places(held)}
    return bind(merged_scenario({**held.settings, **asked}, "app"))


def weights_of(held: Session) -> Weighting:
    """The set of weights below everything that is set; an opened file may bring one of its own."""
    if "calibration" in held.settings:
        return "calibrated"
    return held.weights or default_weights(held.profile)


def scenario_of(held: Session, base: Plan, own: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario of a session on its base; `own` are layers, criteria and weights of the visitor's own data."""
    return merged_scenario(_over(held.settings, {**_asked(held, base), **_own_over(held, base, own or {})}), "app")


def _asked(held: Session, base: Plan) -> dict[str, Any]:
    path = held.sites_file if held.kind == "file" else None
    candidates = {"kind": held.kind, "prefectures": sorted(held.prefectures), "path": path, "within": held.within}
    return {
        "profile": held.profile,
        "weights": weights_of(held),
        "candidates": candidates,
        "branches": {id_: {"weight": w} for id_, w in held.branches.items() if id_ in base.scenario.branches},
        "criteria": _criteria(held, base),
        "gates": {id_: _limit(base, id_, n) for id_, n in held.gates.items() if id_ in base.scenario.gates},
        "stakeholders": held.stakeholders,
        "changes": held.changes,
        "places": _places(held),
        **({"demand": held.demand} if held.demand else {}),
    }


def _places(held: Session) -> list[dict[str, Any]]:
    return [{"name": name, "lat": lat, "lon": lon} for name, (lat, lon) in held.places.items()]


def put_places(held: Session, places: Mapping[str, tuple[float, float]]) -> None:
    """Take the firm's own places over; without any, what was set for them says nothing."""
    held.places = dict(places)
    if not held.places:
        held.criteria.pop(BASE_ID, None)
        held.anchors.pop(BASE_ID, None)
        stanzas = {id_: stanza for id_, stanza in held.settings.get("criteria", {}).items() if id_ != BASE_ID}
        held.settings = {part: v for part, v in {**held.settings, "criteria": stanzas}.items() if v}


def _criteria(held: Session, base: Plan) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        id_: {"weight": weight} for id_, weight in held.criteria.items() if id_ in base.scenario.criteria
    }
    for id_, (worst, best) in held.anchors.items():
        if id_ in base.scenario.criteria and fits(base.criteria[id_], worst, best):
            found.setdefault(id_, {})["value"] = {"kind": "linear", "worst": worst, "best": best}
    return found


def _limit(base: Plan, gate_id: str, limit: float) -> dict[str, float]:
    return {"at_least" if base.scenario.gates[gate_id].at_least is not None else "at_most": limit}


def _own_over(held: Session, base: Plan, own: Mapping[str, Any]) -> dict[str, Any]:
    return {**own, "criteria": {**_criteria(held, base), **own["criteria"]}} if "criteria" in own else dict(own)


def fits(criterion: Criterion, worst: float, best: float) -> bool:
    """Whether anchors are those of a straight line that points the way of the criterion."""
    return isinstance(criterion.value, Linear) and (best > worst if criterion.direction == "more" else best < worst)


def not_carried(held: Session, scenario: Scenario, base: Plan) -> list[str]:
    """Sentences for what the address of a session does not carry: what differs when it is read back."""
    again = address.read(address.written(held))
    plain = scenario_of(again, base if not held.settings else base_of(again))
    lost = _difference(scenario.model_dump(mode="json"), plain.model_dump(mode="json"))
    candidates = lost.pop("candidates", {})
    own = set(scenario.own)
    if not set(lost.get("criteria", {})) - own:
        lost.pop("criteria", None)
    return list(dict.fromkeys(PARTS[part] for part in (*candidates, *lost) if part in PARTS))


def beyond(held: Session, t: Translate) -> dict[str, str]:
    """What no widget of the side bar shows, as a label per part, but for the circle."""
    labels = {"changes": t("stress tests: {n}", n=len(held.changes))} if held.changes else {}
    if held.stakeholders:
        labels["stakeholders"] = t("stakeholders: {names}", names=", ".join(held.stakeholders))
    for part, value in held.settings.items():
        words = PARTS.get(part, PARTS["mesh"])
        labels[part] = t(words)
        if part in {"criteria", "gates", "branches"}:
            labels[part] += f" ({', '.join(value)})"
    return labels


def take_off(held: Session, part: str) -> None:
    """Drop a part that no widget shows."""
    if part == "within":
        held.within = None
    elif part == "changes":
        held.changes = ()
    elif part == "stakeholders":
        held.stakeholders = {}
    else:
        held.settings = {id_: value for id_, value in held.settings.items() if id_ != part}


def set_by_hand(held: Session, part: str, id_: str) -> None:
    """A number changed by hand has no longer the basis that an opened file gave it."""
    stanzas = dict(held.settings.get(part, {}))
    stanzas[id_] = {name: value for name, value in stanzas.get(id_, {}).items() if name not in _BY_HAND}
    kept = {key: stanza for key, stanza in stanzas.items() if stanza}
    held.settings = {name: value for name, value in {**held.settings, part: kept}.items() if value}


def open_file(held: Session, upload: Upload) -> None:
    """Take a scenario file over; PlannerError when it is none."""
    opened = load_scenario(upload.path)
    bind(opened)
    own = opened.calibration is not None and not _is_shipped(opened)
    weights: Weighting = "assumed" if own else opened.weights
    profile = bind(merged_scenario({"profile": opened.profile, "weights": weights}, opened.profile))
    rest = _shortened(opened, profile.scenario)
    held.begin(opened.profile)
    held.weights = weights
    held.left_out = not _take_candidates(held, opened) or bool(opened.layers or opened.own)
    held.changes = _without_own(opened)
    asked = rest.get("demand") or {}
    held.demand = {name: float(asked.pop(name)) for name in ("connection_mw", "by_year") if asked.get(name) is not None}
    held.places = {place.name: (place.lat, place.lon) for place in opened.places}
    held.stakeholders = {
        name: {str(branch): weight for branch, weight in weights.items()}
        for name, weights in opened.stakeholders.items()
    }
    _take_numbers(held, rest, profile)
    left = {part: {id_: s for id_, s in rest[part].items() if s} for part in ("branches", "criteria", "gates")}
    held.settings = {part: value for part, value in {**rest, **left}.items() if value}


def _is_shipped(opened: Scenario) -> bool:
    """Whether the calibration of an opened file is the one that comes with the product."""
    shipped = calibrated().get(opened.profile, {}).get("calibration")
    return opened.calibration is not None and opened.calibration.model_dump(mode="json") == shipped


def _take_candidates(held: Session, opened: Scenario) -> bool:
    """Candidates of an opened file; whether they are here."""
    chosen = opened.candidates
    held.prefectures, held.kind, held.within = list(chosen.prefectures), chosen.kind, chosen.within
    if chosen.kind != "file":
        return True
    named = [held_.path for held_ in held.own.sites if chosen.path and held_.path.name == Path(chosen.path).name]
    held.kind, held.sites_file = ("file", str(named[0])) if named else ("sites", held.sites_file)
    return bool(named)


def _shortened(opened: Scenario, profile: Scenario) -> dict[str, Any]:
    """What differs from the profile less what has a field of its own and the user's own data, whose files are not here."""
    whole, base = opened.model_dump(mode="json"), profile.model_dump(mode="json")
    rest = {
        k: v
        for k, v in _difference(whole, base).items()
        if k not in {*_OWN_DATA, "changes", "stakeholders", "places", "weights"}
    }
    mesh = rest.pop("candidates", {}).get("mesh")
    if mesh:
        rest["candidates"] = {"mesh": mesh}
    for part in ("branches", "criteria", "gates"):
        stanzas = {id_: s for id_, s in rest.get(part, {}).items() if not _is_own(opened, part, id_)}
        rest[part] = {id_: _founded(s, whole[part][id_]) if id_ in base[part] else s for id_, s in stanzas.items()}
    if "completeness_floor" in rest:
        rest["completeness_floor"] = _founded(rest["completeness_floor"], whole["completeness_floor"])
    return rest


def _is_own(opened: Scenario, part: str, id_: str) -> bool:
    return (opened.gates[id_].criterion if part == "gates" else id_) in opened.own


def _founded(stanza: dict[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """A changed stanza with its basis whole, or without where merging says the same by itself."""
    basis = {name: whole[name] for name in _BY_HAND}
    return {k: v for k, v in stanza.items() if k not in basis} | ({} if basis == _BY_HAND else basis)


def _take_numbers(held: Session, rest: dict[str, Any], profile: Plan) -> None:
    """Move what the widgets show out of `rest` into the session's fields."""
    for id_, stanza in rest["branches"].items():
        if id_ in profile.scenario.branches and "weight" in stanza:
            held.branches[id_] = stanza.pop("weight")
    for id_, stanza in rest["criteria"].items():
        if id_ in profile.scenario.criteria:
            if "weight" in stanza:
                held.criteria[id_] = stanza.pop("weight")
            value = stanza.get("value") or {}
            if value.get("kind") == "linear" and fits(profile.criteria[id_], value["worst"], value["best"]):
                held.anchors[id_] = (value["worst"], value["best"])
                del stanza["value"]
    for id_, stanza in rest["gates"].items():
        side = next(iter(_limit(profile, id_, 0))) if id_ in profile.scenario.gates else ""
        if stanza.get(side) is not None:
            held.gates[id_] = stanza.pop(side)


def _without_own(opened: Scenario) -> tuple[Any, ...]:
    """Stress tests that touch nothing of the user's own data."""
    own = {*opened.own, *opened.layers}
    return tuple(c for c in opened.changes if (c.criterion if c.kind == "shift" else c.layer) not in own)


def toml_of(scenario: Scenario) -> str:
    """The scenario as a file that `planner rank --scenario` and this app open."""
    return tomli_w.dumps(_without_none(scenario.portable()))


def _difference(whole: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """What `whole` says otherwise than `base`, table by table."""
    found = {}
    for key, value in whole.items():
        below = base.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping) and key not in _WHOLE:
            if inner := _difference(value, below):
                found[key] = inner
        elif value != below:
            found[key] = value
    return found


def _over(base: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """A table on top of another; a value function is taken whole."""
    merged = dict(base)
    for key, value in table.items():
        below = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(below, Mapping) and key not in _WHOLE
        merged[key] = _over(below, value) if both else value  # type: ignore[arg-type]
    return merged


def _without_none(value: Any) -> Any:
    """TOML has no null: what is not set is left out."""
    if isinstance(value, Mapping):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    return [_without_none(v) for v in value] if isinstance(value, list | tuple) else value
