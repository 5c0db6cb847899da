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


@pytest.mark.parametrize(("arguments", "says"), [(["rank", "--out", "x.csv"], "--profile ID"), (["bogus"], "bogus")])
def test_a_failure_is_exit_2_without_traceback(arguments, says):
    failed = run_process(*arguments)
    assert (failed.returncode, failed.stdout) == (2, "")
    assert says in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("locale", "encoding", "japanese"), [("en_US.UTF-8", "utf-8", False), ("ja_JP.UTF-8", "cp932", True)]
)
def test_the_answer_is_in_the_language_and_encoding_of_the_console(locale, encoding, japanese):
    listed = run_process("profiles", encoding=encoding, LC_ALL=locale, PYTHONIOENCODING=encoding)
    assert listed.returncode == 0, listed.stderr
    assert "gx2-datacentre" in listed.stdout
    assert bool(KANA.search(listed.stdout)) == japanese
