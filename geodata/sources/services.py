"""
Public services asked per place or per table: J-SHIS (earthquake probability), GSI (elevation), e-Stat API 3.0.

The shapes of the answers were read in official pages where they could be had and in public readers otherwise (J-SHIS body
fields, e-Stat errors); tests run against a local server with those answers. Nothing is asked unless a command says so.
"""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from ..base import FloatArray
from ..errors import FormatError, Phrase, SourceError
from ..files.asking import Polite

JSHIS = "https://www.j-shis.bosai.go.jp/map/api/pshm/Y2024/AVR/TTL_MTTL/meshinfo.geojson"
GSI_ELEVATION = "https://cyberjapandata2.gsi.go.jp/general/dem/scripts/getelevation.php"
ESTAT = "https://api.e-stat.go.jp/rest/3.0/app/json/getStatsData"
APP_ID = "ESTAT_APP_ID"
_PROBABILITIES = {"T30_I55_PS": "quake_6lower_30y_pct", "T30_I60_PS": "quake_6upper_30y_pct"}
_PAGE = 100_000
_ELEVATION_NODATA = 2**23


def earthquake(lon: FloatArray, lat: FloatArray, client: Polite, url: str = JSHIS) -> pd.DataFrame:
    """Probability in 30 years of intensity 6 lower and 6 upper, per cent, at each place; NaN where J-SHIS has none (sea)."""
    rows = [_earthquake_at(x, y, client, url) for x, y in zip(lon, lat, strict=True)]
    return pd.DataFrame(rows, columns=list(_PROBABILITIES.values()))


def elevation(lon: FloatArray, lat: FloatArray, client: Polite, url: str = GSI_ELEVATION) -> pd.DataFrame:
    """Elevation in metres and its source at each place; NaN where there is none: sea, abroad and bad input look alike."""
    rows = []
    for x, y in zip(lon, lat, strict=True):
        answer = _json(client.get(url, {"lon": f"{x:.6f}", "lat": f"{y:.6f}", "outtype": "JSON"}), url)
        rows.append({"elevation_m": _number(answer.get("elevation")), "source": str(answer.get("hsrc", ""))})
    return pd.DataFrame(rows, columns=["elevation_m", "source"])


def tile_elevation(png: bytes | None) -> FloatArray:
    """Metres of one 256 x 256 elevation tile; a tile that is absent (404) is no data, never 0 m."""
    if png is None:
        return np.full((256, 256), np.nan)
    try:
        rgb = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=np.int64)
    except OSError as error:
        raise FormatError("elevation tile", expected="a PNG", found="another file", remedy="Fetch it again.") from error
    x = rgb[..., 0] * 65536 + rgb[..., 1] * 256 + rgb[..., 2]
    metres = np.where(x < _ELEVATION_NODATA, x, x - 2**24) * 0.01
    return np.where(x == _ELEVATION_NODATA, np.nan, metres)


def statistics(table_id: str, client: Polite, url: str = ESTAT) -> pd.DataFrame:
    """
    All cells of an e-Stat table, page by page: one column per axis code, `value` (NaN = any mark) and `unit`.

    The application id comes from the environment variable ESTAT_APP_ID; it is never logged, cached or shown.
    """
    app_id = os.environ.get(APP_ID)
    if not app_id:
        raise SourceError(
            "e-Stat: expected an application id in {APP_ID}, found none. Register at e-stat.go.jp and set it, or import a download.",
            APP_ID=APP_ID,
        )
    cells: list[dict[str, Any]] = []
    start = 1
    while True:
        asked = {
            "appId": app_id,
            "statsDataId": table_id,
            "startPosition": str(start),
            "limit": str(_PAGE),
            "replaceSpChars": "0",
        }
        answer = _json(client.get(url, asked), "e-Stat").get("GET_STATS_DATA", {})
        result = answer.get("RESULT", {})
        if int(result.get("STATUS", -1)) != 0:
            raise SourceError(
                "e-Stat table {table_id}: {value} (status {value_2}). Check the id.",
                table_id=table_id,
                value=result.get("ERROR_MSG", "no answer"),
                value_2=result.get("STATUS"),
            )
        data = answer["STATISTICAL_DATA"]
        cells += _listed(data.get("DATA_INF", {}).get("VALUE", []))
        following = data.get("RESULT_INF", {}).get("NEXT_KEY")
        if following is None or int(following) <= start:
            break
        start = int(following)
    total = data.get("RESULT_INF", {}).get("TOTAL_NUMBER")
    if total is not None and int(total) != len(cells):
        raise SourceError(
            "e-Stat table {table_id}: expected {total} cells, found {n}. Ask again.",
            table_id=table_id,
            total=total,
            n=len(cells),
        )
    frame = pd.DataFrame(cells).rename(columns=lambda name: str(name).lstrip("@"))
    return frame.assign(value=pd.to_numeric(frame["$"].astype("str").str.replace(",", ""), errors="coerce")).drop(
        columns="$"
    )


def client(cache: Path, *, interval_s: float = 0.5, tell: Callable[[Phrase], None] = lambda _: None) -> Polite:
    """The client for these services; e-Stat answers a wrong id with a 403 and a body."""
    return Polite(
        cache,
        interval_s=interval_s,
        accepted=frozenset({200, 403}),
        secret=frozenset({"appId"}),
        worth_keeping=_succeeded,
        tell=tell,
    )


def _succeeded(body: bytes) -> bool:
    """Whether an answer with status 200 is no error of J-SHIS or e-Stat, which may be gone tomorrow."""
    try:
        answer = _json(body, "")
    except SourceError:
        return False
    said = answer.get("GET_STATS_DATA", {}).get("RESULT", {}).get("STATUS", 0)
    return answer.get("status", "Success") == "Success" and str(said) == "0"


def _earthquake_at(lon: float, lat: float, client: Polite, url: str) -> dict[str, float]:
    body = client.get(url, {"position": f"{lon:.6f},{lat:.6f}", "epsg": "4326", "attr": ",".join(_PROBABILITIES)})
    if body is None:
        return dict.fromkeys(_PROBABILITIES.values(), np.nan)
    answer = _json(body, url)
    if answer.get("status") != "Success":
        raise SourceError(
            "J-SHIS: {value}. Wait and run again; what was fetched is kept.",
            value=answer.get("error", answer.get("status", "no status")),
        )
    features = answer.get("features") or [{}]
    properties = features[0].get("properties", {})
    return {name: 100 * _number(properties.get(code)) for code, name in _PROBABILITIES.items()}


def _json(body: bytes | None, label: str) -> dict[str, Any]:
    try:
        answer = json.loads(body or b"{}")
    except ValueError as error:
        raise SourceError("{label}: expected JSON, found another answer. Ask again later.", label=label) from error
    if not isinstance(answer, dict):
        raise SourceError(
            "{label}: expected a JSON object, found {kind}. Ask again later.", label=label, kind=type(answer).__name__
        )
    return answer


def _listed(value: Any) -> list[dict[str, Any]]:
    """One entry comes as an object, several as a list."""
    return value if isinstance(value, list) else [value]


def _number(value: Any) -> float:
    try:
        return float(str(value))
    except ValueError:
        return float("nan")
