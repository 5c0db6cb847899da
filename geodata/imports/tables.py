"""Tables: grid companies' capacity, demand room, industrial estates, e-Stat downloads. Headings are matched, never positions."""

import io
import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd

from .. import crs
from ..admin import prefectures
from ..errors import FormatError
from ..layer import FieldSpec, Layer, Text
from . import cleaning
from .opening import Member, decoded
from .report import Report

_HEADER_WITHIN = 12
_MOST_ROWS, _MOST_COLUMNS = 300_000, 400
_TSUBO_M2 = 3.305785
_UNIT_END = re.compile(r"(千m2|ha|m2|円/坪|円/m2|千円|百万円|円|kv|kw|mw|%|m3/日|人)+$")
_TIMES = {"万": 1e4, "千": 1e3, "百万": 1e6, "億": 1e8}
_BANDS_MW = {
    "31-100": (31, 100),
    "101-200": (101, 200),
    "201-300": (201, 300),
    "301-1000": (301, 1000),
    "1001-": (1001, np.inf),
}


@dataclass(frozen=True)
class Column:
    """A column of a kind of table: its headings as publishers write them (normalised), type and unit."""

    name: str
    ja: str
    en: str
    headings: tuple[str, ...]
    unit: str | None = None
    required: bool = False
    low: float = -np.inf
    high: float = np.inf

    def spec(self) -> FieldSpec:
        """What it becomes in the layer."""
        return FieldSpec(dtype="float" if self.unit else "string", unit=self.unit, title=Text(ja=self.ja, en=self.en))


