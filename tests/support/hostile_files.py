"""Files that somebody may bring to break a reader: each small to make, and named by what is wrong with it."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
import xlsxwriter

MOON = 'GEOGCRS["Moon",DATUM["Moon",ELLIPSOID["Moon",1737400,0]],CS[ellipsoidal,2],AXIS["lon",east],AXIS["lat",north],ANGLEUNIT["degree",0.0174532925199433]]'
MOON_ESRI = 'GEOGCS["GCS_Moon_2000",DATUM["D_Moon_2000",SPHEROID["Moon_2000_IAU_IAG",1737400.0,0.0]],PRIMEM["Reference_Meridian",0.0],UNIT["Degree",0.0174532925199433]]'
LOCAL = 'LOCAL_CS["a plan",UNIT["metre",1]]'
CELLS = (
    *("1" * 32_000, "1," * 15_000, "(" * 32_000, "▲" * 10_000, "(" * 15_000 + "1" + ")" * 15_000, " " * 32_000, "ー" * 10_000),
    *("1." * 15_000, "1e" * 15_000, "令和" * 5_000, "注" * 10_000, "1 注" * 8_000, "１" * 10_000, "年" * 10_000, "3.0m" * 8_000),
    *("郡" * 10_000, "北海道" * 3_000, "面積ha" * 4_000, "㎡" * 10_000, "'" * 30_000, "\\" * 30_000, "=1+1", "1e999", "NaN", "inf"),
    *("0x" + "f" * 30_000, "-" * 30_000, "約" * 10_000, "1ha" * 8_000, "坪" * 10_000, "[" * 30_000, "<b>" * 10_000, "°" * 10_000),
    *("東経139度" * 3_000, "139°" * 6_000, "\u0000", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "・" * 9_000),
    *("現在" * 8_000, "末時点" * 5_000, "(x)" * 9_000, "00:00" * 6_000, "0" * 32_000, "0:00:00" * 4_000, "町" * 9_000, "丹生郡" * 5_000),
)  # fmt: skip
"""Cells over which a careless expression goes back and forth."""

CSV_HEADS = (
    "name,lon,lat,area_ha", "団地名,経度,緯度,総面積(ha),分譲可能面積,時点,所在地,緑地率", "都道府県,値", "送電線名,電圧,空容量",
    "地域コード,地域,値【人】", "市町村名,MW,帯,時点", "団地名,所在地,面積ha", "KEY_CODE,T001,T002",
)  # fmt: skip


def table_of(cell, head):
    """A CSV whose every cell below one of the heads is this one."""
    quoted = '"' + cell.replace('"', '""') + '"'
    width = head.count(",") + 1
    rows = [
        ",".join([quoted] * width),
        ",".join(["136.2", *[quoted] * (width - 1)]),
        ",".join(["A", "136.2", "36.0", *[quoted] * max(width - 3, 0)]),
    ]
    return "\n".join([head, *rows, ""]).encode("utf-8", "replace")


def collection(features, **members):
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def feature(geometry, /, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


POINT = {"type": "Point", "coordinates": [139.0, 35.0]}


def _nested(depth):
    return '{"type":"GeometryCollection","geometries":[' * depth + json.dumps(POINT) + "]}" * depth


def geojsons():
    """GeoJSON by name."""
    deep = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":%s}]}'
    ring = [[139.0, 35.0], [139.1, 35.0], [139.0, 35.1], [139.0, 35.0]]
    for name in (
        "urn:ogc:def:crs:IAU_2015::30100",
        "EPSG:999999",
        "moon",
        "",
        "urn:ogc:def:crs:ESRI::104903",
        "EPSG:5773",
        "EPSG:4978",
        MOON,
        LOCAL,
    ):
        yield f"crs {name[:20]}", collection([feature(POINT)], crs={"type": "name", "properties": {"name": name}})
    yield "crs of no form", collection([feature(POINT)], crs=[1, {"a": 2}])
    yield "deep collections", deep % _nested(2_000).encode()
    yield "deeper collections", deep % _nested(200_000).encode()
    yield "deep lists", deep % (b'{"type":"Polygon","coordinates":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    yield (
        "deep properties",
        b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":'
        + b'{"a":' * 50_000
        + b"1"
        + b"}" * 50_001
        + b"]}",
    )
    yield (
        "huge number",
        collection([]).replace(
            b"[]",
            b'[{"type":"Feature","geometry":{"type":"Point","coordinates":[139,35]},"properties":{"area_ha":'
            + b"9" * 6_000
            + b"}}]",
        ),
    )
    yield "far away", collection([feature({"type": "Point", "coordinates": [1e300, -1e300]})])
    yield "no numbers", collection([feature({"type": "Point", "coordinates": ["a", None]})])
    yield "not finite", collection([feature({"type": "Point", "coordinates": [float("nan"), float("inf")]})])
    yield "many keys", collection([feature(POINT, **{f"k{n}": n for n in range(30_000)})])
    yield "long key", collection([feature(POINT, **{"面積" * 100_000: 1})])
    yield "a long text", collection([feature(POINT, name="あ" * 3_000_000, area_ha="1" * 3_000_000)])
    yield "long texts", collection([feature(POINT, name=cell, area_ha=cell, 時点=cell, 所在地=cell) for cell in CELLS])
    yield (
        "mixed",
        collection(
            [feature(POINT, a=1), feature({"type": "Polygon", "coordinates": [ring]}, a="x"), feature(None, a=[1])]
        ),
    )
    yield "one kind twice", collection([feature(POINT, name="a", 名称="b", NAME="c", geometry=1, site_id=2)])
    yield (
        "twisted",
        collection(
            [
                feature(
                    {
                        "type": "Polygon",
                        "coordinates": [[[139, 35], [139.1, 35.1], [139.1, 35], [139, 35.1], [139, 35]]],
                    }
                )
            ]
        ),
    )
    yield "many points in one", collection([feature({"type": "MultiPoint", "coordinates": [[139.0, 35.0]] * 200_000})])
    yield "no features", collection([])
    yield "a list", b"[]"
    yield "words", b'{"type": "FeatureCollection", "features": "no"}'


def zips():
    """Archives by name."""
    yield "many members", zip_of({f"{n}.txt": b"" for n in range(5_000)})
    yield "too tight", zip_of({"a.csv": b"0" * 60_000_000})
    inner = {"a.csv": b"name,lon,lat\nA,136,36\n"}
    for _ in range(4):
        inner = {"a.zip": zip_of(inner)}
    yield "zips in zips", zip_of(inner)
    for name in (
        "../a.csv",
        "/etc/a.csv",
        "..\\a.csv",
        "C:\\a.csv",
        "a\n.csv",
        "a" * 3_000 + ".csv",
        "CON.csv",
        "a\\b.csv",
    ):
        yield f"name {name[:12]!r}", zip_of({name: b"name,lon,lat\nA,136,36\n"})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("a.csv")
        archive.writestr(info, b"name,lon,lat\nA,136,36\n")
    whole = bytearray(stream.getvalue())
    for at in (6, whole.index(b"PK\x01\x02") + 8):
        whole[at] |= 1
    yield "encrypted", bytes(whole)
    for at, method in ((8, 99), (8, 12)):
        other = bytearray(stream.getvalue())
        other[at] = other[other.index(b"PK\x01\x02") + 10] = method
        yield f"method {method}", bytes(other)
    yield "truncated", stream.getvalue()[:-30]
    yield "nothing within", zip_of({})
    yield "a long list", _long_list()
    for wkt in (MOON_ESRI, LOCAL, "nonsense", "GEOGCS[" * 10_000, "", "PROJCS" + "[" * 100_000):
        yield f"prj {wkt[:12]}", shapefile(prj=wkt)
    yield "a million points", shapefile(points=1_000_000)


def zip_of(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _long_list():
    """An archive whose list names a hundred thousand members that lie at one place."""
    whole = zip_of({"a": b""})
    first, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entries = whole[first:end] * 100_000
    tail = bytearray(whole[end:])
    tail[12:16] = len(entries).to_bytes(4, "little")
    return whole[:first] + entries + bytes(tail)


def shapefile(*, prj=None, points=3):
    """A zipped Shapefile of points in rows, with this text in its .prj."""
    with tempfile.TemporaryDirectory() as folder:
        along = np.linspace(0, 1, points)
        shapes = shapely.points(136 + along, 36 + along)
        pyogrio.write_dataframe(
            gpd.GeoDataFrame({"name": np.full(points, "a")}, geometry=shapes, crs=4326), Path(folder) / "x.shp"
        )
        parts = {p.name: p.read_bytes() for p in Path(folder).iterdir()}
    return zip_of(parts if prj is None else parts | {"x.prj": prj.encode()})


def workbooks():
    """Excel files by name."""
    with_one = _book(
        lambda sheet: sheet.write_row(0, 0, ["団地名", "経度", "緯度"]) or sheet.write_row(1, 0, ["A", 136.2, 36.0])
    )
    yield (
        "a far corner",
        _book(lambda sheet: sheet.write(1_048_575, 16_383, "x") or sheet.write_row(0, 0, ["団地名", "経度", "緯度"])),
    )
    yield "wide", _book(lambda sheet: sheet.write_row(0, 0, ["x"] * 16_384))
    yield (
        "long cells",
        _book(
            lambda sheet: [
                sheet.write_row(n, 0, ["団地名", "経度", "緯度", "面積"] if not n else [CELLS[n - 1][:32_767]] * 4)
                for n in range(len(CELLS))
            ]
        ),
    )
    yield "many sheets", _many_sheets()
    yield "an old one", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000
    yield "truncated", with_one[:-200]
    for part, inner in (
        (
            "xl/worksheets/sheet1.xml",
            "<sheetData>" + '<row r="1"><c r="A1"><v>1</v></c></row>' * 200_000 + "</sheetData>",
        ),
        ("xl/worksheets/sheet1.xml", "<sheetData><row>" + "<c/>" * 1_000_000 + "</row></sheetData>"),
        ("xl/worksheets/sheet1.xml", "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 100_000 + "</mergeCells>"),
        ("xl/worksheets/sheet1.xml", "<a>" * 200_000 + "</a>" * 200_000),
        ("xl/sharedStrings.xml", "<si><t>x</t></si>" * 500_000),
        ("xl/styles.xml", "<cellXfs>" + '<xf numFmtId="1"/>' * 100_000 + "</cellXfs>"),
        ("xl/workbook.xml", "<definedNames>" + "<definedName name='a'>x</definedName>" * 100_000 + "</definedNames>"),
    ):
        root = {"xl/sharedStrings.xml": "sst", "xl/styles.xml": "styleSheet", "xl/workbook.xml": "workbook"}.get(
            part, "worksheet"
        )
        xml = f'<{root} xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inner}</{root}>'
        yield f"{part[3:]} {inner[:12]}", _replaced(with_one, part, xml.encode())


def _book(fill):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        fill(book.add_worksheet())
    return stream.getvalue()


def _many_sheets():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for _ in range(500):
            book.add_worksheet().write_row(0, 0, ["団地名", "経度", "緯度"])
    return stream.getvalue()


def _replaced(content, part, xml):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = {info.filename: archive.read(info) for info in archive.infolist()}
    return zip_of(whole | {part: xml})


def markup():
    """OSM, GraphML and GML by suffix and name."""
    entities = (
        "<!DOCTYPE x [" + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(12)) + "]>"
    )
    graph = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="d0" for="node" attr.name="x" attr.type="string"/><key id="d1" for="edge" attr.name="length" attr.type="string"/><graph edgedefault="directed">{}</graph></graphml>'
    for suffix in (".osm", ".graphml", ".gml"):
        yield suffix, "entities", f"{entities}<osm>&e11;</osm>".encode()
        yield suffix, "deep", b"<a>" * 300_000 + b"</a>" * 300_000
        yield suffix, "wide", b"<osm>" + b"<a/>" * 300_000 + b"</osm>"
        yield suffix, "attributes", ("<osm " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>").encode()
        yield suffix, "another encoding", b'<?xml version="1.0" encoding="utf-7"?><osm/>'
    for text in (
        "[" * 5_000 + "]" * 5_000,
        "9" * 10_000,
        "nan",
        "1e999",
        "[" + "1," * 100_000 + "]",
        "__import__('os')",
        "{" * 9_999,
    ):
        yield (
            ".graphml",
            f"value {text[:9]}",
            graph.format(
                f'<node id="0"><data key="d0">{text}</data></node><edge source="0" target="0"><data key="d1">{text}</data></edge>'
            ).encode(),
        )
    many = "".join(f'<node id="{n}" lat="36.0" lon="136.{n % 10}"/>' for n in range(200_000))
    yield ".osm", "many nodes", f"<osm>{many}</osm>".encode()
    way = '<way id="9">' + '<nd ref="1"/>' * 200_000 + '<tag k="highway" v="primary"/></way>'
    yield ".osm", "a long way", f'<osm><node id="1" lat="36" lon="136"/>{way}</osm>'.encode()
    for value in ("nan", "x", "1e400", "", "99" * 300):
        yield (
            ".osm",
            f"place {value[:5]}",
            f'<osm><node id="1" lat="{value}" lon="136"/><node id="2" lat="36" lon="{value}"/><way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="maxspeed" v="{value}"/></way></osm>'.encode(),
        )


def hostile_files():
    """(suffix, name, content) of every file above, made one after the other."""
    for n, cell in enumerate(CELLS):
        for head in CSV_HEADS:
            yield ".csv", f"cell {n} {head[:6]}", table_of(cell, head)
    yield ".csv", "one long line", b"name,lon,lat\n" + b"x" * 30_000_000
    yield ".csv", "a million columns", b"a," * 1_000_000 + b"\n" + b"1," * 1_000_000
    yield ".csv", "zeros", b"name,lon,lat\nA\0,136,36\n"
    yield ".csv", "an open quote", b'name,lon,lat\n"A,136,36\n' + b"B,136,36\n" * 300_000
    yield ".csv", "many rows", b"name,lon,lat\n" + b"B,136,36\n" * 300_001
    yield from ((".geojson", name, content) for name, content in geojsons())
    yield from ((".zip", name, content) for name, content in zips())
    yield from ((".xlsx", name, content) for name, content in workbooks())
    yield from markup()
