import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import GeodataError
from geodata.files.opening import Member
from geodata.files.vectors import read_member

WIDTH = 254


def shapefile(folder, names, encoding, *, cpg=None):
    """A Shapefile whose texts are written byte by byte, so that a field may end within a character."""
    marks = [f"{n:0>{WIDTH}}" for n in range(len(names))]
    frame = gpd.GeoDataFrame(
        {"name": marks}, geometry=[shapely.Point(136 + n / 10, 36) for n in range(len(names))], crs=6668
    )
    pyogrio.write_dataframe(frame, folder / "a.shp", encoding="utf-8")
    dbf = folder / "a.dbf"
    content = dbf.read_bytes()
    for mark, name in zip(marks, names, strict=True):
        content = content.replace(mark.encode(), name.encode(encoding)[:WIDTH].ljust(WIDTH))
    dbf.write_bytes(content)
    (folder / "a.cpg").unlink(missing_ok=True)
    if cpg:
        (folder / "a.cpg").write_text(cpg)
    return Member("a.shp", folder / "a.shp")


@pytest.mark.parametrize(
    ("encoding", "cpg"),
    [
        ("utf-8", None),
        ("utf-8", "UTF-8"),
        ("utf-8", "ISO-8859-1"),
        ("cp932", None),
        ("cp932", "UTF-8"),
        ("cp932", "932"),
    ],
)
def test_a_cut_character_is_lost_alone_whatever_the_code_page_says(tmp_path, encoding, cpg):
    long = "a" + "九頭竜川" * 40
    rows = read_member(shapefile(tmp_path, [long, "日野川"], encoding, cpg=cpg), label="a.shp")
    assert rows.frame["name"].to_list() == [long.encode(encoding)[:WIDTH].decode(encoding, "ignore"), "日野川"]
    assert rows.encoding == encoding
    assert rows.cut == 1


@given(
    names=st.lists(st.text("一二三髙﨑ソ表能～ｱ①a ", min_size=1, max_size=140), min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "cp932"]),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_texts_of_a_shapefile_survive_up_to_their_width(tmp_path, names, encoding):
    rows = read_member(shapefile(tmp_path, names, encoding), label="a.shp")
    if any(letter >= "一" for name in names for letter in name):
        whole = [name.encode(encoding)[:WIDTH].decode(encoding, "ignore").strip() for name in names]
        assert [str(name or "").strip() for name in rows.frame["name"].fillna("")] == whole


def test_a_broken_table_beside_the_shapes_is_one_sentence(tmp_path):
    member = shapefile(tmp_path, ["a"], "utf-8")
    for content in (b"", b"\x03" * 20, b"\xff" * 400):
        (tmp_path / "a.dbf").write_bytes(content)
        with pytest.raises(GeodataError, match=r"a table in the \.dbf"):
            read_member(member, label="a.shp")


def test_a_geojson_in_cp932_is_read(tmp_path):
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名":"敦賀"},"geometry":{"type":"Point","coordinates":[136,36]}}]}'
    (tmp_path / "a.geojson").write_bytes(text.encode("cp932"))
    rows = read_member(Member("a.geojson", tmp_path / "a.geojson"), label="a")
    assert (rows.encoding, rows.frame["名"].to_list()) == ("cp932", ["敦賀"])


@given(offsets=st.lists(st.integers(0, 5), min_size=1, max_size=4), letter=st.sampled_from("九竜髙ソ表能"))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_text_cut_inside_a_character_loses_that_character_alone(tmp_path, offsets, letter):
    names = [f"{n}{'a' * offset}{letter * 130}" for n, offset in enumerate(offsets)]
    rows = read_member(shapefile(tmp_path, names, "cp932"), label="a.shp")
    assert rows.frame["name"].to_list() == [
        name[: 1 + offset + (253 - offset) // 2] for name, offset in zip(names, offsets, strict=True)
    ]
    assert rows.cut == sum((WIDTH - 1 - offset) % 2 for offset in offsets)
