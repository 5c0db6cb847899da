"""The table of statements is whole, and none of our texts says what the papers are often misread to say."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from planner.context.nextsteps import step_lists
from planner.fields.field import fields
from planner.i18n import translator
from planner.model.sources import LABELS, citation, sources
from planner.output.reference import statements, statements_page
from planner.scenario.criteria import criteria
from planner.scenario.criteria import written as criteria_written
from planner.scenario.merge import scenario_from_profile
from planner.scenario.profiles import numbers, profiles
from planner.scenario.profiles import written as profiles_written

STATEMENTS = [(where, said) for where, found in statements().items() for said in found]
TEXTS = {
    f"{package}/{path.name}": path.read_text("utf-8")
    for package in ("planner.scenario.profiles", "planner.scenario.criteria", "planner.context", "planner.i18n.locale")
    for path in files(package).iterdir()
    if path.name.endswith((".toml", ".po"))
}
TEXTS |= {path.name: path.read_text("utf-8") for path in (Path(__file__).parents[3] / "docs").glob("*.md")}
MISREAD = {
    "a band of a firm's or cluster's own HHI": r"HHI(?!-M)[^\n]{0,60}0\.[35]",
    "a multiplier of the AI and semiconductor frame": r"(160\s*兆(?![^\n]{0,80}(倍率|乗数)))|(160 trillion(?![^\n]{0,120}multiplier))",
    "power first, then telecom": r"電力を先に|電力インフラを軸|power (grid )?first",
    "type 3 has one round": r"③[^\n]{0,40}(一回|1回)(だけ|のみ)|one round",
    "the bill is law": r"改正法(に|で|が)(より|施行)|供給が義務付けられた|must be supplied by law",
    "a plan across blocks": r"地域ブロックをまた[ぐい]|across (regional )?blocks",
    "kosen as the greatest shortage": r"最も足りなく|technicians most short",
    "2040 for the nation only": r"全国値しか|for the nation only",
}
CLAIMS = re.compile(r"2040|指針|制度の趣旨|8割以上|理系人材|北九州市")
"""Words by which a text of a criterion speaks of a paper, a figure or a rule of somebody else."""


@pytest.mark.parametrize(("where", "said"), STATEMENTS)
def test_a_statement_has_sources_a_kind_and_a_date_and_stands_in_the_table(where, said):
    assert where
    assert set(said.sources) <= set(sources())
    assert said.kind in LABELS
    assert re.fullmatch(r"\d{4}(-\d{2}){0,2}", said.date)
    assert f"| {LABELS[said.kind].en} | {said.date} |" in statements_page()
    assert said.en in statements_page()


@pytest.mark.parametrize("profile", profiles())
def test_every_sentence_of_what_a_scheme_asks_names_its_sources(profile):
    assert all(sentence["sources"] for sentence in profiles_written()[profile]["asks"])
    said = scenario_from_profile(profile).asks
    assert any(label.ja in said.ja for label in LABELS.values())


@pytest.mark.parametrize("profile", profiles())
def test_every_gate_that_speaks_of_a_scheme_names_its_sources(profile):
    assert all(gate["sources"] for gate in profiles_written()[profile].get("gates", {}).values())


@pytest.mark.parametrize("profile", profiles())
def test_why_a_number_is_so_is_said_in_japanese_under_the_same_labels(profile):
    for said in numbers(profile):
        english = f"{said.en.partition(': ')[2]} ({citation(said.sources).en})"
        assert translator("ja")(english).endswith(f"（{citation(said.sources).ja}）"), english


@pytest.mark.parametrize("id_", criteria())
def test_a_criterion_that_speaks_of_a_paper_names_it(id_):
    for part in ("why", "caveat"):
        text = criteria_written()[id_][part]
        if CLAIMS.search(text["ja"]):
            assert text.get("sources"), text


def test_every_source_is_used():
    used = {id_ for _, said in STATEMENTS for id_ in said.sources}
    assert used == set(sources())


def test_what_is_known_from_the_press_alone_is_never_said_flatly():
    """A statement without a ministry's or an official text says that it is reported."""
    reported = re.compile(r"とされ|report|said to|目安|guide|`")
    for where, said in STATEMENTS:
        kinds = {sources()[id_].kind for id_ in said.sources}
        if where.startswith(("profile", "steps")) and kinds <= {"press", "quoted"}:
            assert reported.search(said.ja), (where, said.ja)
            assert reported.search(said.en), (where, said.en)


@pytest.mark.parametrize("misreading", MISREAD)
def test_no_text_of_ours_says_what_is_often_misread(misreading):
    for where, text in TEXTS.items():
        found = re.search(MISREAD[misreading], text)
        assert found is None, f"{where}: {found and found.group()}"


def test_the_17_fields_are_claimed_by_those_alone_that_are_among_them():
    claimed = {id_ for id_ in profiles() if re.search(r"17の戦略分野の一つ", scenario_from_profile(id_).asks.ja)}
    assert claimed == {field.profile for field in fields().values() if field.number} - {"field-datacentre"}
    assert claimed <= set(step_lists()["plan_a"].profiles)


def test_the_block_figures_of_2040_are_in_no_ranking():
    assert not any({"block_mismatch_2040", "employment_mismatch_2040"} & set(c.layers) for c in criteria().values())
