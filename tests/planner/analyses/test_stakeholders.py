from planner import analyses
from planner.analyses import Words
from planner.analyses.stakeholders import agreement_sentence


def test_the_sentence_counts_the_sites_that_every_set_puts_into_the_top(result):
    sets = {"grid first": {"grid": 3, "land": 1}, "people first": {"skills": 3, "grid": 1}}
    spread = analyses.stakeholder_ranks(result, sets)
    agreed = int((spread[list(sets)] <= 20).all(axis=1).sum())
    sentence = agreement_sentence(spread, 20, Words(result, "en"))
    assert sentence == f"{agreed} sites are in the top 20 for every set of weights saved."
