"""The question, in the side bar of every page: what, where, among what, and what matters how much."""

from functools import partial
from typing import Any

import streamlit as st

from geodata import GeodataError
from geodata.country.codes import prefectures
from geodata.imports.features import SUFFIXES

from ..errors import PlannerError
from ..explain.calibration import told as told_of
from ..i18n import Language, translator
from ..measure.candidates import Circle
from ..measure.criterion import Criterion
from ..model.calibration import Calibration
from ..model.sourced import BRANCHES
from ..model.values import Linear
from ..power.demand import Demand
from ..scenario.base import read_places
from ..scenario.bind import Plan
from ..scenario.criteria import criteria
from ..scenario.gates import Gate
from ..scenario.merge import scenario_from_profile
from ..scenario.profiles import calibrated, profiles
from ..scenario.scenario import Scenario
from . import cached, owndata, scenarios
from .own import Upload, names_of
from .parts import FORMATS, door, remove_button, told, uploads
from .session import Session, bound, session
from .text import plain, said

KINDS = {"sites": "Candidate sites", "municipalities": "Municipalities", "mesh": "1 km mesh", "file": "My own sites"}
_SLIDER_TOP = 100
_MOST_MW, _YEARS, _NEVER = 20_000.0, 20, 0


def ask(language: Language) -> Scenario:
    """Draw the question and return its scenario; PlannerError when what was set does not fit together."""
    t, held = translator(language), session()
    st.subheader(t("1. What do you want to place?"), anchor=False)
    _profile(held, language)
    st.subheader(t("2. Where, and among what?"), anchor=False)
    _where(held, language)
    _among(held, language)
    _near(held, language)
    _load(held, language)
    st.subheader(t("3. What matters more?"), anchor=False)
    _which_weights(held, language)
    base = scenarios.base_of(held)
    _branches(held, base.scenario, language)
    _details(held, base, language)
    _beyond(held, language)
    with st.expander(t("4. Add your own data as a criterion")):
        own = owndata.ask(list(base.scenario.branches), language)
    scenario = scenarios.scenario_of(held, base, own)
    _files(held, scenario, language)
    return scenario


def note(scenario: Scenario, language: Language) -> None:
    """One sentence on what the address of this view does not carry."""
    t, held = translator(language), session()
    lost = scenarios.not_carried(held, scenario, scenarios.base_of(held))
    if lost:
        parts = t(", ").join(t(part) for part in lost)
        st.caption(t("The link does not carry {parts}; to pass them on, save the scenario file.", parts=plain(parts)))


def weight_key(profile: str, branch: str) -> str:
    """Key of a branch's slider."""
    return f"weight-{profile}-{branch}"


def use_weights(weights: dict[str, float]) -> None:
    """Set the sliders, from another page's button."""
    held = session()
    for branch, weight in weights.items():
        held.branches[branch] = float(round(weight))
        scenarios.set_by_hand(held, "branches", branch)


def _profile(held: Session, language: Language) -> None:
    options, key = list(profiles()), f"profile-{language}"
    st.selectbox(
        translator(language)("Zone type or industry"),
        options,
        format_func=lambda id_: scenario_from_profile(id_).title[language],
        key=bound(key, held.profile),
        on_change=lambda: held.begin(st.session_state[key]),
    )


def _which_weights(held: Session, language: Language) -> None:
    """The two sets of weights, where the profile has both, and what the one in use rests on."""
    t, key = translator(language), f"weights-{held.profile}-{language}"
    used = scenarios.weights_of(held)
    if held.profile in calibrated():
        labels = {"calibrated": t("from real choices"), "assumed": t("assumed")}

        def chosen() -> None:
            held.weigh(st.session_state[key] or used)

        st.segmented_control(
            t("Weights"),
            list(labels),
            format_func=lambda name: plain(labels[name]),
            key=bound(key, used),
            on_change=chosen,
        )
    if used == "assumed":
        st.caption(t("Weights are assumptions: no ministry has published any. They are relative; any scale."))
        return
    made = Calibration.model_validate(calibrated()[held.profile]["calibration"])
    st.caption(plain(told_of(made, language)[0]) + " " + t("How far that holds: page «Method»."))


