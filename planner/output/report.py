"""A result as one HTML file: map, table and reasons. No script, no server, no request."""

from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geodata.files.writing import replacing

from ..explain.reasons import Explanation, counted, explain
from ..i18n import Language, Translate, translator
from ..model.result import Result
from ..model.tables import EXCLUDED, NOT_RANKED
from . import pictures

ROWS, REASONS, DOTS = 100, 20, 2000
_WIDTH = 760.0
_MARGIN_DEGREES = 0.4

_STYLE = """
body{font:15px/1.6 "Noto Sans CJK JP","Yu Gothic",Meiryo,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1d1d1d}
table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{border-bottom:1px solid #ccc;padding:.25rem .5rem;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto;border:1px solid #bbb}
details{border:1px solid #ccc;border-radius:4px;padding:.4rem .8rem;margin:.5rem 0}summary{cursor:pointer;font-weight:bold}
.small{font-size:.85rem;color:#555}@media print{details{break-inside:avoid}}
"""


def write_report(result: Result, path: Path, language: Language) -> None:
    """Write the report; PlannerError when the folder cannot be written."""
    with replacing(path) as temporary:
        temporary.write_text(report_html(result, language), "utf-8")


def report_html(result: Result, language: Language) -> str:
    """The whole page; every text from data is escaped."""
    t = translator(language)
    scenario = result.metadata["scenario"]
    best = result.table.head(ROWS)
    reasons = "".join(_reasons(explain(result, site, language), t) for site in best.index[:REASONS])
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(scenario['title'][language])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(scenario['question'][language])}</h1>"
        f"<p>{escape(scenario['asks'][language])}</p><p>{escape(scenario['measures'][language])}</p>"
        f'<p class="small">{escape(counted(result, language))}</p>{_map(result, t)}'
        f"<h2>{escape(t('Ranking'))}</h2>{_table(best, t)}<h2>{escape(t('Reasons'))}</h2>{reasons}"
        f"{_excluded(result, language)}<h2>{escape(t('Weights and anchors'))}</h2>{_weights(result, language)}"
        f"<h2>{escape(t('What the values rest on'))}</h2>{_layers(result, language)}"
        f'<p class="small">{escape(result.metadata["software"])} ・ {escape(result.metadata["scenario_sha256"])}</p>'
        "</body></html>"
    )


def _map(result: Result, t: Translate) -> str:
    """Sites on the land picture, in Web Mercator, cropped to them; the best lie on top."""
    drawn = result.table.head(DOTS)[::-1]
    west, south, east, north = pictures.JAPAN
    top, bottom = pictures.mercator(north), pictures.mercator(south)
    scale = _WIDTH / (drawn["lon"].max() - drawn["lon"].min() + 2 * _MARGIN_DEGREES)
    height = np.degrees(top - bottom) * scale
    x = (drawn["lon"] - west) * scale
    y = (top - drawn["lat"].map(pictures.mercator)) * (180 / np.pi) * scale
    pad = _MARGIN_DEGREES * scale
    box = f"{x.min() - pad:.1f} {y.min() - pad:.1f} {_WIDTH:.1f} {y.max() - y.min() + 2 * pad:.1f}"
    dots = "".join(
        f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="5" fill="{_fill(status, score)}" stroke="#222" stroke-width=".7">'
        f"<title>{escape(str(name))} {score:.1f}</title></circle>"
        for cx, cy, status, score, name in zip(x, y, drawn["status"], drawn["score"], drawn["name"], strict=True)
    )
    return (
        f'<svg viewBox="{box}" width="{_WIDTH:.0f}" role="img" aria-label="{escape(t("Map of the ranked sites"))}">'
        f'<image href="{pictures.land_picture()}" x="0" y="0" width="{(east - west) * scale:.1f}" height="{height:.1f}" '
        f'preserveAspectRatio="none"/>{dots}</svg><p class="small">{escape(pictures.BASE_CREDIT)}</p>'
    )


def _fill(status: str, score: float) -> str:
    return {EXCLUDED: "#8f8f8f", NOT_RANKED: "#ffffff"}.get(status) or pictures.colour(score)


