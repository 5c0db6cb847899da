"""
Questions put to a result: one module each, which runs it, says it and explains its columns.

A new analysis is a module beside these with its SPEC; nothing here is touched.
"""

import importlib
import pkgutil

from .analysis import Analysis, AnalysisSpec
from .breakeven import breakeven
from .clusters import clusters
from .compare import compare
from .portfolio import portfolio, read_costs
from .robust import robust
from .stakeholders import stakeholder_ranks
from .validate import validate
from .words import Words

_MODULES = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
SPECS: dict[str, AnalysisSpec] = {module.SPEC.id: module.SPEC for module in _MODULES if hasattr(module, "SPEC")}
"""Every analysis by its id, with the meaning of the columns it adds to those of a result."""

__all__ = [
    "SPECS",
    "Analysis",
    "Words",
    "breakeven",
    "clusters",
    "compare",
    "portfolio",
    "read_costs",
    "robust",
    "stakeholder_ranks",
    "validate",
]
