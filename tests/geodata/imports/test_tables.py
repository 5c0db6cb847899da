import hashlib
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import ESTAT, ESTATES, TSO_LINES, workbook

from geodata import GeodataError, Store, imports
from geodata.coverage import TEMPLATES, template
from geodata.imports import KINDS, Options
from geodata.imports.tables.columns import columns_of
from geodata.imports.tables.headings import normalised


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("empty"))


def read(path, kind, store, **options):
    return imports.read(path, kind, Options(**options), lambda id_: store.layer(id_) if store.has(id_) else None)


def substation(store):
    frame = store.layer("substations").frame
    once = frame[~frame["name"].duplicated(keep=False) & frame["voltage_kv"].ge(275)]
    return once.iloc[0]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_capacity_tables_are_joined_by_name_and_voltage_and_the_rest_is_listed(tmp_path, store, encoding):
    known = substation(store)
    text = TSO_LINES.format(name=known["name"].removesuffix("変電所") + "変電所", kv=int(known["voltage_kv"]))
    (tmp_path / "kikan.csv").write_bytes(text.replace("−", "－").encode(encoding))
    found = read(tmp_path / "kikan.csv", "tso_capacity", store)
    frame = found.layer.frame
    assert frame["room_here_mw"].tolist() == [800]
    assert frame["equipment_mw"].tolist() == [1200]
    assert frame["geometry"].iloc[0].equals(known["geometry"])
    said = " ".join(found.report.sentences())
    assert "どこにもない変電所" in said
    assert "for generation" in said
    assert found.report.encoding == ("cp932" if encoding == "cp932" else "utf-8")
    assert not any("demand" in name for name in found.layer.spec.fields)


def test_capacity_columns_are_room_for_generation():
    assert "発電側" in KINDS["tso_capacity"].title.ja
    assert KINDS["tso_capacity"].redistributable == "no"


def test_demand_room_comes_from_bands_or_megawatts(tmp_path, store):
    known = substation(store)
    rows = f"name,band_mw,room_mw,lead_years,as_of,lon,lat\n{known['name']},201〜300,,5,2026-09,,\nX,,80,3,2026-09,136.2,36.0\nY,巨大,,3,2026-09,136.3,36.0\n"
    (tmp_path / "d.csv").write_text(rows, "utf-8")
    found = read(tmp_path / "d.csv", "demand_room", store)
    assert found.layer.frame["room_mw"].tolist()[:2] == [201, 80]
    assert np.isnan(found.layer.frame["room_mw"].iloc[2])
    assert found.layer.frame["lead_years"].tolist()[0] == 5
    assert any(p.column == "band_mw" and p.rows == (3,) for p in found.report.problems)


def test_estates_of_a_prefecture_are_mapped_with_units_and_checked(tmp_path, store, tiny):
    del store
    town = tiny.layer("municipalities").frame["name"].iloc[0]
    rows = [[town if cell == "福井市" else cell for cell in row] for row in ESTATES]
    found = read(workbook(rows, tmp_path / "list.xlsx"), "estates", tiny)
    frame = found.layer.frame
    assert frame["name"].tolist() == ["あさひ工業団地"]
    first = frame.iloc[0]
    assert (first["total_ha"], first["available_ha"], first["price_yen_m2"]) == (12.5, pytest.approx(3.3), 12800)
    assert (first["power_kv"], first["industrial_water_m3_day"], first["green_check"]) == (66, 7400, "meets_20_pct")
    assert first["position_method"] == "municipality"
    assert first["accuracy_m"] > 0
    said = " ".join(found.report.sentences())
    assert "ひかり産業団地" in said  # no municipality of this name: rejected, and said
    assert "m² divided by 10,000" in said


def test_estates_with_positions_keep_them_and_tsubo_becomes_square_metres(tmp_path, store):
    rows = "団地名,経度,緯度,総面積(ha),分譲可能面積(㎡),坪単価,緑地率\nA,136.2,36.0,30,52000,42300,10\nB,136.3,36.1,0.5,-,-,\n"
    (tmp_path / "e.csv").write_bytes(rows.encode("cp932"))
    frame = read(tmp_path / "e.csv", "estates", store).layer.frame
    assert frame["available_ha"].iloc[0] == pytest.approx(5.2)
    assert frame["price_yen_m2"].iloc[0] == pytest.approx(42300 / 3.305785)
    assert frame["green_check"].tolist() == ["check_by_law", "unknown"]
    assert np.isnan(frame["available_ha"].iloc[1])


