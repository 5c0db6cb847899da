import json

import pytest

from planner import PlannerError, analyses, evaluate
from planner.scenario.merge import merged_scenario


@pytest.mark.parametrize("language", ["ja", "en"])
def test_robustness_speaks_and_compares_the_stakeholders(result, quick, language):
    found = analyses.robust(result, quick, language)
    assert all(sentence.endswith(("。", ".")) for sentence in found.sentences)
    assert "stakeholder_grid first" in found.table
    assert json.dumps(found.metadata(), allow_nan=False)
    assert len(found.table) == (result.table["status"] == "ranked").sum()


def test_nothing_ranked_is_one_sentence(embedded, quick):
    nowhere = {"profile": "gx2-datacentre", "candidates": {"prefectures": ["13"]}}
    with pytest.raises(PlannerError, match="ranks no site"):
        analyses.robust(evaluate(merged_scenario(nowhere, "test"), embedded).result(), quick, "ja")
