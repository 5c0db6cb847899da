"""Downloads of the e-Stat database view, its mesh files, and tables by prefecture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count

import pandas as pd

from ...base import Text
from ...country import mesh
from ...country.codes import prefectures
from ...country.places import prefecture_of
from ...errors import FormatError
from ...files.opening import Member
from ...layer import FieldSpec
from .. import cleaning, codes
from ..numbers import number_of, unit_after
from ..report import Report
from .grids import grids
from .headings import HEADER_WITHIN, HIGHEST, Rows, cell_of, column_texts

_HEADER_BLOCK = 60
_AREA = re.compile(r"(?!.*補助)(地域|都道府県|市区町村|市町村|全国・都道府県|団体)[^,]{0,20}?\s*コード")
_PREFECTURE = re.compile(r"都道府県\s*コード")
_CODE_END = ("コード", "補助コード")
_PREFECTURE_NAME = re.compile(r"(都道)?府?県名?|都道府県")
_YEAR = re.compile(r"(19|20)\d\d")
_MESH_KEY = "KEY_CODE"
_MESH_MARKS = {"HTKSYORI", "HTKSAKI", "GASSAN"}
_MESH_CODE = r"\d{4}|\d{6}|\d{8,11}"

_Frame = tuple[pd.DataFrame, dict[str, FieldSpec]]


@dataclass(frozen=True)
class _Table:
    """Heading and rows below it; column numbers of the area's code, its prefecture's code and the labels between."""

    heads: list[str]
    body: Rows
    area: int
    prefecture: int | None

    def column(self, n: int) -> pd.Series:
        """Texts of a column."""
        return pd.Series([cell_of(row, n) for row in self.body], dtype="str", name=self.heads[n])


def estat(members: list[Member], report: Report) -> _Frame:
    """
    Read a download of e-Stat: one row per prefecture, municipality or mesh cell and one column per series.

    Header block and code rows stand above, codes and labels beside each other, and marks for what is missing. A code in two
    columns (prefecture, municipality) is put together; values that contradict each other for one area are unknown.
    """
    for member in members:
        for rows in grids(member, report):
            if rows and _MESH_KEY in rows[0]:
                return _mesh_table(rows, report)
            header = next((n for n, row in enumerate(rows[:_HEADER_BLOCK]) if _area_columns(row)), None)
            if header is not None:
                return _area_table(rows, header, report)
    raise FormatError(
        report.file,
        expected="a column 地域 コード (database view of e-Stat)",
        found="none",
        remedy="Download with codes (コードを出力する).",
    )


def by_prefecture(members: list[Member], report: Report) -> _Frame:
    """The template 職業×都道府県 and the regional 2040 tables: a prefecture in a column, numbers right of it."""
    sheets = (rows for member in members for rows in grids(member, report))
    found = next(((rows, where) for rows in sheets if (where := _prefecture_header(rows)) is not None), None)
    if found is None:
        raise FormatError(
            report.file,
            expected="a column 都道府県",
            found="another heading",
            remedy="Use `planner data template prefecture_table`.",
        )
    rows, (header, at) = found
    last = _last_heading(rows, header, [at])
    heads = _titles(rows, _first_heading(rows, header, at), last)
    cells = _Table(heads, [row for row in rows[last + 1 :] if any(row)], at, None)
    report.rows_read = len(cells.body)
    names = {str(name): str(code) for code, name in prefectures()["name"].items()}
    report.add("rejected", cells.column(at).eq(""), heads[at], "a prefecture")
    table = pd.DataFrame({"pref_code": cleaning.prefecture_code(cells.column(at), names, report, heads[at])})
    specs = {"pref_code": _text_field("都道府県コード", "Prefecture code")}
    for n, head in enumerate(heads[at + 1 :], 1):
        texts = cells.column(at + n)
        if head:
            column = f"value_{n:03d}"
            title = _told_apart(head, specs, report)
            table[column] = cleaning.number(texts, report, head)
            specs[column] = _value_field(title, unit_after(head, texts.unique()))
        elif texts.ne("").any():
            report.note("Column {n} has no heading and was not read.", n=at + n + 1)
    unused = [head for head in heads[:at] if head]
    if unused:
        report.note("Headings not used: {known}.", known=", ".join(unused[:12]))
    return _each_once(table, specs, report), specs


def _last_heading(rows: Rows, header: int, keys: list[int]) -> int:
    """Last row of a heading: rows below that say more of the columns, hold no numbers and name no area belong to it."""
    last = header
    while last + 1 < min(len(rows), header + HIGHEST):
        row = rows[last + 1]
        if any(cell_of(row, n) not in {"", cell_of(rows[header], n)} for n in keys) or not _says_more(row):
            return last
        last += 1
    return last


def _first_heading(rows: Rows, header: int, at: int) -> int:
    """First row of a heading: rows above that say something of the column beside the prefectures belong to it."""
    first = header
    while first > max(0, header + 1 - HIGHEST):
        row = rows[first - 1]
        if cell_of(row, at) not in {"", cell_of(rows[header], at)} or not cell_of(row, at + 1) or not _says_more(row):
            return first
        first -= 1
    return first


def _says_more(row: Sequence[str]) -> bool:
    """Whether a row holds words or years and no other number."""
    held = [number_of(cell).how for cell in row if cell and not _YEAR.fullmatch(cell.strip())]
    years = any(_YEAR.fullmatch(cell.strip()) for cell in row)
    return "number" not in held and ("unreadable" in held or (years and not held))


def _titles(rows: Rows, first: int, last: int) -> list[str]:
    """Whole heading of each column, from the highest text down."""
    return [" ".join(texts[::-1]) for texts in column_texts(rows, first, last)]


def _told_apart(title: str, specs: dict[str, FieldSpec], report: Report) -> str:
    """The title, with a number where another column has it already, which is said."""
    taken = {spec.title.ja for spec in specs.values()}
    if title not in taken:
        return title
    numbered = next(told for n in count(2) if (told := f"{title} ({n})") not in taken)
    report.note("The heading {title} occurs again: that column is called {numbered}.", title=title, numbered=numbered)
    return numbered


def _each_once(table: pd.DataFrame, specs: dict[str, FieldSpec], report: Report) -> pd.DataFrame:
    """One row per prefecture; where rows contradict each other the value is unknown, which is said."""
    code = table["pref_code"]
    twice = code.duplicated() & code.notna()
    report.add("dropped", twice, "pref_code", "each prefecture once", code)
    kept = table[code.notna() & ~twice].reset_index(drop=True)
    if twice.any():
        for name in kept.columns.drop("pref_code"):
            agreed = _once(table[name], code, specs[name].title.ja, report)
            kept[name] = kept[name].where(kept["pref_code"].map(agreed).notna())
    return kept


def _area_columns(row: Sequence[str]) -> list[int]:
    return [n for n, cell in enumerate(row) if _AREA.fullmatch(cell.strip())]


def _prefecture_header(rows: Rows) -> tuple[int, int] | None:
    """Row and column of the heading of the prefectures."""
    known = {"都道府県", "pref_code", "都道府県名", "prefecture"}
    cells = (
        (n, k) for n, row in enumerate(rows[:HEADER_WITHIN]) for k, cell in enumerate(row) if cell.strip() in known
    )
    return next(cells, None)


def _area_table(rows: Rows, header: int, report: Report) -> _Frame:
    columns = _area_columns(rows[header])
    last = _last_heading(rows, header, columns)
    heads = _titles(rows, header, last)
    finer = [n for n in columns if not _PREFECTURE.fullmatch(heads[n])]
    area = (finer or columns)[-1 if finer else 0]
    beside = next((n for n in columns if n != area and _PREFECTURE.fullmatch(heads[n])), None)
    body = [row for row in rows[last + 1 :] if any(row)]
    report.rows_read = len(body)
    table = _Table(heads, body, area, beside)
    code = _of_named_prefecture(table, _codes_of_areas(table, report), report)
    return _with_area_codes(*_by_series(table, code, report), report)


def _codes_of_areas(table: _Table, report: Report) -> pd.Series:
    front = None if table.prefecture is None else table.column(table.prefecture)
    code = codes.area_codes(table.column(table.area), report, table.heads[table.area], prefectures=front)
    if front is None:
        return code
    whole = codes.area_codes(front, Report(report.file, report.kind), table.heads[table.prefecture or 0])
    own = table.column(table.area)
    code = code.where(own.ne(""), whole)
    contradict = code.notna() & whole.notna() & code.str[:2].ne(whole.str[:2])
    report.add("blanked", contradict, table.heads[table.area], "a municipality of the prefecture beside it", own)
    return code.mask(contradict)


def _of_named_prefecture(table: _Table, code: pd.Series, report: Report) -> pd.Series:
    """
    Codes without those whose prefecture is named otherwise beside them, which is said.

    A column of prefectures is that of the area when its heading is 都道府県, or when it agrees with most codes; another one,
    such as where people moved from, is a label.
    """
    for n, head in enumerate(table.heads):
        texts = table.column(n)
        named = texts.where(texts.str.contains(r"[都道府県]\s*$|^\D+$"), "").map(prefecture_of)
        both = named.notna() & code.notna()
        agree = both & named.eq(code.str[:2])
        if both.any() and (_PREFECTURE_NAME.fullmatch(head) or agree.sum() * 2 >= both.sum()):
            report.add("rejected", both & ~agree, head, "the prefecture of the code beside it", texts)
            code = code.mask(both & ~agree)
    return code


def _by_series(table: _Table, code: pd.Series, report: Report) -> _Frame:
    """One row per area: each column of numbers, once per combination of the labels beside it."""
    heads = table.heads
    held = {table.area, table.prefecture}
    free = [n for n, head in enumerate(heads) if head and n not in held and not head.endswith(_CODE_END)]
    first = min(n for n in held if n is not None)
    marks = {n for n in free if n > first and cleaning.only_marks(table.column(n))}
    values = [n for n in free if n > first and (n in marks or cleaning.mostly_numbers(table.column(n)))]
    if not values:
        raise FormatError(report.file, expected="columns of numbers", found="none", remedy="Put the areas in the rows.")
    labels = [table.column(n) for n in free if n not in values]
    labels = [label for label in labels if not _names_areas(label, code)]
    group = (
        reduce(lambda said, label: said.str.cat(label, sep="・"), labels) if labels else pd.Series("", index=code.index)
    )
    wide = pd.DataFrame({"area_code": pd.Series(sorted(code.dropna().unique()), dtype="str")})
    specs: dict[str, FieldSpec] = {}
    for n in values:
        if n in marks:
            report.note("{title}: every cell is a mark for a value that is not there; all are unknown.", title=heads[n])
        series = cleaning.number(table.column(n), report, heads[n])
        for label, part in series.groupby(group):
            title = _told_apart(f"{heads[n]} {label}".strip(), specs, report)
            column = f"value_{len(specs) + 1:03d}"
            wide[column] = wide["area_code"].map(_once(part, code, title, report))
            specs[column] = _value_field(title, unit_after(heads[n], table.column(n).unique()))
    return wide, specs


def _names_areas(labels: pd.Series, code: pd.Series) -> bool:
    """Whether a column of texts only names the areas: it differs, and never within one area."""
    known = code.notna()
    if labels[known].map(prefecture_of).eq(code[known].str[:2]).all():
        return True
    per_area = labels[known].groupby(code[known]).nunique()
    return len(set(labels)) > 1 and bool((per_area <= 1).all())


def _once(values: pd.Series, code: pd.Series, title: str, report: Report) -> pd.Series:
    """Value by area; where rows of one area contradict each other it is unknown, and the areas are named."""
    rows = pd.DataFrame({"code": code.reindex(values.index), "value": values}).dropna()
    per_area = rows.groupby("code")["value"].agg(["first", "nunique"])
    several = per_area["nunique"] > 1
    if several.any():
        area = str(several.index[several][0])
        report.note(
            "{title}: {n} areas occur with values that contradict each other, so they are unknown there; the first is {area}: {known}.",
            title=title,
            n=int(several.sum()),
            area=area,
            known=", ".join(f"{value:g}" for value in rows.loc[rows["code"].eq(area), "value"].unique()[:4]),
        )
    return per_area["first"].mask(several)


def _with_area_codes(wide: pd.DataFrame, specs: dict[str, FieldSpec], report: Report) -> _Frame:
    country = wide["area_code"].eq("00000")
    report.add("dropped", country, "area_code", "a prefecture or municipality code", wide["area_code"])
    wide = wide[~country].assign(pref_code=lambda t: t["area_code"].str[:2])
    wide["muni_code"] = wide["area_code"].where(~wide["area_code"].str.endswith("000"))
    base = {
        "area_code": _text_field("地域コード", "Area code"),
        "pref_code": _text_field("都道府県コード", "Prefecture code"),
        "muni_code": _text_field("市区町村コード", "Municipality code"),
    }
    return wide, base | specs


def _mesh_table(rows: Rows, report: Report) -> _Frame:
    """A mesh file of e-Stat: codes of the items in the first row, their names in the second, one cell a row."""
    items = rows[0]
    two = len(rows) > 1 and not re.fullmatch(_MESH_CODE, cell_of(rows[1], items.index(_MESH_KEY)))
    names = rows[1] if two else items
    body = rows[2 if two else 1 :]
    report.rows_read = len(body)
    cells = _Table(items, body, items.index(_MESH_KEY), None)
    code = cells.column(cells.area)
    known = mesh.is_code(code)
    report.add("rejected", ~known, _MESH_KEY, "a code of a mesh cell", code)
    abroad = known & ~mesh.is_in_japan(code)
    report.add("rejected", abroad, _MESH_KEY, "a cell in Japan (122-154 E, 20-46 N)", code)
    known &= ~abroad
    _note_sizes(code[known], report)
    twice = known & code.duplicated(keep=False)
    report.add("rejected", twice, _MESH_KEY, "each cell once", code)
    table, specs = pd.DataFrame({"mesh_code": code}), {"mesh_code": _text_field("メッシュコード", "Mesh code")}
    for n, item in enumerate(items):
        if item and item != _MESH_KEY and item not in _MESH_MARKS:
            title = _told_apart((cell_of(names, n) or item).strip("　 "), specs, report)
            table[item.lower()] = cleaning.number(cells.column(n), report, title)
            specs[item.lower()] = _value_field(title, unit_after(title, cells.column(n).unique()))
    if len(specs) == 1:
        raise FormatError(report.file, expected="columns of numbers", found="none", remedy="Choose the mesh file.")
    return table[known & ~twice].reset_index(drop=True), specs


def _note_sizes(codes: pd.Series, report: Report) -> None:
    """Say of which size the cells are, when not all are of the 1 km that criteria look up."""
    sizes = codes.str.len().map(mesh.SIZES).value_counts()
    if set(sizes.index) - {"1 km"}:
        report.note(
            "The cells are of {sizes}; the measure of the 1 km cell reads only those of 1 km.",
            sizes=", ".join(f"{size} ({n:,})" for size, n in sizes.items()),
        )


def _text_field(ja: str, en: str) -> FieldSpec:
    return FieldSpec(dtype="string", unit=None, title=Text(ja=ja, en=en))


def _value_field(title: str, of: str | None) -> FieldSpec:
    return FieldSpec(dtype="float", unit=of, title=Text(ja=title, en=title))
