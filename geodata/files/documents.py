"""TOML and JSON of others as plain data: bounded in size, depth, keys and numbers before or while they are parsed."""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..errors import FormatError, Phrase, phrase
from .opening import readable_size

MOST_TOML, MOST_JSON = 512 * 2**10, 200 * 2**20
DEEPEST, MOST_PARTS, LONGEST_WORD, MOST_TOKENS = 32, 8, 200, 8_000_000
_LARGEST = 2**63
_DIGITS = len(str(_LARGEST)) + 1
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    r"|'''(?:[^']|'(?!''))*+'''"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|#[^\n]*+"
    r"|[\[\]{},=\n.]"
    r"""|[^\s"'#\[\]{},=.]++""",
    re.DOTALL,
)
_QUOTES = ("'", '"', "#")


class _RefusedError(ValueError):
    """What a document holds that this product takes from nobody."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(str(why))
        self.why = why


def read_toml(path: Path) -> dict[str, Any]:
    """Tables of a TOML file in UTF-8; FormatError names what is broken or beyond a bound."""
    table: dict[str, Any] = _told(path, "TOML", lambda: _toml(_text(path, MOST_TOML)))
    return table


def read_json(path: Path) -> Any:
    """Value of a JSON file in UTF-8; FormatError names what is broken or beyond a bound."""
    return _told(path, "JSON", lambda: _json(path))


def _text(path: Path, most: int) -> str:
    readable_size(path, most=most)
    return path.read_text("utf-8")


def _told(path: Path, title: str, read: Callable[[], Any]) -> Any:
    """What `read` gives; whatever it raises on purpose or by its library, as one sentence."""
    try:
        return read()
    except _RefusedError as error:
        why = error.why
    except RecursionError:
        why = _too_deep()
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
        why = phrase("{error}", error=str(error)[:LONGEST_WORD])
    except OSError as error:
        raise FormatError(path, expected="a file", found=error.strerror or "none", remedy="Check the path.") from error
    raise FormatError(path, expected=phrase("{title} in UTF-8", title=title), found=why, remedy="Correct that place.")


def _too_deep() -> Phrase:
    return phrase("tables or lists more than {DEEPEST} deep", DEEPEST=DEEPEST)


def _toml(text: str) -> dict[str, Any]:
    text = text.removeprefix("\ufeff")
    _check_words(text)
    table = tomllib.loads(text)
    _check_numbers(table)
    return table


def _check_words(text: str) -> None:
    """
    Refuse, before anything is built, what makes a parser of TOML recurse or grow without end: nesting, dotted keys, numbers.

    One pass over strings, comments, brackets and words. An unclosed string ends the parser, so what follows it may be misread.
    """
    depth = parts = 0
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word in "[{":
            depth += 1
        elif word in "]}":
            depth = max(depth - 1, 0)
        elif word == ".":
            parts += 1
        elif len(word) > LONGEST_WORD and not word.startswith(_QUOTES):
            raise _RefusedError(phrase("{word}…, a number or key without end", word=word[:20]))
        if word in "[]{},=\n":
            parts = 0
        if depth > DEEPEST:
            raise _RefusedError(_too_deep())
        if parts >= MOST_PARTS:
            raise _RefusedError(phrase("a key of more than {MOST_PARTS} parts", MOST_PARTS=MOST_PARTS))


def _check_numbers(value: Any) -> None:
    """Refuse whole numbers beyond 64 bits, which neither TOML nor a measurement knows."""
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        raise _RefusedError(_too_large())
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        _check_numbers(child)


def _too_large() -> Phrase:
    return phrase("a whole number beyond 64 bits")


def _json(path: Path) -> Any:
    readable_size(path, most=MOST_JSON)
    content = path.read_bytes()
    if sum(map(content.count, (b",", b":", b"[", b"{"))) > MOST_TOKENS:
        raise _RefusedError(phrase("more than {n:,} values", n=MOST_TOKENS))
    return json.loads(content, parse_int=_whole, parse_constant=_constant, object_pairs_hook=_without_repeats)


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise _RefusedError(_too_large())
    return int(digits)


def _constant(name: str) -> None:
    raise _RefusedError(phrase("{name}, which is no number of JSON", name=name))


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(phrase("the key {name!r} twice", name=twice[:LONGEST_WORD]))
    return table
