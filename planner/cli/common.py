"""What the commands share: the application, the consoles, common options."""

import json
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from geodata import Store
from geodata.errors import Phrase

from ..errors import PlannerError
from ..i18n import LANGUAGES, Language, translator
from ..scenario.base import in_order

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
Lang = Annotated[str | None, typer.Option("--lang", help="ja or en; default: that of the locale.")]


def language_of(lang: str | None) -> Language:
    """The language asked for, else that of the locale; PlannerError when it is another."""
    if lang is None:
        return _of_locale()
    for language in LANGUAGES:
        if lang == language:
            return language
    raise PlannerError("--lang {lang!r}: expected one of {known}.", lang=lang, known=", ".join(LANGUAGES))


def reader_language(arguments: Sequence[str]) -> Language:
    """Language in which to say an error: that of --lang where it is one, else of the locale."""
    asked = [b for a, b in pairwise(arguments) if a == "--lang"]
    asked += [a.removeprefix("--lang=") for a in arguments if a.startswith("--lang=")]
    return next((language for language in LANGUAGES if language in asked), _of_locale())


def _of_locale() -> Language:
    """English where the locale is English, Japanese everywhere else."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "en" if named.startswith("en") else "ja"


def opened(data_dir: Path | None) -> Store:
    """The data directory; what it does about a damaged or unwritable file is said on the error console."""
    return Store(data_dir, tell=note)


def note(sentence: Phrase) -> None:
    """Say something that stops nothing on the error console."""
    err.print(f"planner: {escape(sentence.said(translator(reader_language(sys.argv))))}", style="yellow")


def print_json(value: Any) -> None:
    """Value as JSON on the standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def print_table(title: str, table: pd.DataFrame) -> None:
    """A table on the standard output; nothing for one without rows."""
    if not len(table):
        return
    shown = Table(*(escape(str(name)) for name in table.columns), title=escape(title), title_justify="left")
    for row in table.itertuples(index=False):
        shown.add_row(*(escape(str(cell)) for cell in row))
    out.print(shown)


def degrees_of(site: str) -> tuple[float, float] | None:
    """Longitude and latitude of a site written as two degrees in either order; None when it is no such text."""
    try:
        lat, lon = in_order(*(float(part) for part in site.split(",")))
    except (TypeError, ValueError):
        return None
    if not (20 <= lat <= 46 and 122 <= lon <= 154.1):  # noqa: PLR2004  (Japan)
        raise PlannerError("--site {site!r}: expected a place in Japan, such as 35.79,140.12. Correct it.", site=site)
    return lon, lat


def bar() -> Progress:
    """Progress bar on the error console."""
    return Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True)
