"""Every sentence that the source says to a reader can be said in Japanese, and with the values it is given."""

import messages
import pytest

FILES = sorted(path for package in messages.PACKAGES for path in (messages.ROOT / package).rglob("*.py"))
SOURCE = """
t("shown")
translator("ja")("said at once")
raise PlannerError("{path}: no such file.", path=path)
raise FormatError(path, expected=phrase("at most {n}", n=5), found="none", remedy="Cut it." if long else "Check it.")
report.add("blanked", wrong, "mw", "a number")
report.note("Kept: {n}.", n=2)
super().__init__("{path}: broken", path=path)
known.add("no sentence")
"""


def test_each_way_of_saying_something_is_extracted():
    assert {sentence for site in messages.sites(SOURCE) for sentence in site.sentences} == {
        *("shown", "said at once", "{path}: no such file.", "at most {n}", "none", "Cut it.", "Check it."),
        *("blanked", "a number", "Kept: {n}.", "{path}: broken"),
    }


def test_every_sentence_has_a_japanese_form():
    absent = messages.missing(messages.template())
    assert not absent, (
        f"{len(absent)} without; add them to planner/i18n/locale/{messages.JAPANESE.name} (`make messages` lists them):\n"
        + "\n".join(absent)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(messages.ROOT)))
def test_a_sentence_is_fixed_and_gets_the_values_it_names(path):
    for site in messages.sites(path.read_text("utf-8")):
        where = f"{path.relative_to(messages.ROOT)}:{site.line}"
        assert not site.formatted, f"{where}: expected a sentence with {{placeholders}} and values, found an f-string"
        for sentence in site.sentences if site.values is not None else ():
            assert messages.placeholders(sentence) <= site.values, where
