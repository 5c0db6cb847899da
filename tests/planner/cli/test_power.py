"""`planner power` and the load of `planner rank`."""

import json

import pytest
from commands import run


def test_power_answers_in_either_order_of_degrees():
    one, other = (
        run("power", "--site", site, "--demand-mw", "100", "--json") for site in ("43.19,141.3", "141.3,43.19")
    )
    assert one.returncode == other.returncode == 0
    assert json.loads(one.stdout)["place"] == json.loads(other.stdout)["place"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_power_prints_options_years_and_match(lang):
    done = run(
        "power",
        "--site",
        "01235-01",
        "--demand-mw",
        "300",
        "--year",
        "2033",
        "--battery-mw",
        "100",
        "--battery-mwh",
        "400",
        "--lang",
        lang,
    )
    assert done.returncode == 0
    assert "300 MW" in done.stdout
    assert "100%" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--site", "10,141", "--demand-mw", "100"), "a place in Japan"),
        (("--site", "nowhere", "--demand-mw", "100"), "LAT,LON"),
        (("--site", "01235-01", "--demand-mw", "0"), "more than 0"),
        (("--site", "01235-01", "--demand-mw", "100", "--load", "wavy"), "flat, two_shift"),
    ],
)
def test_what_cannot_be_is_one_sentence(arguments, said):
    done = run("power", *arguments, "--lang", "en")
    assert done.returncode == 2
    assert said in (done.stdout + done.stderr)


def test_a_load_file_has_every_hour(tmp_path):
    path = tmp_path / "load.csv"
    path.write_text("mw\n" + "5\n" * 100)
    done = run("power", "--site", "01235-01", "--demand-mw", "100", "--load", str(path), "--lang", "en")
    assert done.returncode == 2
    assert "8,760" in (done.stdout + done.stderr)
    path.write_text("mw\n" + "5\n" * 8760)
    assert run("power", "--site", "01235-01", "--demand-mw", "100", "--load", str(path), "--json").returncode == 0


def test_rank_takes_a_load_and_a_deadline(tmp_path):
    to = tmp_path / "r.csv"
    done = run(
        "rank",
        "--profile",
        "gx2-datacentre",
        "--candidates",
        "sites",
        "--demand-mw",
        "300",
        "--by",
        "2033",
        "--out",
        str(to),
    )
    assert done.returncode == 0
    header = to.read_text("utf-8-sig").splitlines()[0]
    assert "gate_power_by_year" in header
    assert "value_power_years" in header


def test_a_table_of_room_that_is_imported_is_known_at_its_station(tmp_path):
    path = tmp_path / "room.csv"
    path.write_text("name,room_mw,lead_years,as_of\n宮崎変電所,900,2,2026-05-01\n", "utf-8")
    asked = ("power", "--site", "31.93,131.19", "--demand-mw", "600", "--json")
    bare = json.loads(run(*asked, data_dir=tmp_path / "data").stdout)
    done = run("data", "import", str(path), "--as", "demand_room", "--lang", "en", data_dir=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert "criteria and the page Power read it" in done.stdout.replace("\n", " ")
    told = json.loads(run(*asked, data_dir=tmp_path / "data").stdout)
    assert bare["assumed_only"]
    assert not told["assumed_only"]
    assert told["options"][0]["name"] == "宮崎変電所"
    assert told["options"][0]["room_mw"][0] == 900
    assert told["options"][0]["years"][2] < bare["options"][0]["years"][2]
