"""What a session remembers beyond Streamlit's widgets: one object, in one place of Streamlit's memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from geodata import GeodataError
from geodata.errors import Phrase

from ..i18n import Language
from ..measure.candidates import Circle
from ..measure.stress import Change
from ..model.tables import place_of
from ..plans.plan import Plan
from ..scenario.profiles import Weighting
from ..scenario.scenario import Scenario
from .own import OwnFiles, Upload

SHORTLISTED = 5
FIRST_PROFILE = "gx2-datacentre"
_SESSION = "session"

Range = tuple[float | None, float | None]
"""A lower and an upper limit; None = no limit."""


@dataclass
class Session:
    """
    One visitor's work.

    `weights` is the set of the profile's weights, None = the one that it starts with.
    `branches`, `criteria`, `anchors` and `gates` hold only what is set otherwise than the profile, by id: weights on any
    scale, (worst, best) and limits in the criterion's unit. `limits` are those of the page Screen: the least and the most, None = no limit.
    `demand` holds connection_mw and by_year where they are set otherwise than the profile.
    `places` are the firm's own (lat, lon) by name, `typed_places` what was typed for them and cannot be read. `within`, `changes`,
    `stakeholders` and `settings` are parts of a scenario that no widget of the side bar shows; `settings` is a partial
    scenario as plain data, over the profile and under everything else. `choices` belong to `parts.choice`. `unread` are
    parameters of the address that held what cannot be. `notes` say what was done about a damaged or unwritable file of the
    data directory. `plan` is the plan paper under work, `plan_refused` why a file for one was not taken.
    """

    language: Language | None = None
    profile: str = FIRST_PROFILE
    weights: Weighting | None = None
    kind: str = "sites"
    prefectures: list[str] = field(default_factory=list)
    branches: dict[str, float] = field(default_factory=dict)
    criteria: dict[str, float] = field(default_factory=dict)
    anchors: dict[str, tuple[float, float]] = field(default_factory=dict)
    gates: dict[str, float] = field(default_factory=dict)
    limits: dict[str, Range] = field(default_factory=dict)
    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    typed_places: str | None = None
    demand: dict[str, float] = field(default_factory=dict)
    load: Upload | None = None
    site: str | None = None
    shortlist: list[str] = field(default_factory=list)
    within: Circle | None = None
    changes: tuple[Change, ...] = ()
    stakeholders: dict[str, dict[str, float]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    own: OwnFiles = field(default_factory=OwnFiles)
    sites_file: str | None = None
    choices: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Scenario] = field(default_factory=dict)
    introduced: bool = False
    addressed: bool = False
    unread: list[str] = field(default_factory=list, compare=False)
    refused: GeodataError | None = None
    left_out: bool = False
    question: Scenario | None = None
    ticked: list[int] = field(default_factory=list)
    clicked: Any = None
    notes: tuple[Phrase, ...] = ()
    strayed: str | None = field(default=None, compare=False)
    plan: Plan | None = None
    plan_refused: GeodataError | None = None

    def begin(self, profile: str) -> None:
        """Another profile: what was set by hand or by a file belonged to the one before."""
        self.profile, self.weights = profile, None
        self.branches, self.criteria, self.anchors, self.gates, self.demand = {}, {}, {}, {}, {}
        self.within, self.changes, self.settings, self.left_out = None, (), {}, False

    def weigh(self, weights: Weighting) -> None:
        """The other set of weights: what was set by hand stood on the one before."""
        self.begin(self.profile)
        self.weights = weights

    def select(self, site: str) -> None:
        """Choose the site under discussion."""
        self.site, self.strayed = site, None

    def set_aside(self, sites: Iterable[str]) -> None:
        """Put sites on the shortlist, as far as there is room, each once."""
        self.shortlist = list(dict.fromkeys([*self.shortlist, *sites]))[:SHORTLISTED]

    def toggle_shortlist(self, site: str) -> None:
        """Set a site aside, or put it back."""
        if site in self.shortlist:
            self.shortlist = [held for held in self.shortlist if held != site]
        else:
            self.set_aside([site])


def session() -> Session:
    """The session of the visitor whose script runs."""
    held: Session = st.session_state.setdefault(_SESSION, Session())
    return held


def language() -> Language:
    """Language of the session: chosen, else the browser's, else Japanese."""
    return session().language or ("en" if (st.context.locale or "ja").startswith("en") else "ja")


def bound(key: str, value: Any) -> str:
    """
    Key of a widget that shows `value`, which the session holds; its `on_change` tells the session.

    Written only where the widget shows something else, so that what a visitor types meanwhile is not overwritten.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def tick(key: str, rows: pd.Index) -> None:
    """Tick the row of the chosen site in the table `key`, wherever the ranking has moved it; before it is drawn."""
    held = session()
    place = [place_of(rows, held.site)] if held.site is not None and held.site in rows else []
    if st.session_state.get(key, {}).get("selection", {}).get("rows") != place:
        st.session_state[key] = {"selection": {"rows": place}}
    held.ticked = place


def picked_row(key: str) -> int | None:
    """Row that the visitor has just ticked; None for the table's echo of what `tick` ticked."""
    rows = st.session_state[key]["selection"]["rows"]
    return int(rows[0]) if rows and rows != session().ticked else None
