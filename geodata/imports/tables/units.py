"""Cells as numbers in the unit of their column; the unit of a cell counts more than that of its heading."""

import math
import re
from functools import partial

import pandas as pd

from ...errors import Phrase, phrase
from .. import cleaning
from ..numbers import DIGITS, LONGEST, SIGN, Reading, degrees_of, iso_date, number_of, plain
from ..positions import ZONE, are_metres, in_store
from ..report import Report
from .columns import Column, Columns
from .headings import Headed

_TSUBO_M2 = 3.305785
_SAME = 0.02
"""Two amounts in two units are one when they agree within this share: 33,000㎡（約1万坪）."""

_TIMES = {"千万": 1e7, "百万": 1e6, "億": 1e8, "万": 1e4, "千": 1e3}
_AREA = {"ha": 1.0, "ヘクタール": 1.0, "km2": 100.0, "m2": 1e-4, "坪": _TSUBO_M2 / 1e4, "アール": 0.01, "a": 0.01}
_UNITS: dict[str, dict[str, float]] = {
    "ha": _AREA,
    "kV": {"kv": 1.0, "v": 1e-3},
    "MW": {"mw": 1.0, "kw": 1e-3, "gw": 1e3},
    "m3/day": {"m3/日": 1.0, "m3/day": 1.0, "m3": 1.0, "トン/日": 1.0, "t/日": 1.0},
    "%": {"%": 1.0, "パーセント": 1.0},
    "m": {"m": 1.0, "メートル": 1.0, "km": 1e3, "キロメートル": 1e3},
    "years": {"年": 1.0, "か年": 1.0, "ヶ年": 1.0},
    "owners": {"人": 1.0, "名": 1.0, "者": 1.0},
    "persons": {"人": 1.0, "名": 1.0},
    "million yen": {"百万円": 1.0, "千円": 1e-3, "億円": 100.0, "万円": 0.01},
    "100m yen": {"円": 1e-8, "億円": 1.0, "百万円": 0.01, "千円": 1e-5, "万円": 1e-4, "兆円": 1e4},
    "yen/m2": {"円/m2": 1.0, "円/坪": 1 / _TSUBO_M2, "円": math.nan},
}
"""What the words for a unit are worth in the column's unit; a price in bare yen takes the words around it."""

_SIGNED = {"MW"}
_SPELT = {"㎡": "m2", "m²": "m2", "㎢": "km2", "km²": "km2", "㎥": "m3", "m³": "m3", "㏊": "ha", "％": "%"}
_SPELT |= {"平方キロメートル": "km2", "平方メートル": "m2", "平米": "m2", "立方メートル": "m3", "㎞": "km", "㎾": "kw"}
_BOUNDS = re.compile(r"以上|以下|未満|超|以内|最大|最小|から|まで|[~〜～+]|年額|月額|町歩|反|畝")
_PLOTS = re.compile(r"\(\s*(?:全|計|うち)?\s*\d+\s*(?:区画|画地|筆|か所|ヶ所|カ所|箇所|件|団地|工区|棟)\s*\)$")
"""How many pieces an amount is of, after it: 4.5ha(3区画)."""

_BEFORE = re.compile(r"(約|およそ|概ね|計|合計|全体|総面積|面積|坪単価|坪|m2)?[:：\s]*")
_AFTER = re.compile(r"\s*($|程度|余|[(※、]).*")


def converted(headed: Headed, columns: Columns, report: Report) -> pd.DataFrame:
    """Numbers where a column has a unit, in that unit, and ISO dates."""
    table, units, out = headed.table, headed.units, headed.table.copy()
    for column in columns:
        if column.name not in table:
            continue
        texts = table[column.name].fillna("").astype("str")
        if column.unit:
            out[column.name] = measured(texts, column, units[column.name], report)
        else:
            out[column.name] = _dates(texts, column.name, report) if column.date else _texts(texts, column.name, report)
    return _placed(out, headed, report) if {"lon", "lat"} <= set(out) else out


