import pytest

from planner import PlannerError, evaluate, scenario_from_profile
from planner.explain.amounts import amount, quantity, shown
from planner.explain.reasons import explain
from planner.model.tables import Known, Why

NAN, INF = float("nan"), float("inf")


@pytest.fixture(scope="module")
def result(embedded):
    return evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()


@pytest.mark.parametrize(
    ("bounds", "why", "ja", "en"),
    [
        ((NAN, NAN, NAN), Why.UNKNOWN, "不明", "unknown"),
        ((30.0, 30.0, 30.0), Why.EXACT, "30 km", "30 km"),
        ((30.0, 30.0, INF), Why.AT_LEAST, "30 km以上", "at least 30 km"),
        ((30.0, 30.0, NAN), Why.AT_LEAST, "30 km以上", "at least 30 km"),
        ((30.0, 0.0, 30.0), Why.AT_MOST, "最大でも30 km", "at most 30 km"),
        (
            (30.0, 0.0, 32.5),
            Why.AT_MOST,
            "最大でも32.5 km（記載の位置では30 km）",
            "at most 32.5 km (30 km at the place given)",
        ),
        ((30.0, 0.0, INF), Why.AT_LEAST, "0 km以上（記載の位置では30 km）", "at least 0 km (30 km at the place given)"),
        ((30.0, -INF, INF), Why.INEXACT, "不明（記載の位置では30 km）", "unknown (30 km at the place given)"),
        ((5.0, 0.0, 15.0), Why.INEXACT, "5 km（0〜15）", "5 km (0 to 15)"),
        ((30.0, 28.0, 32.0), Why.INEXACT, "30 km（±2）", "30 km (± 2)"),
        ((3.0, 0.0, 5.0), Why.INEXACT, "3 km（0〜5）", "3 km (0 to 5)"),
        ((0.0, 0.0, 0.0), Why.EXACT, "0 km", "0 km"),
    ],
)
def test_a_value_says_how_well_it_is_known(bounds, why, ja, en):
    assert shown(Known(*bounds, why), "km", "ja") == ja
    assert shown(Known(*bounds, why), "km", "en") == en


@pytest.mark.parametrize(("value", "text"), [(1234567.8, "1,234,568"), (99.5, "99.5"), (3.14159, "3.14"), (0.0, "0")])
def test_numbers_are_readable(value, text):
    assert quantity(value) == text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_site_can_be_explained(result, language):
    for site in result.table.index[::40]:
        explanation = explain(result, site, language)
        row = result.table.loc[site]
        known = [line.points for line in explanation.lines if line.points is not None]
        assert sum(known) == pytest.approx(row["score"])
        assert sum(line.points_possible for line in explanation.lines) == pytest.approx(100)
        assert len(explanation.gates) == 8
        assert len(explanation.unknown) == len(explanation.lines) - len(known)


def test_an_excluded_site_says_which_gate_and_by_how_much(result):
    excluded = result.table.index[result.table["status"].eq("excluded")][0]
    explanation = explain(result, excluded, "ja")
    assert explanation.verdict.startswith("除外")
    assert any("満たさない" in gate and "不足" in gate for gate in explanation.gates)


def test_an_assumption_is_called_one_and_a_reported_gate_reported(result):
    gates = explain(result, result.table.index[0], "ja").gates
    assert "報道・二次資料による" in gates[0]
    assert "仮定" in gates[1]


def test_every_value_has_date_status_and_inventory(result):
    for line in explain(result, result.table.index[0], "ja").lines:
        if line.criterion == "grid_275kv_km":
            assert "2026-04-23" in line.source
            assert "一部のみ" in line.source


def test_an_unknown_site_is_one_sentence(result):
    with pytest.raises(PlannerError, match="not in this result"):
        explain(result, "nowhere", "ja")


def test_an_amount_that_is_not_known_is_said_to_be_unknown():
    assert amount(NAN, "km", "en") == "unknown"
    assert amount(12.0, "km", "en") == "12 km"


@pytest.mark.parametrize(("language", "said"), [("ja", "時点の仮定"), ("en", "assumptions as of")])
def test_a_value_of_a_model_says_that_it_rests_on_assumptions(embedded, language, said):
    result = evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()
    lines = {line.criterion: line.source for line in explain(result, str(result.table.index[0]), language).lines}
    assert all(said in lines[id_] for id_ in ("power_years", "connection_km", "clean_gwh", "fibre_ms"))
    assert said not in lines["port_km"]