CAPACITY = (
    Column("name", "設備名", "Name", ("送電線名", "変電所名", "設備名", "設備名称", "系統名"), required=True),
    Column("number", "番号", "Number", ("送電線no", "no", "変電所番号", "番号")),
    Column("voltage_kv", "電圧", "Voltage", ("電圧kv", "電圧一次kv", "電圧", "公称電圧kv"), "kV", high=1_000, low=1),
    Column(
        "equipment_mw",
        "設備容量",
        "Equipment capacity",
        ("設備容量100%×回線数", "設備容量mw", "設備容量", "設備容量100%×回線数mw"),
        "MW",
    ),
    Column("operating_mw", "運用容量値", "Operating capacity", ("運用容量値mw", "運用容量mw", "運用容量値"), "MW"),
    Column(
        "room_here_mw",
        "発電側の空容量（当該設備）",
        "Generation room, this equipment",
        ("空容量当該設備mw", "空容量当該設備", "当該設備mw"),
        "MW",
        high=20_000,
    ),
    Column(
        "room_upstream_mw",
        "発電側の空容量（上位系等考慮）",
        "Generation room with the upstream grid",
        ("空容量上位系等考慮mw", "空容量上位系等考慮", "上位系等考慮mw"),
        "MW",
        high=20_000,
    ),
    Column("remarks", "備考", "Remarks", ("備考",)),
)
DEMAND = (
    Column("name", "変電所名", "Substation", ("name", "変電所名", "エリア名"), required=True),
    Column("grid_area", "供給区域", "Grid area", ("grid_area", "供給区域", "エリア")),
    Column("voltage_kv", "電圧", "Voltage", ("voltage_kv", "電圧kv", "電圧"), "kV", low=1, high=1_000),
    Column("band_mw", "受入可能な需要の帯", "Band of demand room", ("band_mw", "帯mw", "ランク")),
    Column(
        "room_mw", "受入可能な需要", "Demand room", ("room_mw", "受入可能mw", "需要側空容量mw"), "MW", low=0, high=5_000
    ),
    Column(
        "lead_years",
        "接続までの年数",
        "Years to connect",
        ("lead_years", "工期年", "接続年数"),
        "years",
        low=0,
        high=30,
    ),
    Column("as_of", "時点", "As of", ("as_of", "時点", "更新日"), required=True),
    Column("lon", "経度", "Longitude", ("lon", "経度"), "degrees"),
    Column("lat", "緯度", "Latitude", ("lat", "緯度"), "degrees"),
    Column("source", "出典", "Source", ("source", "出典")),
)
ESTATES = (
    Column(
        "name",
        "名称",
        "Name",
        (
            "name",
            "団地名",
            "工業団地名",
            "産業団地名",
            "地区名",
            "名称",
            "用地名",
            "物件名",
            "工業用地名",
            "工場適地名",
        ),
        required=True,
    ),
    Column(
        "municipality",
        "市町村",
        "Municipality",
        ("municipality", "市町村名", "市町村", "市区町村", "市区町村名", "所在市町村", "立地市町村"),
    ),
    Column("address", "所在地", "Address", ("address", "所在地", "住所", "所在", "所在地番")),
    Column("lon", "経度", "Longitude", ("lon", "経度", "東経", "lng"), "degrees"),
    Column("lat", "緯度", "Latitude", ("lat", "緯度", "北緯"), "degrees"),
    Column(
        "total_ha",
        "全体面積",
        "Total area",
        ("total_ha", "総面積", "全体面積", "団地面積", "造成面積", "敷地面積", "開発面積", "全体計画面積"),
        "ha",
        low=0.01,
        high=20_000,
    ),
    Column(
        "available_ha",
        "分譲可能面積",
        "Available area",
        (
            "available_ha",
            "分譲可能面積",
            "残面積",
            "未処分用地",
            "空き区画面積",
            "分譲残面積",
            "残り分譲面積",
            "分譲中面積",
        ),
        "ha",
        low=0,
        high=5_000,
    ),
    Column(
        "zoning", "用途地域", "Zoning", ("zoning", "用途地域", "都市計画用途地域", "用途指定", "用途区分", "法規制")
    ),
    Column(
        "price_yen_m2",
        "価格",
        "Price",
        ("price_yen_m2", "単価", "分譲単価", "分譲価格", "譲渡単価", "価格", "売却価格", "坪単価"),
        "yen/m2",
        low=100,
        high=1_000_000,
    ),
    Column(
        "power_kv", "電力", "Power", ("power_kv", "電力", "受電電圧", "特別高圧", "供給電圧"), "kV", low=0.1, high=500
    ),
    Column(
        "industrial_water_m3_day",
        "工業用水",
        "Industrial water",
        ("industrial_water_m3_day", "工業用水", "工水", "給水能力"),
        "m3/day",
        low=0,
        high=1_000_000,
    ),
    Column(
        "water_area",
        "工業用水の給水区域",
        "Inside an industrial-water supply area",
        ("water_area", "給水区域", "工業用水給水区域"),
    ),
    Column("owners", "所有者数", "Number of owners", ("owners", "所有者数", "地権者数"), "owners", low=0, high=5_000),
    Column("developer", "事業主体", "Developer", ("developer", "事業主体", "開発主体", "造成主体")),
    Column("status", "状況", "Status", ("status", "状況", "分譲状況", "募集状況", "現況", "空き状況")),
    Column(
        "removal_cost_m_yen",
        "撤去費",
        "Removal cost",
        ("removal_cost_m_yen", "撤去費", "解体費", "更地化費用"),
        "million yen",
        low=0,
    ),
    Column(
        "housing_m",
        "住宅までの距離",
        "Distance to housing",
        ("housing_m", "住宅までの距離", "民家との離隔"),
        "m",
        low=0,
        high=20_000,
    ),
    Column("green_pct", "緑地率", "Green ratio", ("green_pct", "緑地率", "緑地面積率"), "%", low=0, high=100),
    Column("as_of", "時点", "As of", ("as_of", "時点", "更新日")),
    Column("source_url", "出典", "Source", ("source_url", "出典", "url")),
)


