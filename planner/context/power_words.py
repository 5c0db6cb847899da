"""A power answer in words: tables and sentences for the page, the command and files."""

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from geodata.base import Strict, Text

from ..i18n import Language, Translate, translator
from ..model.assumptions import Range
from ..model.figures import Connection
from ..model.values import Function
from ..scenario.criteria import criteria
from .connections import ConnectionOption
from .power import PowerAnswer
from .stanzas import read_stanzas

_KINDS = {
    "station": Text(ja="既存の変電所", en="Existing station"),
    "opening": Text(ja="送電線に新しい変電所", en="New station on a line"),
    "planned": Text(ja="計画中の変電所", en="Planned station"),
    "reuse": Text(ja="廃止電源の接続", en="Connection of a closing plant"),
}


class Term(Strict):
    """One term of a large connection."""

    title: Text
    text: Text
    source: Text
    at: str


_LONG = 10.0
"""Years beyond which a connection is in the class that the papers call more than ten."""


def kind(option: ConnectionOption, language: Language) -> str:
    """What sort of connection an option is."""
    return _KINDS[option.kind][language]


def ranged(values: Iterable[float], unit: str, t: Translate, digits: int = 0) -> str:
    """Low, middle and high as `middle (low to high) unit`; unknown where the middle is."""
    low, middle, high = values
    if math.isnan(middle):
        return t("unknown")
    said = [f"{value:,.{digits}f}" for value in (middle, low, high)]
    if said[1] == said[2]:
        return f"{said[0]} {t(unit)}"
    return t("{number} ({low} to {high})", number=f"{said[0]} {t(unit)}", low=said[1], high=said[2])


def label(option: ConnectionOption, t: Translate) -> str:
    """An option by its name and voltage; a line or station without a name by its voltage alone."""
    return f"{option.name or t('unnamed')} {option.kv:g} kV"


def first_year(answer: PowerAnswer, option: ConnectionOption) -> tuple[int, int, int]:
    """Calendar years in which the load fits: early, expected, late."""
    start = answer.demand.as_of_year
    low, middle, high = option.years
    return start + math.ceil(low), start + math.ceil(middle), start + math.ceil(high)


def headline(answer: PowerAnswer, language: Language) -> str:
    """The answer in a sentence."""
    t = translator(language)
    mw = f"{answer.demand.connection_mw:g}"
    if not answer.options:
        return t("No connection for {mw} MW was found within reach; that is unknown, not impossible.", mw=mw)
    best = answer.options[0]
    early, expected, late = first_year(answer, best)
    return t(
        "{mw} MW would come first from {name} ({kind}): about {year}, between {early} and {late}, over a line of {km}.",
        mw=mw,
        name=label(best, t),
        kind=kind(best, language),
        year=expected,
        early=early,
        late=late,
        km=ranged(best.line_km, "km", t, 1),
    )


def why(answer: PowerAnswer, language: Language) -> str:
    """Why the best option is ahead of the runner-up, in a sentence."""
    t = translator(language)
    if len(answer.options) < 2:  # noqa: PLR2004
        return t("There is no other option within reach.") if answer.options else ""
    best, second = answer.options[:2]
    return t(
        "The runner-up is {name} ({kind}): {years} years later by the middle of the assumptions, with {km} km more line.",
        name=label(second, t),
        kind=kind(second, language),
        years=f"{second.years[1] - best.years[1]:.1f}",
        km=f"{second.line_km[1] - best.line_km[1]:+.1f}",
    )


def cautions(answer: PowerAnswer, language: Language) -> list[str]:
    """What the answer rests on and what it does not say."""
    t = translator(language)
    said = [t("Screening: assumptions on published cases, not an answer of the grid company.")]
    if answer.assumed_only:
        said.append(t("No room for demand is known at this connection: its years rest on assumptions alone."))
    if answer.options and answer.options[0].years[2] > _LONG:
        said.append(t("More than ten years cannot be ruled out."))
    if answer.options and answer.options[0].side_assumed:
        said.append(t("The map names one voltage of this station; the side connected to is assumed."))
    if answer.options and answer.options[0].kind == "reuse":
        said.append(
            t("A nameplate is room for generation; how much of it can carry demand is for the grid company to say.")
        )
    deadline = answer.demand.years_left
    if deadline is not None and answer.options:
        low, _, high = answer.options[0].years
        said.append(_deadline(low, high, deadline, t))
    return said


