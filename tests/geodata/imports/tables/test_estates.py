import numpy as np
import openpyxl
import pytest
from importing import read, written
from office_files import ESTATES, workbook


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


def test_a_unit_row_and_a_unit_above_the_table_count(tmp_path, store):
    rows = "団地名,経度,緯度,総面積\n,,,㎡\nA,136.2,36.0,30000\n団地名,経度,緯度,総面積\nB,136.3,36.0,20000\n"
    assert read(written(tmp_path, rows), "estates", store).layer.frame["total_ha"].to_list() == [3, 2]
    rows = "一覧,,,（単位：㎡）\n団地名,経度,緯度,総面積\nA,136.2,36.0,30000\n"
    assert read(written(tmp_path, rows), "estates", store).layer.frame["total_ha"].to_list() == [3]
