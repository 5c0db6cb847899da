"""No text of data reaches Markdown, HTML, a script, a spreadsheet or a paper but through the one function of each."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UI = sorted((ROOT / "planner" / "ui").rglob("*.py"))
SOURCES = sorted((ROOT / "planner").rglob("*.py"))

LABELLED = {
    *("button", "caption", "checkbox", "code_input", "download_button", "error", "expander", "file_uploader", "header"),
    *("info", "link_button", "markdown", "metric", "multiselect", "number_input", "page_link", "pills", "popover"),
    *(
        "progress",
        "radio",
        "segmented_control",
        "select_slider",
        "selectbox",
        "slider",
        "spinner",
        "status",
        "subheader",
    ),
    *("success", "tabs", "text_area", "text_input", "toast", "toggle", "warning", "feedback", "write"),
}
"""Calls of Streamlit that show their first text as Markdown."""

HELPERS = {"choice": 1, "door": 0}
"""Functions of ours that hand a label on, and its place."""

KEYWORDS = {"help", "text", "label", "body", "delta", "captions", "caption"}
CHOICES = {"radio", "segmented_control", "pills", "select_slider"}
"""Widgets that show their options as Markdown too."""

ESCAPING = {"plain", "said", "for_map", "len", "int", "translator"}
TRANSLATING = {"t", "view.t"}
FORBIDDEN_CALLS = {"st.title", "st.header", "st.write", "components.html", "components.iframe"}
FORBIDDEN_NAMES = {"Popup", "DivIcon", "Element", "Html", "IFrame", "Markup", "latex"}
FORBIDDEN_KEYWORDS = {"unsafe_allow_html", "unsafe_allow_javascript", "popup"}
_NUMBER = re.compile(r"[+,]*(\.\d)?[defg%]?$")
_CONSTANT = re.compile(r"_?[A-Z][A-Z_]+$")


def dotted(node):
    return ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""


class Safety:
    """Whether an expression can hold a text of data that no function has escaped, inside one function."""

    def __init__(self, function):
        self.assigned = {}
        for node in ast.walk(function):
            if isinstance(node, ast.For) and dotted(getattr(node.iter, "func", None)) == "zip":
                self.note(node.target, ast.Tuple(node.iter.args))
            for target in node.targets if isinstance(node, ast.Assign) else []:
                self.note(target, node.value)

    def note(self, target, value):
        for name, given in pairs(target, value):
            self.assigned.setdefault(name, []).append(given)

    def safe(self, node, seen=()):
        if isinstance(node, ast.Call):
            return self.safe_call(node, seen)
        if isinstance(node, ast.Name) and node.id in self.assigned and node.id not in seen:
            return all(self.safe(value, (*seen, node.id)) for value in self.assigned[node.id])
        if isinstance(node, ast.Name | ast.Subscript):
            return is_constant(node)
        parts = parts_of(node)
        return parts is not None and all(self.safe(part, seen) for part in parts)

    def safe_call(self, node, seen):
        name = dotted(node.func)
        if name.rpartition(".")[2] in ESCAPING - {"translator"}:
            return True
        translated = name in TRANSLATING or (isinstance(node.func, ast.Call) and dotted(node.func.func) == "translator")
        if not translated:
            return False
        values = [keyword.value for keyword in node.keywords]
        return self.safe(node.args[0], seen) and all(self.safe(value, seen) for value in values)


def is_constant(node):
    """Whether a name, or what it is the root of, is written in capitals: a table of ours."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name) and _CONSTANT.match(node.id) is not None


def parts_of(node):
    """Expressions that make up another; None for a kind that can hold anything."""
    if isinstance(node, ast.FormattedValue):
        return [] if is_number(node) else [node.value]
    fields = {
        ast.Constant: (),
        ast.JoinedStr: ("values",),
        ast.BinOp: ("left", "right"),
        ast.IfExp: ("body", "orelse"),
        ast.BoolOp: ("values",),
        ast.Tuple: ("elts",),
        ast.List: ("elts",),
    }.get(type(node))
    held = [getattr(node, field) for field in fields] if fields is not None else []
    return None if fields is None else [e for part in held for e in (part if isinstance(part, list) else [part])]


def is_number(value):
    """Whether the format of a value inside an f-string takes numbers alone."""
    spec = "".join(str(getattr(part, "value", "?")) for part in value.format_spec.values) if value.format_spec else ""
    return bool(spec) and _NUMBER.match(spec) is not None


def pairs(target, value):
    """Names and what they are given: element by element where both are tuples."""
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return [pair for one, other in zip(target.elts, value.elts, strict=True) for pair in pairs(one, other)]
    return [(name.id, value) for name in ast.walk(target) if isinstance(name, ast.Name)]


