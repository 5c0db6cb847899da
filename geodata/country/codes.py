"""Codes of Japan: prefectures, labour blocks, grid supply areas. Codes are strings: 01, 01100."""

from functools import cache
from importlib.resources import files

import pandas as pd

from ..base import Text, text

JAPAN_BOUNDS = (122.0, 20.0, 154.1, 46.0)
"""West, south, east, north of everything that is a place in Japan, degrees."""

PREFECTURE_CODES = tuple(f"{number:02d}" for number in range(1, 48))

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


@cache
def prefectures() -> pd.DataFrame:
    """The 47 prefectures by code: name, name_en, seat_muni_code, block_code, block, block_en; a table of this package."""
    with (files("geodata") / "starter" / "prefectures.csv").open(encoding="utf-8-sig") as stream:
        return pd.read_csv(stream, dtype="str").set_index("pref_code")


def grid_area_of(muni_code: pd.Series, pref_code: pd.Series, areas: pd.DataFrame) -> pd.Series:
    """
    Supply area by municipality, else by prefecture; unknown without codes.

    `areas` are the rows of the layer grid_areas (code, grid_area). Split municipalities go to the larger part.
    """
    by_code = areas.set_index("code")["grid_area"]
    return muni_code.map(by_code).fillna(pref_code.map(by_code))


def grid_area_of_operator(operator: pd.Series) -> pd.Series:
    """Supply area of plants run by one of the ten utilities or their network companies; unknown for others."""
    utility = operator.astype("str").str.extract(f"({'|'.join(_UTILITIES)})", expand=False)
    return utility.map(_UTILITIES).astype("str").where(utility.notna())
