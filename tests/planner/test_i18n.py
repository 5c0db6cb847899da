"""Every sentence that is shown has a Japanese form with the same placeholders."""

import string
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from geodata import Store
from planner.analyses import SPECS
from planner.analyses.breakeven import EFFECTS, STANDINGS
from planner.analyses.compare import REASONS
from planner.analyses.portfolio import CONSTRAINTS
from planner.analyses.robust import LABELS
from planner.context.region import stocks
from planner.explain import columns
from planner.i18n import translator
from planner.measure.verbs import measures
from planner.model.sources import BASES
from planner.scenario.criteria import criteria
from planner.ui import owndata, question, scenarios
from planner.ui.pages import PAGES, compare, explore, robust
from planner.ui.parts import FORMATS

ROOT = files("planner")
DYNAMIC = {
    *(criterion.unit for criterion in criteria().values()),
    *columns.COLUMNS.values(),
    *columns._PER_CRITERION.values(),
    *columns._PER_GATE.values(),
    *(sentence for spec in SPECS.values() for table in (spec.columns, spec.prefixes) for sentence in table.values()),
    *(sentence for table in (LABELS, CONSTRAINTS, STANDINGS, EFFECTS, REASONS) for sentence in table.values()),
    *question.KINDS.values(),
    *scenarios.PARTS.values(),
    *(page.title for page in PAGES),
    *("measured", "estimated", "assumed", "complete", "partial", "pulled", "embedded"),
    *explore.STATUSES.values(),
    *(offer.label for kind in measures().values() for offer in kind.offers()),
    *owndata._SOURCES.values(),
    FORMATS,
    *("merged", "blanked", "dropped", "repaired", "kept", "added", "assigned"),
    *("own", "absent", "imported", "at_least", "at_most"),
    *("nuclear", "hydro", "wind", "solar", "geothermal", "biomass", "coal", "gas", "oil", "waste", "battery"),
    *("mixed_fuel", "pumped_storage"),
    *(
        s
        for s in stocks(Store(Path("nowhere")), ["18"], "en")[["group", "title", "unit"]].to_numpy().ravel()
        if "grid area" not in s
    ),
    *robust._PARTS,
    *(sentence for table in (compare._KINDS, robust._LABELS, robust._CLUSTERS) for sentence in table.values()),
    *BASES,
}


def sentences() -> set[str]:
    found = extract_from_dir(str(ROOT), keywords={"t": None, "_t": None})
    return {
        message
        for *_, message, _, _ in found
        if message not in {"status", "inventory", "origin", "basis", "label", "reason", "kind", "unit", "action"}
    } | DYNAMIC


def japanese() -> dict[str, str]:
    with (ROOT / "i18n" / "locale" / "ja.po").open("rb") as stream:
        return {m.id: m.string for m in read_po(stream) if m.id}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_is_translated():
    absent = sorted(sentences() - set(japanese()))
    assert not absent, "add to planner/i18n/locale/ja.po:\n" + "\n".join(f'msgid "{sentence}"' for sentence in absent)


@pytest.mark.parametrize(("english", "translated"), japanese().items())
def test_a_translation_has_the_same_placeholders(english, translated):
    assert translated
    assert placeholders(translated) == placeholders(english)


def test_english_is_the_key():
    assert translator("en")("at least {number}", number="3 km") == "at least 3 km"
    assert translator("ja")("at least {number}", number="3 km") == "3 km以上"
