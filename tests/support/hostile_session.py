"""A visitor whose files are hostile in every text they hold."""

import json

import tomli_w
from hostile import EVERYTHING, NAMES

from planner.scenario.merge import scenario_from_profile
from planner.ui import scenarios
from planner.ui.session import session

_TEXT = {"ja": EVERYTHING, "en": EVERYTHING}


def fill(part="Robustness"):
    """Open a scenario, candidates, a layer and sets of weights; `part` is what the page Sureness shows."""
    held = session()
    held.choices["part"] = part
    if held.own.sites:
        return
    scenarios.open_file(held, held.own.keep("scenario.toml", tomli_w.dumps(scenario()).encode()))
    sites = held.own.keep("sites<b>`x`.geojson", collection("name").encode())
    held.own.sites.append(sites)
    held.kind, held.sites_file, held.addressed = "file", str(sites.path), True
    features = held.own.keep("![x](http://127.0.0.1:9/x).geojson", collection(EVERYTHING).encode())
    held.own.features.append(features)
    held.choices["own-measure"], held.choices["against"] = "sum", "saved"
    held.kept[EVERYTHING] = scenario_from_profile("gx2-datacentre", kind="file", path=str(sites.path))
    held.shortlist = [f"gone{name}" for name in NAMES[:2]]


def scenario():
    """Texts, a gate, a source and two sets of weights that somebody else wrote."""
    profile = scenario_from_profile("gx2-datacentre").model_dump(mode="json")
    gate = next(iter(profile["gates"]))
    criterion = next(iter(profile["criteria"]))
    return {
        "profile": "gx2-datacentre",
        **dict.fromkeys(("title", "question", "asks", "measures"), _TEXT),
        "gates": {gate: {"title": _TEXT, "source": EVERYTHING}},
        "criteria": {criterion: {"weight": 7.0, "basis": "assumption", "source": EVERYTHING}},
        "stakeholders": {EVERYTHING: {"grid": 1.0}, f"2{EVERYTHING}": {"land": 1.0}},
    }


def collection(heading):
    """GeoJSON of points with a hostile name each, under a heading, and a number under another."""
    points = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [136.0 + number / 50, 36.0]},
            "properties": {heading: name, "muni_name": name, f"n{heading}": number + 1},
        }
        for number, name in enumerate((*NAMES, EVERYTHING))
    ]
    return json.dumps({"type": "FeatureCollection", "features": points})
