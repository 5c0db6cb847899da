"""Cells as numbers in the unit of their column; the unit of a cell counts more than that of its heading."""

import pandas as pd

from ...errors import phrase
from .. import cleaning
from ..report import Report
from .columns import Column
from .headings import normalised

_TSUBO_M2 = 3.305785


_TIMES = {"万": 1e4, "千": 1e3, "百万": 1e6, "億": 1e8}


def converted(table: pd.DataFrame, columns: tuple[Column, ...], report: Report) -> pd.DataFrame:
    """Numbers where a unit says so, in that unit; the headings' own units stand in `attrs`."""
    out, units = table.copy(), table.attrs["units"]
    for column in columns:
        if column.name not in table:
            continue
        if not column.unit:
            out[column.name] = out[column.name].astype("str").mask(out[column.name].eq(""))
            continue
        value = _measured(
            table[column.name].astype("str").str.normalize("NFKC"), column, str(units[column.name]), report
        )
        cleaning.plausible(value, report, column.name, max(column.low, -1e12), min(column.high, 1e12), column.unit)
        out[column.name] = value
    out.attrs = {}
    return out


def _measured(text: pd.Series, column: Column, head: str, report: Report) -> pd.Series:
    """A cell's only number in the column's unit; the unit of the cell counts more than that of the heading. Two numbers are no number."""
    if column.unit not in {"ha", "yen/m2", "kV", "m3/day", "MW"}:
        return cleaning.number(text, report, column.name)
    plain = text.str.replace(r"[,\s]", "", regex=True).str.replace("−", "-")
    gone = plain.isin(cleaning.MISSING) | plain.str.fullmatch(r"-?(m2|ha|m3/日)?")
    bare = plain.str.replace(r"(m2|m3|㎡|㎥)", "", regex=True)
    numbers = bare.str.findall(r"\d+(?:\.\d+)?")
    negative = bare.str.contains(r"(?:^|[^\d])-\d", regex=True) & (column.unit != "MW")
    odd = plain.str.contains("町歩|反|アール|年額|月額|億円|[+]", regex=True) & (column.unit in {"ha", "yen/m2"})
    single = numbers.str.len().eq(1) & ~negative & ~odd
    report.add("blanked", ~single & ~gone, column.name, phrase("one number in {unit}", unit=column.unit), text)
    value = pd.to_numeric(numbers.str[0].where(single), errors="coerce").astype("float64")
    value = value.where(~bare.str.contains(r"^-", regex=True), -value)
    scale = bare.str.extract(r"\d(百万|万|千|億)")[0].map(_TIMES).fillna(1.0)
    own = plain.str.contains(r"ha|m2|㎡|坪|kV|kv|kW|kw|MW|mw", regex=True)
    where = plain.where(own, plain + normalised(head))
    return _in_unit(value * scale, where, column, text, report)


def _in_unit(value: pd.Series, where: pd.Series, column: Column, text: pd.Series, report: Report) -> pd.Series:
    """A number brought to the column's unit by the words beside it."""
    lower = where.str.lower()
    if column.unit == "ha":
        square = lower.str.contains("m2|㎡") & ~lower.str.contains("ha")
        thousand = lower.str.contains("千m2") & ~text.str.contains("千")
        report.add("repaired", square & value.notna(), column.name, "ha (m² divided by 10,000)", text)
        value = value.where(~square, value / 1e4).where(~thousand, value / 10)
        return value.where(~lower.str.contains("坪"), value * _TSUBO_M2 / 1e4)
    if column.unit == "yen/m2":
        tsubo = lower.str.contains("坪") & ~lower.str.contains("m2|㎡")
        report.add("repaired", tsubo & value.notna(), column.name, "yen per m² (per tsubo divided by 3.305785)", text)
        total = lower.str.contains("百万円|千円") & ~lower.str.contains("m2|㎡|坪")
        report.add("blanked", total & value.notna(), column.name, "a price per m² or tsubo, not a total", text)
        return value.where(~tsubo, value / _TSUBO_M2).mask(total)
    if column.unit == "MW":
        kilo = lower.str.contains("kw")
        report.add("repaired", kilo & value.notna(), column.name, "MW (kW divided by 1,000)", text)
        return value.where(~kilo, value / 1e3)
    if column.unit == "kV":
        return value.where(~where.str.contains(r"\dV", regex=True), value / 1e3)
    return value