def _placed(out: pd.DataFrame, headed: Headed, report: Report) -> pd.DataFrame:
    """Longitude and latitude in STORE, whatever their headings or the rows' column of coordinate systems say they are."""
    stated = headed.table.get(ZONE, pd.Series("", index=out.index)).fillna("").astype("str")
    points = in_store(out["lon"], out["lat"], (headed.said["lon"], headed.said["lat"]), stated, report)
    metres = are_metres(points.x, points.y)
    report.add(
        "blanked", metres, "lon", "degrees, or metres with the number 系 of their plane coordinate system", out["lon"]
    )
    return out.assign(lon=points.x.mask(metres), lat=points.y.mask(metres)).drop(columns=ZONE, errors="ignore")


def measured(texts: pd.Series, column: Column, heads: tuple[str, ...], report: Report) -> pd.Series:
    """Numbers of a column in its unit; a cell without a unit of its own takes that of the heading, nearest text first."""
    unit = str(column.unit)
    if unit == "degrees":
        return cleaning.readings(
            texts, degrees_of, report, column.name, phrase("decimal degrees, or degrees, minutes and seconds")
        )
    value = cleaning.readings(texts, partial(_amount, column=column, heads=heads), report, column.name, _wanted(column))
    _note_conversion(texts, value, heads, unit, report, column.name)
    low, high = (-1e12 if column.low is None else column.low), (1e12 if column.high is None else column.high)
    cleaning.plausible(value, report, column.name, low, high, unit)
    return value


def states_unit(text: str) -> bool:
    """Whether a heading or a cell says a unit of area."""
    return re.search(rf"(?<![a-z])({'|'.join(_AREA)})(?![a-z])", _spelt(text)) is not None


def _wanted(column: Column) -> Phrase:
    if column.unit == "yen/m2":
        return phrase("a price per m² or tsubo, not a total")
    return phrase("one number in {unit}", unit=column.unit)


def _amount(cell: str, *, column: Column, heads: tuple[str, ...]) -> Reading:
    """Number of a cell in the column's unit; unreadable unless it is certain."""
    if len(cell) > LONGEST:
        return Reading(math.nan, "unreadable")
    unit, spelt = str(column.unit), _PLOTS.sub("", _spelt(cell))
    whole = number_of(spelt)
    if whole.how in {"number", "footnote"}:
        factor = _heading_factor(heads, unit)
        value = whole.value * factor
    elif whole.how == "missing" or re.fullmatch(r"-?(m2|ha|m3/日)?", spelt):
        return Reading(math.nan, "missing")
    else:
        value = _with_words(spelt, unit, heads)
    if math.isnan(value) or (value < 0 and unit not in _SIGNED):
        return Reading(math.nan, "unreadable")
    return Reading(value, "footnote" if whole.how == "footnote" else "number")


def _with_words(cell: str, unit: str, heads: tuple[str, ...]) -> float:
    """Number of a cell that holds words beside it; NaN unless there is one amount, or two units that agree on one."""
    if _BOUNDS.search(cell) or re.fullmatch(r"\(.*\)", cell) or re.search(r"[①-⓿²³]", cell):
        return math.nan
    known = _UNITS[unit]
    words = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    amount = re.compile(
        rf"(?P<sign>{SIGN}\s*)?(?<!m)(?P<digits>{DIGITS})\s*(?P<times>{'|'.join(_TIMES)})?\s*(?:(?P<unit>{words})(?![a-z0-9/]))?"
    )
    found = list(amount.finditer(cell))
    if not found or any(_glued(cell, match.start()) for match in found):
        return math.nan
    values = [_value(match, cell, known, unit, heads) for match in found]
    if len(found) == 1:
        return values[0]
    own = [match["unit"] for match in found]
    same = len(set(own)) == len(own) and None not in own and max(values) - min(values) <= _SAME * abs(max(values))
    return values[0] if same else math.nan


