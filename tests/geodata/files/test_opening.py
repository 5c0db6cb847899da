import gzip
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import Cp932Info

from geodata import GeodataError
from geodata.files.opening import decoded, encoding_of, opened, without_entities
from geodata.imports.candidates import read_candidates


def zipped(path, *members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in members:
            archive.writestr(info, content)
    return path


def refused(path, says):
    with pytest.raises(GeodataError, match=says) as caught, opened(path) as members:
        list(members)
    assert str(path) in str(caught.value) or path.name in str(caught.value)


def test_japanese_member_names_are_read_and_never_reach_the_file_system(tmp_path):
    with opened(zipped(tmp_path / "a.zip", (Cp932Info("浸水想定/区域.csv"), "a,b\n"))) as members:
        assert [m.name for m in members] == ["浸水想定/区域.csv"]
        assert members[0].path.name == "0.csv"


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/passwd", "a/../../b.csv", "\\windows\\x.csv"])
def test_a_member_that_climbs_out_is_refused(tmp_path, name):
    refused(zipped(tmp_path / "t.zip", (name, "x")), "inside the archive's own folder")


def test_a_link_is_refused(tmp_path):
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    refused(zipped(tmp_path / "l.zip", (info, "/etc/passwd")), "inside the archive's own folder")


def test_a_bomb_is_refused(tmp_path):
    refused(zipped(tmp_path / "b.zip", ("zeros.csv", b"0" * 80_000_000)), "an ordinary archive")
    bomb = tmp_path / "b.osm.gz"
    bomb.write_bytes(gzip.compress(b"0" * 80_000_000))
    refused(bomb, "unpacks without end")


def test_many_members_are_refused(tmp_path):
    refused(zipped(tmp_path / "m.zip", *((f"{n}.txt", "x") for n in range(2_100))), "an ordinary archive")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("e.zip", b"", "an empty file"),
        ("t.zip", b"not a zip", "another or a truncated"),
        ("h.zip", b"PK\x03\x04" + b"\x00" * 40, "broken or locked"),
        ("g.csv.gz", b"\x1f\x8b\x08broken", "broken one"),
    ],
)
def test_truncated_and_misnamed_files_are_one_sentence(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name, says)


def test_a_missing_file_is_one_sentence(tmp_path):
    refused(tmp_path / "nothing.csv", "Check the path")
    refused(tmp_path / ("long" * 2_000), "Check the path")


def test_text_is_utf8_or_cp932_and_never_mojibake():
    assert decoded("福井".encode(), "x") == ("福井", "utf-8")
    assert decoded("\ufeff福井".encode(), "x") == ("福井", "utf-8")
    assert decoded("福井髙﨑".encode("cp932"), "x") == ("福井髙﨑", "cp932")
    with pytest.raises(GeodataError, match="UTF-8 or cp932"):
        decoded(b"\xff\xfe\x00\x81", "x")


LATE = b"<!--" + b" " * 3 * 2**20 + b"-->"


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><osm/>',
        LATE + b'<!DOCTYPE a [<!ENTITY b "c">]><osm>&b;</osm>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><osm/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><osm/>'.encode("utf-16"),
    ],
    ids=["first", "after 3 MiB", "external", "utf-16"],
)
def test_entities_are_refused_wherever_they_are_declared(tmp_path, content):
    (tmp_path / "x.osm").write_bytes(content)
    with pytest.raises(GeodataError, match="without DOCTYPE"):
        without_entities(tmp_path / "x.osm", "x.osm")


@pytest.mark.parametrize(
    "content",
    [
        b"<osm>",
        b"<osm>&b;</osm>",
        b"<osm>" + LATE + b'<!DOCTYPE a [<!ENTITY b "c">]></osm>',
        b'<?xml version="1.0" encoding="Shift_JIS"?><a/>',
    ],
    ids=["truncated", "undeclared entity", "declared inside the root", "another encoding"],
)
def test_what_is_no_xml_is_refused(tmp_path, content):
    (tmp_path / "x.osm").write_bytes(content)
    with pytest.raises(GeodataError, match="well-formed XML"):
        without_entities(tmp_path / "x.osm", "x.osm")


def test_ordinary_xml_passes(tmp_path):
    (tmp_path / "x.osm").write_text("<osm><!-- <!DOCTYPE in a comment --><tag v='福井 &amp; 敦賀'/></osm>", "utf-8")
    without_entities(tmp_path / "x.osm", "x.osm")


def test_a_zip_within_a_zip_is_opened_one_level_deep(tmp_path):
    third = zipped(tmp_path / "3.zip", ("deep.csv", "x\n")).read_bytes()
    second = zipped(tmp_path / "2.zip", ("a.csv", "a\n"), ("third.zip", third)).read_bytes()
    with opened(zipped(tmp_path / "1.zip", ("second.zip", second), ("b.csv", "b\n"))) as members:
        assert [m.name for m in members] == ["second.zip/a.csv", "second.zip/third.zip", "b.csv"]
        assert members[0].path.read_text() == "a\n"


def test_a_bomb_within_a_zip_is_refused(tmp_path):
    bomb = zipped(tmp_path / "b.zip", ("zeros.csv", b"0" * 80_000_000)).read_bytes()
    refused(zipped(tmp_path / "o.zip", ("b.zip", bomb)), "an ordinary archive")


def test_the_encoding_of_a_large_file_is_that_of_its_text(tmp_path):
    for encoding in ("utf-8", "cp932"):
        (tmp_path / "x").write_bytes("福井髙﨑".encode(encoding) * 400_000)
        assert encoding_of(tmp_path / "x", "x") == encoding


@given(depth=st.integers(1, 4), folder=st.sampled_from(["", "内/", "a b/"]), beside=st.booleans())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_candidates_one_zip_deep_are_read_and_deeper_ones_are_one_sentence(tmp_path, depth, folder, beside):
    name, content = f"{folder}候補.csv", "候補地名,経度,緯度\n北,136.07,35.66\n".encode("cp932")
    for level in range(depth):
        notes = [("よみ.pdf", b"x")] if beside else []
        content = zipped(tmp_path / f"{level}.zip", (Cp932Info(name), content), *notes).read_bytes()
        name = f"{folder}{level}.zip"
    path = tmp_path / f"{depth - 1}.zip"
    if depth <= 2:
        assert read_candidates(path)["name"].to_list() == ["北"]
    else:
        with pytest.raises(GeodataError, match="Take the file out of the inner zip"):
            read_candidates(path)
