"""A made-up country of four municipalities in the shape of the publishers' files, every known fault included."""

import csv
import gzip
import hashlib
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import tiny_land
import tiny_power
from PIL import Image, TiffImagePlugin, TiffTags

from geodata import LayerSpec
from geodata.catalogue import catalogue

NORTHERN = "01695"
WEST, SOUTH, SIDE = 140.0, 36.0, 0.1


def square(west: float, south: float, side: float = SIDE) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


MUNICIPALITIES = {
    "08201": ("甲市", "08", square(WEST, SOUTH)),
    "08202": ("乙町", "08", square(WEST + SIDE, SOUTH)),
    "09201": ("丙市", "09", square(WEST, SOUTH + SIDE)),
    NORTHERN: ("色丹村", "01", square(146.7, 43.8)),
}


def build(folder: Path) -> dict[str, LayerSpec]:
    """Write the mirror and return the catalogue pinned to its files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "files").mkdir(exist_ok=True)
    files = {
        "ja_municipality_area_5.topojson": topojson(_municipality_properties()),
        "ja_prefecture_area.topojson": topojson(_prefecture_properties()),
        "SSDSE-A-2026.csv": ssdse(),
        "UpdatedPub150.csv": ports(),
        "lines_154kv.geojson": collection(LINES),
        "tokyo_substations.geojson": collection(SUBSTATIONS[:4]),
        "tohoku_substations.geojson": collection(SUBSTATIONS[2:]),
        "tokyo_plants.geojson": collection(PLANTS[:5]),
        "tohoku_plants.geojson": collection(PLANTS[4:]),
        "global_power_plant_database.csv": gppd(),
        "station.csv": STATIONS.encode(),
        "solar_capacity_by_municipality_2023.csv": SOLAR.encode(),
        "prefectural_hazard_summary.csv": HAZARD.encode(),
        "labour_market_by_prefecture.csv": ssds(F3103=(30000, 20000), F3102=(20000, 20000)),
        "occupation_by_prefecture_census_2010_2015_2020.csv": ssds(year=2020, **OCCUPATIONS),
        "education_by_prefecture.csv": ssds(
            E4601=(20000, 10000), E4604=(4000, 3000), E460410=(3000, 2400), E6302=(30000, 20000), E6502=(6000, 4000)
        ),
        "ssds_prefecture_all_items.csv.gz": gzip.compress(MOVERS.encode(), mtime=0),
        "municipality_ipss_h30_by_age.csv.gz": gzip.compress(ages().encode(), mtime=0),
        "manufacturing_by_prefecture_total.csv": ssds(C3401=(12_000_000, 8_000_000), C3403=(5000, 4000)),
        "prefecture_ipss_r5_2025_2050.csv": PROJECTION.encode(),
        **{f"{region}_lines.geojson": collection(tiny_power.local(region)) for region in tiny_power.REGIONS},
        "trunk_line_flow_summary_2026H1.csv": tiny_power.FLOWS.encode(),
        **tiny_land.tables(),
    }
    for name, content in files.items():
        (folder / "files" / name).write_bytes(content)
    joints().to_parquet(folder / "files" / "expressway_joints_n06_2023.parquet")
    universities().to_parquet(folder / "files" / "universities_engineering_by_city.parquet")
    departments().to_parquet(folder / "files" / "university_departments_r4.parquet")
    population().to_parquet(folder / "files" / "population_mesh500m_2020_kanto.parquet")
    tiny_power.demand_and_solar().to_parquet(folder / "files" / "area_demand_solar_hourly_2024_202507.parquet")
    tiny_power.national_mix().to_parquet(folder / "files" / "national_mix_30min_FY2025.parquet")
    elevation(folder / "files" / "dem_gtopo30_japan_2km.tif")
    for name, table in tiny_land.parquets().items():
        table.to_parquet(folder / "files" / name)
    _manifest(folder)
    return {id_: _pinned(spec, folder) for id_, spec in catalogue().items()}


def collection(features: list[dict]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def feature(geometry_type: str, coordinates: list, **properties: object) -> dict:
    shape = {"type": geometry_type, "coordinates": coordinates}
    return {"type": "Feature", "geometry": shape, "properties": properties}


def substation(lon: float, lat: float, name: str, voltage: str | None, **more: object) -> dict:
    base = {"name": name, "voltage": voltage, "substation": "transmission", "operator": None, "_name_source": None}
    return feature("Point", [lon, lat], **{**base, **more})


SUBSTATIONS = [
    substation(140.05, 36.05, "甲変電所", "275000;66000"),
    substation(140.15, 36.05, "乙変電所", "66000"),
    substation(140.02, 36.15, "駅前変電所", "1500", substation="traction"),
    substation(140.06, 36.16, "町一丁目変電所", "154000", _name_source="geocoded"),
    substation(140.07, 36.17, "不明変電所", None),
    substation(140.08, 36.18, "誤記変電所", "15400066"),
    feature(
        "Polygon", [square(140.09, 36.09, 0.002)], name="面の変電所", voltage="500000;275000", substation="transmission"
    ),
]


def line(coordinates: list, name: str, voltage: float) -> dict:
    return feature("LineString", coordinates, _display_name=name, _voltage_kv=voltage, _region="tokyo")


LINES = [
    line([[140.0, 36.02], [140.2, 36.02]], "甲乙線", 275.0),
    line([[140.0, 36.02], [140.2, 36.02]], "甲乙線", 275.0),
    line([[140.2, 36.02], [140.0, 36.02]], "甲乙線（逆向き）", 275.0),
    line([[140.0, 36.12], [140.1, 36.18]], "東京電力 154.0kV線", 154.0),
    line([[140.0, 36.19], [140.1, 36.19]], "誤記線", 15400066.0),
    line([[140.05, 36.05], [140.05, 36.05]], "長さのない線", 154.0),
]


def plant(lon: float, lat: float, name: str, fuel: str, mw: float | None, **more: object) -> dict:
    base = {"name": name, "fuel_type": fuel, "capacity_mw": mw, "operator": "", "plant:source": fuel}
    rest = {"osm_id": int(lon * 1e6 + lat * 1e3), "osm_type": "way", "_enriched_by": None, "_name_source": None}
    return feature("Point", [lon, lat], **{**base, **rest, **more})


PLANTS = [
    plant(140.03, 36.03, "甲水力発電所", "hydro", 40.0, operator="東京電力リニューアブルパワー"),
    plant(140.04, 36.04, "赤穂火力", "solar", 600.0, _enriched_by="p03"),
    plant(140.05, 36.06, "屋根の太陽光", "solar", -1.0, _name_source="geocoded"),
    plant(140.06, 36.07, "混焼発電所", "biomass", 50.0, **{"plant:source": "biomass;coal"}),
    plant(140.07, 36.08, "乙風力発電所", "wind", 12.5),
    plant(140.08, 36.12, "休止原子力発電所", "nuclear", 1000.0),
    plant(140.09, 36.13, "出所不明", "bing", None),
    plant(140.11, 36.03, "奥多々良木発電所", "hydro", 1932.0),
]


def gppd() -> bytes:
    rows = [
        "country,country_long,name,capacity_mw,latitude,longitude,primary_fuel",
        "JPN,Japan,Ko Hydro,41,36.035,140.031,Hydro",
        "JPN,Japan,Otsu Solar,20,36.05,140.18,Solar",
        "JPN,Japan,Idle Nuclear,1000,36.12,140.08,Nuclear",
        "JPN,Japan,Okutataragi,1932,36.03,140.11,Hydro",
        "JPN,Japan,Sea Wind,30,36.05,140.9,Wind",
        "KOR,South Korea,Elsewhere,500,37.0,127.0,Solar",
    ]
    return "\n".join(rows).encode()


def ports() -> bytes:
    head = "World Port Index Number,Main Port Name,Country Code,Harbor Size,Channel Depth (m),Cargo Pier Depth (m),Latitude,Longitude"
    rows = [
        "61356,Ko Port,Japan,Medium,14.5,0,36.05,140.22",
        "61330,Tokyo Ko,Japan,Large,12,0,35.67,139.75",
        "50000,Elsewhere,South Korea,Large,15,15,35.1,129.1",
    ]
    return "\n".join([head, *rows]).encode()


_TOWN_FIGURES = """
A1101 2020 総人口 90000 30000 40000
A1302 2020 {label} 50000 15000 22000
C2208 2021 従業者数（民営） 30000 8000 12000
C210837 2021 事業所数（民営）（製造業） 300 100 200
C220837 2021 従業者数（民営）（製造業） 9000 3000 5000
C220839 2021 従業者数（民営）（情報通信業） 600 - 80
C220846 2021 従業者数（民営）（学術研究、専門・技術サービス業） 500 50 90
C220836 2021 従業者数（民営）（建設業） 2000 700 900
F1102 2020 就業者数 44000 14000 20000
F1107 2020 完全失業者数 2000 500 900
F110702 2020 完全失業者数（女） 800 200 300
F1108 2020 非労働力人口 30000 11000 14000
F110802 2020 非労働力人口（女） 20000 7000 9000
E4501 2024 高等学校生徒数 2400 - 900
E2101 2024 小学校数 20 8 10
H6132 2021 大型小売店数 9 1 3
I510120 2023 一般病院数 5 1 2
I5102 2023 一般診療所数 70 12 25
I6100 2022 医師数 200 20 60
"""
_OTHER_DIVISIONS = {
    "32": ("農業、林業", 300, 200, 100),
    "33": ("漁業", 0, 100, 0),
    "35": ("鉱業、採石業、砂利採取業", 0, 0, 10),
    "38": ("電気・ガス・熱供給・水道業", 100, 50, 20),
    "40": ("運輸業、郵便業", 1500, 300, 700),
    "41": ("卸売業、小売業", 6000, 1500, 2000),
    "44": ("金融業、保険業", 700, 100, 200),
    "45": ("不動産業、物品賃貸業", 500, 60, 150),
    "47": ("宿泊業、飲食サービス業", 2500, 700, 900),
    "48": ("生活関連サービス業、娯楽業", 1000, 300, 400),
    "49": ("教育、学習支援業", 900, 200, 300),
    "50": ("医療、福祉", 3000, 600, 950),
    "51": ("複合サービス事業", 200, 50, 50),
    "52": ("サービス業（他に分類されないもの）", 1200, 90, 150),
}
_OTHER_SHOPS = ("36 建設業", "39 情報通信業", "46 学術研究、専門・技術サービス業")


def ssdse(*, label: str = "15～64歳人口") -> bytes:
    columns = [line.split(" ") for line in _TOWN_FIGURES.format(label=label).strip().split("\n")]
    for ending, (title, *employees) in _OTHER_DIVISIONS.items():
        columns.append([f"C2208{ending}", "2021", f"従業者数（民営）（{title}）", *map(str, employees)])
    for ending, title in [(e, t) for e, (t, *_) in _OTHER_DIVISIONS.items()] + [o.split(" ") for o in _OTHER_SHOPS]:
        columns.append([f"C2108{ending}", "2021", f"事業所数（民営）（{title}）", "50", "10", "-"])
    towns = ("R08201,茨城県,甲市", "R08202,茨城県,乙町", "R09201,栃木県,丙市")
    heads = ("SSDSE-A-2026,Prefecture,Municipality", ",,年度", "地域コード,都道府県,市区町村")
    rows = [",".join([head, *(c[k] for c in columns)]) for k, head in enumerate((*heads, *towns))]
    return "\r\n".join(rows).encode("cp932")


STATIONS = "code,name,lat,lng,closed\n1,甲駅,36.05,140.04,0\n2,廃駅,36.06,140.05,1\n"
SOLAR = "pref,muni,pv_total_kw\n茨城県,甲市,50000\n茨城県,乙町,2000\n茨城県,無い村,1\n"
HAZARD = (
    "prefecture_code,quake_i6lower_30y_pct_median_municipality,landslide_warning_zones_per_km2,"
    "flood_damage_mean_2014_2023_jpy_million_per_km2\n08,52.6,0.67,4.57\n09,11.8,1.52,5.19\n"
)
PROJECTION = "pref_code,year,population_persons\n" + "".join(
    f"{code},{year},{persons}\n"
    for code, counts in {"08": (2000, 1800, 1700, 1615), "09": (1000, 850, 800, 720)}.items()
    for year, persons in zip((2025, 2040, 2045, 2050), counts, strict=True)
)
MOVERS = "item_code,kind,item_name,unit,year,08,09\nF420211,basic,転職者比率,％,2017,9,9\nF420211,basic,転職者比率,％,2022,4.0,5.0\n"
OCCUPATIONS = {f"F{code}": (100, 100) for code in range(2613, 2624)} | {"F2620": (300, 100), "F2624": (999, 999)}


def ssds(year: int = 2023, **items: tuple[int, int]) -> bytes:
    rows = ["item_code,item_name,unit,year,prefecture_code,prefecture,labour_block,value"]
    for code, values in items.items():
        for prefecture, value in zip(("08", "09"), values, strict=True):
            rows += [f"{code},,,{year - 5},{prefecture},,,1", f"{code},,,{year},{prefecture},,,{value}"]
    return "\n".join(rows).encode()


def ages() -> str:
    """Persons by age of two of the municipalities: 100 in each group in 2020, 2 fewer every five years."""
    years = (2015, 2020, 2025, 2030, 2035, 2040, 2045)
    rows = ["area_code,name,type,sex,age_index,age_label," + ",".join(f"pop_{year}" for year in years)]
    for code in ("08201", "08202"):
        for sex in ("total", "male"):
            rows += [
                f"{code},,3,{sex},{age},," + ",".join(str(100 - 2 * (k - 1)) for k in range(len(years)))
                for age in range(20)
            ]
    return "\n".join(rows)


def departments() -> pd.DataFrame:
    """甲大学 has one of the four departments of its prefecture, 丙大学 both of the other prefecture, one of them of engineering."""
    rows = [
        ("U1", "faculty", "08201", True, False),
        ("U1", "graduate", "08201", True, False),
        *[("U9", "faculty", "08201", False, False)] * 3,
        ("U2", "faculty", "09201", False, True),
        ("U2", "faculty", "09201", False, False),
    ]
    return pd.DataFrame(rows, columns=["school_code", "level", "jis_code", "is_engineering", "is_informatics"])


def universities() -> pd.DataFrame:
    rows = [
        ("U1", "甲大学", "08201", 140.05, 36.05),
        ("U1", "甲大学", "08202", 140.15, 36.05),
        ("U2", "丙大学", "09201", 140.05, 36.15),
    ]
    return pd.DataFrame(
        {
            "school_code": [r[0] for r in rows],
            "university": [r[1] for r in rows],
            "type": "国立",
            "jis_code": [r[2] for r in rows],
            "units": "工学部",
            "geometry": [shapely.to_wkb(shapely.Point(r[3], r[4])) for r in rows],
        }
    )


def population() -> pd.DataFrame:
    return pd.DataFrame({"KEY_CODE": ["544000111", "544000112"], "pop": [120, 80]})


def elevation(path: Path) -> None:
    """A raster of 0.05 degrees: 10 m in the west, 30 m in the east, nothing at sea."""
    grid = np.full((20, 20), -32768, dtype=np.int32)
    grid[:, :10], grid[:, 10:] = 10, 30
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[33550], tags[33922], tags[42113] = (0.05, 0.05, 0.0), (0.0, 0.0, 0.0, 139.6, 36.6, 0.0), "-32768"
    tags.tagtype[33550] = tags.tagtype[33922] = TiffTags.DOUBLE
    tags.tagtype[42113] = TiffTags.ASCII
    Image.fromarray(grid).save(path, tiffinfo=tags)


def joints() -> gpd.GeoDataFrame:
    rows = [
        ("J1", "甲", "1", 9999, 140.05, 36.01),
        ("J2", "乙SIC", "2", 9999, 140.15, 36.01),
        ("J3", "丙JCT", "3", 9999, 140.05, 36.15),
        ("J4", "廃止", "1", 2012, 140.05, 36.05),
        ("J1", "甲", "1", 9999, 140.05, 36.01),
    ]
    points = [shapely.Point(row[4], row[5]) for row in rows]
    table = {"joint_id": 0, "name": 1, "joint_type_code": 2, "valid_to_year": 3}
    return gpd.GeoDataFrame({name: [row[i] for row in rows] for name, i in table.items()}, geometry=points, crs=4326)


def topojson(places: list[tuple[dict, list[list[float]]]]) -> bytes:
    geometries = [
        {"type": "Polygon", "arcs": [[i]], "properties": properties} for i, (properties, _) in enumerate(places)
    ]
    whole = {
        "type": "Topology",
        "arcs": [ring for _, ring in places],
        "objects": {"areas": {"type": "GeometryCollection", "geometries": geometries}},
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _municipality_properties() -> list[tuple[dict, list[list[float]]]]:
    places = []
    for code, (name, pref, ring) in MUNICIPALITIES.items():
        properties = {"lg_code_5": code, "city_name": name, "prefecture_code": pref, "is_hoppo_city": code == NORTHERN}
        places.append((properties, _spiked(ring) if code == "08202" else ring))
    return places


def _prefecture_properties() -> list[tuple[dict, list[list[float]]]]:
    ibaraki = [
        [WEST, SOUTH],
        [WEST + 2 * SIDE, SOUTH],
        [WEST + 2 * SIDE, SOUTH + SIDE],
        [WEST, SOUTH + SIDE],
        [WEST, SOUTH],
    ]
    return [
        ({"prefecture_code": "08", "prefecture_name": "茨城県"}, ibaraki),
        ({"prefecture_code": "09", "prefecture_name": "栃木県"}, square(WEST, SOUTH + SIDE)),
    ]


def _spiked(ring: list[list[float]]) -> list[list[float]]:
    """The same square with a self-intersection at its north-east corner."""
    a, b, c, d, _ = ring
    return [a, b, [c[0], c[1] - 0.01], [c[0] - 0.01, c[1]], [c[0] - 0.01, c[1] - 0.01], c, d, a]


def _manifest(folder: Path) -> None:
    with (folder / "MANIFEST.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["path", "origin", "sha256"])
        for path in sorted((folder / "files").iterdir()):
            out.writerow([f"files/{path.name}", "made up", hashlib.sha256(path.read_bytes()).hexdigest()])


def _pinned(spec: LayerSpec, folder: Path) -> LayerSpec:
    kept = []
    for file in spec.files:
        path = folder / "files" / file.name
        if path.is_file():
            kept.append({"name": file.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "url": None})
    return LayerSpec.model_validate({**spec.model_dump(), "files": kept})
