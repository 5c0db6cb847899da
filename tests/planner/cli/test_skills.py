"""`planner skills` and the investment of `planner rank`."""

import json

import pytest
from commands import run


def test_skills_answers_a_profile_with_and_without_field():
    one, other = (
        run("skills", "--site", "43404", "--field", field, "--size", "1700 jobs", "--json")
        for field in ("semiconductor-fab", "field-semiconductor-fab")
    )
    assert one.returncode == other.returncode == 0
    told = json.loads(one.stdout)
    assert told == json.loads(other.stdout)
    assert told["need"]["jobs"] == [1700, 1700, 1700]


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("site", ["35.79,140.12", "140.12,35.79", "01235-01", "菊陽町"])
def test_skills_prints_need_rates_and_sources(lang, site, tmp_path):
    pdf = tmp_path / "brief.pdf"
    done = run(
        "skills",
        "--site",
        site,
        "--field",
        "datacentre",
        "--size",
        "300 MW",
        "--seats",
        "kosen=40",
        "--pdf",
        str(pdf),
        "--lang",
        lang,
    )
    assert done.returncode == 0
    assert "75" in done.stdout
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--site", "nowhere", "--field", "food"), "found 0 of that name"),
        (("--site", "1,2", "--field", "food"), "expected a place in Japan"),
        (("--site", "43404", "--field", "spaceport"), "expected one of"),
        (("--site", "43404", "--field", "food", "--size", "many"), "expected a number and one of"),
        (
            ("--site", "43404", "--field", "shipbuilding", "--size", "5 GWh"),
            "--size: shipbuilding: no project tells workers per GWh",
        ),
        (("--site", "43404", "--field", "food", "--seats", "kosen"), "expected NAME=NUMBER"),
        (("--site", "43404", "--field", "food", "--seats", "wizard=4"), "--seats: expected"),
        (("--site", "43404", "--field", "food", "--year", "1999"), "--year: expected"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_exits_with_2(arguments, said):
    done = run("skills", *arguments, "--lang", "en")
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_table_of_occupations_that_is_wrong_names_its_row(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("occupation,class,weld\na,wizard,1\n", "utf-8")
    done = run("skills", "--site", "43404", "--field", "food", "--occupations", str(path), "--lang", "en")
    assert done.returncode == 2
    assert "o.csv, row 2: class 'wizard'" in " ".join(done.stderr.split())


def test_rank_takes_the_size_of_the_investment(tmp_path):
    to = tmp_path / "r.geojson"
    done = run("rank", "--profile", "field-datacentre", "--size", "600 MW", "--out", str(to))
    assert done.returncode == 0
    assert "600" in str(json.loads(to.read_text("utf-8"))["metadata"]["scenario"]["work"])