def _where(held: Session, language: Language) -> None:
    t, names, key = translator(language), _prefecture_names(language), f"prefectures-{language}"

    def chosen() -> None:
        held.prefectures = list(st.session_state[key])

    st.multiselect(
        t("Prefectures"),
        list(names),
        format_func=names.__getitem__,
        key=bound(key, held.prefectures),
        placeholder=t("All of Japan"),
        on_change=chosen,
    )
    if held.within is not None:
        remove_button(_circle(held.within, language), "within", partial(scenarios.take_off, held, "within"), language)


def _load(held: Session, language: Language) -> None:
    """The load that the site must power, and the year by whose end it must be there: a gate."""
    t = translator(language)
    asked = scenarios.base_of(held).scenario.demand or Demand()
    held_mw = held.demand.get("connection_mw", asked.connection_mw)
    held_year = int(held.demand["by_year"]) if "by_year" in held.demand else asked.by_year
    mw_key, year_key = f"demand-mw-{held.profile}", f"demand-year-{held.profile}-{language}"
    years = [_NEVER, *range(asked.as_of_year + 1, asked.as_of_year + _YEARS + 1)]

    def sized() -> None:
        held.demand["connection_mw"] = float(st.session_state[mw_key])

    def dated() -> None:
        held.demand.pop("by_year", None)
        if st.session_state[year_key] != _NEVER:
            held.demand["by_year"] = float(st.session_state[year_key])

    left, right = st.columns(2)
    left.number_input(
        t("Load (MW of grid connection)"),
        min_value=1.0,
        max_value=_MOST_MW,
        step=50.0,
        key=bound(mw_key, float(held_mw)),
        on_change=sized,
    )
    right.selectbox(
        t("There by the end of"),
        years,
        format_func=lambda year: t("no deadline") if year == _NEVER else f"{year:d}",
        key=bound(year_key, held_year if held_year in years else _NEVER),
        on_change=dated,
    )


def _prefecture_names(language: Language) -> dict[str, str]:
    return dict(prefectures()["name" if language == "ja" else "name_en"])


def _circle(within: Circle, language: Language) -> str:
    return translator(language)(
        "Within {km} km of {lon} E, {lat} N", km=f"{within.radius_km:g}", lon=f"{within.lon:g}", lat=f"{within.lat:g}"
    )


def _among(held: Session, language: Language) -> None:
    """The kind of candidates, and the visitor's own."""
    t = translator(language)
    readable = _readable(held, language)
    kinds = [*available_kinds(), *(["file"] if readable else [])]
    if held.kind not in kinds:
        held.kind = kinds[0]
    key = f"kind-{language}"

    def chosen() -> None:
        held.kind = st.session_state[key]

    st.radio(
        t("Candidates"), kinds, format_func=lambda k: plain(t(KINDS[k])), key=bound(key, held.kind), on_change=chosen
    )
    if "mesh" not in kinds:
        st.caption(t("The mesh needs its layer of land cells: `planner data pull`."))
    if held.kind == "file":
        _which_file(held, readable, language)
    with st.expander(t("Compare sites of my own")):
        door(t("File of my sites"), uploads(SUFFIXES), "sites-file", partial(_take_sites, held))
        st.caption(t(FORMATS))
        names = names_of(held.own.sites)
        for upload in held.own.sites:
            remove_button(names[str(upload.path)], f"sites-{upload.digest}", partial(held.own.forget, upload), language)
            if upload in readable and (report := cached.own_sites(upload.path).report) is not None:
                told(report, language)


