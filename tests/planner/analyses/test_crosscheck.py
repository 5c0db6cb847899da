from planner import evaluate, scenario_from_profile
from planner.analyses import crosscheck


def test_other_methods_agree_roughly_and_are_marked(embedded):
    # They rank the values shown, ours the points proven: years to power, wide by nature, part the two (0.7 in 2026-11).
    result = evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()
    table = crosscheck.ranks(result, ("TOPSIS", "PROMETHEE_II"))
    assert table.attrs["note"].startswith("relative to this list")
    assert table["ours"].corr(table["TOPSIS"], method="spearman") > 0.6
    assert table["ours"].corr(table["PROMETHEE_II"], method="spearman") > 0.6
