"""Files in the shapes that publishers and prefectures give them, written by hand for the tests; no row is a publisher's."""

import io
import zipfile

import geopandas as gpd
import openpyxl
import pyogrio
import shapely

from geodata.imports.ksj.reader import layers

CENTRE = (136.22, 36.06)
SHAPES = {
    "point": [shapely.Point(136.20 + k / 100, 36.05) for k in range(3)],
    "line": [shapely.LineString([(136.20 + k / 100, 36.05), (136.21 + k / 100, 36.06)]) for k in range(3)],
    "polygon": [shapely.box(136.18 + k / 50, 36.0, 136.20 + k / 50, 36.1) for k in range(3)],
}


class Cp932Info(zipfile.ZipInfo):
    """A member name in cp932 without the UTF-8 flag, as Japanese archives have it."""

    def _encodeFilenameFlags(self):  # noqa: N802  (the name that zipfile calls)
        return self.filename.encode("cp932"), self.flag_bits


def ksj_frame(kind):
    """Three rows with every column of a kind, codes and texts as the publisher writes them."""
    layer = layers()[kind]
    table = {}
    for code in layer.fields:
        column = (
            code.pattern.strip("^$").replace("(20[0-9]{2})", "2030")
            if code.pattern
            else code.editions.get("2024-2026", code.code)
        )
        if code.editions and "2024-2026" not in code.editions:
            continue
        known = list(code.values)
        table[column] = (
            [known[k % len(known)] for k in range(3)]
            if known
            else ["1m以上2m未満", "0.3m未満", "5m以上"]
            if code.dtype == "depth_text"
            else [code.only or 10.0 + k for k in range(3)]
            if code.dtype == "float"
            else [f"福井{k}" for k in range(3)]
        )
    if any(code.editions for code in layer.fields):
        table["L01_145"] = ["x"] * 3
    return gpd.GeoDataFrame(table, geometry=SHAPES[layer.geometry], crs=layer.crs)


def shape_zip(frame, folder, *, encoding="cp932", prj=True):
    """A zip as KSJ makes it: a Shapefile in cp932, member names in cp932 without the UTF-8 flag."""
    short = frame[[c for c in frame.columns if len(c) <= 10]]  # dBASE has ten letters for a name
    pyogrio.write_dataframe(short, folder / "x.shp", encoding=encoding)
    path = folder / "out.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for suffix in ("shp", "shx", "dbf", *(["prj"] if prj else [])):
            archive.writestr(Cp932Info(f"データ.{suffix}"), (folder / f"x.{suffix}").read_bytes())
    return path


def geojson_zip(frame, folder, stem="A33-24_18"):
    """A zip with one UTF-8 GeoJSON in a sub-folder."""
    path = folder / f"{stem}_GML.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"UTF-8/{stem}.geojson", frame.to_crs(6668).to_json(ensure_ascii=False))
    return path


def workbook(rows, path):
    """Rows as the first sheet of an Excel file."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(stream.getvalue())
    return path


TSO_LINES = (
    "更新日：2026年9月30日,,,,,,,,\n"
    ",,,,設備容量,運用容量,,空容量,\n"
    "送電線No,送電線名,電圧（kV）,回線数,（100%×回線数）(MW),値(MW),予想潮流(MW),（当該設備）(MW),備考\n"
    '1,"{name}",{kv},2,"1,200",1100,300,800,\n'
    "2,どこにもない変電所,275,2,900,－,−20,非公開,要相談\n"
)
ESTATES = [
    ["県内工業団地一覧（2026年4月1日現在）", "", "", "", "", "", "", "", ""],
    [
        "団地名",
        "市町村名",
        "総面積(ha)",
        "分譲可能面積",
        "単価（円/㎡）",
        "電力",
        "工業用水",
        "緑地率（％）",
        "分譲状況",
    ],
    ["あさひ工業団地", "福井市", "12.5", "33,000㎡", "12,800", "特別高圧66kV可", "7,400㎥/日", "21", "分譲中"],
    ["ひかり産業団地", "敦賀市", "３０", "5.2ha", "坪 42,300円", "6.6kV", "－", "10", "完売"],
    ["なぞの用地", "どこか市", "8", "未定", "要相談", "", "", "", ""],
]
ESTAT = (
    '"統計名：","就業構造基本調査"\n"表番号：","00801"\n\n'
    '"","","","","/表章項目 コード","001","001"\n'
    '"","","","","/職業 コード","10","20"\n'
    '"時間軸（年次） コード","時間軸（年次）","地域 コード","地域","/職業","専門的【人】","生産工程【人】"\n'
    '"2022000000","2022年","00000","全国","","1,000","2,000"\n'
    '"2022000000","2022年","18000","福井県","","123,400","***"\n'
    '"2022000000","2022年","17000","石川県","","99,000","88,000"\n'
)