def read_table(members: list[Member], columns: tuple[Column, ...], report: Report) -> pd.DataFrame:
    """Every sheet or CSV inside with a heading that fits, each in the units of its own headings, put together."""
    found = []
    for member in members:
        for rows in _grids(member, report):
            table = _headed(rows, columns, report)
            if table is not None:
                found.append(_converted(table, columns, report))
    if not found:
        needed = ", ".join(c.headings[1] if len(c.headings) > 1 else c.headings[0] for c in columns if c.required)
        raise FormatError(
            report.file,
            expected=f"a table with a heading such as {needed}",
            found="none in the first rows",
            remedy="Keep the publisher's heading row, or use `planner data template`.",
        )
    whole = pd.concat(found, ignore_index=True)
    if whole.empty:
        raise FormatError(
            report.file, expected="rows below the heading", found="none with a name", remedy="Check the file."
        )
    return whole


def capacity(
    members: list[Member], report: Report, substations: Layer | None
) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    """
    Capacity tables of a grid company joined to substations by name and voltage: room for GENERATION, never for demand.

    Only an unambiguous name is joined; what is not joined is listed in the report and left out.
    """
    table = read_table(members, CAPACITY, report).reindex(columns=[c.name for c in CAPACITY if c.name != "remarks"])
    if table[["room_here_mw", "room_upstream_mw", "equipment_mw", "operating_mw"]].isna().all(axis=None):
        raise FormatError(
            report.file,
            expected="a capacity in MW, such as 空容量(当該設備)(MW)",
            found="no such column with a number",
            remedy="Choose the capacity table.",
        )
    report.note("空容量 is room for generation (reverse flow). It says nothing about room for demand.")
    if substations is None:
        raise FormatError(
            report.file,
            expected="the layer substations to join to",
            found="none",
            remedy="Run `planner data pull substations`.",
        )
    known = _joinable(substations)
    keys = pd.DataFrame({"key": table["name"].map(_stem), "kv": table["voltage_kv"].round()})
    place = keys.merge(known, on=["key", "kv"], how="left")["geometry"]
    only = known.drop_duplicates("key", keep=False).set_index("key")["geometry"]
    by_name = keys["key"].where(keys["kv"].isna()).map(only)
    shapes = _shapes([b if _none(a) else a for a, b in zip(place, by_name, strict=True)])
    lost = pd.Series([_none(s) for s in shapes], index=table.index)
    report.add(
        "rejected",
        lost,
        "name",
        "a substation of this name and voltage in the layer substations (lines have no place here)",
        table["name"],
    )
    frame = gpd.GeoDataFrame(table, geometry=shapes)
    return gpd.GeoDataFrame(frame[~lost]), _specs(CAPACITY, frame)


def demand(
    members: list[Member], report: Report, substations: Layer | None
) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    """Demand room from the template: a band or MW, years to connect, date; by position, else by substation name."""
    table = read_table(members, DEMAND, report)
    band = table.get("band_mw", pd.Series("", index=table.index)).fillna("").astype("str").str.normalize("NFKC")
    band = band.str.replace(r"MW|[,\s]", "", regex=True).str.replace(r"[〜~–—ー]", "-", regex=True)
    ends = band.map(_BANDS_MW)
    report.add("blanked", ends.isna() & band.ne(""), "band_mw", f"one of {', '.join(_BANDS_MW)}", band)
    low = ends.map(lambda pair: pair[0] if isinstance(pair, tuple) else np.nan).astype("float64")
    table["room_mw"] = table.get("room_mw", pd.Series(np.nan, index=table.index)).fillna(low)
    frame = _placed(table, substations, report)
    specs = _specs(DEMAND, frame) | {"room_mw": DEMAND[4].spec()}
    return frame.drop(columns=["lon", "lat"], errors="ignore"), {
        k: v for k, v in specs.items() if k not in {"lon", "lat"}
    }


