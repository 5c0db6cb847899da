"""Text from data, shown as it is written."""

import re

from geodata.errors import GeodataError

from ..i18n import Language, translator
from .session import session

_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()<>#+-.!|~$:&"})
_JOINER = "\u2060"
_REPLACED = re.compile(
    r"(?=https?://|www\.)"  # addresses become links,
    r"|(?<=\w)(?=@\w)"  # so do those of e-mail,
    r"|(?<=:)(?=material/|streamlit:)"  # these become icons,
    r"|(?<=<)(?=-|=)|(?<=[->~])(?=[->=])",  # and these arrows, dashes and signs
    re.IGNORECASE,
)
"""Places where Streamlit changes text even behind a backslash; an invisible joiner there keeps it as it is."""


def said(error: GeodataError, language: Language) -> str:
    """An error's sentence in the visitor's language, with the visitor's names of files."""
    return plain(session().own.shown(error.said(translator(language))))


def plain(text: object) -> str:
    """
    Text of data that Markdown shows as it is written, on one line: no link, picture, icon, formula or markup.

    Every label, sentence, message and heading with such a text goes through here; tables and lists of choices show
    text as it is and do not.
    """
    return _REPLACED.sub(_JOINER, " ".join(str(text).split())).translate(_MARKDOWN)
