import pandas as pd
import pytest

from planner import PlannerError, analyses
from planner.decision.portfolio import PortfolioChoice
from planner.output.files import write_analysis


def test_the_choice_is_proven_and_told(result):
    found = analyses.portfolio(result, PortfolioChoice(k=3), "en")
    assert found.table["rank"].tolist() == [1, 2, 3]
    assert found.facts["gap"] == 0
    assert found.sentences[0].startswith("3 sites with")
    assert "proven" in found.sentences[0]


@pytest.mark.parametrize("suffix", ["geojson", "csv", "xlsx", "parquet", "gpkg"])
def test_what_cannot_hold_together_is_told_and_written(result, suffix, tmp_path):
    found = analyses.portfolio(result, PortfolioChoice(k=40, max_per_block=1), "en")
    assert found.sentences == ("No choice keeps to all of these together: the number of sites, the maximum per block.",)
    assert found.facts["total"] is None
    assert found.table.empty
    write_analysis(found, result, tmp_path / f"none.{suffix}", "en")
    assert (tmp_path / f"none.{suffix}").stat().st_size > 0


def test_costs_are_checked():
    with pytest.raises(PlannerError, match="site_id and cost"):
        analyses.read_costs(pd.DataFrame({"id": [1]}), "c.csv")
    with pytest.raises(PlannerError, match="row 3: cost 'x'"):
        analyses.read_costs(pd.DataFrame({"site_id": ["a", "b"], "cost": [1, "x"]}), "c.csv")