@pytest.mark.parametrize(
    ("plot", "says"),
    [
        (",,5", "unknown"),
        (",,25", "meets_20_pct"),
        ("5000,,5", "unknown"),
        ("5000,2000,5", "not_bound_by_size"),
        ("2000,,5", "not_bound_by_size"),
        ("5000,3000,5", "check_by_law"),
        (",3000,5", "check_by_law"),
        ("9000,,5", "check_by_law"),
        (",2000,5", "unknown"),
        ("2000,,", "unknown"),
    ],
)
def test_an_unknown_area_is_never_not_bound_by_the_green_rule(tmp_path, store, plot, says):
    rows = f"団地名,経度,緯度,総面積(㎡),建築面積(㎡),緑地率\nA,136.2,36.0,{plot}\n"
    (tmp_path / "e.csv").write_text(rows, "utf-8")
    assert read(tmp_path / "e.csv", "estates", store).layer.frame["green_check"].tolist() == [says]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_estat_downloads_are_joined_by_code_and_marks_stay_unknown(tmp_path, store, encoding):
    (tmp_path / "FEH_00200532.csv").write_bytes(ESTAT.encode(encoding))
    found = read(tmp_path / "FEH_00200532.csv", "estat", store)
    frame = found.layer.frame.set_index("pref_code")
    assert frame.loc["18", "value_001"] == 123_400
    assert np.isnan(frame.loc["18", "value_002"])
    assert frame.loc["17", "value_002"] == 88_000
    titles = [f.title.ja for n, f in found.layer.spec.fields.items() if n.startswith("value")]
    assert any("専門的" in title for title in titles)
    assert found.layer.spec.fields["value_001"].unit == "人"


def test_a_table_by_prefecture_takes_names_codes_and_full_width_digits(tmp_path, store):
    rows = "都道府県,過不足（万人）,専門職\n福井県,－1.2,３，０００\n石川,0.4,-\n北海道,5,7\n架空県,1,2\n石川県,9,9\n"
    (tmp_path / "m.csv").write_text(rows, "utf-8")
    found = read(tmp_path / "m.csv", "prefecture_table", store)
    frame = found.layer.frame.set_index("pref_code")
    assert frame["value_001"].drop("17").to_dict() == {"18": -1.2, "01": 5}
    assert np.isnan(frame.loc["17", "value_001"])  # 0.4 and 9 contradict each other
    assert frame.loc["18", "value_002"] == 3000
    assert np.isnan(frame.loc["17", "value_002"])
    said = " ".join(found.report.sentences())
    assert "架空県" in said
    assert "each prefecture once" in said


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


def test_units_that_cannot_be_are_noted(tmp_path, store):
    (tmp_path / "e.csv").write_text("団地名,経度,緯度,総面積(ha)\nA,136.2,36.0,250000\n", "utf-8")
    said = " ".join(read(tmp_path / "e.csv", "estates", store).report.sentences())
    assert "another unit" in said


@pytest.mark.parametrize(
    "case",
    [
        ("分譲可能面積(㎡)", "3,000", "available_ha", 0.3),
        ("総面積(千㎡)", "120", "total_ha", 12.0),
        ("総面積(ha)", "-5", "total_ha", None),
        ("総面積(ha)", "A:2ha B:3ha", "total_ha", None),
        ("総面積", "20万㎡", "total_ha", 20.0),
        ("総面積(ha)", "約5町歩", "total_ha", None),
        ("単価(円/㎡)", "1万5千円", "price_yen_m2", None),
        ("単価", "約2.5万円/㎡", "price_yen_m2", 25_000.0),
        ("価格(円/坪)", "33,057.85", "price_yen_m2", 10_000.0),
        ("分譲価格(千円)", "12,000", "price_yen_m2", None),
        ("電力", "60,000V", "power_kv", 60.0),
    ],
)
def test_a_cell_is_one_number_in_its_unit_or_unknown_and_said(tmp_path, store, case):
    heading, cell, column, expected = case
    (tmp_path / "e.csv").write_text(f'団地名,経度,緯度,"{heading}"\nA,136.2,36.0,"{cell}"\n', "utf-8")
    found = read(tmp_path / "e.csv", "estates", store)
    value = found.layer.frame[column].iloc[0]
    if expected is None:
        assert np.isnan(value)
        assert any(p.column == column for p in found.report.problems)
    else:
        assert value == pytest.approx(expected)


