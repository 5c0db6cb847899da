"""
Sentences for the reader, extracted from the source into a template, and those that `ja.po` lacks: `make messages`.

Babel keeps and writes the template. Its extractor knows arguments by position alone, so the syntax tree is read here:
`t(…)`, `phrase(…)`, the error constructors with their parts by keyword, and what an import report is told.
"""

import ast
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PACKAGES = ("geodata", "planner")
JAPANESE = ROOT / "planner" / "i18n" / "locale" / "ja.po"

TRANSLATED = frozenset({"t", "_t", "translate", "phrase", "note"})
ERRORS = frozenset(
    {"PlannerError", "GeodataError", "SourceError", "CRSError", "IntegrityError", "LayerMissingError", "InvalidError"}
)
PARTS = ("expected", "found", "remedy")
"""Keywords of FormatError that hold a part of its sentence."""

_REPORT_ADD = ("action", "wrong", "column", "expected")


@dataclass(frozen=True)
class Site:
    """A call that says something: where, its sentences, and the values it gives them (None: known only at run time)."""

    line: int
    sentences: tuple[str, ...]
    values: frozenset[str] | None
    formatted: bool


def sites(source: str) -> list[Site]:
    """Every call of a module that carries a sentence for the reader."""
    return [site for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) for site in _sites(node)]


def template() -> Catalog:
    """Every sentence with the places where it is said."""
    catalogue = Catalog(project="Regional Cluster Planner", charset="utf-8")
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for site in sites(path.read_text("utf-8")):
            for sentence in site.sentences:
                catalogue.add(sentence, locations=[(str(path.relative_to(ROOT)), site.line)])
    return catalogue


def missing(catalogue: Catalog) -> list[str]:
    """Sentences that have no Japanese form, each with its first place."""
    with JAPANESE.open("rb") as stream:
        japanese = {message.id for message in read_po(stream) if message.string}
    return ["{}:{}: {}".format(*m.locations[0], m.id) for m in catalogue if m.id and m.id not in japanese]


def placeholders(sentence: str) -> set[str]:
    """Names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _sites(call: ast.Call) -> Iterator[Site]:
    name = _called(call)
    if name in TRANSLATED or name in ERRORS:
        yield from _site(call, call.args[:1], {k.arg for k in call.keywords})
    elif name == "FormatError":
        yield from _site(call, [k.value for k in call.keywords if k.arg in PARTS], set())
    elif name == "add":
        given = dict(zip(_REPORT_ADD, call.args, strict=False)) | {str(k.arg): k.value for k in call.keywords}
        yield from _site(
            call, [given[part] for part in ("action", "expected") if part in given and "expected" in given], set()
        )


def _called(call: ast.Call) -> str:
    """Name of what is called; translator(…)(…) counts as t(…), super().__init__(…) of an error as that error."""
    function = call.func
    if isinstance(function, ast.Call):
        return "t" if _called(function) == "translator" else ""
    if isinstance(function, ast.Attribute):
        above = isinstance(function.value, ast.Call) and _called(function.value) == "super"
        return "GeodataError" if above and function.attr == "__init__" else function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _site(call: ast.Call, parts: list[ast.expr], given: set[str | None]) -> Iterator[Site]:
    sentences = tuple(sentence for part in parts for sentence in _texts(part) if _has_words(sentence))
    formatted = any(isinstance(part, ast.JoinedStr) for part in parts)
    if sentences or formatted:
        values = None if None in given else frozenset(str(name) for name in given)
        yield Site(call.lineno, sentences, values, formatted)


def _texts(node: ast.expr) -> Iterator[str]:
    """Texts that an expression can be: itself, either branch of a condition, any value of a table looked into."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body)
            yield from _texts(other)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _texts(value)
        case ast.Subscript(value=ast.Dict(values=values)):
            for value in values:
                yield from _texts(value)


def _has_words(sentence: str) -> bool:
    return any(letter.isalpha() for literal, *_ in string.Formatter().parse(sentence) for letter in literal)


def main(target: Path) -> int:
    """Write the template; say what is missing and how much."""
    catalogue = template()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        write_po(stream, catalogue, sort_by_file=True, width=0)
    absent = missing(catalogue)
    sys.stdout.write("".join(f"{line}\n" for line in absent))
    sys.stdout.write(
        f"{target}: {len(catalogue)} sentences, {len(absent)} without a Japanese form in {JAPANESE.name}\n"
    )
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
