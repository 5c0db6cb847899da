"""The `planner` command."""

import sys

from rich.markup import escape

from geodata import GeodataError

from ..i18n import translator
from . import analysis, data, rank
from .common import app, err, reader_language

__all__ = ["analysis", "app", "data", "main", "rank"]


def main() -> None:
    """Entry point: every expected failure is one sentence in the reader's language and exit code 2."""
    try:
        app()
    except GeodataError as error:
        err.print(f"planner: {escape(error.said(translator(reader_language(sys.argv))))}", style="red")
        sys.exit(2)
