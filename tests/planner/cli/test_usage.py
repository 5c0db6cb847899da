"""A command line that does not fit is one sentence in the reader's language, and exit code 2."""

import re

import pytest
from commands import run

KANA = re.compile("[ぁ-ん]")
WRONG = [
    (["rank"], "--out"),
    (["rank", "--out"], "--out"),
    (["rank", "--nope"], "--nope"),
    (["rank", "--out", "x.csv", "--profil", "y"], "--profile"),
    (["bogus"], "bogus"),
    (["data", "bogus"], "pull"),
    (["breakeven"], "RESULT"),
    (["robust", "x.parquet", "--draws", "many"], "expected a whole number, found 'many'"),
    (["profiles", "extra"], "extra"),
]


@pytest.mark.parametrize(("arguments", "names"), WRONG)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_command_line_that_does_not_fit_is_one_sentence(arguments, names, language):
    locale = {"ja": "ja_JP.UTF-8", "en": "en_US.UTF-8"}[language]
    told = run(*arguments, LC_ALL=locale)
    assert (told.returncode, told.stdout) == (2, "")
    assert language == "ja" or names in told.stderr
    assert "--help`" in told.stderr
    assert bool(KANA.search(told.stderr)) == (language == "ja")
    assert not re.search("Usage|Error|Missing|Traceback", told.stderr)


def test_one_argument_too_many_is_named_alone():
    assert run("profiles", "a (b)", "--lang", "en").stderr.startswith("planner: a (b): one argument too many.")


def test_the_language_asked_for_counts_more_than_the_locale():
    assert KANA.search(run("rank", "--lang", "ja", "--nope").stderr)
    assert not KANA.search(run("rank", "--lang", "en", "--nope", LC_ALL="ja_JP.UTF-8").stderr)


@pytest.mark.parametrize("arguments", [[], ["data"]])
def test_a_command_without_arguments_shows_its_help(arguments):
    told = run(*arguments)
    assert told.returncode == 2
    assert "Commands" in told.stdout + told.stderr


def test_help_is_no_error():
    told = run("rank", "--help")
    assert told.returncode == 0
    assert "--out" in told.stdout
