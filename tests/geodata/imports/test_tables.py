import hashlib
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import read, told, written
from office_files import ESTATES, workbook

from geodata import GeodataError, imports
from geodata.country.codes import prefectures
from geodata.coverage import TEMPLATES, template
from geodata.imports import KINDS, Options
from geodata.imports.tables.columns import columns_of
from geodata.imports.tables.headings import normalised


@pytest.mark.parametrize("name", ["demand_room", "estates", "prefecture_table"])
def test_every_template_is_read_by_its_kind(name):
    kind = next(k for k in KINDS.values() if k.template == name)
    assert name in TEMPLATES
    assert len(template(name).split(",")) >= 2
    assert kind.id == name


@pytest.mark.parametrize(
    ("kind", "content", "says"),
    [
        ("estates", "a,b\n1,2\n", "a heading such as"),
        ("tso_capacity", "x\n", "a heading such as"),
        ("estat", "a,b\n1,2\n", "地域 コード"),
        ("prefecture_table", "a,b\n1,2\n", "a column 都道府県"),
        ("demand_room", "name,as_of\nQ,2026\n", "at least one usable row"),
    ],
)
def test_another_table_is_one_sentence(tmp_path, store, kind, content, says):
    (tmp_path / "x.csv").write_text(content, "utf-8")
    with pytest.raises(GeodataError, match=says):
        read(tmp_path / "x.csv", kind, store)


def test_a_broken_workbook_is_one_sentence(tmp_path, store):
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04broken")
    with pytest.raises(GeodataError, match="a broken one"):
        read(tmp_path / "x.xlsx", "estates", store)


def test_a_workbook_is_read_as_it_is_shown(tmp_path, tiny):
    town = tiny.layer("municipalities").frame["name"].iloc[0]
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["団地名", "市町村", "面積", None, "緑地率", "時点"],
        [None, None, "全体", "分譲", None, None],
        [None, None, "総面積(㎡)", "分譲可能面積(ha)", None, None],
        ["北", town, 50_000, "=C4/20000", 0.21, "令和6年3月"],
        ["南", None, 20_000, 1.5, 0.1, 45383],
        ["旧", None, 20_000, 1.5, 0.1, "R6.4.1"],
        ["小 計", None, 90_000, 3, None, None],
    ):
        sheet.append(row)
    for cells in ("A1:A3", "B1:B3", "C1:D1", "E1:E3", "F1:F3", "B4:B6"):
        sheet.merge_cells(cells)
    for row in range(4, 7):
        sheet.cell(row, 5).number_format = "0%"
    sheet.row_dimensions[6].hidden = True
    book.create_sheet("隠し").sheet_state = "veryHidden"
    book.save(tmp_path / "e.xlsx")
    found = read(tmp_path / "e.xlsx", "estates", tiny)
    frame = found.layer.frame
    assert frame["name"].to_list() == ["北", "南"]
    assert frame["municipality"].to_list() == [town, town]
    assert frame["total_ha"].to_list() == [5, 2]
    assert frame["available_ha"].to_list() == pytest.approx([np.nan, 1.5], nan_ok=True)
    assert frame["green_pct"].to_list() == [21, 10]
    assert frame["as_of"].to_list() == ["2024-03", "2024-04-01"]
    said = told(found)
    for part in ("D4", "open the file in Excel", "隠し", "1 hidden rows were not read (6)", "小計"):
        assert part in said


def test_a_far_corner_costs_nothing(tmp_path, store):
    book = openpyxl.Workbook()
    book.active.append(["団地名", "経度", "緯度"])
    book.active.append(["A", 136.2, 36.0])
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "e.xlsx")
    found = read(tmp_path / "e.xlsx", "estates", store)
    assert found.report.rows_kept == 1
    assert "columns after the 400th" in told(found)


@pytest.mark.parametrize("table", ["capacity", "demand", "estates", "candidates"])
def test_every_heading_is_normalised_and_names_one_column(table):
    headings = [heading for column in columns_of(table) for heading in column.headings]
    assert headings == [normalised(heading) for heading in headings]
    assert len(headings) == len(set(headings))


HEADS = {"団地名": ["A", "B"], "経度": [136.2, 136.3], "緯度": [36.0, 36.1], "総面積(ha)": [3, 4], "備考": ["x", ""]}


