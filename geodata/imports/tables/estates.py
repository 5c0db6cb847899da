"""Lists of industrial estates and plots."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd

from ...base import Text
from ...files.opening import Member
from ...layer import FieldSpec, Layer
from ..codes import area_codes
from ..report import Report
from .columns import columns_of, specs_of
from .placing import placed, places_from
from .reading import read_table

_BOUND_LAND_HA, _BOUND_BUILDING_HA, _GREEN_PCT = 0.9, 0.3, 20.0
"""Size from which the Factory Location Act binds a factory, by land or by building, and its national green ratio."""


def estates(
    members: list[Member], report: Report, look: Callable[[str], Layer | None]
) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    """
    Industrial estates and plots: headings of prefectures' lists mapped, areas in ha, prices per m2, checks of the green rule.

    A row without position is put at an inner point of its municipality when that layer is there (`accuracy_m` says so).
    """
    columns = columns_of("estates")
    table = read_table(members, columns, report)
    table["position_method"] = (
        np.where(table["lon"].notna(), "given", "municipality") if "lon" in table else "municipality"
    )
    if "muni_code" in table:
        table["muni_code"] = area_codes(table["muni_code"], report, "muni_code", prefectures=table.get("pref_code"))
    municipalities = look("municipalities")
    boundaries = None if municipalities is None else municipalities.frame
    frame = placed(table, None, report, places=places_from(look), municipalities=boundaries)
    frame["site_id"] = [f"plot-{n:05d}" for n in range(1, len(frame) + 1)]
    frame["green_check"] = _green(frame)
    frame = frame.drop(columns=["lon", "lat"], errors="ignore")
    text = {
        "site_id": ("識別子", "Identifier"),
        "position_method": ("位置の求め方", "How the position was found"),
        "green_check": ("緑地率の確認（工場立地法）", "Check of the green ratio (Factory Location Act)"),
    }
    specs = {name: FieldSpec(dtype="string", unit=None, title=Text(ja=ja, en=en)) for name, (ja, en) in text.items()}
    specs["accuracy_m"] = FieldSpec(dtype="float", unit="m", title=Text(ja="位置の精度", en="Accuracy of the position"))
    return frame, {k: v for k, v in (specs_of(columns, frame) | specs).items() if k in frame}


def _green(frame: pd.DataFrame) -> pd.Series:
    """
    Check the national standard of the Factory Location Act: 20 % green for factories that its size binds.

    It binds 9,000 m2 of land or 3,000 m2 of building; only a plot that can hold neither is not bound, and an unknown area is
    unknown. A municipal by-law may ask less and a bill of 2026 may ease it, so a lower ratio is «check», never «no».
    """
    land, ratio, building = (
        frame.get(name, pd.Series(np.nan, index=frame.index)) for name in ("total_ha", "green_pct", "building_ha")
    )
    bound = land.ge(_BOUND_LAND_HA) | building.ge(_BOUND_BUILDING_HA)
    free = land.lt(_BOUND_LAND_HA) & (building.lt(_BOUND_BUILDING_HA) | land.lt(_BOUND_BUILDING_HA))
    outcomes = {
        "unknown": ratio.isna(),
        "meets_20_pct": ratio.ge(_GREEN_PCT) & ~free,
        "not_bound_by_size": free,
        "check_by_law": bound,
    }
    return pd.Series(np.select(list(outcomes.values()), list(outcomes), "unknown"), index=frame.index)
