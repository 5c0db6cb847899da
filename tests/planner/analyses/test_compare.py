from planner import analyses


def test_a_comparison_names_the_weight_that_moved_a_site(result, heavier):
    found = analyses.compare(result, heavier, "en")
    moved = found.table[found.table["reason"].eq("weight")]
    assert (moved["criterion"] != "").all()
    assert set(found.table["reason"]) <= {"weight", "unchanged", "coverage", "others"}
    assert (moved["points"].abs() >= 0.05).all()
    same = analyses.compare(result, result, "en").table
    assert (same["move"].fillna(0) == 0).all()
    assert set(same["reason"]) == {"unchanged"}
