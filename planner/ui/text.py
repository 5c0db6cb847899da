"""Text from data, shown as it is written."""

from ..i18n import Language, translator

_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()<>#+-.!|~$:"})


def said(error: Exception, language: Language) -> str:
    """An error's sentence, in Japanese where it is a fixed one."""
    return plain(translator(language)(str(error)))


def plain(text: str) -> str:
    """Text that Markdown shows as it is written: no link, picture or markup from data."""
    return text.translate(_MARKDOWN)
