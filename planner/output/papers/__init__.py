"""One-page papers as PDF by typst, with the fonts of a dependency: the same on every machine, without a network."""

import json
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import numpy as np
import pandas as pd
import typst

from geodata import Layers
from geodata.country.codes import prefectures

from ...context import region
from ...context.landrules import Plot, land_rules, meaning, plot_of
from ...context.nearest import measured_from, nearest_assets
from ...context.nextsteps import said_steps
from ...errors import PlannerError
from ...explain.amounts import shown
from ...explain.reasons import Line, explain
from ...i18n import Language, translator
from ...model.result import Result
from ...model.sources import LABELS
from ...model.tables import Known, Why, row_of
from .. import pictures

_SPAN_DEGREES = 0.9
_SVG = 620.0


def site_pdf(result: Result, site_id: str, store: Layers, language: Language) -> bytes:
    """Everything about one site on one page: values, gates, nearest assets on a small map; then the next steps."""
    t, said, row = translator(language), explain(result, site_id, language), row_of(result.table, site_id)
    assets = nearest_assets(
        store, row["lon"], row["lat"], language, own_id=site_id, off_m=float(row.get("site_accuracy_m", np.nan))
    )
    where = prefectures()["name" if language == "ja" else "name_en"].get(row["pref_code"], "")
    plot = plot_of(result.about.scenario.profile, result.about.candidates.kind, float(row.get("area_ha", np.nan)))
    data = {
        "title": f"{said.headline} {where}",
        "question": result.about.scenario.question[language],
        "verdict": said.verdict,
        "gates": list(said.gates),
        "values": [_value_row(line) for line in said.lines],
        "value_heads": [
            t("Criterion"),
            t("Value"),
            t("Points proven"),
            t("Possible"),
            t("Date, status, inventory, licence"),
        ],
        "nearest": [_asset_row(asset, language) for _, asset in assets.iterrows()],
        "nearest_heads": [t("Kind"), t("Nearest named"), t("Distance"), t("Date")],
        "nearest_note": measured_from(result.about.candidates.kind, language),
        "facts": list(said.facts),
        "steps": [asdict(steps) for steps in said_steps(result.about.scenario.profile, language)],
        "rules": [_rule(id_, plot, language) for id_ in land_rules()],
        "map": _map(row, assets),
        "map_note": t("{km} km across; {credit}", km=round(_SPAN_DEGREES * 111), credit=pictures.BASE_CREDIT),
        "heads": {
            "values": t("Values"),
            "nearest": t("Nearest assets"),
            "map": t("Map"),
            "facts": t("Facts and sources"),
            "steps": t("The next administrative steps, by plan paper"),
            "rules": t("Rules on industrial land"),
        },
        "rules_note": t("Stages as last read: check whether a bill has passed before you rely on it."),
    }
    return compiled("site.typ", data, result.about.scenario_sha256, language)


def region_pdf(store: Layers, pref_codes: list[str], title: str, language: Language) -> bytes:
    """The three stocks of a region, and the mismatch of 2040, on paper."""
    t, lines = translator(language), region.stocks(store, pref_codes, language)
    national, block = region.mismatch(store, region.block_of(pref_codes[0]))
    groups = [
        {"title": name, "lines": [_stock_row(line, language) for _, line in part.iterrows()]}
        for name, part in lines.groupby("group", sort=False)
    ]
    names = national["name" if language == "ja" else "name_en"]
    rows = [
        [str(n), f"{v:+,.0f}", str(s)]
        for n, v, s in zip(names, national["mismatch_10k_persons"], national["source"], strict=True)
    ]
    rows += [
        [
            t("This block ({label}): {what}", label=LABELS["quoted"][language], what=str(r.covers)),
            f"{r.mismatch_10k_persons:+,.1f}",
            str(r.source_url),
        ]
        for r in block.itertuples()
    ]
    data = {
        "title": title,
        "note": t("Context for a region, never a score. A partial inventory gives a lower bound; unknown is not zero."),
        "groups": groups,
        "heads": [t("Stock"), t("Value"), t("Date"), t("Status"), t("Source")],
        "mismatch_title": t("Surplus (+) or shortage (−) of workers in 2040, national, 10,000 persons"),
        "mismatch_heads": [t("Occupation or education"), t("10,000 persons"), t("Source")],
        "mismatch": rows,
        "mismatch_note": t(
            "Estimates of the ministry; figures by block are second-hand and exist for some blocks only."
        ),
    }
    return compiled("region.typ", data, "", language)