@given(
    order=st.permutations(list(HEADS)),
    above=st.lists(st.sampled_from(["一覧表", "", "令和6年度"]), max_size=3),
    rows_of=st.sampled_from([(False, False), (True, False), (False, True), (True, True)]),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_heading_is_found_in_any_order_and_height(tmp_path, order, above, rows_of):
    split, units = rows_of
    heads = [[head.replace("(ha)", "") if units else head for head in order]]
    if split:
        heads = [["土地" if "面積" in head else "" for head in order], *heads]
    if units:
        heads.append(["ha" if "面積" in head else "" for head in order])
    body = [[HEADS[head][n] for head in order] for n in range(2)]
    path = workbook([[title] for title in above] + heads + body, tmp_path / "e.xlsx")
    frame = imports.read(path, "estates", Options(), lambda _: None).layer.frame
    assert frame[["name", "total_ha"]].to_numpy().tolist() == [["A", 3], ["B", 4]]


def test_an_address_alone_places_a_plot_in_its_municipality(tmp_path, tiny):
    frame = tiny.layer("municipalities").frame
    town = frame["name"].iloc[0]
    rows = f"団地名,所在地,分譲可能面積(ha)\n甲団地,{town}港町1-1,4.0\n乙団地,どこか,2.0\n"
    found = read(written(tmp_path, rows), "estates", tiny)
    plot = found.layer.frame.iloc[0]
    assert len(found.layer.frame) == 1
    assert frame.geometry.iloc[0].contains(plot["geometry"])
    assert plot["accuracy_m"] > 0
    assert "an inner point of the municipality" in told(found)


def test_the_official_table_of_mergers_leads_to_the_codes_of_today(tmp_path):
    rows = (
        "標準地域コード,都道府県,市区町村,廃置分合等施行年月日,改正事由\n"
        '18361,福井県,三国町,2006-03-20,"三国町(18361)、丸岡町(18362)が合併し、坂井市(18210)を新設"\n'
        "08523,茨城県,石下町,2006-01-01,石下町(08523)が水海道市(08211)に編入\n"
        '27201,大阪府,堺市,2006-04-01,"堺市(27201)の堺市(27140)への政令指定都市施行\n堺区(27141)、中区(27142)を新設"\n'
        "27385,大阪府,美原町,2005-02-01,美原町(27385)が堺市(27201)に編入\n"
        "28221,兵庫県,篠山市,2019-05-01,篠山市(28221)が丹波篠山市に名称変更\n"
        "19361,山梨県,上九一色村,2006-03-01,上九一色村(19361)の一部が甲府市(19201)に編入\n"
    )
    frame = imports.read(written(tmp_path, rows), "mergers", Options(), lambda _: None).layer.frame
    assert dict(zip(frame["name"], frame["muni_code"], strict=True)) == {
        "三国町": "18210",
        "丸岡町": "18210",
        "石下町": "08211",
        "堺市": "27140",
        "美原町": "27140",
        "篠山市": "28221",
    }


def test_former_names_and_towns_that_the_user_brings_place_an_address(tmp_path, tiny):
    towns = tiny.layer("municipalities").frame
    code, name = towns["muni_code"].iloc[0], towns["name"].iloc[0]
    inner = gpd.GeoSeries(towns["geometry"]).representative_point().iloc[0]
    reason = f"標準地域コード,改正事由\n01999,旧村(01999)が{name}({code})に編入\n"
    mergers = imports.read(written(tmp_path, reason, "m.csv"), "mergers", Options("mergers"), lambda _: None).layer
    list_ = f"市区町村コード,大字町丁目名,緯度,経度\n{code},港町一丁目,{inner.y},{inner.x}\n"
    dictionary = imports.read(
        written(tmp_path, list_, "t.csv"), "town_positions", Options("town_positions"), lambda _: None
    ).layer
    own = {"mergers": mergers, "town_positions": dictionary}
    rows = f"団地名,都道府県,所在地\n甲,,{name}港町1-23\n乙,{code[:2]},旧村大字東\n"
    found = imports.read(
        written(tmp_path, rows),
        "estates",
        Options(),
        lambda id_: own.get(id_) or (tiny.layer(id_) if tiny.has(id_) else None),
    )
    first, second = found.layer.frame["geometry"]
    assert first.equals(inner)
    assert towns["geometry"].iloc[0].contains(second)
    assert found.layer.frame["accuracy_m"].iloc[0] == 1_000
    assert "the point of the town" in told(found)
    assert "former" in told(found)


@given(
    units=st.lists(st.sampled_from(["ha", "㎡", "坪", "a", "km2"]), min_size=1, max_size=3),
    separator=st.sampled_from([",", "\t", ";"]),
    note=st.sampled_from(["※ 面積は公簿", "（注）未確認", "出典：県", "*1 予定"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tables_below_one_another_keep_their_own_units_and_notes_are_no_rows(  # noqa: PLR0913, PLR0917  (a sheet)
    tmp_path, tiny, units, separator, note, end
):
    town = tiny.layer("municipalities").frame["name"].iloc[0]
    lines = []
    for n, unit in enumerate(units):
        lines += [["団地名", "市町村", f"総面積({unit})"], [f"団地{n}", town, "12"], ["小計", "", "12"], [note]]
    text = end.join(separator.join(line) for line in lines)
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    found = read(path, "estates", tiny)
    worth = {"ha": 1, "㎡": 1e-4, "坪": 3.305785e-4, "a": 0.01, "km2": 100}
    assert found.layer.frame["total_ha"].to_list() == pytest.approx([12 * worth[unit] for unit in units])
    assert "rejected" not in told(found)


def test_a_workbook_of_tags_without_end_is_refused(tmp_path, store):
    path = workbook(ESTATES, tmp_path / "e.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/x.xml", "<c/>" * 16_100_000, compresslevel=1)
        archive.writestr("xl/media/x.bin", hashlib.shake_256(b"x").digest(400_000))
    with pytest.raises(GeodataError, match="4 million cells"):
        read(path, "estates", store)


def test_an_old_workbook_says_how_to_save_it(tmp_path, store):
    for name in ("list.xls", "list.xlsx"):
        (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
        with pytest.raises(GeodataError, match=r"save it as \.xlsx"):
            read(tmp_path / name, "estates", store)


def test_a_wide_text_table_keeps_its_first_columns(tmp_path, store):
    heads = ["団地名", "経度", "緯度", *(f"列{n}" for n in range(600))]
    rows = ",".join(heads) + "\n" + ",".join(["A", "136.2", "36.0", *["x"] * 600]) + "\n"
    found = read(written(tmp_path, rows), "estates", store)
    assert found.layer.frame["name"].to_list() == ["A"]
    assert "after the 400th" in told(found)


def test_a_register_of_plants_becomes_mw_by_technology(tmp_path, store):
    text = (
        "設備ID,発電事業者名,発電設備区分,発電出力（kW）,発電設備の所在地,運転開始報告年月,経度,緯度\n"
        'A1,甲電力,太陽光,"1,500",茨城県甲市1-1,2019年4月,140.05,36.05\n'
        "A2,乙風力,風力（20kW以上）,30000,茨城県乙町2,,140.15,36.06\n"
        "A3,丙,潮汐,10,茨城県甲市,2020年1月,140.05,36.05\n"
    )
    imported = read(written(tmp_path, text, "nintei.csv"), "clean_register", store)
    frame = imported.layer.frame.sort_values("plant_id")
    assert frame["technology"].tolist() == ["solar", "wind"]
    assert frame["capacity_mw"].tolist() == [1.5, 30.0]
    assert frame["operable"].tolist() == ["yes", "no"]
    assert "潮汐" in told(imported)


def test_room_for_demand_keeps_both_ends_of_a_band_and_what_is_applied_for(tmp_path, store):
    text = "name,voltage_kv,band_mw,applied_mw,from_year,as_of,lon,lat\n甲,275,101-200,50,2030,2026-05-01,140.05,36.05\n乙,66,1001-,,,2026-05-01,140.15,36.05\n"
    frame = read(written(tmp_path, text), "demand_room", store).layer.frame.set_index("name")
    assert frame.loc["甲", ["room_mw", "room_to_mw", "applied_mw", "from_year"]].tolist() == [101, 200, 50, 2030]
    assert frame.loc["乙", "room_mw"] == 1001
    assert frame.loc["乙", "room_to_mw"] == np.inf


def test_the_electricity_survey_becomes_national_totals(tmp_path, store):
    names = prefectures()["name"]
    text = "都道府県,水力,風力,太陽光\n" + "".join(f"{name},1000,,2000\n" for name in names) + "合計,47000,,94000\n"
    frame = read(written(tmp_path, text), "capacity_survey", store).layer.frame.set_index("technology")
    assert frame["total_mw"].to_dict() == {"hydro": 47.0, "solar": 94.0}
    with pytest.raises(GeodataError, match="47 prefectures"):
        read(written(tmp_path, "都道府県,水力\n北海道,1000\n", "one.csv"), "capacity_survey", store)