def test_each_sheet_keeps_its_units_and_lost_rows_and_headings_are_listed(tmp_path, store):
    book = openpyxl.Workbook()
    for row in (
        ["団地名", "経度", "緯度", "分譲可能面積(㎡)", "謎の列"],
        ["A", 136.2, 36.0, 3000, 1],
        ["", 136.3, 36.0, 9, 1],
    ):
        book.active.append(row)
    second = book.create_sheet("b")
    for row in (
        ["", "", "", "面積（㎡）", ""],
        ["団地名", "経度", "緯度", "総面積", "分譲可能面積"],
        ["B", 136.4, 36.0, 20000, 9000],
    ):
        second.append(row)
    book.save(tmp_path / "e.xlsx")
    found = read(tmp_path / "e.xlsx", "estates", store)
    assert found.layer.frame["available_ha"].tolist() == pytest.approx([0.3, 0.9])
    assert found.layer.frame["total_ha"].iloc[1] == pytest.approx(2.0)
    assert (found.report.rows_read, found.report.rows_kept) == (3, 2)
    said = " ".join(found.report.sentences())
    assert "謎の列" in said
    assert "a name" in said


def test_capacity_is_never_joined_to_another_voltage_and_kilowatts_are_converted(tmp_path, store):
    known = substation(store)
    head = "変電所名,電圧(一次)(kV),設備容量(kW),空容量(当該設備)(kW)\n"
    rows = f"{known['name']},66,100000,50000\n{known['name']},{int(known['voltage_kv'])},100000,50000\n"
    (tmp_path / "t.csv").write_bytes((head + rows).encode("cp932"))
    found = read(tmp_path / "t.csv", "tso_capacity", store)
    assert found.layer.frame["room_here_mw"].tolist() == [50]
    assert found.layer.frame["voltage_kv"].tolist() == [known["voltage_kv"]]
    (tmp_path / "n.csv").write_bytes(f"変電所名,空容量(当該設備)(MW)\n{known['name']},5\nどこか,6\n".encode("cp932"))
    assert len(read(tmp_path / "n.csv", "tso_capacity", store).layer.frame) == 1
    (tmp_path / "z.csv").write_bytes("変電所名,空容量(当該設備)(MW)\nどこか,6\n".encode("cp932"))
    with pytest.raises(GeodataError, match="at least one usable row"):
        read(tmp_path / "z.csv", "tso_capacity", store)


def test_estat_with_sub_codes_and_two_digit_areas(tmp_path, store):
    text = '"地域 コード","地域 補助コード","地域","時間軸 コード","時間軸","就業者数【千人】"\n"13","","東京都","2022000000","2022年","8000"\n"18000","","福井県","2022000000","2022年","420"\n'
    (tmp_path / "e.csv").write_text(text, "utf-8")
    frame = read(tmp_path / "e.csv", "estat", store).layer.frame
    assert frame.set_index("pref_code")["value_001"].to_dict() == {"13": 8000, "18": 420}


def written(tmp_path, text, name="t.csv", encoding="utf-8"):
    (tmp_path / name).write_bytes(text.encode(encoding))
    return tmp_path / name


def told(found):
    return " ".join(found.report.sentences())


