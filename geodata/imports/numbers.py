"""The one reader of numbers, angles and dates as people type them; what is not certain is unknown, never its digits."""

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, NamedTuple

MISSING = frozenset(
    {
        *("", "-", "--", "－", "−", "ー", "―", "‐", "–", "—", "…", "...", "‥", "..", "・"),
        *("***", "**", "*", "X", "x", "Ｘ", "χ", "Χ", "#2", "秘匿", "///", "//", "/"),
        *("非公開", "未定", "不明", "要相談", "該当なし", "unknown", "unkown", "nan", "NaN", "None", "null", "N/A", "NA", "n.a."),
    }
)  # fmt: skip
"""What publishers write for a value that is not there. Never 0."""

SIGN = "[-▲△▼]"
DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_MINUS = str.maketrans(dict.fromkeys("−‐‑–—―", "-"))
_LONG_VOWEL = re.compile(r"(?<![ァ-ヺー])ー")  # a minus sign where it lengthens no kana
_WHOLE = re.compile(rf"(?P<sign>\+|{SIGN}\s*)?(?P<digits>(?:{DIGITS})(?:[eE][+-]?\d+|\.)?)")
_BRACKETED = re.compile(rf"\(\s*(?P<digits>{DIGITS})\s*\)")
_FOOTNOTE = re.compile(r"(?<=\d)(?:\s*[※*†‡#]\d{0,2}|\s*[(]?注\d{0,2}[)]?|\s+[(]?\d{1,2}[)])$")
_ANGLE = re.compile(
    r"(?P<side>[NSEW]|北緯|南緯|東経|西経)?\s*(?P<d>\d{1,3}(?:\.\d+)?)\s*[°度º]\s*(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*['′分’])?\s*"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:[\"″秒”]|''))?\s*(?P<end>[NSEW])?",
    re.IGNORECASE,
)
_OTHER_SIDES = {"S", "W", "南緯", "西経"}
_SIXTY = 60

COUNTED = frozenset(
    (
        "人",
        "名",
        "世帯",
        "戸",
        "件",
        "社",
        "棟",
        "台",
        "箇所",
        "か所",
        "ヶ所",
        "カ所",
        "事業所",
        "円",
        "千円",
        "百万円",
        "億円",
        "%",
        "ha",
        "MW",
        "kW",
        "kV",
        "km",
    )
)
"""Words for a unit that a number may carry in a column whose heading states none."""

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925, "大正": 1911, "T": 1911}
_ERAS |= {"令": 2018, "平": 1988, "昭": 1925, "大": 1911}
_ERA_SIGNS = str.maketrans({"㋿": "令和", "㍻": "平成", "㍼": "昭和", "㍽": "大正"})
_ERA_DATE = re.compile(
    r"(令和?|平成?|昭和?|大正?|[RHST])\s*\.?(元|\d{1,2})(?:年|[./-])(?:(\d{1,2})(?:月|[./-]?)(?:(\d{1,2})日?)?)?",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{4})(?:年|[./-])?(?:(\d{1,2})(?:月|[./-]|$)?(?:(\d{1,2})日?)?)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DATE_END = re.compile(r"\s*(\(.*\)|現在|時点|末|更新|公表|0?0:00(:00)?|T00:00:00)*$")
_EXCEL_DAY_0 = date(1899, 12, 30)
_SERIALS = (18_000, 80_000)  # 1949 to 2119


LONGEST = 200
"""Characters of a cell that may still be a number or a date; a longer one is a text, whatever it holds."""


class Reading(NamedTuple):
    """A cell's number, NaN where there is none, and how it was found."""

    value: float
    how: Literal["number", "missing", "footnote", "unreadable"]


def number_of(cell: str) -> Reading:
    """
    Number of a whole cell: all minus signs, ▲ △ and brackets as minus, full-width digits, thousands separators.

    A number with a footnote mark that is set apart from its digits is that number, and said to be one.
    """
    if len(cell) > LONGEST:
        return Reading(math.nan, "unreadable")
    text = plain(cell)
    if text in MISSING or cell.strip() in MISSING:
        return Reading(math.nan, "missing")
    if any(unicodedata.category(letter) == "No" for letter in text):  # ① and ² are marks, not digits
        return Reading(math.nan, "unreadable")
    value = _signed(text)
    if value is not None:
        return Reading(value, "number")
    value = _signed(_FOOTNOTE.sub("", text))
    return Reading(math.nan, "unreadable") if value is None else Reading(value, "footnote")


