"""
Pages docs/api/*.md from the docstrings of geodata and planner: `make docs` writes them, a test holds them current.

The source is read, never imported (griffe); docstrings are numpydoc. The interface (ui, cli) has no pages: it is called by people.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import griffe

ROOT = Path(__file__).parents[1]
PACKAGES = ("geodata", "planner")
LEFT_OUT = ("planner.ui", "planner.cli")
INDEX = "index.md"
_LISTS = ("parameters", "returns", "yields", "raises")
_WIDE, _LONG = 110, 160
_HEAD = "Made from the docstrings by `make docs`; edit them, not this page."


def modules() -> list[griffe.Module]:
    """Every public module with a page, packages before what is in them, by name."""
    found: list[griffe.Module] = []
    for name in PACKAGES:
        package = griffe.load(name, search_paths=[ROOT], docstring_parser="numpy", allow_inspection=False)
        found += _below(cast("griffe.Module", package))
    return sorted(found, key=lambda module: module.path)


def pages() -> dict[str, str]:
    """Text of every page by file name."""
    listed = modules()
    index = [f"# API reference\n\n{_HEAD}\n", "| module | holds |", "|---|---|"]
    index += [f"| [{m.path}]({m.path}.md) | {_summary(m)} |" for m in listed]
    return {INDEX: "\n".join(index) + "\n", **{f"{m.path}.md": _page(m) for m in listed}}


def faults() -> list[str]:
    """What a reader of the pages would miss, one sentence each: no docstring, or parameters that do not match the signature."""
    found = []
    for module in modules():
        for thing in [module, *_public(module)]:
            if thing.docstring is None:
                found.append(f"{thing.path}: expected a docstring, found none. Say in one sentence what it is.")
            elif isinstance(thing, griffe.Function):
                found += _mismatched(thing)
    return found


def sections(function: griffe.Function) -> set[str]:
    """Names of the sections that a function's docstring has."""
    return {section.kind.value for section in function.docstring.parsed} if function.docstring else set()


def _below(module: griffe.Module) -> list[griffe.Module]:
    inner = [m for m in module.modules.values() if not m.is_alias and not m.name.startswith("_")]
    return [module, *(found for m in inner if m.path not in LEFT_OUT for found in _below(m))]


def _own(holder: griffe.Module | griffe.Class) -> Iterator[griffe.Object]:
    """What a module or class defines itself and does not hide, in the order of the source."""
    members = [m for m in holder.members.values() if not m.is_alias and not m.name.startswith("_") and not m.is_module]
    yield from sorted(members, key=lambda member: member.lineno or 0)  # type: ignore[misc]


def _public(holder: griffe.Module | griffe.Class) -> Iterator[griffe.Object]:
    """Functions, classes, methods and properties to be documented."""
    for member in _own(holder):
        if isinstance(member, griffe.Class):
            yield member
            yield from _public(member)
        elif isinstance(member, griffe.Function) or "property" in member.labels:
            yield member


def _mismatched(function: griffe.Function) -> list[str]:
    told = {
        entry.name.lstrip("*")
        for section in _parsed(function)
        if section.kind.value == "parameters"
        for entry in section.value
    }
    asked = {parameter.name for parameter in function.parameters} - {"self", "cls"}
    if not told or told == asked:
        return []
    parts = [
        f"{label} {', '.join(sorted(names))}"
        for label, names in (("without", asked - told), ("with", told - asked))
        if names
    ]
    return [
        f"{function.path}: expected Parameters as in its signature, found them {' and '.join(parts)}. Correct the docstring."
    ]


def _parsed(thing: griffe.Object) -> list[griffe.DocstringSection]:
    return list(thing.docstring.parsed) if thing.docstring else []


def _summary(module: griffe.Module) -> str:
    return module.docstring.value.strip().splitlines()[0] if module.docstring else ""


def _page(module: griffe.Module) -> str:
    parts = [f"# {module.path}\n", *_described(module), *_reexported(module)]
    for member in _own(module):
        if isinstance(member, griffe.Class):
            parts += _class(member)
        elif isinstance(member, griffe.Function):
            parts += _function(member, "##")
        elif member.docstring:
            parts += [f"## {member.name}\n", f"```python\n{_assigned(member)}\n```\n", *_described(member)]
    return "\n".join([*parts, f"---\n\n{_HEAD}\n"])


