"""Rules on land: a bill is a bill until a law is named."""

import pytest
from pydantic import ValidationError

from planner.context.landrules import STAGES, LandRule, land_rules

TEXT = {"ja": "緩める", "en": "Eased.", "sources": ["meti-2026-04"]}
LAW = {"ja": "令和8年法律第0号", "en": "Act No. 0 of 2026"}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("law", [None, LAW])
def test_only_what_has_passed_names_a_law_and_it_must(stage, law):
    table = {"text": TEXT, "stage": stage, "since": "2026-03", "law": law}
    if (stage == "bill") == (law is None):
        assert LandRule.model_validate(table).stage == stage
    else:
        with pytest.raises(ValidationError, match="names its law"):
            LandRule.model_validate(table)


@pytest.mark.parametrize("rule", land_rules().values(), ids=list(land_rules()))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_rule_is_shown_with_its_stage_date_and_source(rule, language):
    text, note = rule.said(language)
    assert text == rule.text[language]
    assert STAGES[rule.stage][language] in note
    assert rule.since in note
    assert "2026-04-15" in note
