"""Find the heading of a table, and which column is which; headings are matched, never positions."""

import re

import pandas as pd

from ..report import Report
from .columns import Column

_HEADER_WITHIN = 12


UNIT_END = re.compile(r"(千m2|ha|m2|円/坪|円/m2|千円|百万円|円|kv|kw|mw|%|m3/日|人)+$")


def headed(rows: list[list[object]], columns: tuple[Column, ...], report: Report) -> pd.DataFrame | None:
    """The table below the heading row that names most columns, one or two rows high; None when none names the required ones."""
    best: tuple[int, dict[int, Column]] | None = None
    for number in range(min(_HEADER_WITHIN, len(rows))):
        named = _matched(_headings(rows, number), columns)
        enough = {c.name for c in columns if c.required} <= {c.name for c in named.values()}
        if enough and (best is None or len(named) > len(best[1])):
            best = (number, named)
    if best is None:
        return None
    number, named = best
    heads = [" ".join(dict.fromkeys(names[::-1])) for names in _headings(rows, number)]
    unused = [head for n, head in enumerate(heads) if head and n not in named]
    if unused:
        report.note("Headings not used: {known}.", known=", ".join(unused[:12]))
    body = [row for row in rows[number + 1 :] if any(str(c).strip() for c in row)]
    report.rows_read += len(body)
    table = pd.DataFrame(
        {column.name: [str(row[n]).strip() if n < len(row) else "" for row in body] for n, column in named.items()}
    )
    nameless = table["name"].eq("")
    report.add("rejected", nameless, "name", "a name")
    table = table[~nameless].reset_index(drop=True)
    table.attrs["units"] = {column.name: heads[n] for n, column in named.items()}
    return table


def _headings(rows: list[list[object]], number: int) -> list[list[str]]:
    """For each column of a heading row the names it may have: alone, below the cell above, below a merged cell above."""
    above = rows[number - 1] if number else []
    merged, found = "", []
    for n, cell in enumerate(rows[number]):
        upper, alone = str(above[n]).strip() if n < len(above) else "", str(cell).strip()
        merged = upper or merged
        names = [alone, upper + alone, (merged + alone) if alone else upper]
        found.append([normalised(name) for name in dict.fromkeys(names) if name])
    return found


def _matched(heads: list[list[str]], columns: tuple[Column, ...]) -> dict[int, Column]:
    """Column number -> column; exact headings first, then those without their unit."""
    found: dict[int, Column] = {}
    for strip in (False, True):
        for n, names in enumerate(heads):
            texts = [UNIT_END.sub("", name) if strip else name for name in names]
            column = next(
                (c for text in texts for c in columns if text in c.headings and c not in found.values()), None
            )
            if n not in found and column is not None:
                found[n] = column
    return found


def normalised(head: str) -> str:
    """Heading without brackets, spaces, line breaks and width: 空容量（当該設備）(MW) is 空容量当該設備mw."""
    wide = pd.Series([head]).str.normalize("NFKC").iloc[0]
    return (
        re.sub(r"[\s()\[\]（）［］【】「」・:：]", "", str(wide))
        .lower()
        .replace("平方メートル", "m2")
        .replace("m²", "m2")
    )