def _deadline(low: float, high: float, deadline: int, t: Translate) -> str:
    if high <= deadline:
        return t("The load surely fits by the year asked for, on these assumptions.")
    if low > deadline:
        return t("The load surely comes too late for the year asked for, on these assumptions.")
    return t("Whether the load fits by the year asked for cannot be told.")


def options_table(answer: PowerAnswer, language: Language) -> pd.DataFrame:
    """One row per option, soonest first."""
    t = translator(language)
    rows = []
    for option in answer.options:
        early, expected, late = first_year(answer, option)
        rows.append(
            {
                t("Connection"): label(option, t),
                t("Kind"): kind(option, language),
                t("Sides"): option.sides.replace(";", "/")
                + (f" {t('(lower side assumed)')}" if option.side_assumed else ""),
                t("Line to build"): ranged(option.line_km, "km", t, 1),
                t("Circuits"): t("unknown") if math.isnan(option.circuits) else f"{option.circuits:g}",
                t("First year"): t("{number} ({low} to {high})", number=expected, low=early, high=late),
                t("Class of the connection"): ranged(option.class_mw, "MW", t),
                t("Class of the station"): ranged(option.station_mw, "MW", t),
                t("Room for demand"): _room(option, t),
                t("Land of a new station"): ranged(option.station_ha, "ha", t, 1) if option.station_ha else "–",
                t("Bill"): ranged(option.cost_oku, "100m yen", t),
                t("Hangs on"): _upstream(option, t),
                t("Measured flow"): _flow(option, t),
            }
        )
    return pd.DataFrame(rows)


def _room(option: ConnectionOption, t: Translate) -> str:
    low, high = option.room_mw
    if math.isnan(low):
        return t("unknown")
    number = (
        t("at least {number}", number=f"{low:,.0f} {t('MW')}")
        if math.isinf(high)
        else f"{low:,.0f}–{high:,.0f} {t('MW')}"
    )
    return f"{number} ({option.room_date})" if option.room_date else number


def _upstream(option: ConnectionOption, t: Translate) -> str:
    routes = {"looped": t("looped"), "radial": t("radial"), "unjoined": t("not joined on the map")}
    route = routes.get(option.route, "")
    if not option.upstream or option.upstream == option.name:
        return route
    kv = "" if math.isnan(option.upstream_kv) else f" {option.upstream_kv:g} kV"
    return f"{option.upstream}{kv} {f'({route})' if route else ''}".strip()


def _flow(option: ConnectionOption, t: Translate) -> str:
    """Measured flow of trunk lines of the same name, beside the class: not its rating."""
    parts = [f"{flow['name']} {flow['p95_mw']:,.0f} {t('MW')}" for flow in option.flows[:3]]
    return ", ".join(parts) if parts else "–"


def year_columns(language: Language) -> dict[str, str]:
    """Headings of the table of MW by year."""
    t = translator(language)
    return {
        "year": t("Year"),
        "known_mw": t("Room known"),
        "expected_mw": t("Class expected"),
        "most_mw": t("Class at the most"),
    }


def figures_table(answer: PowerAnswer, language: Language) -> pd.DataFrame:
    """The figures of the load, each with its own unit and the conversion it comes from."""
    t, assumed = translator(language), answer.demand.assumed
    connection = Connection.exactly(answer.demand.connection_mw)
    it, energy, contract = (
        connection.critical_it(assumed["pue"]),
        connection.annual(assumed["load_factor"]),
        connection.contract(),
    )
    rows = [
        (t("Grid connection"), f"{connection.value:,.0f} MW", t("asked for")),
        (t("Contract power"), f"{contract.value:,.0f} kW", t("the whole connection")),
        (t("Critical IT, if a data centre"), ranged((it.low, it.value, it.high), "MW", t), t("connection ÷ PUE")),
        (
            t("Energy of a year"),
            ranged((energy.low, energy.value, energy.high), "GWh", t),
            t("connection × load factor × 8,760 h"),
        ),
    ]
    return pd.DataFrame(rows, columns=[t("Figure"), t("Amount"), t("From")])


def terms_table(language: Language) -> pd.DataFrame:
    """What a large connection is bound to: payment, ramp, collateral, each with its source, or that nothing was found."""
    t = translator(language)
    rows = [
        (term.title[language], term.text[language], term.source[language], term.at)
        for term in read_stanzas("powerterms.toml", Term).values()
    ]
    return pd.DataFrame(rows, columns=[t("Term"), t("What is known"), t("From"), t("Where")])


