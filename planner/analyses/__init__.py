"""
Questions put to a result: one module each, which runs it, says it and explains its columns.

A new analysis is a module beside these and its lines here: the import and the entry in SPECS.
"""

from .analysis import Analysis, AnalysisSpec
from .breakeven import SPEC as BREAKEVEN
from .breakeven import breakeven
from .clusters import SPEC as CLUSTERS
from .clusters import clusters
from .compare import SPEC as COMPARE
from .compare import compare
from .portfolio import SPEC as PORTFOLIO
from .portfolio import portfolio, read_costs
from .robust import SPEC as ROBUST
from .robust import robust
from .stakeholders import stakeholder_ranks
from .words import Words

SPECS: dict[str, AnalysisSpec] = {spec.id: spec for spec in (ROBUST, BREAKEVEN, CLUSTERS, PORTFOLIO, COMPARE)}
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
]
