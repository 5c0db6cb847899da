"""SSDSE-A (NSTAC): municipal statistics in cp932 under three header rows (code, year, label)."""

from io import StringIO

import pandas as pd

from ..base import text
from ..errors import FormatError, phrase
from ..files.tables import numbers, read_text
from ..layer import Reading, Step
from .inputs import Inputs, reading

_WANTED = {
    "persons_15_64": ("A1302", "15～64歳人口"),
    "employees": ("C2208", "従業者数（民営）"),
    "employees_manufacturing": ("C220837", "従業者数（民営）（製造業）"),
    "employees_ict": ("C220839", "従業者数（民営）（情報通信業）"),
    "employees_research": ("C220846", "従業者数（民営）（学術研究、専門・技術サービス業）"),
    "establishments_manufacturing": ("C210837", "事業所数（民営）（製造業）"),
    "employees_construction": ("C220836", "従業者数（民営）（建設業）"),
    "employed": ("F1102", "就業者数"),
    "unemployed": ("F1107", "完全失業者数"),
    "unemployed_women": ("F110702", "完全失業者数（女）"),
    "outside_labour_force": ("F1108", "非労働力人口"),
    "outside_labour_force_women": ("F110802", "非労働力人口（女）"),
    "high_school_students": ("E4501", "高等学校生徒数"),
}
_HEADER_ROWS = 3


def municipalities(inputs: Inputs) -> Reading:
    """Persons by labour force (census 2020), employees by industry (economic census 2021), students (2024) of 1,741 municipalities."""
    name, path = next(iter(inputs.files.items()))
    raw = pd.read_csv(StringIO(read_text(path, encoding="cp932", name=name)), header=None, dtype="str")
    if len(raw) <= _HEADER_ROWS or not str(raw.iloc[0, 0]).startswith("SSDSE-A"):
        raise FormatError(
            name,
            expected="SSDSE-A with three header rows",
            found=phrase("{iloc!r} in the first cell", iloc=raw.iloc[0, 0]),
            remedy="Use the CSV of the NSTAC page, not the Excel or another series.",
        )
    body = raw.iloc[_HEADER_ROWS:].reset_index(drop=True)
    columns = {field: numbers(body[_position(raw, code, label, name)]) for field, (code, label) in _WANTED.items()}
    out = pd.DataFrame({"muni_code": body[0].str.removeprefix("R"), "name": body[2], **columns})
    unknown = int(out.isna().sum().sum())
    return reading(
        out, Step("kept", unknown, text("秘匿・欠測は不明のまま", "suppressed or missing cells kept unknown"))
    )


def _position(raw: pd.DataFrame, code: str, label: str, name: str) -> int:
    codes, labels = raw.iloc[0].tolist(), raw.iloc[2].tolist()
    position = codes.index(code) if code in codes else -1
    if position < 0 or labels[position] != label:
        raise FormatError(
            name,
            expected=phrase("column {code} ({label})", code=code, label=label),
            found=f"{labels[position]!r} there" if position >= 0 else "no such code",
            remedy="The edition may differ from the one in the catalogue.",
        )
    return position
