"""Text from data, shown as it is written."""

from geodata.errors import GeodataError

from ..i18n import Language, translator
from .session import session

_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()<>#+-.!|~$:"})


def said(error: GeodataError, language: Language) -> str:
    """An error's sentence in the visitor's language, with the visitor's names of files."""
    return plain(session().own.shown(error.said(translator(language))))


def plain(text: str) -> str:
    """Text that Markdown shows as it is written: no link, picture or markup from data."""
    return text.translate(_MARKDOWN)
