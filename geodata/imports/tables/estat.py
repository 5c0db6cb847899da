"""Downloads of the e-Stat database view, and tables by prefecture."""

import re

import pandas as pd

from ...base import Text
from ...country.codes import prefectures
from ...errors import FormatError
from ...files.opening import Member
from ...layer import FieldSpec
from .. import cleaning
from ..numbers import MISSING
from ..report import Report
from .grids import grids
from .headings import HEADER_WITHIN


def estat(members: list[Member], report: Report) -> tuple[pd.DataFrame, dict[str, FieldSpec]]:
    """
    Read a download of the e-Stat database view: one row per prefecture or municipality and one column per series.

    Header block and code rows stand above, codes and labels beside each other, and marks for what is missing.
    """
    rows = next((grid for member in members for grid in grids(member, report)), None)
    header = (
        None if rows is None else next((n for n, row in enumerate(rows[:60]) if _area_column(row) is not None), None)
    )
    if rows is None or header is None:
        raise FormatError(
            report.file,
            expected="a column 地域 コード (database view of e-Stat)",
            found="none",
            remedy="Download with codes (コードを出力する).",
        )
    heads = [str(cell).strip() for cell in rows[header]]
    area = _area_column(rows[header])
    body = [row for row in rows[header + 1 :] if len(row) > (area or 0)]
    report.rows_read = len(body)
    raw = pd.Series([str(row[area or 0]).strip() for row in body])
    code = raw.where(~raw.str.fullmatch(r"\d{1,2}"), raw.str.zfill(2) + "000")
    name = next(
        (n for n in range((area or 0) + 1, len(heads)) if heads[n] and not heads[n].endswith("コード")), (area or 0) + 1
    )
    values = [
        n
        for n, head in enumerate(heads)
        if n > name and head and not head.endswith(("コード", "補助コード")) and _numeric(body, n)
    ]
    if not values:
        raise FormatError(report.file, expected="columns of numbers", found="none", remedy="Put the areas in the rows.")
    labels = [
        heads[n]
        for n in range(len(heads))
        if n not in values and n not in {area, name} and not heads[n].endswith("コード")
    ]
    table = pd.DataFrame({"area_code": code})
    specs: dict[str, FieldSpec] = {}
    group = ["・".join(str(row[heads.index(label)]).strip() for label in labels) for row in body]
    for n in values:
        series = cleaning.number(pd.Series([str(row[n]) if n < len(row) else "" for row in body]), report, heads[n])
        for name, part in series.groupby(pd.Series(group)):
            title = f"{heads[n]} {name}".strip()
            column = f"value_{len(specs) + 1:03d}"
            table[column] = part.reindex(table.index)
            specs[column] = FieldSpec(dtype="float", unit=unit(heads[n]), title=Text(ja=title, en=title))
    wide = table.groupby("area_code", sort=True).first().reset_index()
    known = wide["area_code"].str.fullmatch(r"\d{5}") & wide["area_code"].ne("00000")
    report.add("rejected", ~known, "area_code", "a prefecture or municipality code", wide["area_code"])
    wide = wide[known].assign(pref_code=lambda t: t["area_code"].str[:2])
    wide["muni_code"] = wide["area_code"].where(~wide["area_code"].str.endswith("000"))
    base = {
        "area_code": ("地域コード", "Area code"),
        "pref_code": ("都道府県コード", "Prefecture code"),
        "muni_code": ("市区町村コード", "Municipality code"),
    }
    return wide, {
        n: FieldSpec(dtype="string", unit=None, title=Text(ja=ja, en=en)) for n, (ja, en) in base.items()
    } | specs


def by_prefecture(members: list[Member], report: Report) -> tuple[pd.DataFrame, dict[str, FieldSpec]]:
    """The template 職業×都道府県 and the regional 2040 tables: a prefecture in the first column, numbers beside it."""
    rows = next((grid for member in members for grid in grids(member, report)), [])
    header = next(
        (
            n
            for n, row in enumerate(rows[:HEADER_WITHIN])
            if str(row[0]).strip() in {"都道府県", "pref_code", "都道府県名", "prefecture"}
        ),
        None,
    )
    if header is None:
        raise FormatError(
            report.file,
            expected="都道府県 in the first column",
            found="another heading",
            remedy="Use `planner data template prefecture_table`.",
        )
    heads, body = (
        [str(c).strip() for c in rows[header]],
        [row for row in rows[header + 1 :] if any(str(c).strip() for c in row)],
    )
    report.rows_read = len(body)
    names = {str(name): str(code) for code, name in prefectures()["name"].items()}
    table = pd.DataFrame(
        {"pref_code": cleaning.prefecture_code(pd.Series([str(r[0]) for r in body]), names, report, heads[0])}
    )
    specs = {"pref_code": FieldSpec(dtype="string", unit=None, title=Text(ja="都道府県コード", en="Prefecture code"))}
    for n, head in enumerate(heads[1:], 1):
        if head:
            column = f"value_{n:03d}"
            table[column] = cleaning.number(pd.Series([str(r[n]) if n < len(r) else "" for r in body]), report, head)
            specs[column] = FieldSpec(dtype="float", unit=unit(head), title=Text(ja=head, en=head))
    twice = table["pref_code"].duplicated() & table["pref_code"].notna()
    report.add("rejected", twice, heads[0], "each prefecture once", table["pref_code"])
    return table[table["pref_code"].notna() & ~twice].reset_index(drop=True), specs


def _area_column(row: list[object]) -> int | None:
    return next(
        (
            n
            for n, cell in enumerate(row)
            if re.fullmatch(r"(地域|都道府県|市区町村|全国・都道府県)[^,]{0,20}?\s*コード", str(cell).strip())
        ),
        None,
    )


def _numeric(body: list[list[object]], n: int) -> bool:
    cells = [str(row[n]).replace(",", "").strip() for row in body[:200] if n < len(row)]
    known = [c for c in cells if c not in MISSING]
    return bool(known) and all(re.fullmatch(r"-?\d+(\.\d+)?", c) for c in known)


def unit(head: str) -> str | None:
    """Unit at the end of a heading, in any brackets; None without one."""
    found = re.search(r"[【\[（(]([^】\]）)]{1,12})[】\]）)]\s*$", head)
    return found.group(1) if found else None
