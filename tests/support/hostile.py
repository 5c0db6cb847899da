"""Names that somebody may give a place, and what must never come of them."""

import pandas as pd

NAMES = (
    "工区`甲`",
    "価格\\1,000区画",
    "\\",
    "${window.ran=1}",
    "`+(window.ran=1)+`",
    "{{ 7 * 191 }}",
    "{% for x in %}",
    "{# gone #}",
    "'); window.ran=1; ('",
    '"><img src=x onerror="window.ran=1">',
    "</script><script>window.ran=1</script>",
    "![x](http://127.0.0.1:9/x)",
    "<img src=http://127.0.0.1:9/x onerror=window.ran=1>",
    "[a](javascript:window.ran=1)",
    "=1+1",
    "@SUM(1)",
    '#import "x"',
    "$x$",
    ":smile: :material/home: :red[x]",
    "甲\n\n# 乙",
    "甲\t乙",
    "&lt;b&gt;",
    "http://127.0.0.1:9/x",
)
EVERYTHING = "".join(name for name in NAMES if not name.startswith("甲"))
"""All of them in one name."""


def renamed(table):
    """The first sites of a table of a result, with hostile names and ids."""
    ids = pd.Index([f"{name}{number}" for number, name in enumerate(NAMES)], name="site_id")
    return table.head(len(NAMES)).assign(name=list(NAMES)).set_index(ids)
