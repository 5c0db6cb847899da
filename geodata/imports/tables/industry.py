"""Tables about industry of the user's own: sectors of areas, firms, transactions, trade, input-output tables, hubs of a programme."""

import re
import unicodedata

import pandas as pd

from ...base import Text
from ...country.codes import PREFECTURE_CODES, prefectures
from ...errors import phrase
from ...files.opening import Member
from ...layer import FieldSpec
from ..codes import area_codes
from ..report import Report
from .columns import Column, Columns, columns_of, specs_of
from .people import Look
from .placing import placed_by_code
from .reading import read_table

_Frame = tuple[pd.DataFrame, dict[str, FieldSpec]]
_ACCURACY = {"accuracy_m": FieldSpec(dtype="float", unit="m", title=Text(ja="位置精度", en="Position accuracy"))}
_YES = {"yes", "true", "1", "はい", "有", "あり", "○", "〇", "非公開", "宣言済"}
_SECTOR = re.compile(r"\s*(?:[A-Ra-r](?=\d{2}))?([A-Ra-r]|(?!00)\d{2})(?![A-Za-z0-9])")
"""A division, or a group with or without the letter of its division before it; 00 is a total."""
_NUMBER_LENGTH = 13
OUTPUT, VALUE_ADDED, EMPLOYEES, FINAL = "output", "value_added", "employees", "final_demand"
ACCOUNTS = {
    **dict.fromkeys(("output", "生産額", "国内生産額", "県内生産額"), OUTPUT),
    **dict.fromkeys(("value_added", "粗付加価値", "粗付加価値部門計", "付加価値"), VALUE_ADDED),
    **dict.fromkeys(("employees", "従業者", "従業者数", "就業者数"), EMPLOYEES),
    **dict.fromkeys(("final_demand", "最終需要", "最終需要計"), FINAL),
}
"""Rows and columns of an input-output table that are no sectors, as they are spelt."""


def sectors(members: list[Member], report: Report) -> _Frame:
    """One row per area and sector: employees and establishments; a prefecture has two digits; a pair that comes twice is rejected."""
    columns = _renamed(_needing("sector", "employees", "muni_code"), "sector")
    table = read_table(members, columns, report).rename(columns={"name": "sector"})
    code = area_codes(table["muni_code"], report, "muni_code", prefectures=table.get("prefecture"))
    area = code.where(~code.str.endswith("000").fillna(value=False), code.str[:2])
    said = table["sector"].fillna("").astype("str")
    sector = said.map(_sector_of)
    expected = phrase("a division (A to R) or a two-digit group of the JSIC")
    report.add("rejected", sector.isna(), "sector", expected, said)
    twice = pd.DataFrame({"a": area, "s": sector}).duplicated(keep=False) & sector.notna() & area.notna()
    report.add("rejected", twice, "sector", phrase("each sector of an area once"), said)
    keep = sector.notna() & area.notna() & ~twice
    report.add(
        "noted", keep & table["employees"].isna(), "employees", phrase("a number of employees: it stays unknown"), said
    )
    held = table.assign(area_code=area, sector=sector)[keep].reset_index(drop=True)
    names = [name for name in ("employees", "establishments", "source") if name in held]
    frame = held[["area_code", "sector", *names]]
    return frame, {"area_code": _word("地域コード", "Area code"), **specs_of(_plain(), frame)}


def firms(members: list[Member], report: Report, look: Look) -> _Frame:
    """One firm a row at its position, address or municipality; a corporate number that cannot be one is blanked and told."""
    columns = _needing("name")
    table = read_table(members, columns, report)
    if "corporate_number" in table:
        said = table["corporate_number"].fillna("").astype("str").map(_digits)
        valid = said.map(corporate_number_fits)
        report.add("blanked", said.ne("") & ~valid, "corporate_number", phrase("13 digits, the first one right"), said)
        table = table.assign(corporate_number=said.where(valid, ""))
    for name in ("declared_10_billion", "private"):
        if name in table:
            table[name] = table[name].fillna("").astype("str").map(_yes)
    frame = placed_by_code(table, report, look).drop(columns=["lon", "lat"], errors="ignore")
    return frame, specs_of(columns, frame) | _ACCURACY


def transactions(members: list[Member], report: Report) -> _Frame:
    """One transaction a row: supplier, customer, their prefectures, value; one without a partner is rejected."""
    columns = _renamed(_needing("supplier", "customer"), "supplier")
    table = read_table(members, columns, report).rename(columns={"name": "supplier"})
    alone = table["customer"].fillna("").astype("str").str.strip().eq("")
    report.add("rejected", alone, "customer", phrase("the firm that buys"), table["supplier"])
    held = table[~alone].reset_index(drop=True)
    for name in ("supplier_area", "customer_area"):
        if name in held:
            said = held[name].fillna("").astype("str").str.strip()
            code = said.map(prefecture_code)
            report.add("blanked", code.eq("") & said.ne(""), name, phrase("a prefecture by code or name"), said)
            held[name] = code
    return held, specs_of(columns, held) | {"supplier": _word("売り手", "Supplier")}