def costs_table(answer: PowerAnswer, language: Language) -> pd.DataFrame:
    """Delivered cost by part, in 100 million yen; unknown where a part has no sourced price."""
    t = translator(language)
    names = {
        "land": (
            t("Land, once"),
            t("price of industrial land around the site, where it is known, and 4 to 37 MW per ha"),
        ),
        "connection": (t("Connection, once"), t("line and customer's station, unit costs of about 2017")),
        "road": (t("Access road, once"), t("no unit cost was found")),
        "wheeling": (t("Wheeling, a year"), t("tariff of FY2024, second-hand, tax included")),
        "energy": (t("Energy, a year"), t("national wholesale price of FY2025")),
    }
    rows = [
        (
            title,
            t("unknown") if answer.costs.get(name) is None else ranged(answer.costs[name] or (), "100m yen", t),
            source,
        )
        for name, (title, source) in names.items()
    ]
    return pd.DataFrame(rows, columns=[t("Part"), t("Amount"), t("From")])


def watt_bit(answer: PowerAnswer, language: Language) -> tuple[pd.DataFrame, Range]:
    """Grid, time, clean share and fibre with the points of each, 0 to 100, and their mean with its bounds."""
    t, known = translator(language), criteria()
    nothing = (math.nan, math.nan, math.nan)
    best = answer.options[0] if answer.options else None
    room = (best.room_mw[0], best.room_mw[0], best.room_mw[1]) if best else nothing
    share = tuple(value * 100 for value in answer.match.share) if answer.match else nothing
    delays = [answer.telecom[f"{city}_ms"] for city in ("tokyo", "osaka")]
    fibre = min(delays, key=lambda ms: ms[1])
    exchange = answer.telecom.get("exchange", {}).get("km", math.nan)
    parts = [
        (t("Room for demand"), "demand_room_mw", room, "MW", 0),
        (t("Years to power"), "power_years", best.years if best else nothing, "years", 1),
        (t("Share matched"), "matched_pct", share, "%", 0),
        (t("Delay of fibre to Tokyo or Osaka and back"), "fibre_ms", fibre, "ms", 1),
        (t("Distance to an internet exchange"), "exchange_km", (exchange,) * 3, "km", 0),
    ]
    rows, points = [], []
    for title, id_, values, unit, digits in parts:
        scored = _points(known[id_].value, values)
        points.append(scored)
        rows.append((title, ranged(values, unit, t, digits), ranged(scored, "points", t)))
    whole = [(0.0, math.nan, 100.0) if math.isnan(scored[1]) else scored for scored in points]
    low, high = (float(np.mean([scored[end] for scored in whole])) for end in (0, 2))
    middle = float(np.nanmean([scored[1] for scored in points]))
    return pd.DataFrame(rows, columns=[t("Part"), t("Amount"), t("Points")]), (low, min(max(middle, low), high), high)


def _points(function: Function, values: Iterable[float]) -> Range:
    low, middle, high = values
    if math.isnan(middle):
        return (math.nan, math.nan, math.nan)
    least, most = function.interval(np.array([low]), np.array([high]))
    own, _ = function.interval(np.array([middle]), np.array([middle]))
    return float(least[0]) * 100, float(own[0]) * 100, float(most[0]) * 100


def as_json(answer: PowerAnswer) -> dict[str, Any]:
    """Plain data of the whole answer; NaN and infinities are null."""
    match = answer.match
    whole = {
        "place": asdict(answer.place),
        "demand": answer.demand.model_dump(mode="json"),
        "area": answer.area,
        "assumed_only": answer.assumed_only,
        "options": [asdict(option) for option in answer.options],
        "by_year": answer.by_year.to_dict("records"),
        "technologies": answer.technologies.to_dict("records"),
        "annual_gwh": answer.annual_gwh,
        "match": None
        if match is None
        else {
            **asdict(match),
            "share_by_hour": match.share_by_hour.tolist(),
            "residual_by_hour": match.residual_by_hour.tolist(),
            "needed_mw": {f"{target:g}": mix for target, mix in match.needed_mw.items()},
        },
        "costs_100m_yen": answer.costs,
        "telecom": answer.telecom,
        "area_balance": answer.balance,
        "plans": answer.plans.to_dict("records"),
        "assumptions": {id_: row.model_dump(mode="json") for id_, row in answer.demand.assumed.table.items()},
        "layers": [lock.model_dump(mode="json") for lock in answer.locks],
    }
    return dict(_plain(whole))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