def _glued(cell: str, start: int) -> bool:
    """Whether a number follows a letter, as in A-5 and H30."""
    return bool(start and re.match(r"[A-Za-z]", cell[start - 1]))


def _value(match: re.Match[str], cell: str, known: dict[str, float], unit: str, heads: tuple[str, ...]) -> float:
    number = float(match["digits"].replace(",", "")) * _TIMES.get(match["times"] or "", 1.0)
    if match["sign"]:
        number = 0.0 - number
    own, before, after = match["unit"], cell[: match.start()], cell[match.end() :]
    if own and not math.isnan(known[own]):
        return number * known[own]
    if not (_BEFORE.fullmatch(before.strip()) and _AFTER.fullmatch(after)):
        return math.nan
    if unit != "yen/m2":
        return number * _heading_factor(heads, unit)
    if "坪" in before:
        return number / _TSUBO_M2
    total = match["times"] is not None and not any(re.search(r"/m2|坪|単価", head) for head in heads)
    return math.nan if total else number * _heading_factor(heads, unit)


def _heading_factor(heads: tuple[str, ...], unit: str) -> float:
    """What a bare number of this heading is worth in `unit`; NaN for a total where a price per area is asked."""
    if unit == "yen/m2":
        return next((factor for head in heads if not math.isnan(factor := _price_factor(head))), _bare_price(heads))
    words = "|".join(sorted(map(re.escape, _UNITS.get(unit, {})), key=len, reverse=True))
    unit_end = re.compile(rf"(?<![a-z])(?P<times>{'|'.join(_TIMES)})?(?P<unit>{words or '-'})(?![a-z0-9/])$")
    for head in heads:
        if found := unit_end.search(_spelt(head)):
            return _TIMES.get(found["times"] or "", 1.0) * _UNITS[unit][found["unit"]]
    return 1.0


def _price_factor(head: str) -> float:
    times = next((factor for word, factor in _TIMES.items() if f"{word}円" in head), 1.0)
    if "坪" in head:
        return times / _TSUBO_M2
    return times if "m2" in head else math.nan


def _bare_price(heads: tuple[str, ...]) -> float:
    return math.nan if any(re.search(r"[千万億]円", head) for head in heads) else 1.0


def _spelt(cell: str) -> str:
    """Cell in small letters, half width, one spelling of each unit."""
    for sign, word in _SPELT.items():
        cell = cell.replace(sign, word)
    return plain(cell).lower()


def _note_conversion(  # noqa: PLR0913, PLR0917  (a column before and after)
    texts: pd.Series, value: pd.Series, heads: tuple[str, ...], unit: str, report: Report, name: str
) -> None:
    """Say where another unit than the column's was read."""
    spelt = texts.map(_spelt)
    own = spelt.str.contains("|".join(_UNITS.get(unit, {"-": 1.0})))
    where = spelt.where(own, " ".join(heads[:1]))
    for sign, not_there, target, wanted in _CONVERSIONS:
        if unit == target:
            there = where.str.contains(sign) & ~where.str.contains(not_there) & value.notna()
            report.add("repaired", there, name, wanted, texts)


_CONVERSIONS = (
    ("(?<!k)m2", "ha", "ha", phrase("ha (m² divided by 10,000)")),
    ("坪", "m2", "yen/m2", phrase("yen per m² (per tsubo divided by 3.305785)")),
    ("kw", "mw", "MW", phrase("MW (kW divided by 1,000)")),
)


def _dates(texts: pd.Series, name: str, report: Report) -> pd.Series:
    """ISO dates; what is no date is kept as it stands and reported."""
    dates = texts.map(iso_date)
    report.add("noted", dates.isna() & texts.ne(""), name, "a date such as 2026-04-01 or 令和8年4月1日", texts)
    return dates.fillna(texts).mask(texts.eq(""))


def _texts(texts: pd.Series, name: str, report: Report) -> pd.Series:
    formula = texts.eq("=")
    report.add("blanked", formula, name, "a value (a formula without a stored one)", texts)
    return texts.mask(texts.eq("") | formula)