def trade(members: list[Member], report: Report) -> _Frame:
    """One product and country a row: what Japan imports from there, and what that country exports to the world."""
    columns = _needing("name", "country")
    table = read_table(members, columns, report)
    table = table.rename(columns={"name": "product"})
    blank = table["country"].fillna("").astype("str").str.strip().eq("")
    report.add("rejected", blank, "country", phrase("a country"), table["product"])
    twice = table.duplicated(["product", "country"], keep=False) & ~blank
    report.add("rejected", twice, "country", phrase("each country of a product once"), table["product"])
    held = table[~blank & ~twice].reset_index(drop=True)
    return held, specs_of(columns, held) | {"product": _word("品目", "Product")}


def input_output(members: list[Member], report: Report) -> _Frame:
    """
    An input-output table in long form: from and to (region and sector) and the value.

    Regions are `area` and `rest` (or any two names); sectors named output, value_added, employees or final_demand (or their
    Japanese names) are accounts. A cell without a value is rejected, since nothing may be taken for 0.
    """
    needed = ("from_sector", "to_sector", "value")
    columns = _renamed(_needing(*needed), "from_sector")
    table = read_table(members, columns, report).rename(columns={"name": "from_sector"})
    for name in ("from_region", "to_region"):
        table[name] = table[name].fillna("").astype("str").str.strip() if name in table else "area"
    for name in ("from_sector", "to_sector"):
        table[name] = table[name].fillna("").astype("str").str.strip().map(lambda said: ACCOUNTS.get(said, said))
    unknown = table["value"].isna() | table["to_sector"].eq("")
    report.add("rejected", unknown, "value", phrase("a value: an empty cell is not 0"), table["from_sector"])
    keys = ["from_region", "from_sector", "to_region", "to_sector"]
    twice = table.duplicated(keys, keep=False) & ~unknown
    report.add("rejected", twice, "value", phrase("each cell of the table once"), table["from_sector"])
    held = table.loc[~unknown & ~twice, [*keys, "value"]].reset_index(drop=True)
    return held, {**specs_of(columns, held), **{key: _word(key, key) for key in keys}}


def hubs(members: list[Member], report: Report, look: Look) -> _Frame:
    """Hubs of a programme (such as 製造AX拠点) at their position or municipality, with their reach."""
    columns = _needing("name")
    frame = placed_by_code(read_table(members, columns, report), report, look).drop(
        columns=["lon", "lat"], errors="ignore"
    )
    return frame, specs_of(columns, frame) | _ACCURACY


def corporate_number_fits(text: str) -> bool:
    """Whether thirteen digits are a corporate number: the first is 9 less the weighted sum of the others, modulo 9."""
    if len(text) != _NUMBER_LENGTH or not text.isdigit():
        return False
    total = sum(int(digit) * (1 if n % 2 == 0 else 2) for n, digit in enumerate(reversed(text[1:])))
    return int(text[0]) == 9 - total % 9


def prefecture_code(said: str) -> str:
    """Two digits of a prefecture by its code, name or name without its ending; empty when it is none."""
    text = unicodedata.normalize("NFKC", said).strip()
    if text.zfill(2) in PREFECTURE_CODES:
        return text.zfill(2)
    names = prefectures()["name"]
    found = names[names.eq(text) | names.str[:-1].eq(text)]
    return str(found.index[0]) if len(found) else ""


def _sector_of(said: str) -> str | None:
    found = _SECTOR.match(unicodedata.normalize("NFKC", said))
    return found[1].upper() if found else None


def _digits(said: str) -> str:
    return re.sub(r"[\s\-.]", "", unicodedata.normalize("NFKC", said).removesuffix(".0"))


def _yes(said: str) -> str:
    return "yes" if unicodedata.normalize("NFKC", said).strip().lower() in _YES else "no"


def _word(ja: str, en: str) -> FieldSpec:
    return FieldSpec(dtype="string", title=Text(ja=ja, en=en))


def _plain() -> Columns:
    return columns_of("industry")


def _needing(*names: str) -> Columns:
    return tuple(
        column.model_copy(update={"required": True}) if column.name in names else column for column in _plain()
    )


def _renamed(columns: Columns, name: str) -> Columns:
    """The column that every row of a table has, in the place of a name."""
    return tuple(_as_name(column, name) for column in columns if column.name != "name")


def _as_name(column: Column, name: str) -> Column:
    return column.model_copy(update={"name": "name"}) if column.name == name else column
