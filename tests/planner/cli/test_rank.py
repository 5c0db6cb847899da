import json

import pytest
import tiny_country
from commands import run
from typer.testing import CliRunner

from planner import cli

RUNNER = CliRunner()


def test_profiles_and_criteria_as_json():
    profiles = json.loads(run("profiles", "--json").stdout)
    assert set(profiles) >= {"gx2-datacentre", "gx3-decarbonised-park"}
    criteria = json.loads(run("criteria", "--json").stdout)
    assert criteria["available_ha"]["reach_m"] == 10_000


@pytest.mark.parametrize(
    "command", [["profiles"], ["criteria"], ["data", "list"], ["data", "show", "substations"], ["data", "check"]]
)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_lists_are_readable(command, lang):
    more = ["--lang", lang] if command[-1] != "check" else []
    result = RUNNER.invoke(cli.app, [*command, *more])
    assert result.exit_code == 0, result.output


def test_rank_and_explain_on_a_fresh_machine(tmp_path):
    out = tmp_path / "x.geojson"
    ranked = run("rank", "--profile", "gx2-datacentre", "--out", out, data_dir=tmp_path / "data")
    assert ranked.returncode == 0, ranked.stderr
    assert "settlement: shipped (planner data pull settlement)" in ranked.stderr
    assert "the table of measurements that comes with the product" in " ".join(ranked.stderr.split())
    site = json.loads(out.read_text("utf-8"))["features"][0]["id"]
    explained = run("explain", out, site, "--lang", "ja")
    assert explained.returncode == 0
    assert "確実な得点" in explained.stdout
    assert "担い手：都道府県と市町村" in explained.stdout
    assert "用地の制度" in explained.stdout
    assert json.loads(run("explain", out, site, "--json", "--lang", "en").stdout)["verdict"].startswith("Rank 1 of")


def test_places_of_ones_own_are_a_criterion(tmp_path):
    out = tmp_path / "x.csv"
    places = ("--place", "本社=36.06,136.22", "--place", "Customer=35.0,135.7")
    options = ("--prefectures", "18", *places)
    ranked = run("rank", "--profile", "gx2-datacentre", *options, "--out", out, data_dir=tmp_path / "data")
    assert ranked.returncode == 0, ranked.stderr
    told = json.loads((tmp_path / "x.csv.metadata.json").read_text("utf-8"))["criteria"]["base_min"]
    assert [place["name"]["ja"] for place in told["places"]] == ["本社", "Customer"]
    assert told["weight"] > 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rank", "--profile", "gx2-datacentre", "--place", "A=140,50", "--out", "x.csv"], "NAME=LAT,LON"),
        (["rank", "--profile", "nonsense", "--out", "x.csv"], "gx2-datacentre"),
        (["rank", "--out", "x.csv"], "--profile ID or --scenario FILE"),
        (["rank", "--profile", "gx2-datacentre", "--candidates", "mesh", "--out", "x.csv"], "planner data pull"),
        (
            ["rank", "--profile", "gx2-datacentre", "--candidates", "absent.csv", "--out", "x.csv"],
            "expected a file, found none",
        ),
        (["rank", "--profile", "gx2-datacentre", "--prefectures", "1", "--out", "x.csv"], "prefectures"),
        (
            ["rank", "--profile", "gx2-datacentre", "--candidates", "munis", "--out", "x.csv"],
            "mesh, municipalities, sites",
        ),
        (["data", "coverage", "--plants", "absent.csv"], "absent.csv"),
        (["rank", "--profile", "gx2-datacentre", "--within", "1,2", "--out", "x.csv"], "LON,LAT,KM"),
        (["rank", "--profile", "gx2-datacentre", "--weights", "mine", "--out", "x.csv"], "calibrated or assumed"),
        (["rank", "--profile", "gx4-host-area", "--weights", "calibrated", "--out", "x.csv"], "no calibrated weights"),
        (["rank", "--profile", "gx2-datacentre", "--within", "136,36,far", "--out", "x.csv"], "LON,LAT,KM"),
        (["rank", "--profile", "gx2-datacentre", "--out", "x.shp"], ".geojson"),
        (["rank", "--profile", "gx2-datacentre", "--out", "x.csv", "--lang", "fr"], "ja, en"),
        (["explain", "absent.geojson", "A"], "absent.geojson"),
        (["data", "show", "nonsense"], "candidate_sites"),
        (["data", "pull", "--mirror", "absent"], "MANIFEST.csv"),
        (["data", "pull", "nonsense"], "candidate_sites"),
    ],
)
def test_bad_input_exits_2_with_one_sentence_and_no_traceback(tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments, data_dir=tmp_path / "data")
    assert result.returncode == 2, result.stdout
    assert "Traceback" not in result.stderr
    assert says in " ".join(result.stderr.split())
    assert list(tmp_path.glob("x.*")) == []


def test_a_pull_tells_what_it_did_to_the_rows(tmp_path, mirror, monkeypatch):
    specs = tiny_country.build(mirror)
    monkeypatch.setattr("geodata.store.store.catalogue", lambda: specs)
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path))
    pulled = RUNNER.invoke(cli.app, ["data", "pull", "--mirror", str(mirror), "--lang", "en"])
    assert pulled.exit_code == 0, pulled.output
    assert "merged 2: features repeated across regional files" in pulled.output
    assert RUNNER.invoke(cli.app, ["data", "check"]).exit_code == 0
    listed = json.loads(RUNNER.invoke(cli.app, ["data", "list", "--json"]).output)
    assert listed["municipalities"]["origin"] == "pulled"
    out = tmp_path / "x.parquet"
    ranked = RUNNER.invoke(
        cli.app, ["rank", "--profile", "gx3-decarbonised-park", "--candidates", "mesh", "--out", str(out)]
    )
    assert ranked.exit_code == 0, ranked.output
    assert out.is_file()


