"""Columns of each kind of table: the headings that publishers write, types and units."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...base import Text
from ...layer import FieldSpec


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


def specs_of(columns: tuple[Column, ...], frame: pd.DataFrame) -> dict[str, FieldSpec]:
    """Field of each column that the frame has."""
    return {c.name: c.spec() for c in columns if c.name in frame}