def test_prefecture_and_municipality_codes_in_two_columns_are_one_code(tmp_path, store):
    rows = "県名,都道府県コード,市町村,市町村コード,総数【人】\n福井県,18,福井市,201,10\n福井県,18,敦賀市,202,20\n北海道,1,札幌市,100,30\n"
    frame = read(written(tmp_path, rows), "estat", store).layer.frame
    assert frame.set_index("area_code")["value_001"].to_dict() == {"18201": 10, "18202": 20, "01100": 30}
    rows = "都道府県コード,市区町村コード,総数\n18,17201,10\n18,18202,20\n"
    found = read(written(tmp_path, rows), "estat", store)
    assert found.layer.frame["area_code"].to_list() == ["18202"]
    assert "prefecture beside it" in told(found)


def test_marks_in_a_column_leave_the_table_whole(tmp_path, store):
    rows = "地域コード,地域,総数【人】,うち女【人】\n18201,福井市,▲35,100 2)\n18202,敦賀市,X,△7\n18204,小浜市,12①,(9)\n"
    found = read(written(tmp_path, rows), "estat", store)
    frame = found.layer.frame.set_index("area_code")
    assert list(found.layer.spec.fields)[-2:] == ["value_001", "value_002"]
    assert frame["value_001"].to_list() == pytest.approx([-35, np.nan, np.nan], nan_ok=True)
    assert frame["value_002"].to_list() == [100, -7, -9]
    assert "12①" in told(found)


def test_values_that_contradict_each_other_are_unknown_and_the_area_is_named(tmp_path, store):
    rows = "地域コード,地域,総数【人】\n18201,福井市,5\n18201,福井市,7\n18202,敦賀市,3\n18202,敦賀市,3\n"
    found = read(written(tmp_path, rows), "estat", store)
    assert found.layer.frame["value_001"].to_list() == pytest.approx([np.nan, 3], nan_ok=True)
    assert "the first is 18201: 5, 7" in told(found)


def test_mesh_files_have_two_heading_rows(tmp_path, store):
    rows = "KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T001140001,T001140002\n,,,,　人口（総数）,　人口（男）\n54362222,0,,,120,60\n54362223,1,54362222,,*,*\n54362224,0,,,7,\n54362224,0,,,8,\n"
    found = read(written(tmp_path, rows, "tblT001140S5436.txt", "cp932"), "estat", store)
    frame = found.layer.frame
    assert frame["mesh_code"].to_list() == ["54362222", "54362223"]
    assert frame["t001140001"].to_list() == pytest.approx([120, np.nan], nan_ok=True)
    assert found.layer.spec.fields["t001140001"].title.ja == "人口（総数）"
    assert "each cell once" in told(found)


@pytest.mark.parametrize("first", ["01 北海道", "北　海　道", "1北海道", "０１_北海道", "1", "01.0"])
def test_prefectures_are_known_however_they_are_spaced_and_numbered(tmp_path, store, first):
    found = read(written(tmp_path, f"都道府県,値\n{first},5\n13 大阪府,6\n"), "prefecture_table", store)
    assert found.layer.frame[["pref_code", "value_001"]].to_numpy().tolist() == [["01", 5]]
    assert "13大阪府" in told(found)


@pytest.mark.parametrize(
    "case",
    [
        ("空容量(当該設備)(MW)", "▲35", -35.0),
        ("空容量(当該設備)(MW)", "（35）", -35.0),
        ("空容量(当該設備)(MW)", "△1,200kW", -1.2),
        ("空容量(当該設備)(MW)", "33万kW", 330.0),
        ("空容量(当該設備)(kW)", "▲35,000", -35.0),
        ("空容量(当該設備)(MW)", "(35MW)", None),
        ("空容量(当該設備)(MW)", "35以上", None),
        ("空容量(当該設備)(MW)", "10～35", None),
    ],
)
def test_capacity_keeps_its_sign_or_is_unknown(tmp_path, store, case):
    heading, cell, expected = case
    known = substation(store)
    rows = f'変電所名,電圧(kV),"{heading}"\n{known["name"]},{int(known["voltage_kv"])},"{cell}"\n{known["name"]},{int(known["voltage_kv"])},5\n'
    found = read(written(tmp_path, rows), "tso_capacity", store)
    value = found.layer.frame["room_here_mw"].iloc[0]
    assert value == pytest.approx(np.nan if expected is None else expected, nan_ok=True)
    assert (expected is not None) or any(p.column == "room_here_mw" for p in found.report.problems)


