"""SSDSE-A (NSTAC): municipal statistics in cp932 under three header rows (code, year, label)."""

from io import StringIO

import pandas as pd

from ..base import text
from ..errors import FormatError, phrase
from ..files.tables import numbers, read_text
from ..layer import Reading, Step
from .inputs import Inputs, reading

_WANTED = {
    "persons": ("A1101", "総人口"),
    "persons_15_64": ("A1302", "15～64歳人口"),
    "employees": ("C2208", "従業者数（民営）"),
    "employees_manufacturing": ("C220837", "従業者数（民営）（製造業）"),
    "employees_ict": ("C220839", "従業者数（民営）（情報通信業）"),
    "employees_research": ("C220846", "従業者数（民営）（学術研究、専門・技術サービス業）"),
    "establishments_manufacturing": ("C210837", "事業所数（民営）（製造業）"),
    "employees_construction": ("C220836", "従業者数（民営）（建設業）"),
    "employees_transport": ("C220840", "従業者数（民営）（運輸業、郵便業）"),
    "employees_farming": ("C220832", "従業者数（民営）（農業、林業）"),
    "employed": ("F1102", "就業者数"),
    "unemployed": ("F1107", "完全失業者数"),
    "unemployed_women": ("F110702", "完全失業者数（女）"),
    "outside_labour_force": ("F1108", "非労働力人口"),
    "outside_labour_force_women": ("F110802", "非労働力人口（女）"),
    "high_school_students": ("E4501", "高等学校生徒数"),
    "primary_schools": ("E2101", "小学校数"),
    "large_shops": ("H6132", "大型小売店数"),
    "hospitals": ("I510120", "一般病院数"),
    "clinics": ("I5102", "一般診療所数"),
    "doctors": ("I6100", "医師数"),
}
_DIVISIONS = {
    "A": ("32", "農業、林業"),
    "B": ("33", "漁業"),
    "C": ("35", "鉱業、採石業、砂利採取業"),
    "D": ("36", "建設業"),
    "E": ("37", "製造業"),
    "F": ("38", "電気・ガス・熱供給・水道業"),
    "G": ("39", "情報通信業"),
    "H": ("40", "運輸業、郵便業"),
    "I": ("41", "卸売業、小売業"),
    "J": ("44", "金融業、保険業"),
    "K": ("45", "不動産業、物品賃貸業"),
    "L": ("46", "学術研究、専門・技術サービス業"),
    "M": ("47", "宿泊業、飲食サービス業"),
    "N": ("48", "生活関連サービス業、娯楽業"),
    "O": ("49", "教育、学習支援業"),
    "P": ("50", "医療、福祉"),
    "Q": ("51", "複合サービス事業"),
    "R": ("52", "サービス業（他に分類されないもの）"),
}
"""Divisions of the standard industrial classification (JSIC) by letter: the ending of SSDSE's code, and the name."""
_HEADER_ROWS = 3


def municipalities(inputs: Inputs) -> Reading:
    """Persons by labour force (census 2020), employees by industry (economic census 2021), students (2024) of 1,741 municipalities."""
    name, raw = _raw(inputs)
    body = raw.iloc[_HEADER_ROWS:].reset_index(drop=True)
    columns = {field: numbers(body[_position(raw, code, label, name)]) for field, (code, label) in _WANTED.items()}
    out = pd.DataFrame({"muni_code": body[0].str.removeprefix("R"), "name": body[2], **columns})
    return _kept(out)


def sectors(inputs: Inputs) -> Reading:
    """Private establishments and employees (economic census 2021) of each municipality by division of the JSIC, one row each."""
    name, raw = _raw(inputs)
    body = raw.iloc[_HEADER_ROWS:].reset_index(drop=True)
    code = body[0].str.removeprefix("R")
    parts = [
        pd.DataFrame(
            {
                "row_id": code + "-" + letter,
                "area_code": code,
                "sector": letter,
                "employees": numbers(body[_position(raw, f"C2208{ending}", f"従業者数（民営）（{title}）", name)]),
                "establishments": numbers(body[_position(raw, f"C2108{ending}", f"事業所数（民営）（{title}）", name)]),
            }
        )
        for letter, (ending, title) in _DIVISIONS.items()
    ]
    return _kept(pd.concat(parts, ignore_index=True))


def _raw(inputs: Inputs) -> tuple[str, pd.DataFrame]:
    """Name of the file and all its cells as text; FormatError when it is no SSDSE-A."""
    name, path = next(iter(inputs.files.items()))
    raw = pd.read_csv(StringIO(read_text(path, encoding="cp932", name=name)), header=None, dtype="str")
    if len(raw) <= _HEADER_ROWS or not str(raw.iloc[0, 0]).startswith("SSDSE-A"):
        raise FormatError(
            name,
            expected="SSDSE-A with three header rows",
            found=phrase("{iloc!r} in the first cell", iloc=raw.iloc[0, 0]),
            remedy="Use the CSV of the NSTAC page, not the Excel or another series.",
        )
    return name, raw


def _kept(out: pd.DataFrame) -> Reading:
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
