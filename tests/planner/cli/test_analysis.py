"""The commands on real choices, as a user runs them."""

import json
import tomllib

import pytest
from commands import run

from planner.measure.candidates import CandidateChoice, load_candidates


@pytest.fixture(scope="module")
def choices(tiny, tmp_path_factory):
    """Twelve places of the tiny country as a file of the user's, one of them never built."""
    cells = load_candidates(CandidateChoice(kind="mesh"), tiny).table.iloc[::20].head(13)
    rows = [
        f"P{n},semiconductor,{lat},{lon},{'中止' if n == 12 else '操業中'}"
        for n, (lat, lon) in enumerate(zip(cells["lat"], cells["lon"], strict=True))
    ]
    path = tmp_path_factory.mktemp("choices") / "立地.csv"
    path.write_text("\n".join(["名称,field,緯度,経度,状態", *rows]) + "\n", "utf-8")
    return path


def test_calibrate_rank_validate(choices, tiny, tmp_path):
    out, result, stood = tmp_path / "fab.toml", tmp_path / "fab.parquet", tmp_path / "stood.csv"
    asked = ("calibrate", "--profile", "field-semiconductor-fab", "--choices", choices, "--out", out)
    done = run(*asked, "--background", "500", "--seed", "3", data_dir=tiny.root)
    assert done.returncode == 0, done.stderr
    assert "Fitted on 12 real choices" in done.stdout
    written = tomllib.loads(out.read_text("utf-8"))
    assert written["calibration"]["choices"] == "立地.csv"
    assert written["calibration"]["seed"] == 3
    assert run("rank", "--scenario", out, "--candidates", "mesh", "--out", result, data_dir=tiny.root).returncode == 0
    done = run("validate", result, "--choices", choices, "--out", stood, "--json", data_dir=tiny.root)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["seen"] is True
    assert told["dropped"] == 1
    assert len(told["rows"]) == 12
    assert stood.read_text("utf-8-sig").count("semiconductor") == 12


def test_what_cannot_be_done_is_one_sentence(choices, tiny, tmp_path):
    sites = tmp_path / "sites.parquet"
    assert run("rank", "--profile", "field-datacentre", "--out", sites, data_dir=tiny.root).returncode == 0
    for arguments, said in (
        (("validate", sites, "--choices", choices), "expected a result of mesh cells"),
        (("calibrate", "--profile", "gx4-host-area", "--out", tmp_path / "a.toml"), "stay assumed"),
        (("calibrate", "--profile", "nowhere", "--out", tmp_path / "a.toml"), "expected one of"),
        (("calibrate", "--profile", "field-datacentre", "--out", tmp_path / "a.csv"), "ending in .toml"),
        (("calibrate", "--profile", "field-datacentre", "--choices", choices, "--out", tmp_path / "a.toml"), "none of"),
    ):
        done = run(*arguments, data_dir=tiny.root)
        assert done.returncode == 2, done.stdout
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "a.toml").exists()