def unit_said(head: str) -> str | None:
    """Unit at the end of a heading, in any brackets; None without one, a year or a number of its own is none."""
    found = re.search(r"[【\[（(]([^】\]）)]{1,12})[】\]）)]\s*$", head)
    return found.group(1) if found and re.fullmatch(r"\D+[23]?(/\D+)?", found.group(1)) else None


def unit_after(head: str, cells: Iterable[str]) -> str | None:
    """The word for a unit that numbers of a column may carry: that of the heading, else the only one that its cells carry."""
    said = unit_said(head)
    if said is not None:
        return said
    ends = {plain(cell) for cell in cells}
    words = {found[1] for cell in ends if (found := re.search(r"\d\s*([^\d\s.,()]+)$", cell))}
    return next(iter(words)) if len(words) == 1 and words <= COUNTED else None


def without_unit(cell: str, word: str | None) -> str:
    """A cell without the word for its unit after its last digit: 1,234人 is 1,234."""
    return re.sub(rf"(?<=\d)\s*{re.escape(plain(word))}$", "", plain(cell)) if word else cell


def plain(cell: str) -> str:
    """Cell with ASCII letters and digits for full-width ones and one minus sign; circled and raised digits stay."""
    narrow = (
        cell
        if cell.isascii()
        else "".join(
            unicodedata.normalize("NFKC", letter)
            if unicodedata.east_asian_width(letter) in "FH" or letter == "\xa0"
            else letter
            for letter in cell
        )
    )
    return _LONG_VOWEL.sub("-", narrow).translate(_MINUS).strip()


def degrees_of(cell: str) -> Reading:
    """Decimal degrees of a cell in degrees, minutes and seconds (35°39'36", 東経136度4分12秒) or of a plain number."""
    if len(cell) > LONGEST:
        return Reading(math.nan, "unreadable")
    found = _ANGLE.fullmatch(plain(cell).replace("“", '"'))
    if found is None:
        return number_of(cell)
    minutes, seconds = float(found["m"] or 0), float(found["s"] or 0)
    value = float(found["d"]) + minutes / _SIXTY + seconds / _SIXTY**2
    if minutes >= _SIXTY or seconds >= _SIXTY or (found["s"] and not found["m"]):
        return Reading(math.nan, "unreadable")
    other = (found["side"] or found["end"] or "").upper() in _OTHER_SIDES
    return Reading(-value if other else value, "number")


def iso_date(cell: str) -> str | None:
    """
    ISO form, as exact as the cell: 令和6年4月1日, R6.4.1, 2024/4/1 and Excel's 45383 are 2024-04-01, 令和6年3月 is 2024-03.

    None when the cell is no date.
    """
    if len(cell) > LONGEST:
        return None
    text = _DATE_END.sub("", plain(cell).replace(" ", "").translate(_ERA_SIGNS))
    if found := _ERA_DATE.fullmatch(text):
        year = _ERAS[found[1].upper()] + (1 if found[2] == "元" else int(found[2]))
        return _iso(year, found[3], found[4])
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        days = int(float(text))
        return (_EXCEL_DAY_0 + timedelta(days=days)).isoformat() if _SERIALS[0] <= days <= _SERIALS[1] else None
    found = _COMPACT.fullmatch(text) or _DATE.fullmatch(text)
    return _iso(int(found[1]), found[2], found[3]) if found else None


def _signed(text: str) -> float | None:
    """Value of a text that is a number and nothing else."""
    if found := _BRACKETED.fullmatch(text):
        return 0.0 - float(found["digits"].replace(",", ""))
    found = _WHOLE.fullmatch(text)
    if found is None:
        return None
    value = float(found["digits"].replace(",", ""))
    if not math.isfinite(value):
        return None
    return 0.0 - value if found["sign"] and found["sign"] != "+" else value


def _iso(year: int, month: str | None, day: str | None) -> str | None:
    try:
        whole = date(year, int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole[: 10 if day else 7 if month else 4]
