"""Workbooks are read in the worker's process: as they are shown, or refused in one sentence within bounds."""

import re
import time
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from geodata.errors import FormatError
from geodata.files.workbooks import read_table, read_workbook

SHEET = "xl/worksheets/sheet1.xml"
_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book_with(path, parts):
    """A small workbook whose named parts have another content."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["name", "lon", "lat", 1.5, True])
    with zipfile.ZipFile(path) as archive:
        whole = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in {**whole, **parts}.items():
            archive.writestr(name, content)
    return path


def sheet_of(inner):
    return f"<worksheet {_NS}><sheetData>{inner}</sheetData></worksheet>"


def test_a_far_corner_and_a_wide_sheet_cost_nothing(tmp_path):
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    start = time.process_time()
    (sheet,) = read_workbook(book_with(tmp_path / "b.xlsx", {SHEET: sheet_of(corner)}))
    assert (sheet["rows"], sheet["wide"]) == ([], True)
    cells = "".join(f'<c r="XFC{n}"><v>1</v></c>' for n in range(1, 100_000))
    (sheet,) = read_workbook(book_with(tmp_path / "b.xlsx", {SHEET: sheet_of(f'<row r="1">{cells}</row>')}))
    assert (sheet["rows"], sheet["wide"]) == ([], True)
    assert time.process_time() - start < 5


def test_shared_texts_are_read_without_their_readings(tmp_path):
    texts = "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si><si><r><t>大</t></r><r><t>阪</t></r></si>"
    parts = {
        SHEET: sheet_of('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'),
        "xl/sharedStrings.xml": f"<sst {_NS}>{texts}</sst>",
    }
    (sheet,) = read_workbook(book_with(tmp_path / "b.xlsx", parts))
    assert sheet["rows"] == [[1, ["東京", "", "大阪"]]]


def test_one_long_text_in_many_cells_is_refused(tmp_path):
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_000))
    for length in (32_000, 40_000):
        parts = {SHEET: sheet_of(rows), "xl/sharedStrings.xml": f"<sst {_NS}><si><t>{'字' * length}</t></si></sst>"}
        with pytest.raises(FormatError, match="32,767 characters"):
            read_workbook(book_with(tmp_path / "b.xlsx", parts))


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "xl/theme/theme1.xml"])
def test_a_bomb_of_styles_or_names_is_refused_at_once(tmp_path, part):
    path = book_with(tmp_path / "b.xlsx", {part: f"<styleSheet {_NS}>{'<xf/>' * 600_000}</styleSheet>"})
    start = time.process_time()
    with pytest.raises(FormatError, match="fewer styles"):
        read_workbook(path)
    assert time.process_time() - start < 5


def test_entities_broken_parts_and_other_zips_are_one_sentence(tmp_path):
    entity = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    inner = f'{entity}]><worksheet {_NS}><sheetData><row r="1"><c r="A1" t="str"><v>&j;</v></c></row></sheetData></worksheet>'
    for parts in (
        {SHEET: inner},
        {SHEET: "<worksheet"},
        {SHEET: sheet_of('<row r="x"/>')},
        {"[Content_Types].xml": ""},
    ):
        with pytest.raises(FormatError, match=r"b\.xlsx: expected"):
            read_workbook(book_with(tmp_path / "b.xlsx", parts))
    with zipfile.ZipFile(tmp_path / "z.xlsx", "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(FormatError, match=r"z\.xlsx: expected"):
        read_workbook(tmp_path / "z.xlsx")
    (tmp_path / "t.xlsx").write_bytes(book_with(tmp_path / "b.xlsx", {}).read_bytes()[:-300])
    with pytest.raises(FormatError, match=r"t\.xlsx: expected"):
        read_workbook(tmp_path / "t.xlsx")


def test_typed_values_are_numbers_truth_values_and_texts(tmp_path):
    (sheet,) = read_workbook(book_with(tmp_path / "b.xlsx", {}), typed=True)
    assert sheet["rows"] == [[1, ["name", "lon", "lat", 1.5, True]]]
    assert read_workbook(tmp_path / "b.xlsx", only=("other",)) == []


def test_a_parquet_gives_its_rows_and_metadata_or_one_sentence(tmp_path):
    table = pa.table({"a": [1, 2], "geometry": [b"", b""]}).replace_schema_metadata({"k": "v"})
    pq.write_table(table, tmp_path / "t.parquet")
    frame, metadata = read_table(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(frame, pd.DataFrame({"a": [1, 2]}))
    assert metadata["k"] == "v"
    content = (tmp_path / "t.parquet").read_bytes()
    for broken in (content[:-20], content[:4] + b"\xff" * 40 + content[44:], b"PAR1", b"x"):
        (tmp_path / "t.parquet").write_bytes(broken)
        with pytest.raises(FormatError, match=re.escape("t.parquet: expected")):
            read_table(tmp_path / "t.parquet")


def test_a_small_parquet_of_endless_rows_is_refused(tmp_path):
    long = pa.DictionaryArray.from_arrays(np.zeros(200_000, dtype=np.int32), ["字" * 9_000])
    with pq.ParquetWriter(tmp_path / "t.parquet", pa.schema({"a": pa.string()}), store_schema=False) as writer:
        writer.write_table(pa.table({"a": long.slice(0, 2_000).cast(pa.string())}))
        for _ in range(40):
            writer.write_table(pa.table({"a": long.slice(0, 2_000).cast(pa.string())}))
    assert (tmp_path / "t.parquet").stat().st_size < 2**20
    with pytest.raises(FormatError, match="memory"):
        read_table(tmp_path / "t.parquet")
    pq.write_table(pa.table({"a": pa.nulls(3_000_000)}), tmp_path / "t.parquet")
    with pytest.raises(FormatError, match="2,000,000 rows"):
        read_table(tmp_path / "t.parquet")
