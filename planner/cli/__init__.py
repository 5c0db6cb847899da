"""The `planner` command."""

import io
import sys

import typer
from rich.markup import escape
from typer.exceptions import TyperException

from geodata.errors import GeodataError, Phrase

from ..faults import told
from ..i18n import translator
from . import analysis, data, fields, plan, power, rank, skills, usage
from .common import app, err, reader_language
from .usage import is_help

__all__ = ["analysis", "app", "data", "fields", "main", "plan", "power", "rank", "skills"]


FAULT = 70
"""Exit code of a fault of this program (sysexits' EX_SOFTWARE); what the user can mend exits with 2."""


def main() -> None:
    """Entry point: what the user can mend is one sentence and exit code 2; a fault of ours is one, a report file and 70."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character stops nothing
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        if is_help(error):
            typer.echo(error.message, err=True)
        else:
            _say(usage.told(error))
        sys.exit(2)
    except typer.Abort:
        sys.exit(1)
    except GeodataError as error:
        _say(error.phrase)
        sys.exit(2)
    except Exception as error:  # noqa: BLE001  (whatever nobody raised on purpose is a fault of ours)
        _say(told(error, " ".join(sys.argv[1:])))
        sys.exit(FAULT)


def _say(sentence: Phrase) -> None:
    err.print(f"planner: {escape(sentence.said(translator(reader_language(sys.argv))))}", style="red")
