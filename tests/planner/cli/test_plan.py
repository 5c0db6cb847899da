"""`planner plan new | fill | check | export`."""

import json

import openpyxl
import pytest
from commands import run

from planner.plans.plan import read_plan


def new(folder, *more):
    path = folder / "a.plan.json"
    done = run("plan", "new", str(path), "--kind", "B", "--region", "熊本県", "--field", "半導体工場", *more)
    assert done.returncode == 0, done.stderr
    return path


def test_a_plan_from_new_to_paper(tmp_path):
    path = new(tmp_path, "--starts", "2027-04-01", "--ends", "2032-03-31")
    assert read_plan(path).field == "semiconductor-fab"
    assert run("plan", "fill", str(path), "--as-of", "2026-11-28").returncode == 0
    assert any(answer.evidence for answer in read_plan(path).answers.values())
    told = json.loads(run("plan", "check", str(path), "--as-of", "2026-11-28", "--json").stdout)
    assert len(told["items"]) == 11
    assert told["share_given"] == 0
    out = tmp_path / "a.xlsx"
    assert run("plan", "export", str(path), "--to", str(out), "--lang", "ja").returncode == 0
    assert len(openpyxl.load_workbook(out).sheetnames) > 3
    pdf = tmp_path / "a.pdf"
    assert run("plan", "export", str(path), "--to", str(pdf), "--public", "--lang", "en").returncode == 0
    assert pdf.read_bytes().startswith(b"%PDF")


def test_a_snapshot_is_kept_in_the_file(tmp_path):
    path = new(tmp_path)
    assert run("plan", "check", str(path), "--as-of", "2026-11-28", "--snapshot").returncode == 0
    assert len(read_plan(path).snapshots) == 1


def test_a_plan_that_is_there_stays(tmp_path):
    path = new(tmp_path)
    before = path.read_bytes()
    done = run("plan", "new", str(path), "--kind", "A", "--region", "KYS", "--lang", "en")
    assert done.returncode == 2
    assert "stays as it is" in done.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("new", "{0}/x.json", "--kind", "Z", "--region", "43"), "--kind"),
        (("new", "{0}/x.json", "--kind", "B", "--region", "火星"), "region"),
        (("new", "{0}/x.json", "--kind", "B", "--region", "43", "--field", "観光"), "field"),
        (("new", "{0}/x.json", "--kind", "B", "--region", "43", "--starts", "soon"), "starts"),
        (("check", "{0}/gone.json"), "gone.json"),
        (("export", "{0}/a.plan.json", "--to", "{0}/a.odt"), ".docx"),
        (("fill", "{0}/a.plan.json", "--as-of", "morgen"), "--as-of"),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path, arguments, words):
    new(tmp_path)
    done = run("plan", *(part.format(tmp_path) for part in arguments), "--lang", "en")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
