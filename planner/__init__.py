"""What is decided: candidates, criteria, gates, scores, reasons."""

from .errors import PlannerError
from .evaluation import evaluate
from .scenario.merge import load_scenario, scenario_from_profile
from .scenario.scenario import Scenario

__all__ = ["PlannerError", "Scenario", "evaluate", "load_scenario", "scenario_from_profile"]
