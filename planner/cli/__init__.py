"""The `planner` command."""

import sys

from rich.markup import escape

from geodata import GeodataError

from ..errors import PlannerError
from . import analysis, data, rank
from .common import app, err

__all__ = ["analysis", "app", "data", "main", "rank"]


def main() -> None:
    """Entry point: every expected failure is one sentence and exit code 2."""
    try:
        app()
    except (PlannerError, GeodataError) as error:
        err.print(f"planner: {escape(str(error))}", style="red")
        sys.exit(2)
