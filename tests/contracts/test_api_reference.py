"""The API reference is what the docstrings say, and they say enough."""

from pathlib import Path

import api_reference
import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "api"
PAGES = api_reference.pages()
MODULES = {module.path: module for module in api_reference.modules()}
ENTRY_POINTS = (
    "geodata.coverage.power_plants",
    "geodata.imports.read",
    "geodata.spatial.nearest.nearest",
    "geodata.spatial.network.network_of",
    "geodata.spatial.share.covered_share",
    "geodata.spatial.share.worst_within",
    "geodata.spatial.within.sum_within",
    "geodata.store.mirror.write_mirror",
    "geodata.store.store.Store.keep",
    "geodata.store.store.Store.layer",
    "geodata.store.store.Store.pull",
    "planner.decision.aggregate.rank",
    "planner.decision.aggregate.score",
    "planner.decision.breakeven.break_even_of",
    "planner.decision.clusters.group_sites",
    "planner.decision.compare.compare_results",
    "planner.decision.influence.balanced",
    "planner.decision.influence.dominance",
    "planner.decision.influence.influence",
    "planner.decision.influence.stakeholder_ranks",
    "planner.decision.portfolio.choose_sites",
    "planner.decision.problem.problem_of",
    "planner.decision.robustness.draw_weights",
    "planner.decision.robustness.robustness",
    "planner.decision.screening.screen",
    "planner.decision.space.distance_m",
    "planner.decision.weights.ahp_weights",
    "planner.decision.weights.swing_weights",
    "planner.decision.weights.tree_weights",
    "planner.evaluation.decide",
    "planner.evaluation.evaluate",
    "planner.measure.candidates.load_candidates",
    "planner.measure.run.measure",
    "planner.output.files.read_result",
    "planner.output.files.write",
    "planner.scenario.bind.bind",
    "planner.scenario.merge.load_scenario",
    "planner.scenario.merge.merged_scenario",
    "planner.scenario.merge.scenario_from_profile",
)
"""What a notebook or another program calls first: shapes, units and errors are told."""


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_current(name):
    path = FOLDER / name
    assert path.is_file(), f"docs/api/{name} is missing: run `make docs`"
    assert path.read_text("utf-8") == PAGES[name], f"docs/api/{name} is stale: run `make docs`"


def test_no_page_outlives_its_module():
    assert {path.name for path in FOLDER.glob("*.md")} <= set(PAGES), "run `make docs`"


def test_everything_public_is_documented_as_its_signature_says():
    assert api_reference.faults() == []


@pytest.mark.parametrize("path", ENTRY_POINTS)
def test_an_entry_point_tells_its_parameters_and_what_it_returns(path):
    module = max((name for name in MODULES if path.startswith(f"{name}.")), key=len)
    function = MODULES[module][path.removeprefix(f"{module}.")]
    expected = {"parameters"} | ({"returns"} if str(function.returns) != "None" else set())
    assert expected <= api_reference.sections(function), f"{path}: expected {', '.join(sorted(expected))}"


def test_a_fault_is_told(monkeypatch, tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text(
        '"""A package."""\ndef silent(): ...\ndef wrong(a):\n    """\n    Say.\n\n    Parameters\n    ----------\n'
        '    b\n        Another.\n    """\n',
        "utf-8",
    )
    monkeypatch.setattr(api_reference, "ROOT", tmp_path)
    monkeypatch.setattr(api_reference, "PACKAGES", ("shop",))
    silent, wrong = api_reference.faults()
    assert silent.startswith("shop.silent: expected a docstring")
    assert wrong.startswith("shop.wrong: expected Parameters as in its signature, found them without a and with b")
