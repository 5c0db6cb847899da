"""Why a site stands where it stands, in sentences. Works from a result alone, fresh or read back from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from geodata.catalogue import catalogue

from ..errors import PlannerError
from ..i18n import Language, translator
from ..model.result import VALUE, Result, ScoredCriterion, column, known
from ..model.tables import EXCLUDED, NOT_RANKED, PASS, RANKED, UNKNOWN, Outcome, row_of
from .amounts import exactly, shown
from .dates import dated

_SCALES = ("region", "ground")

USERS = frozenset(id_ for id_, spec in catalogue().items() if spec.from_user)
"""Layers of the catalogue that only files of the user's own fill."""


@dataclass(frozen=True)
class Line:
    """One criterion at one site."""

    criterion: str
    branch: str
    title: str
    value: str
    points: float | None
    points_possible: float
    median_points: float | None
    why: str
    caveat: str
    source: str


@dataclass(frozen=True)
class GateLine:
    """One gate at one site; `margin` is "" where it is not known whether it passes."""

    title: str
    outcome: Outcome
    value: str
    margin: str
    basis: str


@dataclass(frozen=True)
class Explanation:
    """Everything said about one site."""

    headline: str
    verdict: str
    lines: tuple[Line, ...]
    gates: tuple[str, ...]
    facts: tuple[str, ...]
    unknown: tuple[str, ...]
    gate_lines: tuple[GateLine, ...]


def explain(result: Result, site_id: str, language: Language, *, medians: pd.Series | None = None) -> Explanation:
    """Explanation of one site; PlannerError when the result has no such site. `medians` saves computing them again."""
    if site_id not in result.table.index:
        raise PlannerError(
            "site {site_id!r}: not in this result. Use a site_id of the table, such as {index!r}.",
            site_id=site_id,
            index=result.table.index[0],
        )
    row = row_of(result.table, site_id)
    lines = _lines(result, row, medians_of(result) if medians is None else medians, language)
    return Explanation(
        headline=row["name"] if site_id in row["name"] else f"{row['name']} ({site_id})",
        verdict=_verdict(result, row, language) + _scales(result, row, language) + _unchecked(result, row, language),
        lines=lines,
        gates=tuple(_gate_sentence(result, row, id_, language) for id_ in result.gates),
        facts=(*_own_passport(row, language), *_facts(result, row, language)),
        unknown=tuple(line.title for line in lines if line.points is None),
        gate_lines=tuple(_gate_line(result, row, id_, language) for id_ in result.gates),
    )


def counted(result: Result, language: Language) -> str:
    """How many sites are ranked, not ranked and excluded, and what a score is."""
    counts = result.table["status"].value_counts()
    t = translator(language)
    return t(
        "{ranked} ranked, {not_ranked} not ranked (too little known), {excluded} excluded. "
        "A score counts only proven points; this is screening, not a siting decision.",
        **{status: f"{counts.get(status, 0):,}" for status in (RANKED, NOT_RANKED, EXCLUDED)},
    )


def layer_note(result: Result, layer_ids: Sequence[str], language: Language) -> str:
    """Date, status and inventory of the layers behind a value."""
    t = translator(language)
    locks = {lock.id: lock for lock in result.layers}
    notes = []
    for id_ in layer_ids:
        lock = locks[id_]
        if lock.origin == "absent":
            notes.append(t("{layer}: not pulled", layer=lock.title[language]))
        else:
            notes.append(
                t(
                    "{layer}: {date}, {status}, {inventory}, {origin}, {licence}",
                    layer=lock.title[language],
                    date=dated(lock.reference_date, language),
                    status=t(lock.status),
                    inventory=t(lock.inventory),
                    origin=t(lock.origin),
                    licence=lock.licence,
                )
            )
    return " / ".join(notes)


def _verdict(result: Result, row: pd.Series, language: Language) -> str:
    t = translator(language)
    share = f"{row['completeness']:.0%}"
    if row["status"] == EXCLUDED:
        return t("Excluded: it certainly fails a gate. {known} of the weight is known.", known=share)
    floor = f"{result.about.scenario.completeness_floor.value:.0%}"
    if row["status"] == NOT_RANKED:
        return t(
            "Not ranked: only {known} of the weight is known, below the floor of {floor}.", known=share, floor=floor
        )
    return t(
        "Rank {rank} of {n} by proven points (between {first} and {last} whatever the unknown values of all sites are): "
        "{score} points proven, up to {high} possible, {known} of the weight known, bounds included.",
        rank=f"{int(row['rank']):,}",
        n=f"{int((result.table['status'] == RANKED).sum()):,}",
        first=_place(row.get("rank_from", row["rank_best"])),
        last=_place(row.get("rank_to", pd.NA)),
        score=f"{row['score']:.1f}",
        high=f"{row['score_high']:.1f}",
        known=share,
    )


def _scales(result: Result, row: pd.Series, language: Language) -> str:
    """Of a mesh cell: where its municipality stands, where its ground stands within it, and what each rests on."""
    if pd.isna(row.get("rank_region", pd.NA)):
        return ""
    ranked = result.table[result.table["status"] == RANKED]
    possible = {scale: sum(100 * c.weight for c in result.criteria.values() if c.tells == scale) for scale in _SCALES}
    return translator(language)(
        " Which region: {region} of {regions} municipalities by what varies over tens of km ({wide} of {most_wide} points). Which ground: {ground} of {cells} cells of it by what differs from cell to cell ({near} of {most_near} points).",
        region=f"{int(row['rank_region']):,}",
        regions=f"{ranked['muni_code'].nunique():,}",
        wide=f"{row['points_region']:.1f}",
        most_wide=f"{possible['region']:.0f}",
        ground=f"{int(row['rank_ground']):,}",
        cells=f"{int(ranked['muni_code'].eq(row['muni_code']).sum()):,}",
        near=f"{row['points_ground']:.1f}",
        most_near=f"{possible['ground']:.0f}",
    )


