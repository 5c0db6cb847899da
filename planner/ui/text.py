"""Text from data, shown as it is written."""

_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()<>#+-.!|~$:"})


def plain(text: str) -> str:
    """Text that Markdown shows as it is written: no link, picture or markup from data."""
    return text.translate(_MARKDOWN)