def estates(
    members: list[Member], report: Report, municipalities: Layer | None
) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    """
    Industrial estates and plots: headings of prefectures' lists mapped, areas in ha, prices per m2, checks of the green rule.

    A row without position is put at an inner point of its municipality when that layer is there (`accuracy_m` says so).
    """
    table = read_table(members, ESTATES, report)
    table["position_method"] = (
        np.where(table["lon"].notna(), "given", "municipality") if "lon" in table else "municipality"
    )
    frame = _placed(table, None, report, municipalities=municipalities)
    frame["site_id"] = [f"plot-{n:05d}" for n in range(1, len(frame) + 1)]
    frame["green_check"] = _green(frame)
    frame = frame.drop(columns=["lon", "lat"], errors="ignore")
    text = {
        "site_id": ("識別子", "Identifier"),
        "position_method": ("位置の求め方", "How the position was found"),
        "green_check": ("緑地率の確認（工場立地法）", "Check of the green ratio (Factory Location Act)"),
    }
    specs = {name: FieldSpec(dtype="string", unit=None, title=Text(ja=ja, en=en)) for name, (ja, en) in text.items()}
    specs["accuracy_m"] = FieldSpec(dtype="float", unit="m", title=Text(ja="位置の精度", en="Accuracy of the position"))
    return frame, {k: v for k, v in (_specs(ESTATES, frame) | specs).items() if k in frame}