def test_a_scenario_file_changes_the_ranking(tmp_path):
    scenario = tmp_path / "mine.toml"
    scenario.write_text(
        'profile = "gx2-datacentre"\n[candidates]\nprefectures = ["18"]\n[branches.power]\nweight = 90\n', "utf-8"
    )
    out = tmp_path / "x.csv"
    result = run("rank", "--scenario", scenario, "--out", out, data_dir=tmp_path / "data")
    assert result.returncode == 0, result.stderr
    metadata = json.loads((tmp_path / "x.csv.metadata.json").read_text("utf-8"))
    assert metadata["scenario"]["branches"]["power"] == {
        "weight": 90.0,
        "basis": "assumption",
        "source": "Set by the user of this scenario.",
    }
    assert metadata["scenario"]["candidates"]["prefectures"] == ["18"]


@pytest.fixture(scope="module")
def ranked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ranked")
    for profile in ("gx2-datacentre", "gx3-decarbonised-park"):
        done = run("rank", "--profile", profile, "--out", folder / f"{profile}.parquet", data_dir=folder / "data")
        assert done.returncode == 0, done.stderr
    return folder / "gx2-datacentre.parquet", folder / "gx3-decarbonised-park.parquet"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_analysis_speaks_writes_and_gives_json(ranked, tmp_path, lang):
    a, b = ranked
    site = json.loads(RUNNER.invoke(cli.app, ["portfolio", str(a), "--k", "2", "--json"]).output)["rows"][0]["site_id"]
    (tmp_path / "cost.csv").write_text(f"site_id,cost\n{site},3\n", "utf-8")
    for number, command in enumerate(
        [
            ["robust", str(a), "--draws", "200", "--top", "5", "--no-data"],
            ["breakeven", str(a), site],
            ["clusters", str(a), "--kind", "prefecture"],
            ["portfolio", str(a), "--k", "1", "--budget", "5", "--costs", str(tmp_path / "cost.csv")],
            ["portfolio", str(a), "--k", "3", "--min", "HKD=1", "--max-per-block", "1", "--spacing-km", "50"],
            ["compare", str(b), str(a)],
        ]
    ):
        file = tmp_path / f"{number}.csv"
        spoken = RUNNER.invoke(cli.app, [*command, "--out", str(file), "--lang", lang])
        assert spoken.exit_code == 0, spoken.output
        assert spoken.output.startswith("- ")
        assert file.is_file()
        answer = json.loads(RUNNER.invoke(cli.app, [*command, "--json", "--lang", lang]).output)
        assert answer["rows"]
        assert answer["sentences"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["robust", "{a}", "--draws", "1"], "--draws"),
        (["robust", "{a}", "--weights", "wild"], "--weights"),
        (["breakeven", "{a}", "nowhere"], "not among the ranked"),
        (["portfolio", "{a}", "--budget", "5"], "needs a cost"),
        (["portfolio", "{a}", "--min", "HKD"], "BLOCK=N"),
        (["portfolio", "{a}", "--min", "XXX=1"], "no site lies in block"),
        (["compare", "{a}", "nothing.parquet"], "expected a result"),
        (["weights", "nothing.toml"], "expected TOML"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_exit_2(ranked, arguments, says):
    failed = run(*(argument.format(a=ranked[0]) for argument in arguments))
    assert failed.returncode == 2
    assert says in failed.stderr
    assert "Traceback" not in failed.stderr


def test_judgements_become_weights(tmp_path):
    (tmp_path / "j.toml").write_text('[ahp]\n"grid/power" = 3\n"grid/land" = 9\n"power/land" = 9\n', "utf-8")
    spoken = RUNNER.invoke(cli.app, ["weights", str(tmp_path / "j.toml")])
    assert "not consistent" in spoken.output
    assert "hurts most" in spoken.output
    (tmp_path / "s.toml").write_text("[swing]\ngrid = 100\nland = 50\n", "utf-8")
    assert json.loads(RUNNER.invoke(cli.app, ["weights", str(tmp_path / "s.toml"), "--json"]).output)["weights"][
        "land"
    ] == pytest.approx(1 / 3)


def test_a_circle_is_the_same_in_either_order(embedded, tmp_path):
    found = []
    for number, circle in enumerate(("136.2,36.0,60", "36.0,136.2,60")):
        path = tmp_path / f"{number}.csv"
        arguments = ("rank", "--profile", "gx2-datacentre", "--within", circle, "--out", path)
        assert run(*arguments, data_dir=embedded.root).returncode == 0
        found.append(path.read_text("utf-8-sig"))
    assert found[0] == found[1]


def test_the_assumed_set_is_an_option_away(embedded, tmp_path):
    found = {}
    for weights in ("assumed", "calibrated"):
        path = tmp_path / f"{weights}.geojson"
        arguments = ("rank", "--profile", "gx2-datacentre", "--weights", weights, "--out", path)
        assert run(*arguments, data_dir=embedded.root).returncode == 0
        found[weights] = json.loads(path.read_text("utf-8"))["metadata"]["scenario"]
    assert found["assumed"]["weights"] == "assumed"
    assert found["calibrated"]["calibration"]["fields"] == ["datacentre"]