def _table(rows: pd.DataFrame, t: Translate) -> str:
    heads = (t("Rank"), t("Name"), t("Points proven"), t("Up to"), t("Known"), t("Status"))
    statuses = {"ranked": t("ranked"), "not_ranked": t("not ranked"), "excluded": t("excluded")}
    body = "".join(
        f'<tr><td class="n">{"" if pd.isna(rank) else int(rank)}</td><td>{escape(str(name))}</td>'
        f'<td class="n">{score:.1f}</td><td class="n">{high:.1f}</td><td class="n">{known:.0%}</td>'
        f"<td>{escape(statuses[status])}</td></tr>"
        for rank, name, score, high, known, status in rows[
            ["rank", "name", "score", "score_high", "completeness", "status"]
        ].itertuples(index=False)
    )
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{body}</table>"


def _excluded(result: Result, language: Language) -> str:
    """Sites that certainly fail a gate, each with the sentence that says by how much."""
    t = translator(language)
    out = result.table[result.table["status"].eq(EXCLUDED)]
    if out.empty:
        return ""
    rows = ""
    for site, name in out["name"].head(ROWS).items():
        said = " ".join(explain(result, str(site), language).gates)
        rows += f"<tr><td>{escape(str(name))}</td><td>{escape(said)}</td></tr>"
    title = t("Excluded sites ({shown} of {n})", shown=min(len(out), ROWS), n=len(out))
    return f"<h2>{escape(title)}</h2><table>{rows}</table>"


def _weights(result: Result, language: Language) -> str:
    t = translator(language)
    heads = (t("Branch"), t("Criterion"), t("Possible"), t("Scored 0 at"), t("Scored in full at"), t("Basis"))
    rows = ""
    for criterion in result.metadata["criteria"].values():
        if criterion["weight"] > 0:
            basis, source = criterion["basis"], criterion["source"]
            worst, best = _anchors(criterion["value"])
            cells = (
                result.metadata["branches"][criterion["branch"]][language],
                criterion["title"][language],
                f"{100 * criterion['weight']:.1f}",
                f"{worst:g} {t(criterion['unit'])}",
                f"{best:g} {t(criterion['unit'])}",
                f"{t(basis)}: {t(source or '')}",
            )
            rows += "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{rows}</table>"


def _anchors(value: dict[str, Any]) -> tuple[float, float]:
    if value["kind"] == "linear":
        return value["worst"], value["best"]
    points = sorted(value["points"], key=lambda point: point[1])
    return points[0][0], points[-1][0]


def _reasons(explanation: Explanation, t: Translate) -> str:
    rows = "".join(
        f"<tr><td>{escape(line.branch)}</td><td>{escape(line.title)}</td><td>{escape(line.value)}</td>"
        f'<td class="n">{"?" if line.points is None else f"{line.points:.1f}"} / {line.points_possible:.1f}</td>'
        f'<td class="small">{escape(line.source)}</td></tr>'
        for line in explanation.lines
    )
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in (*explanation.gates, *explanation.facts))
    heads = "".join(f"<th>{escape(h)}</th>" for h in (t("Branch"), t("Criterion"), t("Value"), t("Points proven"), ""))
    return (
        f"<details><summary>{escape(explanation.headline)}</summary><p>{escape(explanation.verdict)}</p>"
        f"<ul>{said}</ul><table><tr>{heads}</tr>{rows}</table></details>"
    )


def _layers(result: Result, language: Language) -> str:
    t = translator(language)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(str(cell))}</td>"
            for cell in (
                lock["title"][language],
                t(lock["origin"]),
                lock.get("reference_date", ""),
                t(lock["status"]) if "status" in lock else "",
                t(lock["inventory"]) if "inventory" in lock else "",
                lock.get("licence", ""),
                lock.get("attribution", ""),
            )
        )
        + "</tr>"
        for lock in result.metadata["layers"]
    )
    heads = (t("Layer"), t("State"), t("Date"), t("Status"), t("Inventory"), t("Licence"), t("Source"))
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{rows}</table>"