def shown(call):
    """Expressions of a call that a browser shows as Markdown."""
    name = dotted(call.func).rpartition(".")[2] or getattr(call.func, "attr", "")
    if name in HELPERS:
        yield call.args[HELPERS[name]]
    elif name in LABELLED and isinstance(call.func, ast.Attribute):
        yield from call.args[: 3 if name == "metric" else 1] if name != "progress" else ()
    elif not re.fullmatch(r"_?[a-z_]*column|column_config|Column|page", name):
        return
    draws = name in CHOICES or (name == "choice" and dotted(call.args[0]).rpartition(".")[2] in CHOICES)
    for keyword in call.keywords:
        if keyword.arg in KEYWORDS:
            yield keyword.value
        if keyword.arg == "format_func" and draws:
            yield keyword.value.body if isinstance(keyword.value, ast.Lambda) else keyword.value


def unescaped(source):
    """Line and text of everything that reaches Markdown unescaped."""
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for function in functions:
        if isinstance(function, ast.FunctionDef) and function.name in HELPERS:
            continue
        safety = Safety(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                yield from (f"{e.lineno}: {ast.unparse(e)}" for e in shown(node) if not safety.safe(e))


@pytest.mark.parametrize("path", UI, ids=lambda path: str(path.relative_to(ROOT)))
def test_markdown_gets_no_text_of_data_but_through_plain(path):
    found = list(unescaped(path.read_text("utf-8")))
    assert not found, f"{path.name}: put it through planner.ui.text.plain:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "st.markdown(name)",
        'st.markdown(f"**{name}**")',
        'st.caption(t("{x}", x=name))',
        "st.caption(t(name))",
        "column.metric(name, 1)",
        "column.metric('a', name)",
        "st.radio('a', names, format_func=names.get)",
        "st.checkbox('a', help=name)",
        "choice(st.selectbox, name, [])",
        "bar.progress(0.5, text=name)",
        'label = f"{name}"; st.button(label)',
        'st.error(f"{error}")',
    ],
)
def test_an_unescaped_text_is_found(line):
    assert list(unescaped(f"def draw(name, names):\n    {line}\n"))


@pytest.mark.parametrize(
    "line",
    [
        "st.markdown(plain(name))",
        'st.caption(t("{x} {n}", x=plain(name), n=f"{number:,.1f}"))',
        "label = plain(name); st.button(label)",
        'st.selectbox("a", names, format_func=names.get)',
        'st.radio("a", names, format_func=lambda k: plain(names[k]))',
    ],
)
def test_an_escaped_text_is_not(line):
    assert not list(unescaped(f"def draw(name, names):\n    {line}\n"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_call_takes_a_text_past_its_escaping(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
        where = f"{path.relative_to(ROOT)}:{node.lineno} {name}"
        assert dotted(node.func) not in FORBIDDEN_CALLS, where
        assert name not in FORBIDDEN_NAMES or path.name == "method.py", where
        assert not FORBIDDEN_KEYWORDS & {keyword.arg for keyword in node.keywords}, where
        if name == "html":
            assert re.match(r"(maps\.|chain\.drawing|_STYLE)", ast.unparse(node.args[0])), (
                f"{where}: expected a template or a constant"
            )
        if name == "to_csv" or (name == "to_excel" and "metadata" not in ast.unparse(node)):
            assert "escape_formulas(" in ast.unparse(node.func), f"{where}: expected escape_formulas(...)"


def test_a_map_gets_no_text_of_data_but_through_for_map():
    tree = ast.parse((ROOT / "planner" / "ui" / "maps.py").read_text("utf-8"))
    safety = Safety(tree)
    said = [
        k.value for node in ast.walk(tree) if isinstance(node, ast.Call) for k in node.keywords if k.arg == "tooltip"
    ]
    fields = [t for t in said if isinstance(t, ast.Call) and dotted(t.func) == "folium.GeoJsonTooltip"]
    names = [
        value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "name"
    ]
    assert fields
    assert names
    for value in [*(t for t in said if t not in fields), *names]:
        assert "for_map(" in ast.unparse(value) or safety.safe(value), ast.unparse(value)


def test_papers_and_templates_get_data_as_data():
    for path in (ROOT / "planner").rglob("*.typ"):
        assert not re.search(r"\beval\(|mode: \"markup\"", path.read_text("utf-8")), path
    for path in (ROOT / "planner").rglob("*.j2"):
        assert not re.search(r"\|\s*safe\b|autoescape", path.read_text("utf-8")), path
