"""Plain data of others: read as written, or refused in one sentence before it grows."""

import json
import os
import string
import time
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import FormatError
from geodata.files.documents import MOST_TOML, read_json, read_toml

HOSTILE_TOML = {
    "nested lists": "a = " + "[" * 100_000 + "]" * 100_000,
    "nested tables": "a = " + "{b=" * 50_000 + "1" + "}" * 50_000,
    "dotted key": "a" + ".a" * 200_000 + " = 1",
    "dotted key with spaces": "a" + " . a" * 100_000 + " = 1",
    "dotted key in quotes": '"a"' + '."a"' * 100_000 + " = 1",
    "dotted heading": "[a" + ".a" * 200_000 + "]",
    "dotted keys that grow": "\n".join("a." * 5_000 + f"b{n} = 1" for n in range(50)),
    "decimal": "a = " + "9" * 5_000,
    "hexadecimal": "a = 0x" + "f" * 100_000,
    "hexadecimal in a list": "a = [0x" + "f" * 100_000 + "]",
    "beyond 64 bits": "a = 9223372036854775808",
    "not closed": 'a = """' + "[" * 100_000,
    "too large": "a = 1\n" * (MOST_TOML // 6 + 1),
    "no TOML": "a = = 1",
    "nothing": "",
}
HOSTILE_JSON = {
    "nested lists": "[" * 100_000 + "]" * 100_000,
    "nested tables": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "decimal": "9" * 5_000,
    "below the limit of Python": "9" * 4_000,
    "not a number": '{"a": NaN}',
    "without end": '{"a": -Infinity}',
    "the same key twice": '{"a": 1, "b": 2, "a": 3}',
    "half": '{"a": ',
    "nothing": "",
}
PLAIN = st.recursive(
    st.integers(-(2**63), 2**63 - 1) | st.text(string.printable, max_size=30) | st.booleans() | st.floats(-1e9, 1e9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(string.printable, max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", HOSTILE_TOML)
def test_toml_that_grows_without_end_is_one_sentence_at_once(tmp_path, name):
    path = tmp_path / "s.toml"
    path.write_text(HOSTILE_TOML[name], "utf-8")
    start = time.process_time()
    with pytest.raises(FormatError, match=r"s\.toml: expected"):
        read_toml(path)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("name", HOSTILE_JSON)
def test_json_that_grows_without_end_is_one_sentence(tmp_path, name):
    path = tmp_path / "s.json"
    path.write_text(HOSTILE_JSON[name], "utf-8")
    with pytest.raises(FormatError, match=r"s\.json: expected"):
        read_json(path)


def test_brackets_dots_and_long_words_in_texts_and_comments_count_nothing(tmp_path):
    path = tmp_path / "s.toml"
    text = (
        "# "
        + "[" * 200
        + "x" * 500
        + '\na = "'
        + "[." * 500
        + "\"\nb = '''"
        + "{.\n" * 300
        + "'''\nc.d.e = [1.5, 2.5]\n"
    )
    path.write_text(text + 'f = """\\"""" # [[[\n', "utf-8")
    assert read_toml(path) == tomllib.loads(path.read_text("utf-8"))


@given(table=st.dictionaries(st.text(string.ascii_letters, min_size=1, max_size=9), PLAIN, min_size=1, max_size=5))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_plain_is_read_as_it_is(tmp_path, table):
    import tomli_w  # noqa: PLC0415

    (tmp_path / "s.toml").write_text(tomli_w.dumps(table), "utf-8")
    (tmp_path / "s.json").write_text(json.dumps(table), "utf-8")
    assert read_toml(tmp_path / "s.toml") == table
    assert read_json(tmp_path / "s.json") == table


def test_a_folder_a_pipe_a_device_and_names_that_cannot_be_are_one_sentence(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    for name in ("pipe.toml", "folder.toml", "/dev/zero", "x" * 5_000, "a\0b"):
        with pytest.raises(FormatError, match="expected a file"):
            read_toml(tmp_path / name)