def _near(held: Session, language: Language) -> None:
    """The firm's own places, one per line."""
    t, key = translator(language), f"places-{language}"
    lines = "\n".join(f"{name} = {lat:g}, {lon:g}" for name, (lat, lon) in held.places.items())

    def typed() -> None:
        held.typed_places = str(st.session_state[key])

    with st.expander(t("Near places of my own")):
        st.text_area(
            t("Plants, customers, suppliers, ports: NAME = LAT, LON, one per line"),
            key=bound(key, lines if held.typed_places is None else held.typed_places),
            on_change=typed,
        )
        st.caption(t("Minutes by car to the first of them become a criterion of access."))
        if held.typed_places is None:
            return
        try:
            scenarios.put_places(held, read_places(held.typed_places))
            held.typed_places = None
        except PlannerError as error:
            st.error(said(error, language))


def _readable(held: Session, language: Language) -> list[Upload]:
    """The candidate files that can be read; of the others it is said why not."""
    found = []
    for upload in held.own.sites:
        try:
            cached.own_sites(upload.path)
        except GeodataError as error:
            st.error(said(error, language))
        else:
            found.append(upload)
    return found


def _take_sites(held: Session, upload: Upload) -> None:
    if upload not in held.own.sites:
        held.own.sites.append(upload)
    held.kind, held.sites_file = "file", str(upload.path)


def _which_file(held: Session, readable: list[Upload], language: Language) -> None:
    names = names_of(readable)
    if held.sites_file not in names:
        held.sites_file = next(iter(names))
    if len(names) == 1:
        return

    def chosen() -> None:
        held.sites_file = st.session_state["sites-chosen"]

    st.selectbox(
        translator(language)("File"),
        list(names),
        format_func=names.__getitem__,
        key=bound("sites-chosen", held.sites_file),
        on_change=chosen,
    )


def available_kinds() -> list[str]:
    """Kinds of candidates that the layers allow; municipalities come with the product."""
    pulled = cached.store().pulled
    needs = {"sites": True, "municipalities": True, "mesh": pulled("land_mesh_1km")}
    return [kind for kind, there in needs.items() if there]


def _keep(held: Session, part: str, id_: str, given: float, key: str) -> None:
    """Remember the number of a widget; what is as given is no setting."""
    numbers: dict[str, float] = {"branches": held.branches, "criteria": held.criteria, "gates": held.gates}[part]
    numbers[id_] = float(st.session_state[key])
    if numbers[id_] == given:
        del numbers[id_]
    scenarios.set_by_hand(held, part, id_)


def _branches(held: Session, base: Scenario, language: Language) -> None:
    """One slider per branch."""
    given = {branch: choice.weight for branch, choice in base.branches.items()}
    weights = {branch: held.branches.get(branch, weight) for branch, weight in given.items()}
    whole = all(float(weight).is_integer() and weight <= _SLIDER_TOP for weight in weights.values())
    heaviest = max(weights.values())
    top = 1.0 if heaviest <= 1 else float(max(_SLIDER_TOP, heaviest))
    for branch, weight in weights.items():
        key = weight_key(base.profile, branch) + ("" if whole else f"-fine-{top:g}")
        shown: Any = int(weight) if whole else float(weight)
        st.slider(
            BRANCHES[branch][language],
            type(shown)(0),
            _SLIDER_TOP if whole else top,
            key=bound(key, shown),
            on_change=_keep,
            args=(held, "branches", branch, given[branch], key),
        )


def _details(held: Session, base: Plan, language: Language) -> None:
    """Weight, range and anchors of each criterion, and the gates: the second level of the tree."""
    t = translator(language)
    with st.expander(t("Criteria: weights inside each branch, ranges, gates")):
        for branch in base.scenario.branches:
            shown = {*base.weights, *held.criteria, *held.anchors} & set(base.scenario.criteria)
            of_branch = [c for c in base.criteria.values() if c.branch == branch and c.id in shown]
            if of_branch:
                st.markdown(f"**{BRANCHES[branch][language]}**")
            for criterion in of_branch:
                _criterion(held, base.scenario, criterion, language)
        for gate_id, gate in base.scenario.gates.items():
            _limit(held, base.scenario, gate_id, gate, language)


