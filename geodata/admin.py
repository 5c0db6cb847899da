"""Prefectures, labour blocks and grid supply areas. Codes are strings: 01, 01100."""

from functools import cache

import pandas as pd

from .layer import Text, text

GRID_AREAS: dict[str, Text] = {
    "hokkaido": text("北海道", "Hokkaido"),
    "tohoku": text("東北", "Tohoku"),
    "tokyo": text("東京", "Tokyo"),
    "chubu": text("中部", "Chubu"),
    "hokuriku": text("北陸", "Hokuriku"),
    "kansai": text("関西", "Kansai"),
    "chugoku": text("中国", "Chugoku"),
    "shikoku": text("四国", "Shikoku"),
    "kyushu": text("九州", "Kyushu"),
    "okinawa": text("沖縄", "Okinawa"),
}
"""The ten supply areas. They do not follow prefectures: a plant belongs to the area it feeds."""

_UTILITIES = {f"{area.ja}電力": key for key, area in GRID_AREAS.items()}

NORTHERN_VILLAGES = ("01695", "01696", "01697", "01698", "01699", "01700")


@cache
def prefectures() -> pd.DataFrame:
    """The 47 prefectures by code: name, name_en, seat, block_code, block, block_en."""
    from .store import Store  # noqa: PLC0415  (the table is itself a layer)

    return Store().layer("prefecture_seats").frame.set_index("pref_code")


@cache
def _grid_areas() -> pd.Series:
    from .store import Store  # noqa: PLC0415  (the table is itself a layer)

    return Store().layer("grid_areas").frame.set_index("code")["grid_area"]


def grid_area_of(muni_code: pd.Series, pref_code: pd.Series) -> pd.Series:
    """Supply area by municipality, else by prefecture; unknown without codes. Split municipalities go to the larger part."""
    areas = _grid_areas()
    return muni_code.map(areas).fillna(pref_code.map(areas))


def grid_area_of_operator(operator: pd.Series) -> pd.Series:
    """Supply area of plants run by one of the ten utilities or their network companies; unknown for others."""
    utility = operator.astype("str").str.extract(f"({'|'.join(_UTILITIES)})", expand=False)
    return utility.map(_UTILITIES).astype("str").where(utility.notna())
