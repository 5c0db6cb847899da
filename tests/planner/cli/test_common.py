"""What only a process of its own can show: its start, its exit code, its locale and the encoding of its answer."""

import json
import re

import pytest
from commands import run_process

KANA = re.compile("[ぁ-ん]")


def test_the_command_starts_ranks_and_explains(tmp_path):
    out = tmp_path / "x.geojson"
    ranked = run_process("rank", "--profile", "gx2-datacentre", "--out", out, data_dir=tmp_path / "data")
    assert ranked.returncode == 0, ranked.stderr
    site = json.loads(out.read_text("utf-8"))["features"][0]["id"]
    explained = run_process("explain", out, site, "--json", "--lang", "en")
    assert json.loads(explained.stdout)["verdict"].startswith("Rank 1 of")


def test_a_failure_is_exit_2_without_traceback():
    failed = run_process("rank", "--out", "x.csv")
    assert (failed.returncode, failed.stdout) == (2, "")
    assert "--profile ID" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("locale", "encoding", "japanese"), [("en_US.UTF-8", "utf-8", False), ("ja_JP.UTF-8", "cp932", True)]
)
def test_the_answer_is_in_the_language_and_encoding_of_the_console(locale, encoding, japanese):
    listed = run_process("profiles", encoding=encoding, LC_ALL=locale, PYTHONIOENCODING=encoding)
    assert listed.returncode == 0, listed.stderr
    assert "gx2-datacentre" in listed.stdout
    assert bool(KANA.search(listed.stdout)) == japanese


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_terminal_without_japanese_stops_nothing(tmp_path, encoding):
    (tmp_path / "敷地.csv").write_text("name,lon,lat\n敷地①髙,136.3,36.1\n", "utf-8")
    scenario, out = tmp_path / "シナリオ.toml", tmp_path / "結果.csv"
    text = f'profile = "gx2-datacentre"\n[candidates]\nkind = "file"\npath = "{tmp_path / "敷地.csv"}"\n'
    scenario.write_text(text, "utf-8")
    terminal = {"encoding": encoding, "PYTHONIOENCODING": encoding, "LC_ALL": "C", "LANG": "C"}
    data = tmp_path / "data"
    ranked = run_process("rank", "--scenario", scenario, "--out", out, "--lang", "ja", data_dir=data, **terminal)
    assert ranked.returncode == 0, ranked.stderr
    assert "敷地①髙" in out.read_text("utf-8-sig")
    assert "\\u7d50\\u679c" in ranked.stdout
    assert "Traceback" not in ranked.stderr


def test_a_failure_is_said_where_the_terminal_has_no_japanese(tmp_path):
    terminal = {"encoding": "ascii", "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "LANG": "C"}
    failed = run_process("explain", tmp_path / "無.csv", "1", "--lang", "ja", **terminal)
    assert failed.returncode == 2
    assert "\\u7121.csv" in failed.stderr
