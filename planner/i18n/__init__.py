"""Sentences in Japanese and English. The English sentence is the key; `locale/ja.po` holds the Japanese."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from babel.messages.pofile import read_po

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")
Translate = Callable[..., str]


@cache
def translator(language: Language) -> Translate:
    """Function from an English sentence with {placeholders} and their values to a sentence in `language`."""
    catalogue = _japanese() if language == "ja" else {}

    def translate(sentence: str, **values: Any) -> str:
        text = catalogue.get(sentence, sentence)
        return text.format(**values) if values else text

    return translate


@cache
def _japanese() -> dict[str, str]:
    with (files(__name__) / "locale" / "ja.po").open("rb") as stream:
        return {str(message.id): str(message.string) for message in read_po(stream) if message.id and message.string}
