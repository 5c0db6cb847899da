"""What is decided: candidates, criteria, gates, scores, reasons."""

from .engine import evaluate
from .errors import PlannerError
from .scenario import Scenario, load_scenario, scenario_from_profile

__all__ = ["PlannerError", "Scenario", "evaluate", "load_scenario", "scenario_from_profile"]
