"""Text tables are bounded before they are parsed."""

import pytest

from geodata.errors import FormatError
from geodata.files.tables import check_csv, read_csv


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,\x002\n", "bytes of zero"),
        (b"a\n" + b"x" * 5_000_000, "lines of at most"),
        (b"a," * 1_000_000 + b"\n", "5,000 columns"),
        ((b"," * 99 + b"\n") * 41_000, "4,000,000 cells"),
        (b"", "content"),
    ],
)
def test_a_table_without_end_is_one_sentence(tmp_path, content, says):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=says):
        check_csv(path)


def test_an_ordinary_table_passes_and_an_open_quote_is_one_sentence(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "x,1\n" * 100_000, "utf-8")
    check_csv(path)
    assert len(read_csv(path, columns={"a"})) == 100_000
    path.write_text('a,b\n"x,1\n', "utf-8")
    with pytest.raises(FormatError, match="CSV table"):
        read_csv(path, columns={"a"})
