"""What stands before every request to the app: which hosts it answers to, what a browser may load, what stays closed."""

import os
import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from ..i18n import LANGUAGES, translator
from .server import HOSTS_VARIABLE

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CORE = "/_stcore/"
_OPEN = ("health", "host-config", "stream", "upload_file")
"""Parts of Streamlit's own interface that the app needs; its metrics and the others are closed."""

_MAP = "/component/streamlit_folium"
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_MISDIRECTED, _NOT_FOUND = 421, 404


def guarded() -> list[Middleware]:
    """The guard as Streamlit's App takes it."""
    return [Middleware(Guard)]


class Guard:
    """
    Refuses requests under a name that is not the server's, and tells the browser what a page may load.

    A page elsewhere can point a name of its own at this machine (DNS rebinding); the name then stands in `Host`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.hosts = allowed_hosts(config.get_option("server.address"), os.environ.get(HOSTS_VARIABLE, ""))
        self.policies = {inside: policy(inside_map=inside) for inside in (False, True)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or websocket."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        security = {
            "Content-Security-Policy": self.policies[_MAP in scope["path"]],
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "X-Frame-Options": "SAMEORIGIN",
        }

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(security)
            await send(message)

        await (refusal or self.app)(scope, receive, sent)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        named = Headers(scope=scope).getlist("host")
        if len(named) != 1 or host_of(named[0]) not in self.hosts:
            return PlainTextResponse(_unknown_host(), _MISDIRECTED)
        path = str(scope["path"])
        if _CORE in path and path.rpartition(_CORE)[2].split("/")[0] not in _OPEN:
            return PlainTextResponse("", _NOT_FOUND)
        return None


def allowed_hosts(address: str | None, named: str) -> frozenset[str]:
    """Names the server answers to: this machine's own, the address it listens on, and those named, separated by commas."""
    found = (host_of(name.strip()) for name in (*_LOOPBACK, address or "", *named.split(",")))
    return frozenset(host for host in found if host is not None)


def host_of(authority: str) -> str | None:
    """Host of a `Host` header without its port, in lower case; None for what is none."""
    bare = authority.count(":") > 1 and not authority.startswith("[")
    try:
        parts = urlsplit(f"//[{authority}]" if bare else f"//{authority}")
        parts.port  # noqa: B018  (raises when it is no number)
    except ValueError:
        return None
    rest = (parts.path, parts.query, parts.fragment, parts.username, parts.password)
    return None if any(rest) or not parts.hostname else parts.hostname.rstrip(".")


def policy(*, inside_map: bool) -> str:
    """
    Content-Security-Policy of a page, or of the frame of a map.

    Everything comes from the app itself. Streamlit and Leaflet set styles in the page; the frame of a map also runs the
    scripts that folium wrote for it, handed over as text, in which every text of data has gone through `maps.for_map`.
    """
    scripts = "'unsafe-inline' 'unsafe-eval'" if inside_map else " ".join(_inline_scripts(_page()))
    rules: dict[str, Iterable[str]] = {
        "default-src": ["'self'"],
        "script-src": ["'self'", scripts],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
    return "; ".join(f"{rule} {' '.join(sources)}".rstrip() for rule, sources in rules.items())


def _page() -> bytes:
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()


def _inline_scripts(page: bytes) -> list[str]:
    """Hashes of the scripts that stand in Streamlit's own page: these may run, no others."""
    return [f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in _INLINE.findall(page)]


def _unknown_host() -> str:
    return "\n".join(
        translator(language)(
            "This server does not answer to this name. Its operator may name it: `planner serve --allow-host NAME`."
        )
        for language in LANGUAGES
    )