def stock_value(line: Any, language: Language) -> str:
    """The value of a stock as it is shown: bounded, unknown, or nothing on a list that is not complete."""
    value = float(line["value"])
    if np.isnan(value) and line["bound"] == region.AT_LEAST:
        return translator(language)("nothing on the list (the list is partial)")
    why = Why.UNKNOWN if np.isnan(value) else Why.AT_LEAST if line["bound"] == region.AT_LEAST else Why.EXACT
    return shown(Known(value, value, value if why is Why.EXACT else np.inf, why), line["unit"], language)


def compiled(template: str, data: dict[str, Any], scenario_sha256: str, language: Language) -> bytes:
    """A paper set by typst from a template beside this module; PlannerError when it cannot be set."""
    t = translator(language)
    footer = t("Screening, not a siting decision.") + f" gx-cluster-planner {scenario_sha256[:12]}"
    inputs = {"data": json.dumps({"lang": language, "footer": footer, **data}, ensure_ascii=False, default=str)}
    folders = [Path(str(module.FONT_PATH)).parent for module in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    with as_file(files(__name__)) as folder:
        try:
            return bytes(typst.compile(folder / template, root=folder, font_paths=fonts, sys_inputs=inputs))
        except typst.TypstError as error:
            raise PlannerError(
                "the PDF could not be set ({error}). Report this with the scenario file.", error=error
            ) from error


def _rule(id_: str, plot: Plot, language: Language) -> tuple[str, str]:
    """A rule on land, and its stage with what it means for the plot."""
    text, note = land_rules()[id_].said(language)
    return text, f"{note} · {meaning(id_, plot, translator(language))}"


def _value_row(line: Line) -> list[str]:
    points = "?" if line.points is None else f"{line.points:.1f}"
    return [line.title, line.value, points, f"{line.points_possible:.1f}", line.source]


def _asset_row(asset: pd.Series, language: Language) -> list[str]:
    t = translator(language)
    if pd.isna(asset["km"]):
        return [asset["kind"], t("not pulled") if pd.isna(asset["date"]) else t("none within reach"), "", ""]
    return [asset["kind"], f"{asset['name']} {asset['detail']}", asset["distance"], str(asset["date"])]


def _stock_row(line: pd.Series, language: Language) -> list[str]:
    return [line["title"], stock_value(line, language), line["date"], line["status"], line["source"]]


def _map(site: pd.Series, assets: pd.DataFrame) -> str:
    """The site and its nearest assets on the land picture, as SVG in Web Mercator; numbers follow the list."""
    west, south, east, north = pictures.JAPAN
    top, bottom = pictures.mercator(north), pictures.mercator(south)
    left, width = site["lon"] - _SPAN_DEGREES / 2, _SPAN_DEGREES
    scale = _SVG / width
    middle = pictures.mercator(site["lat"])
    degrees = 180 / np.pi

    def place(lon: float, lat: float) -> tuple[float, float]:
        return (lon - left) * scale, _SVG / 2 + (middle - pictures.mercator(lat)) * degrees * scale

    marks = ""
    for number, (km, lon, lat) in enumerate(assets[["km", "lon", "lat"]].to_numpy(dtype=float), 1):
        if not np.isnan(km):
            x, y = place(lon, lat)
            marks += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="#00538b"/>'
            marks += f'<text x="{x:.1f}" y="{y + 6:.1f}" font-size="16" fill="#fff" text-anchor="middle" font-family="Noto Sans CJK JP">{number}</text>'
    x, y = place(site["lon"], site["lat"])
    marks += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="#d55e00" stroke="#fff" stroke-width="3"/>'
    corner = place(west, north)
    land = (
        f'<image href="{pictures.land_picture()}" x="{corner[0]:.1f}" y="{corner[1]:.1f}" width="{(east - west) * scale:.1f}" '
        f'height="{(top - bottom) * degrees * scale:.1f}" preserveAspectRatio="none"/>'
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SVG:.0f} {_SVG:.0f}">{land}{marks}</svg>'