def _unchecked(result: Result, row: pd.Series, language: Language) -> str:
    """Which zones that only a file of the user's own tells are not known at a site."""
    t = translator(language)
    asked = {gate.criterion: result.criteria[gate.criterion] for gate in result.gates.values()}
    zones = [
        c.title[language] for id_, c in asked.items() if set(c.layers) & USERS and pd.isna(row[column(VALUE, id_)])
    ]
    return t(" Not checked: {known}.", known=t(", ").join(zones)) if zones else ""


def _place(rank: Any) -> str:
    """A rank; a dash in a result of a version that did not write it."""
    return "–" if pd.isna(rank) else f"{int(rank):,}"


def medians_of(result: Result) -> pd.Series:
    """Median points per criterion among ranked sites whose value is known."""
    return result.table.loc[result.table["status"] == RANKED].filter(like="contribution_").median()


def _lines(result: Result, row: pd.Series, medians: pd.Series, language: Language) -> tuple[Line, ...]:
    used = [id_ for id_, criterion in result.criteria.items() if criterion.weight > 0]
    return tuple(_line(result, row, id_, medians[f"contribution_{id_}"], language) for id_ in used)


def _facts(result: Result, row: pd.Series, language: Language) -> tuple[str, ...]:
    """Values that are shown and not scored: criteria of weight 0 that no gate uses."""
    gated = {gate.criterion for gate in result.gates.values()}
    unscored = [id_ for id_, c in result.criteria.items() if c.weight == 0 and id_ not in gated]
    return tuple(_fact(result, row, id_, language) for id_ in unscored)


def _fact(result: Result, row: pd.Series, id_: str, language: Language) -> str:
    criterion = result.criteria[id_]
    value = shown(known(row, id_), criterion.unit, language)
    sentence = translator(language)("{title}: {value}", title=criterion.title[language], value=value)
    return sentence + translator(language)(" ({source})", source=_behind(result, criterion, language))


def _line(result: Result, row: pd.Series, id_: str, median_points: float, language: Language) -> Line:
    criterion = result.criteria[id_]
    points = row[f"contribution_{id_}"]
    return Line(
        criterion=id_,
        branch=result.about.branches[criterion.branch][language],
        title=criterion.title[language],
        value=shown(known(row, id_), criterion.unit, language),
        points=None if pd.isna(points) else float(points),
        points_possible=100 * criterion.weight,
        median_points=None if pd.isna(median_points) else float(median_points),
        why=criterion.why[language],
        caveat=criterion.caveat[language],
        source=_behind(result, criterion, language),
    )


def _behind(result: Result, criterion: ScoredCriterion, language: Language) -> str:
    """What a value rests on: its layers or places, and the assumptions of a model."""
    notes = [layer_note(result, criterion.layers, language) or _places(criterion, language)]
    if criterion.assumed_as_of:
        notes.append(translator(language)("assumptions as of {date}", date=criterion.assumed_as_of))
    return " / ".join(note for note in notes if note)


def _places(criterion: ScoredCriterion, language: Language) -> str:
    return translator(language)(", ").join(place.name[language] for place in criterion.places)


def _own_passport(row: pd.Series, language: Language) -> tuple[str, ...]:
    """Where a listed site itself comes from: its page, date, state and the accuracy of its position."""
    if pd.isna(row.get("site_source_url")):
        return ()
    sentence = "This site: {status}, as of {date}, position ± {accuracy} m ({method}), {url}"
    values = {
        "status": row["site_available_status"],
        "date": row["site_as_of"],
        "accuracy": row["site_accuracy_m"],
        "method": row["site_position_method"],
        "url": row["site_source_url"],
    }
    t = translator(language)
    return (t(sentence, **{k: t("not stated") if pd.isna(v) else v for k, v in values.items()}),)


def _gate_line(result: Result, row: pd.Series, gate_id: str, language: Language) -> GateLine:
    t, gate = translator(language), result.gates[gate_id]
    unit, outcome = result.criteria[gate.criterion].unit, cast("Outcome", row[f"gate_{gate_id}"])
    margin = "" if outcome == UNKNOWN else exactly(abs(row[f"margin_{gate_id}"]), unit, language)
    return GateLine(
        title=gate.title[language],
        outcome=outcome,
        value=shown(known(row, gate.criterion), unit, language),
        margin=margin,
        basis=t(gate.basis) + (f": {t(gate.source)}" if gate.source else ""),
    )


def _gate_sentence(result: Result, row: pd.Series, gate_id: str, language: Language) -> str:
    t, line = translator(language), _gate_line(result, row, gate_id, language)
    values = {"title": line.title, "value": line.value, "margin": line.margin, "basis": line.basis}
    if line.outcome == PASS:
        return t("Passes «{title}»: {value}, {margin} to spare ({basis}).", **values)
    if line.outcome == UNKNOWN:
        if pd.isna(row[column(VALUE, result.gates[gate_id].criterion)]):
            return t("Unknown whether it passes «{title}»: no value is known ({basis}).", **values)
        return t("Unknown whether it passes «{title}»: what is known is {value} ({basis}).", **values)
    return t("Fails «{title}»: {value}, {margin} short ({basis}).", **values)