@pytest.mark.parametrize(
    "case",
    [
        ("総面積(ha)", "120a", 1.2),
        ("総面積(アール)", "120", 1.2),
        ("総面積(a)", "120", 1.2),
        ("総面積", "1.2km²", 120.0),
        ("総面積(坪)", "3,025", 1.0000),
        ("総面積", "約12.5ha（予定）", 12.5),
        ("総面積", "全体 12.5 ヘクタール", 12.5),
        ("総面積(万㎡)", "3.5", 3.5),
        ("総面積", "33,000㎡（約1万坪）", 3.3),
        ("総面積", "33,000㎡（約2万坪）", None),
        ("総面積(ha)", "5区画", None),
        ("総面積", "4.5ha（3区画）", 4.5),
        ("総面積(ha)", "4.5 （全3筆）", 4.5),
        ("総面積", "4.5ha×3区画", None),
        ("総面積(ha)", "5ha以上", None),
        ("総面積(ha)", "(3)", None),
        ("総面積(ha)", "12②", None),
        ("総面積(ha)", "12,5", None),
        ("総面積(ha)", "3ha/区画", None),
        ("総面積(ha)", "H30", None),
    ],
)
def test_an_area_is_read_with_its_unit_or_is_unknown_and_said(tmp_path, store, case):
    heading, cell, expected = case
    found = read(written(tmp_path, f'団地名,経度,緯度,"{heading}"\nA,136.2,36.0,"{cell}"\n'), "estates", store)
    value = found.layer.frame["total_ha"].iloc[0]
    assert value == pytest.approx(np.nan if expected is None else expected, nan_ok=True, rel=1e-3)
    assert (expected is not None) or any(p.column == "total_ha" for p in found.report.problems)


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


def test_a_unit_row_and_a_unit_above_the_table_count(tmp_path, store):
    rows = "団地名,経度,緯度,総面積\n,,,㎡\nA,136.2,36.0,30000\n団地名,経度,緯度,総面積\nB,136.3,36.0,20000\n"
    assert read(written(tmp_path, rows), "estates", store).layer.frame["total_ha"].to_list() == [3, 2]
    rows = "一覧,,,（単位：㎡）\n団地名,経度,緯度,総面積\nA,136.2,36.0,30000\n"
    assert read(written(tmp_path, rows), "estates", store).layer.frame["total_ha"].to_list() == [3]


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


def test_mesh_codes_that_cannot_be_are_refused_and_other_sizes_told(tmp_path, store):
    rows = "KEY_CODE,T1\n54364099,1\n543640991,2\n54368999,3\n99990000,4\n5436409,5\n"
    found = read(written(tmp_path, rows), "estat", store)
    assert found.layer.frame["mesh_code"].to_list() == ["54364099", "543640991"]
    assert "500 m (1)" in told(found)
    assert "a cell in Japan" in told(found)


@given(st.lists(st.tuples(st.sampled_from(["福井県", "18", "石川県"]), st.integers(0, 3)), min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_that_contradict_each_other_are_unknown_and_never_the_first(tmp_path, store, rows):
    text = "都道府県,値\n" + "".join(f"{name},{value}\n" for name, value in rows)
    values: dict[str, set[int]] = {}
    for name, value in rows:
        values.setdefault("17" if name == "石川県" else "18", set()).add(value)
    found = read(written(tmp_path, text), "prefecture_table", store)
    got = found.layer.frame.set_index("pref_code")["value_001"]
    for code, seen in values.items():
        assert np.isnan(got[code]) if len(seen) > 1 else got[code] == seen.pop()
    assert ("contradict" in told(found)) == got.isna().any()


def test_the_name_of_a_prefecture_beside_its_municipalities_is_no_series(tmp_path, store):
    rows = "都道府県コード,市区町村コード,都道府県,市区町村,人口\n18,201,福井県,福井市,10\n18,202,福井県,敦賀市,20\n"
    assert read(written(tmp_path, rows), "estat", store).layer.spec.fields["value_001"].title.ja == "人口"


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