def estat(members: list[Member], report: Report) -> tuple[pd.DataFrame, dict[str, FieldSpec]]:
    """
    Read a download of the e-Stat database view: one row per prefecture or municipality and one column per series.

    Header block and code rows stand above, codes and labels beside each other, and marks for what is missing.
    """
    rows = next((grid for member in members for grid in _grids(member, report)), None)
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
            specs[column] = FieldSpec(dtype="float", unit=_unit(heads[n]), title=Text(ja=title, en=title))
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
    rows = next((grid for member in members for grid in _grids(member, report)), [])
    header = next(
        (
            n
            for n, row in enumerate(rows[:_HEADER_WITHIN])
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
            specs[column] = FieldSpec(dtype="float", unit=_unit(head), title=Text(ja=head, en=head))
    twice = table["pref_code"].duplicated() & table["pref_code"].notna()
    report.add("rejected", twice, heads[0], "each prefecture once", table["pref_code"])
    return table[table["pref_code"].notna() & ~twice].reset_index(drop=True), specs


def _grids(member: Member, report: Report) -> list[list[list[object]]]:
    """Rows of each sheet or of the CSV; other members give none."""
    if member.suffix in {".csv", ".txt", ".tsv"}:
        text, report.encoding = decoded(member.path.read_bytes(), member.name)
        try:
            table = pd.read_csv(
                io.StringIO(text),
                header=None,
                dtype="str",
                keep_default_na=False,
                sep="\t" if member.suffix == ".tsv" else ",",
                names=range(_width(text)),
                skip_blank_lines=True,
            )
        except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
            raise FormatError(
                report.file, expected="a CSV table", found=str(error)[:120], remedy="Save it as CSV again."
            ) from error
        return [_bounded(table.fillna("").to_numpy().tolist(), report)]
    if member.suffix in {".xlsx", ".xlsm"}:
        try:
            book = openpyxl.load_workbook(member.path, read_only=True, data_only=True)
            return [
                _bounded(
                    [
                        ["" if c is None else c for c in row]
                        for row in sheet.iter_rows(values_only=True, max_row=_MOST_ROWS + 1, max_col=_MOST_COLUMNS)
                    ],
                    report,
                )
                for sheet in book.worksheets
            ]
        except Exception as error:
            raise FormatError(
                report.file,
                expected="an Excel workbook (.xlsx)",
                found=f"a broken one ({type(error).__name__})",
                remedy="Save it again.",
            ) from error
    return []


def _width(text: str) -> int:
    widest = max((line.count(",") + line.count("\t") for line in text.splitlines()[:5_000]), default=0) + 1
    return min(widest, _MOST_COLUMNS)


def _bounded(rows: list[list[object]], report: Report) -> list[list[object]]:
    if len(rows) > _MOST_ROWS:
        raise FormatError(
            report.file, expected=f"at most {_MOST_ROWS:,} rows", found=f"{len(rows):,}", remedy="Cut it to your area."
        )
    return rows


def _headed(rows: list[list[object]], columns: tuple[Column, ...], report: Report) -> pd.DataFrame | None:
    """The table below the heading row that names most columns, one or two rows high; None when none names the required ones."""
    best: tuple[int, dict[int, Column]] | None = None
    for number in range(min(_HEADER_WITHIN, len(rows))):
        named = _matched(_headings(rows, number), columns)
        enough = {c.name for c in columns if c.required} <= {c.name for c in named.values()}
        if enough and (best is None or len(named) > len(best[1])):
            best = (number, named)
    if best is None:
        return None
    number, named = best
    heads = [" ".join(dict.fromkeys(names[::-1])) for names in _headings(rows, number)]
    unused = [head for n, head in enumerate(heads) if head and n not in named]
    if unused:
        report.note(f"Headings not used: {', '.join(unused[:12])}.")
    body = [row for row in rows[number + 1 :] if any(str(c).strip() for c in row)]
    report.rows_read += len(body)
    table = pd.DataFrame(
        {column.name: [str(row[n]).strip() if n < len(row) else "" for row in body] for n, column in named.items()}
    )
    nameless = table["name"].eq("")
    report.add("rejected", nameless, "name", "a name")
    table = table[~nameless].reset_index(drop=True)
    table.attrs["units"] = {column.name: heads[n] for n, column in named.items()}
    return table


def _headings(rows: list[list[object]], number: int) -> list[list[str]]:
    """For each column of a heading row the names it may have: alone, below the cell above, below a merged cell above."""
    above = rows[number - 1] if number else []
    merged, found = "", []
    for n, cell in enumerate(rows[number]):
        upper, alone = str(above[n]).strip() if n < len(above) else "", str(cell).strip()
        merged = upper or merged
        names = [alone, upper + alone, (merged + alone) if alone else upper]
        found.append([_normal(name) for name in dict.fromkeys(names) if name])
    return found


def _matched(heads: list[list[str]], columns: tuple[Column, ...]) -> dict[int, Column]:
    """Column number -> column; exact headings first, then those without their unit."""
    found: dict[int, Column] = {}
    for strip in (False, True):
        for n, names in enumerate(heads):
            texts = [_UNIT_END.sub("", name) if strip else name for name in names]
            column = next(
                (c for text in texts for c in columns if text in c.headings and c not in found.values()), None
            )
            if n not in found and column is not None:
                found[n] = column
    return found


def _normal(head: str) -> str:
    """Heading without brackets, spaces, line breaks and width: 空容量（当該設備）(MW) is 空容量当該設備mw."""
    wide = pd.Series([head]).str.normalize("NFKC").iloc[0]
    return (
        re.sub(r"[\s()\[\]（）［］【】「」・:：]", "", str(wide))
        .lower()
        .replace("平方メートル", "m2")
        .replace("m²", "m2")
    )


def _converted(table: pd.DataFrame, columns: tuple[Column, ...], report: Report) -> pd.DataFrame:
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
    report.add("blanked", ~single & ~gone, column.name, f"one number in {column.unit}", text)
    value = pd.to_numeric(numbers.str[0].where(single), errors="coerce").astype("float64")
    value = value.where(~bare.str.contains(r"^-", regex=True), -value)
    scale = bare.str.extract(r"\d(百万|万|千|億)")[0].map(_TIMES).fillna(1.0)
    own = plain.str.contains(r"ha|m2|㎡|坪|kV|kv|kW|kw|MW|mw", regex=True)
    where = plain.where(own, plain + _normal(head))
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


def _specs(columns: tuple[Column, ...], frame: pd.DataFrame) -> dict[str, FieldSpec]:
    return {c.name: c.spec() for c in columns if c.name in frame}


def _placed(
    table: pd.DataFrame, substations: Layer | None, report: Report, *, municipalities: Layer | None = None
) -> gpd.GeoDataFrame:
    """Rows with a point: their own, else their substation's, else an inner point of their municipality; the rest is listed."""
    lon = table.get("lon", pd.Series(np.nan, index=table.index))
    lat = table.get("lat", pd.Series(np.nan, index=table.index))
    shapes = gpd.GeoSeries(gpd.points_from_xy(lon, lat), index=table.index, crs=crs.STORE)
    accuracy = pd.Series(np.where(lon.notna(), 0.0, np.nan), index=table.index)
    missing = lon.isna() | lat.isna()
    if substations is not None:
        known = _joinable(substations).drop_duplicates("key", keep=False).set_index("key")["geometry"]
        found = table["name"].map(_stem).map(known)
        shapes = _shapes([f if m and not _none(f) else s for s, f, m in zip(shapes, found, missing, strict=True)])
        missing &= pd.Series([_none(f) for f in found], index=table.index)
    if municipalities is not None and "municipality" in table:
        frame = gpd.GeoDataFrame(municipalities.frame)
        inner = pd.Series(list(frame.geometry.representative_point()), index=frame["name"])
        reach = pd.Series(np.sqrt(frame.geometry.to_crs(crs.WORK).area.to_numpy() / np.pi), index=frame["name"])
        name = table["municipality"].astype("str")
        found, far = (
            name.map(inner[~inner.index.duplicated(keep=False)]),
            name.map(reach[~reach.index.duplicated(keep=False)]),
        )
        here = missing & pd.Series([not _none(f) for f in found], index=table.index)
        report.add("repaired", here, "lon", "a position (an inner point of the municipality was taken)", name)
        shapes = gpd.GeoSeries(
            [f if h else s for s, f, h in zip(shapes, found, here, strict=True)], index=table.index, crs=crs.STORE
        )
        accuracy = accuracy.where(~here, far)
        missing &= ~here
    report.add("rejected", missing, "lon", "a position, a known substation or a municipality", table["name"])
    placed = gpd.GeoDataFrame(table.assign(accuracy_m=accuracy), geometry=shapes)
    return gpd.GeoDataFrame(placed[~missing])


def _shapes(shapes: list[object]) -> gpd.GeoSeries:
    """Points in STORE; what is none is None, also when all are."""
    return gpd.GeoSeries(np.array([None if _none(s) else s for s in shapes], dtype=object), crs=crs.STORE)


def _joinable(substations: Layer) -> pd.DataFrame:
    """Stem, kV and place of each substation whose name and voltage are unambiguous."""
    frame = substations.frame
    table = pd.DataFrame(
        {"key": frame["name"].map(_stem), "kv": frame["voltage_kv"].round(), "geometry": list(frame["geometry"])}
    )
    return table[table["key"].ne("")].drop_duplicates(["key", "kv"], keep=False)


def _stem(name: object) -> str:
    """Name without the word for its kind: 新福井変電所 and 新福井 are one."""
    text = pd.Series([str(name) if name is not None and name == name else ""]).str.normalize("NFKC").iloc[0]  # noqa: PLR0124  (NaN)
    return re.sub(r"(超高圧)?(変電所|開閉所|変換所|SS|S/S)$", "", re.sub(r"\s", "", str(text)))


def _none(shape: object) -> bool:
    return shape is None or isinstance(shape, float) or bool(getattr(shape, "is_empty", True))


def _green(frame: pd.DataFrame) -> pd.Series:
    """
    Check the national standard of the Factory Location Act: 20 % green for factories on 9,000 m2 or more.

    A municipal by-law may ask less and a bill of 2026 may ease it, so a lower ratio is «check», never «no».
    """
    large = frame.get("total_ha", pd.Series(np.nan, index=frame.index)) >= 0.9  # noqa: PLR2004  (9,000 m2)
    ratio = frame.get("green_pct", pd.Series(np.nan, index=frame.index))
    meets = ratio >= 20  # noqa: PLR2004  (per cent)
    return pd.Series(
        np.select([ratio.isna(), ~large, meets], ["unknown", "not_bound_by_size", "meets_20_pct"], "check_by_law"),
        index=frame.index,
    )


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
    known = [c for c in cells if c not in cleaning.MISSING]
    return bool(known) and all(re.fullmatch(r"-?\d+(\.\d+)?", c) for c in known)


def _unit(head: str) -> str | None:
    found = re.search(r"[【\[（(]([^】\]）)]{1,12})[】\]）)]\s*$", head)
    return found.group(1) if found else None