def _limit(held: Session, base: Scenario, gate_id: str, gate: Gate, language: Language) -> None:
    """The threshold of a gate, and whether it is published, reported or assumed."""
    t = translator(language)
    basis = t("assumption" if gate_id in held.gates else gate.basis)
    side = t("or more") if gate.at_least is not None else t("or less")
    unit = t(criteria()[gate.criterion].unit) if gate.criterion in criteria() else ""
    key = f"gate-{base.profile}-{gate_id}-{language}"
    st.number_input(
        f"{plain(gate.title[language])} ({plain(unit)}, {side}; {plain(basis)})",
        key=bound(key, float(held.gates.get(gate_id, gate.limit))),
        on_change=_keep,
        args=(held, "gates", gate_id, gate.limit, key),
    )


def _criterion(held: Session, base: Scenario, criterion: Criterion, language: Language) -> None:
    """The weight of a criterion inside its branch, and its range."""
    given, key = base.criteria[criterion.id].weight, f"inside-{base.profile}-{criterion.id}-{language}"
    st.number_input(
        plain(criterion.title[language]),
        0.0,
        key=bound(key, float(held.criteria.get(criterion.id, given))),
        help=plain(criterion.why[language]),
        on_change=_keep,
        args=(held, "criteria", criterion.id, given, key),
    )
    _anchors(held, base.profile, criterion, language)


def _anchors(held: Session, profile: str, criterion: Criterion, language: Language) -> None:
    """The range on which the weight is asked."""
    t, unit = translator(language), translator(language)(criterion.unit)
    if not isinstance(criterion.value, Linear):
        knots = ", ".join(f"{x:g} → {v:g}" for x, v in zip(*criterion.value.knots(), strict=True))
        st.caption(t("Value by {unit}: {knots}", unit=plain(unit), knots=plain(knots)))
        return
    given = (criterion.value.worst, criterion.value.best)
    keys = [f"{end}-{profile}-{criterion.id}-{language}" for end in ("worst", "best")]
    shown = held.anchors.get(criterion.id, given)

    def changed() -> None:
        worst, best = (float(st.session_state[key]) for key in keys)
        held.anchors[criterion.id] = (worst, best)
        if (worst, best) == given:
            del held.anchors[criterion.id]
        scenarios.set_by_hand(held, "criteria", criterion.id)

    labels = (t("0 points at ({unit})", unit=plain(unit)), t("full points at ({unit})", unit=plain(unit)))
    for column, label, key, value in zip(st.columns(2), labels, keys, shown, strict=True):
        column.number_input(label, key=bound(key, float(value)), on_change=changed)
    if not scenarios.fits(criterion, *shown):
        st.error(t("These two would turn the criterion round; the profile's own are used."))


def _beyond(held: Session, language: Language) -> None:
    """What an opened file set that no widget shows: kept, named, and taken off by a click."""
    t = translator(language)
    labels = scenarios.beyond(held, t)
    if labels:
        st.caption(t("The scenario also sets the following; a click takes it off."))
    for part, label in labels.items():
        remove_button(label, part, partial(scenarios.take_off, held, part), language)


def _files(held: Session, scenario: Scenario, language: Language) -> None:
    """Take the scenario along as a file, or open one."""
    t = translator(language)
    with st.expander(t("Scenario file: save or open")):
        st.download_button(
            t("Save scenario.toml"),
            data=lambda: scenarios.toml_of(scenario),
            file_name="scenario.toml",
            mime="application/toml",
            on_click="ignore",
        )
        if held.left_out:
            st.info(t("The file named data of its own; add those files under 2 or 4. Everything else was taken over."))
        if held.refused is not None:
            st.error(said(held.refused, language))
        door(t("Open a scenario.toml"), ["toml"], "scenario-file", partial(_open, held))


def _open(held: Session, upload: Upload) -> None:
    """Take a scenario file over, or remember why not."""
    try:
        scenarios.open_file(held, upload)
        held.refused = None
    except GeodataError as error:
        held.refused = error
