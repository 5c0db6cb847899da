"""A result as one HTML file: map, table and reasons. No script, no server, no request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geodata.files.writing import replacing

from ..explain.dates import dated
from ..explain.reasons import Explanation, counted, explain
from ..i18n import Language, Translate, translator
from ..model.result import Result
from ..model.tables import EXCLUDED, NOT_RANKED
from ..model.values import Function
from . import pictures
from .templates import template

ROWS, REASONS, DOTS = 100, 20, 2000
_WIDTH = 760.0
_MARGIN_DEGREES = 0.4


@dataclass(frozen=True)
class Table:
    """Texts of a table; `classes` names the CSS class of a column by its position."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    classes: Mapping[int, str] = field(default_factory=dict)


def write_report(result: Result, path: Path, language: Language) -> None:
    """Write the report; PlannerError when the folder cannot be written."""
    with replacing(path) as temporary:
        temporary.write_text(report_html(result, language), "utf-8")


def report_html(result: Result, language: Language) -> str:
    """The whole page; the template escapes every text."""
    t = translator(language)
    scenario = result.about.scenario
    best = result.table.head(ROWS)
    return template(__package__, "report.html.j2").render(
        language=language,
        title=scenario.title[language],
        question=scenario.question[language],
        asks=scenario.asks[language],
        measures=scenario.measures[language],
        counted=counted(result, language),
        map=_map(result, t),
        heads=_heads(result, t),
        ranking=_ranking(best, t),
        reasons=[_reason(explain(result, site, language), t) for site in best.index[:REASONS]],
        excluded=_excluded(result, language),
        weights=_weights(result, language),
        layers=_layers(result, language),
        software=result.about.software,
        scenario_sha256=result.about.scenario_sha256,
    )


def _heads(result: Result, t: Translate) -> dict[str, str]:
    n = int(result.table["status"].eq(EXCLUDED).sum())
    return {
        "ranking": t("Ranking"),
        "reasons": t("Reasons"),
        "excluded": t("Excluded sites ({shown} of {n})", shown=min(n, ROWS), n=n),
        "weights": t("Weights and anchors"),
        "layers": t("What the values rest on"),
    }


def _map(result: Result, t: Translate) -> dict[str, Any]:
    """Sites on the land picture, in Web Mercator, cropped to them; the best lie on top."""
    drawn = result.table.head(DOTS)[::-1]
    west, south, east, north = pictures.JAPAN
    top, bottom = pictures.mercator(north), pictures.mercator(south)
    scale = _WIDTH / (drawn["lon"].max() - drawn["lon"].min() + 2 * _MARGIN_DEGREES)
    x = (drawn["lon"] - west) * scale
    y = (top - drawn["lat"].map(pictures.mercator)) * (180 / np.pi) * scale
    pad = _MARGIN_DEGREES * scale
    return {
        "box": f"{x.min() - pad:.1f} {y.min() - pad:.1f} {_WIDTH:.1f} {y.max() - y.min() + 2 * pad:.1f}",
        "width": f"{_WIDTH:.0f}",
        "label": t("Map of the ranked sites"),
        "land": pictures.land_picture(),
        "land_width": f"{(east - west) * scale:.1f}",
        "land_height": f"{np.degrees(top - bottom) * scale:.1f}",
        "credit": pictures.BASE_CREDIT,
        "dots": [
            {"x": f"{cx:.1f}", "y": f"{cy:.1f}", "fill": _fill(status, score), "said": f"{name} {score:.1f}"}
            for cx, cy, status, score, name in zip(x, y, drawn["status"], drawn["score"], drawn["name"], strict=True)
        ],
    }


def _fill(status: str, score: float) -> str:
    return {EXCLUDED: "#8f8f8f", NOT_RANKED: "#ffffff"}.get(status) or pictures.colour(score)


def _ranking(best: pd.DataFrame, t: Translate) -> Table:
    heads = (t("Rank"), t("Name"), t("Points proven"), t("Up to"), t("Known"), t("Status"))
    statuses = {"ranked": t("ranked"), "not_ranked": t("not ranked"), "excluded": t("excluded")}
    columns = ["rank", "name", "score", "score_high", "completeness", "status"]
    rows = [
        (
            "" if pd.isna(rank) else str(int(rank)),
            str(name),
            f"{score:.1f}",
            f"{high:.1f}",
            f"{known:.0%}",
            statuses[status],
        )
        for rank, name, score, high, known, status in best[columns].itertuples(index=False)
    ]
    return Table(heads, rows, dict.fromkeys((0, 2, 3, 4), "n"))


def _excluded(result: Result, language: Language) -> Table:
    """Sites that certainly fail a gate, each with the sentence that says by how much."""
    out = result.table[result.table["status"].eq(EXCLUDED)]["name"].head(ROWS)
    rows = [(str(name), " ".join(explain(result, str(site), language).gates)) for site, name in out.items()]
    return Table((), rows)


def _weights(result: Result, language: Language) -> Table:
    t = translator(language)
    heads = (t("Branch"), t("Criterion"), t("Possible"), t("Scored 0 at"), t("Scored in full at"), t("Basis"))
    rows = []
    for criterion in result.criteria.values():
        if criterion.weight > 0:
            basis, source = criterion.basis, criterion.source
            worst, best = _anchors(criterion.value)
            rows.append(
                (
                    result.about.branches[criterion.branch][language],
                    criterion.title[language],
                    f"{100 * criterion.weight:.1f}",
                    f"{worst:g} {t(criterion.unit)}",
                    f"{best:g} {t(criterion.unit)}",
                    f"{t(basis)}: {t(source or '')}",
                )
            )
    return Table(heads, rows)


def _anchors(value: Function) -> tuple[float, float]:
    """The x of least and of full value."""
    at, height = value.knots()
    return float(at[np.argmin(height)]), float(at[np.argmax(height)])


def _reason(explanation: Explanation, t: Translate) -> dict[str, Any]:
    heads = (t("Branch"), t("Criterion"), t("Value"), t("Points proven"), "")
    rows = [
        (
            line.branch,
            line.title,
            line.value,
            f"{'?' if line.points is None else f'{line.points:.1f}'} / {line.points_possible:.1f}",
            line.source,
        )
        for line in explanation.lines
    ]
    return {
        "headline": explanation.headline,
        "verdict": explanation.verdict,
        "sentences": (*explanation.gates, *explanation.facts),
        "lines": Table(heads, rows, {3: "n", 4: "small"}),
    }


def _layers(result: Result, language: Language) -> Table:
    t = translator(language)
    heads = (t("Layer"), t("State"), t("Date"), t("Status"), t("Inventory"), t("Licence"), t("Source"))
    rows = [
        (
            lock.title[language],
            t(lock.origin),
            dated(lock.reference_date, language),
            t(lock.status) if lock.status else "",
            t(lock.inventory) if lock.inventory else "",
            lock.licence or "",
            lock.attribution or "",
        )
        for lock in result.layers
    ]
    return Table(heads, rows)
