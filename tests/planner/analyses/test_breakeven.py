import pandas as pd

from planner import analyses
from planner.analyses import Words
from planner.analyses.breakeven import exchange_sentence
from planner.decision.problem import problem_of


def test_breakeven_agrees_with_ranking_again(result):
    """At the weight said to be needed the site is exactly at the line of the top ten."""
    site = str(result.table.index[result.table["rank"].eq(12)][0])
    table = analyses.breakeven(result, site, 10, "en").table
    assert table["value_needed"].notna().any()
    criterion = table["weight_needed"].sub(table["weight_now"]).abs().idxmin()
    share = table.loc[criterion, "weight_needed"]
    problem = problem_of(result)
    j = list(problem.criteria).index(criterion)
    others = [w for k, w in enumerate(problem.weights) if k != j]
    weights = problem.weights * (1 - share) / sum(others)
    weights[j] = share
    scores = pd.Series(problem.with_weights(weights).scores, index=problem.sites.index)
    assert (scores > scores[site] + 1e-9).sum() == 9


def test_one_point_is_told_in_the_unit_of_each_criterion(result):
    units = pd.Series({"metro_km": 12.5, "available_ha": 5.0})
    assert exchange_sentence(units, Words(result, "en")) == (
        "1 point = 12.5 km (Distance from Tokyo and Osaka) = 5 ha (Available industrial land within 10 km)."
    )
