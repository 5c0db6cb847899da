"""A command line that does not fit, told in the reader's language: one sentence for each way of being wrong."""

import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from typer.exceptions import TyperException

from geodata.errors import Phrase, phrase

from ..errors import refusal


def told(error: TyperException) -> Phrase:
    """The sentence for a command line that typer refuses; `error` says in English what is wrong."""
    context = getattr(error, "ctx", None)
    command = " ".join(["planner", *_commands(context)])
    wrong = _SENTENCES.get(type(error).__name__, _of_arguments)(error)
    return phrase("{wrong} See `{command} --help`.", wrong=wrong, command=command)


def is_help(error: TyperException) -> bool:
    """Whether a command without arguments only shows its help."""
    return type(error).__name__ == "NoArgsIsHelpError"


def _missing(error: Any) -> Phrase:
    return phrase("{name} is missing.", name=_name(error))


def _no_option(error: Any) -> Phrase:
    like = ", ".join(sorted(error.possibilities or ()))
    if like:
        return phrase("There is no option {name}; similar ones: {like}.", name=error.option_name, like=like)
    return phrase("There is no option {name}.", name=error.option_name)


def _no_value(error: Any) -> Phrase:
    return phrase("Option {name} stands without a value, or with one that it does not take.", name=error.option_name)


def _bad_value(error: Any) -> Phrase:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ValidationError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return phrase("{name}: the value does not fit ({found}).", name=_name(error), found=error.message)
    _, why, found = refusal(cause)
    return phrase("{name}: {why}, found {found}.", name=_name(error), why=why, found=found)


def _of_arguments(error: TyperException) -> Phrase:
    """An unknown command, which typer names in quotes, or arguments too many, which it names in brackets at the end."""
    if found := re.fullmatch(r"No such command '(.*)'\..*", error.message, re.DOTALL):
        context: Any = getattr(error, "ctx", None)
        known = ", ".join(context.command.list_commands(context)) if context else ""
        return phrase("There is no command {name}; expected one of {known}.", name=found[1], known=known)
    if found := re.search(r" \((.*)\)$", error.message, re.DOTALL):
        return phrase("{found}: one argument too many.", found=found[1])
    return phrase("The command line does not fit ({found}).", found=error.message)


def _name(error: Any) -> str:
    """The option or argument as the user writes it."""
    param = error.param
    if param is None:
        return ""
    return "/".join(param.opts) if param.param_type_name == "option" else str(param.name).upper()


def _commands(context: Any) -> list[str]:
    """Names of the commands that lead to a context, the program's own left out."""
    above = context.parent if context else None
    return [*_commands(above), str(context.info_name)] if above else []


_SENTENCES: dict[str, Callable[[Any], Phrase]] = {
    "MissingParameter": _missing,
    "NoSuchOption": _no_option,
    "BadOptionUsage": _no_value,
    "BadParameter": _bad_value,
}
