"""No text of a file reaches Markdown on any page but through `plain`."""

import re

import hostile
import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from planner.ui.pages import PAGES
from planner.ui.pages.robust import _PARTS
from planner.ui.text import plain

SHOWN = {"label", "body", "help", "text", "caption", "captions", "title", "delta", "content"}
"""Fields of Streamlit's messages that the browser shows as Markdown."""

VISITS = [
    *((page.id, "Robustness", "ja") for page in PAGES),
    *(("robust", part, "ja") for part in list(_PARTS)[1:]),
    ("explore", "Robustness", "en"),
]


def marked(message):
    """Every text of a message that the browser would show as Markdown."""
    for field, value in message.ListFields():
        for held in value if field.is_repeated else [value]:
            if isinstance(held, Message):
                yield from marked(held)
            elif isinstance(held, str) and (
                field.name in SHOWN or (field.name, message.DESCRIPTOR.name) == ("options", "Radio")
            ):
                yield held


def unescaped(text):
    """What is left of a text of Markdown without the signs behind a backslash."""
    return re.sub(r"\\.", "", text)


def texts(app):
    return [
        text for node in app._tree if isinstance(getattr(node, "proto", None), Message) for text in marked(node.proto)
    ]


@pytest.mark.parametrize(("page", "part", "language"), VISITS)
def test_hostile_texts_stay_text_on_every_page(page, part, language):
    app = AppTest.from_string(
        f"import hostile_session\nhostile_session.fill({part!r})\n"
        "from planner.ui import view\nfrom planner.ui.session import session\nfrom planner.ui.pages import PAGES\n"
        f"session().language = {language!r}\nview.draw_sidebar()\n"
        f"next(page for page in PAGES if page.id == {page!r}).draw()\n",
        default_timeout=90,
    )
    app.run()
    next(box for box in app.text_input if str(box.key).startswith("own-title-")).set_value(hostile.EVERYTHING)
    app.toggle(key="own-used").set_value(True).run()
    assert not app.exception
    assert not app.error, app.error[0].value
    shown = texts(app)
    assert any(plain(hostile.EVERYTHING) in text for text in shown)
    for text in shown:
        bare = unescaped(text)
        assert not [name for name in hostile.NAMES if name in bare], text


@pytest.mark.parametrize("name", [*hostile.NAMES, hostile.EVERYTHING])
def test_what_markdown_would_change_is_escaped(name):
    assert plain(name).replace("\\", "").replace("\u2060", "") == " ".join(name.split()).replace("\\", "")
    assert "\n" not in plain(name)
    for start in ("![", "[a]", "<img", "{{", "$x$", ":smile:", "`", "&lt;", "\thttp", "\n#"):
        assert start not in unescaped(plain(name))


def test_ordinary_text_keeps_its_signs():
    assert plain("福井市 第1工区") == "福井市 第1工区"
