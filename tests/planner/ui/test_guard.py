"""Hosts, headers and closed paths, without a server: the guard before an app that answers everything."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from streamlit import config

from planner.ui import guard
from planner.ui.server import HOSTS_VARIABLE, environment


async def everything(scope, receive, send):
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await PlainTextResponse("inside")(scope, receive, send)


def asked(path="/", host=b"localhost:8501", kind="http", extra=()):
    sent = []
    headers = [(b"host", host), *extra] if host is not None else list(extra)
    scope = {"type": kind, "path": path, "headers": headers, "method": "GET", "query_string": b""}

    async def send(message):
        sent.append(message)

    with contextlib.suppress(StopIteration):  # nothing waits, so no loop is needed: the browser's tests hold one
        guard.Guard(everything)(scope, None, send).send(None)
    return sent


def headers_of(sent):
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize("host", [b"localhost", b"LOCALHOST:8501", b"127.0.0.1:8501", b"[::1]:8501", b"localhost."])
def test_the_names_of_this_machine_are_answered(host):
    assert asked(host=host)[0]["status"] == 200
    assert asked(host=host, kind="websocket")[0]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    "host",
    [b"evil.example", b"localhost.evil.example", b"localhost@evil.example", b"127.0.0.1:x", b"", b"localhost/x", None],
)
def test_any_other_name_is_refused_on_pages_files_and_the_websocket(host):
    for path in ("/", "/static/js/x.js", "/media/x.csv", "/_stcore/health"):
        refused = asked(path, host)
        assert refused[0]["status"] == 421
        assert b"inside" not in refused[1]["body"]
    assert asked("/_stcore/stream", host, "websocket") == [{"type": "websocket.close", "code": 1008}]


def test_two_names_at_once_are_refused():
    assert asked(extra=[(b"host", b"evil.example")])[0]["status"] == 421


def test_the_operator_and_the_address_name_hosts(monkeypatch):
    monkeypatch.setenv(HOSTS_VARIABLE, "plan.example.jp, 10.0.0.7")
    before = config.get_option("server.address")
    config.set_option("server.address", "192.168.1.5")
    try:
        for host in (b"plan.example.jp", b"10.0.0.7:8501", b"192.168.1.5:8501"):
            assert asked(host=host)[0]["status"] == 200
        assert asked(host=b"example.jp")[0]["status"] == 421
    finally:
        config.set_option("server.address", before)


def test_the_option_reaches_the_server():
    assert environment(None, ["a.example", "b.example"])[HOSTS_VARIABLE] == "a.example,b.example"


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/gx/_stcore/metrics",
        "/_stcore/metrics/",
        "/_stcore/agent/mcp",
        "/_stcore/script-health-check",
    ],
)
def test_what_the_app_does_not_need_is_closed(path):
    assert asked(path)[0]["status"] == 404


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/media/x.csv", "/_stcore/metrics"])
def test_every_answer_tells_the_browser_what_may_be_loaded(path):
    headers = headers_of(asked(path))
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == "'self'"
    assert "unsafe" not in rules["script-src"]
    assert "sha256-" in rules["script-src"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_only_the_frame_of_a_map_may_run_the_script_written_for_it():
    inside = headers_of(asked("/gx/component/streamlit_folium.st_folium/index.html"))["content-security-policy"]
    assert "script-src 'self' 'unsafe-inline' 'unsafe-eval';" in inside
    for path in ("/", "/component/leaflet/leaflet.js", "/streamlit_folium"):
        assert "script-src 'self' 'sha256-" in headers_of(asked(path))["content-security-policy"]


@given(st.text())
def test_no_text_of_a_host_header_ends_in_a_traceback(text):
    host = guard.host_of(text)
    assert host is None or host == guard.host_of(host)
