"""
One sentence per failure: the file, what was expected, what was found, what to do.

An error carries an English sentence with {placeholders} and their values, so that the edge (command line, app) can say it
in the reader's language; `str()` of an error is its English form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Phrase:
    """Part of a sentence: an English text with {placeholders} and their values, which may be phrases again."""

    text: str
    values: tuple[tuple[str, object], ...] = ()

    def said(self, translate: Translate) -> str:
        """The phrase in the language of `translate`, which maps an English text to its form there."""
        said = translate(self.text)
        return said.format(**{name: _said(value, translate) for name, value in self.values}) if self.values else said

    def __str__(self) -> str:
        """English form."""
        return self.said(english)


def phrase(text: str, **values: object) -> Phrase:
    """Short form of Phrase: phrase("at most {n} rows", n=5)."""
    return Phrase(text, tuple(values.items()))


class GeodataError(Exception):
    """Root of everything that is raised on purpose: `GeodataError("{path}: no such file. Check the path.", path=path)`."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.phrase = phrase(sentence, **values)
        super().__init__(sentence, *values.values())

    def said(self, translate: Translate) -> str:
        """The sentence in the language of `translate`."""
        return self.phrase.said(translate)

    def __str__(self) -> str:
        """English form."""
        return str(self.phrase)


class CRSError(GeodataError):
    """A coordinate reference system is missing, geographic or not the one asked for."""


class IntegrityError(GeodataError):
    """A file is not the file that the catalogue pins."""


class LayerMissingError(GeodataError):
    """A layer has neither been pulled nor an embedded default."""


class SourceError(GeodataError):
    """A source could not be fetched or stored."""


class FormatError(GeodataError):
    """A file does not have the shape that was expected; a part that depends on values is a `phrase`."""

    def __init__(
        self, path: Path | str | Phrase, *, expected: str | Phrase, found: str | Phrase, remedy: str | Phrase
    ) -> None:
        parts = {
            name: phrase(part) if isinstance(part, str) else part
            for name, part in (("expected", expected), ("found", found), ("remedy", remedy))
        }
        super().__init__("{path}: expected {expected}, found {found}. {remedy}", path=path, **parts)


class InvalidError(GeodataError, ValueError):
    """What a model refuses: pydantic takes it for a ValueError, and the edge still finds the sentence and its values."""


def _said(value: object, translate: Translate) -> object:
    if isinstance(value, Phrase):
        return value.said(translate)
    return value.said(translate) if isinstance(value, GeodataError) else value


def english(text: str) -> str:
    """The translation into English: the text itself."""
    return text
