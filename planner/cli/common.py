"""What the commands share: the application, the consoles, common options."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from ..errors import PlannerError
from ..i18n import LANGUAGES, Language

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Screen and rank sites for regional industrial clusters.",
)

_PIPE_WIDTH = 200
out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, soft_wrap=True)

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data directory; default: $PLANNER_DATA_DIR or the user's.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lang = Annotated[str, typer.Option("--lang", help="ja or en.")]


def language_of(lang: str) -> Language:
    """The language asked for; PlannerError when it is another."""
    for language in LANGUAGES:
        if lang == language:
            return language
    raise PlannerError(f"--lang {lang!r}: expected one of {', '.join(LANGUAGES)}.")


def print_json(value: Any) -> None:
    """Value as JSON on the standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def bar() -> Progress:
    """Progress bar on the error console."""
    return Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True)
