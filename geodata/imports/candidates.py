"""A user's own candidate places: any file of features, headings matched by meaning. Nothing is guessed silently."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import FormatError, phrase
from ..layer import Layer
from .features import Features, check_positions, open_features, with_codes
from .report import Report
from .tables.columns import Column, columns_of
from .tables.units import measured, states_unit


def read_candidates(
    path: Path, report: Report | None = None, *, municipalities: Layer | None = None
) -> gpd.GeoDataFrame:
    """
    Sites in STORE, indexed by unique `site_id`, with `name` and the known columns.

    `area_ha` and `available_ha` in ha, `accuracy_m` in metres (float64, NaN = unknown), `muni_code` of five and `pref_code`
    of two digits ("" = not stated). Rows of a table without coordinates are placed in the town that they name, where
    `municipalities` are given. What was not used, repaired or left unknown goes to `report`. FormatError says what is
    wrong with the file.
    """
    report = report or Report(file=path.name, kind="candidates")
    features = open_features(path, report, municipalities)
    check_positions(features.frame, path)
    pieces = features.frame.geometry.count_geometries()
    report.add(
        "noted", pieces > 1, "geometry", "a site in one piece (its distances count from one of the pieces)", pieces
    )
    return _identified(_known_columns(features, path, report), path)


def _known_columns(features: Features, path: Path, report: Report) -> gpd.GeoDataFrame:
    frame, kept = features.frame, {}
    order = [column.name for column in columns_of("candidates")]
    for heading, column in sorted(features.meanings.items(), key=lambda item: order.index(item[1].name)):
        report.columns[heading] = column.name
        if column.unit:
            value = _measured(frame[heading], column, features.units[heading], report)
            if value.notna().any():
                kept[column.name] = value
        else:
            kept[column.name] = frame[heading].where(frame[heading].isna(), frame[heading].map(_text))
    used = {*features.meanings, *features.placed_by, frame.geometry.name}
    unused = [str(c) for c in frame.columns if c not in used]
    if unused:
        report.note("Headings not used: {known}.", known=", ".join(unused[:12]))
    sites = with_codes(gpd.GeoDataFrame(kept, geometry=frame.geometry), path, report)
    for name in {"muni_code", "pref_code"} & set(sites.columns):
        sites[name] = sites[name].fillna("")
    _check_values(sites, path)
    return sites


def _measured(values: pd.Series, column: Column, heads: tuple[str, ...], report: Report) -> pd.Series:
    """Numbers in the column's unit; an area whose unit neither heading nor cell states is unknown."""
    texts = values.map(_text).where(values.notna(), "")
    if column.unit == "ha" and not any(map(states_unit, heads)):
        stated = texts.map(states_unit)
        report.add(
            "blanked", texts.ne("") & ~stated, column.name, "a unit in the heading or the cell, such as 面積(ha)", texts
        )
        texts = texts.where(stated, "")
    return measured(texts, column, heads, report)


def _text(value: object) -> str:
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return f"{value:.0f}" if whole else str(value).strip()


def _check_values(sites: gpd.GeoDataFrame, path: Path) -> None:
    """Raise on codes that contradict each other."""
    if {"pref_code", "muni_code"} <= set(sites.columns):
        both = sites["muni_code"].ne("") & sites["pref_code"].ne("")
        other = sites[both & sites["muni_code"].str[:2].ne(sites["pref_code"])]
        if len(other):
            raise FormatError(
                path,
                expected="codes that agree",
                found=phrase(
                    "pref_code {pref_code} and muni_code {muni_code}, which contradict each other",
                    pref_code=other["pref_code"].iloc[0],
                    muni_code=other["muni_code"].iloc[0],
                ),
                remedy="Correct one.",
            )


def _identified(sites: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    if "site_id" not in sites:
        sites = sites.assign(site_id=[f"row-{number:06d}" for number in range(1, len(sites) + 1)])
    missing = sites["site_id"].isna() | sites["site_id"].eq("")
    twice = sites["site_id"][sites["site_id"].duplicated() | missing]
    if len(twice):
        raise FormatError(
            path,
            expected="a site_id that is present and unique",
            found=phrase("{site_id!r} again", site_id=twice.iloc[0]),
            remedy="Correct it.",
        )
    if "name" not in sites:
        sites = sites.assign(name=sites["site_id"])
    named = sites["name"].fillna(sites["site_id"]).astype("str")
    return gpd.GeoDataFrame(sites.assign(name=named).set_index("site_id"))
