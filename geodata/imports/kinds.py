"""Every kind of file that becomes a layer: one entry each, with its reader. A new publisher is a reader and its entry."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

import pandas as pd

from ..base import Text, text
from ..errors import FormatError, GeodataError
from ..files.drivers import KINDS as FORMATS
from ..files.opening import ARCHIVES, DATABASES, TEXT_TABLES, WORKBOOKS, Member, without_entities
from ..layer import FieldSpec, Layer
from .ksj import reader as ksj
from .report import Report
from .tables import capacity, demand, estat, estates, industry, mergers, people, register, survey, town_positions

Lookup = Callable[[str], Layer | None]
"""Opens a layer that a kind joins to; None when the store has none of that name."""

Read = Callable[[list[Member], Report, Lookup], tuple[pd.DataFrame, dict[str, FieldSpec]]]

_TABLES = (*TEXT_TABLES, *WORKBOOKS, *ARCHIVES)
_SHAPES = (*FORMATS, *ARCHIVES)


@dataclass(frozen=True)
class Kind:
    """One kind of file."""

    id: str
    title: Text
    theme: str
    geometry: Literal["point", "line", "polygon", "none"]
    suffixes: tuple[str, ...]
    licence: str
    note: Text
    read: Read
    redistributable: str = "unknown"
    attribution: str = ""
    status: Literal["measured", "estimated", "assumed"] = "measured"
    template: str | None = None
    verified: bool = True
    fills: str | None = None
    """Layer of the catalogue that is kept for files of this kind."""


def kind_of(kind_id: str) -> Kind:
    """One kind; GeodataError lists the known ids."""
    if kind_id not in KINDS:
        raise GeodataError(
            "kind {kind_id!r}: expected one of {known}. See `planner data kinds`.",
            kind_id=kind_id,
            known=", ".join(KINDS),
        )
    return KINDS[kind_id]


_KSJ_TERMS = {
    "yes": "",
    "no": "非商用または再配布不可: 自分の業務でのみ使い、再配布しない。 ",
    "unknown": "版ごとに利用条件を確認する。 ",
}


def _ksj_kinds() -> Iterator[Kind]:
    """One kind per layer of the table in ksj/layers.toml."""
    for id_, layer in ksj.layers().items():
        yield Kind(
            id=id_,
            title=layer.title,
            theme=layer.theme,
            geometry=layer.geometry,
            suffixes=_SHAPES,
            licence=layer.licence,
            note=text(_KSJ_TERMS[layer.redistributable] + layer.note, layer.licence_note + " " + layer.note),
            read=partial(_read_ksj, id_),
            redistributable=layer.redistributable,
            attribution="国土交通省 国土数値情報を加工",
            verified=layer.verified,
            fills=layer.fills,
        )


def _read_ksj(
    kind_id: str, members: list[Member], report: Report, _: Lookup
) -> tuple[pd.DataFrame, dict[str, FieldSpec]]:
    return ksj.read(members, kind_id, report)


def _read_roads(members: list[Member], report: Report, _: Lookup) -> tuple[pd.DataFrame, dict[str, FieldSpec]]:
    from ..sources import osm  # noqa: PLC0415  (osmnx takes seconds to import)

    member = next((m for m in members if m.suffix in {".osm", ".graphml", ".xml"}), None)
    if member is None:
        raise FormatError(
            report.file,
            expected=".osm or .graphml",
            found=", ".join(m.name for m in members[:3]),
            remedy="A .pbf must be converted first.",
        )
    without_entities(member.path, member.name)
    frame = osm.edges(member.path, report.file)
    report.rows_read, report.crs = len(frame), "EPSG:4326"
    report.note(
        "Speeds by class are assumptions; unreachable places and places further than 1 km from a road are unknown."
    )
    return frame, osm.FIELDS


_ENTRIES = (
    *_ksj_kinds(),
    Kind(
        id="tso_capacity",
        title=text("一般送配電事業者の空容量表（発電側）", "Grid company's capacity table (generation side)"),
        theme="grid",
        geometry="point",
        suffixes=_TABLES,
        licence="all rights reserved",
        note=text(
            "空容量は発電（逆潮流）の余裕で、需要の余裕ではない。公表表は再配布できない。",
            "空容量 is room for generation, never for demand. The published tables must not be redistributed.",
        ),
        read=lambda members, report, look: capacity.capacity(members, report, look("substations")),
        redistributable="no",
        attribution="各一般送配電事業者の公表表（利用者が取得）",
    ),
    Kind(
        id="demand_room",
        title=text("需要側の余裕（利用者の表）", "Demand room (the user's table)"),
        theme="grid",
        geometry="point",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "ウェルカムゾーンマップの帯、または事前検討のMW・年数・時点。",
            "Bands of the welcome-zone maps, or MW, years and date of a connection study.",
        ),
        read=lambda members, report, look: demand.demand(members, report, look("substations")),
        redistributable="no",
        status="estimated",
        template="demand_room",
        fills="demand_room",
    ),
    Kind(
        id="clean_register",
        title=text(
            "再エネ発電設備の登録簿（FIT/FIP認定情報など）",
            "Register of renewable plants (FIT/FIP 認定情報 and the like)",
        ),
        theme="power",
        geometry="point",
        suffixes=_TABLES,
        licence="公共データ利用規約",
        note=text(
            "事業計画認定情報は都道府県別の表。住所は町までしか置けないことがあり、精度が行に付く。",
            "Published as one table per prefecture. An address may be placed to its town only; the accuracy stands in the row.",
        ),
        read=register.register,
        attribution="経済産業省 FIT/FIP制度 事業計画認定情報を加工",
        fills="clean_register",
    ),
    Kind(
        id="capacity_survey",
        title=text("電力調査統計（都道府県別の発電所出力）", "Electricity survey (output of plants by prefecture)"),
        theme="power",
        geometry="none",
        suffixes=_TABLES,
        licence="公共データ利用規約",
        note=text(
            "47都道府県の表から全国の合計を作り、出力の分からない発電所の上限に使う。",
            "National totals from a table of the 47 prefectures: they bound plants of unknown output.",
        ),
        read=lambda members, report, _: survey.survey(members, report),
        attribution="経済産業省 電力調査統計を加工",
        fills="capacity_survey",
    ),
    Kind(
        id="estates",
        title=text("産業用地・工業団地の一覧", "List of industrial estates and plots"),
        theme="land",
        geometry="point",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "緑地率は工場立地法の全国準則（法律）で確認。市町村準則で緩和され得る。工業用水の供給義務は改正法案（成否未確認）。",
            "The green ratio is checked against the national standard (law); by-laws may ask less. The duty to supply industrial "
            "water is in a bill whose outcome is not confirmed.",
        ),
        read=estates.estates,
        template="estates",
    ),
    Kind(
        id="estat",
        title=text("e-Stat データベース表示のダウンロード", "e-Stat database download"),
        theme="people",
        geometry="none",
        suffixes=_TABLES,
        licence="e-Stat 利用規約 (credit)",
        note=text(
            "地域コードで都道府県・市区町村に結び付ける。「-」は0とみなさない。",
            "Joined by area code. A mark such as - is unknown, never 0.",
        ),
        read=lambda members, report, _: estat.estat(members, report),
        redistributable="yes",
        attribution="e-Stat（政府統計の総合窓口）",
    ),
    Kind(
        id="prefecture_table",
        title=text("都道府県の表（職業別・2040年推計など）", "Table by prefecture (occupations, 2040 estimates …)"),
        theme="people",
        geometry="none",
        suffixes=_TABLES,
        licence="not stated",
        note=text("1列目に都道府県、以降に数値。", "Prefecture first, numbers beside it."),
        read=lambda members, report, _: estat.by_prefecture(members, report),
        status="estimated",
        template="prefecture_table",
    ),
    Kind(
        id="occupation_people",
        title=text(
            "市区町村別・職業大分類別の就業者（国勢調査など）",
            "Employed persons by municipality and major occupation (census and the like)",
        ),
        theme="people",
        geometry="none",
        suffixes=_TABLES,
        licence="e-Stat 利用規約 (credit)",
        note=text(
            "市区町村コード、職業大分類（A〜K）、人数の表。県の割合の代わりに使う。",
            "Rows of municipality code, major class (A to K) and persons. It takes the place of a prefecture's shares.",
        ),
        read=lambda members, report, _: people.occupations(members, report),
        redistributable="yes",
        attribution="e-Stat（政府統計の総合窓口）",
        template="occupation_people",
        fills="occupation_people",
    ),
    Kind(
        id="school_seats",
        title=text("技術系の学校と定員（利用者の表）", "Technical schools and their seats (the user's table)"),
        theme="people",
        geometry="point",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "学校名、種類（工業高校・高専・大学）、1学年の定員、位置または市町村。載せた種類の学校は、この表が推定に代わる。",
            "School, level (technical high, kosen, university), seats a year, position or municipality. Levels in it take the place of the estimate.",
        ),
        read=people.seats,
        redistributable="no",
        template="school_seats",
        fills="school_seats",
    ),
    Kind(
        id="planned_projects",
        title=text("計画中の投資案件（利用者の表）", "Planned investments (the user's table)"),
        theme="people",
        geometry="point",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "案件名、業種、雇用人数または規模（例 300 MW）、操業開始年、市町村。地域の年別の人材需要に使う。",
            "Project, industry, workers or size (such as 300 MW), first year, municipality: demand for people by year follows.",
        ),
        read=people.projects,
        redistributable="no",
        status="estimated",
        template="planned_projects",
        fills="planned_projects",
    ),
    Kind(
        id="sector_table",
        title=text("産業別従業者の表（中分類まで）", "Employees by sector (down to two digits)"),
        theme="facts",
        geometry="none",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "地域コード（都道府県または市区町村）、産業分類（大分類A〜Rまたは中分類2桁）、従業者数。特化係数と関連度に使う。",
            "Rows of area code (prefecture or municipality), sector (division A to R, or two digits) and employees: location quotients and relatedness follow.",
        ),
        read=lambda members, report, _: industry.sectors(members, report),
        redistributable="no",
        template="sector_table",
        fills="own_sectors",
    ),
    Kind(
        id="firms",
        title=text("企業の表（利用者の表）", "Firms (the user's table)"),
        theme="facts",
        geometry="point",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "企業名、法人番号、分野、工程、役割（中核・供給）、市町村、最大の販売先とその割合、100億宣言、非公開の別。",
            "Firm, corporate number, field, stage, role (core or supplier), municipality, largest customer and its share, 10-billion declaration, whether private.",
        ),
        read=industry.firms,
        redistributable="no",
        template="firms",
        fills="own_firms",
    ),
    Kind(
        id="transactions",
        title=text("取引の表（利用者の表）", "Transactions (the user's table)"),
        theme="facts",
        geometry="none",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "売り手、買い手、それぞれの都道府県、取引額。コネクター・ハブ度と仕入先の集中に使う。",
            "Supplier, customer, their prefectures, value: connector and hub degree and concentration of suppliers follow.",
        ),
        read=lambda members, report, _: industry.transactions(members, report),
        redistributable="no",
        template="transactions",
        fills="transactions",
    ),
    Kind(
        id="trade",
        title=text("貿易の表（利用者の表）", "Trade (the user's table)"),
        theme="facts",
        geometry="none",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "品目、相手国、日本の輸入額、その国の世界への輸出額。品目のHHIに使う。",
            "Product, country, imports of Japan from it, its exports to the world: the HHI of the product follows.",
        ),
        read=lambda members, report, _: industry.trade(members, report),
        redistributable="no",
        template="trade",
        fills="trade",
    ),
    Kind(
        id="input_output",
        title=text("産業連関表（利用者の表）", "Input-output table (the user's table)"),
        theme="facts",
        geometry="none",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "投入元・投入先の地域と部門、値を1行に1つ。生産額・粗付加価値・従業者も部門として入れる。波及効果に使う。",
            "One cell a row: region and sector from and to, value; output, value added and employees as accounts. Ripple effects follow.",
        ),
        read=lambda members, report, _: industry.input_output(members, report),
        redistributable="no",
        status="estimated",
        template="input_output",
        fills="input_output",
    ),
    Kind(
        id="ax_hubs",
        title=text("製造AX拠点の表（利用者の表）", "Hubs of manufacturing AI (the user's table)"),
        theme="facts",
        geometry="point",
        suffixes=_TABLES,
        licence="not stated",
        note=text(
            "拠点名、内容、対象範囲（km）、参加工場数、市町村。公表された拠点は見つかっていない。",
            "Hub, what it does, reach (km), plants that take part, municipality. No published hub was found.",
        ),
        read=industry.hubs,
        redistributable="no",
        template="ax_hubs",
        fills="ax_hubs",
    ),
    Kind(
        id="town_positions",
        title=text("町丁目の位置（住所を町まで求めるため）", "Positions of towns (to place addresses)"),
        theme="places",
        geometry="point",
        suffixes=(".csv", ".zip", ".xlsx", *DATABASES),
        licence="not stated",
        note=text(
            "市区町村コード・大字町丁目名・緯度・経度の表、または jageocoder の住所辞書（2.2以降または1）。レイヤ名 town_positions で取り込むと、住所だけの表が町の位置に置かれる。",
            "Municipality code, town, latitude, longitude, or a dictionary of jageocoder (2.2 or newer, or 1). Imported as the layer "
            "town_positions it places addresses by town.",
        ),
        read=lambda members, report, _: town_positions.town_positions(members, report),
        status="estimated",
    ),
    Kind(
        id="mergers",
        title=text("市区町村の廃置分合（e-Stat）", "Mergers of municipalities (e-Stat)"),
        theme="places",
        geometry="none",
        suffixes=(".csv",),
        licence="e-Stat 利用規約 (credit)",
        note=text(
            "廃置分合等情報のCSV。レイヤ名 mergers で取り込むと、旧市町村名が現在の市区町村に結び付く。",
            "The CSV of 廃置分合等情報. Imported as the layer mergers it ties former names to the municipalities of today.",
        ),
        read=lambda members, report, _: mergers.mergers(members, report),
        redistributable="yes",
        attribution="e-Stat（政府統計の総合窓口）",
    ),
    Kind(
        id="road_network",
        title=text("道路網（OpenStreetMap 抽出）", "Road network (OpenStreetMap extract)"),
        theme="access",
        geometry="line",
        suffixes=(".osm", ".graphml", *ARCHIVES),
        licence="ODbL-1.0",
        note=text("所要時間の基準 drive_min に使う。", "For the measure drive_min."),
        read=_read_roads,
        redistributable="yes",
        attribution="© OpenStreetMap contributors",
        status="estimated",
    ),
)

KINDS: dict[str, Kind] = {kind.id: kind for kind in _ENTRIES}