def _reexported(module: griffe.Module) -> list[str]:
    """Names that a package offers from its modules, each with the page that describes it."""
    names = [
        m
        for m in module.members.values()
        if m.is_alias and m.name in {str(e).strip("'\"") for e in module.exports or ()}
    ]
    lines = [f"- [{m.name}]({m.target_path.rpartition('.')[0]}.md#{m.name.lower()})" for m in names]  # type: ignore[union-attr]
    return ["\n".join(lines) + "\n"] if lines else []


def _class(found: griffe.Class) -> list[str]:
    bases = ", ".join(str(base) for base in found.bases)
    fields = [f"    {_assigned(m)}" for m in _own(found) if _is_field(m)]
    head = [f"class {found.name}{f'({bases})' if bases else ''}{':' if fields else ''}", *fields]
    made = found.members.get("__init__")
    if isinstance(made, griffe.Function) and not fields:
        head.append(_signature(made, found.name).removesuffix(" -> None"))
    parts = [f"## {found.name}\n", "```python\n" + "\n".join(head) + "\n```\n", *_described(found)]
    for member in _own(found):
        if isinstance(member, griffe.Function):
            parts += _function(member, "###")
        elif isinstance(member, griffe.Attribute) and "property" in member.labels:
            called = f"{member.name}: {member.annotation}  # property"
            parts += [f"### {found.name}.{member.name}\n", f"```python\n{called}\n```\n", *_described(member)]
    return parts


def _is_field(member: griffe.Object) -> bool:
    """Whether a class declares it; what __init__ assigns is its own affair."""
    declared = isinstance(member, griffe.Attribute) and (member.annotation or "class-attribute" in member.labels)
    return bool(declared) and "property" not in member.labels and member.name != "model_config"


def _function(found: griffe.Function, level: str) -> list[str]:
    owner = f"{found.parent.name}." if isinstance(found.parent, griffe.Class) else ""
    return [f"{level} {owner}{found.name}\n", f"```python\n{_signature(found)}\n```\n", *_described(found)]


def _assigned(found: griffe.Object) -> str:
    attribute = cast("griffe.Attribute", found)
    annotation = f": {attribute.annotation}" if attribute.annotation else ""
    value = "" if attribute.value is None else f" = {attribute.value}"
    return f"{attribute.name}{annotation}{value if len(value) <= _LONG else ' = …'}"


def _signature(function: griffe.Function, name: str | None = None) -> str:
    """The signature in one line, or one parameter a line when it is wide."""
    whole = function.signature(name=name).replace("(self, ", "(").replace("(self)", "()")
    if len(whole) <= _WIDE:
        return whole
    head, _, tail = whole.rpartition(") -> ")
    called, _, inside = head.partition("(")
    depth, parts = 0, [""]
    for letter in inside:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    lines = "".join(f"    {part.strip()},\n" for part in parts)
    return f"{called}(\n{lines}) -> {tail}"


def _described(thing: griffe.Object) -> list[str]:
    parts = []
    for section in _parsed(thing):
        if section.kind.value == "text":
            parts.append(f"{section.value}\n")
        elif section.kind.value in _LISTS:
            lines = [f"- `{_label(entry)}`: {' '.join(entry.description.split())}" for entry in section.value]
            parts.append(f"**{section.kind.value.capitalize()}**\n\n" + "\n".join(lines) + "\n")
        else:
            raise ValueError(f"{thing.path}: expected a section among {', '.join(_LISTS)}, found {section.kind.value}")
    return parts


def _label(entry: griffe.DocstringElement) -> str:
    """Name of a parameter or of what is returned; what is raised has none and is called by its type."""
    return str(getattr(entry, "name", "") or entry.annotation)


def main(folder: Path) -> None:
    """Write every page and take away those whose module is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in set(folder.glob("*.md")) - {folder / name for name in made}:
        old.unlink()
    for name, page in made.items():
        (folder / name).write_text(page, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
