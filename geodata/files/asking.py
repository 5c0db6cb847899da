"""Ask a public server politely: one request at a time, spaced, retried, cached on disk, and one sentence when it cannot be reached."""

import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, Retry

from ..errors import Phrase, SourceError, phrase
from .kept import seal

_BUSY = frozenset({429, 500, 502, 503, 504})
_NOTHING = 404
_KEPT = (200, _NOTHING)
_MAX_BODY = 20 * 2**20
_CHUNK = 2**16
_LONGEST_WAIT_S = 120.0


@dataclass
class Polite:
    """
    A client with a cache.

    `secret` names query parameters that never reach the cache, a log or an error. A 404 is an answer: nothing there. A body
    that is not `worth_keeping`, such as an error told with status 200, is asked for again next time. `tell` hears of a cache
    that is damaged or takes nothing: the question is asked again.
    """

    cache: Path
    interval_s: float = 0.5
    timeout_s: float = 20.0
    retries: int = 3
    accepted: frozenset[int] = frozenset({200})
    secret: frozenset[str] = frozenset()
    sleep: Callable[[float], None] = time.sleep
    worth_keeping: Callable[[bytes], bool] = bool
    tell: Callable[[Phrase], None] = lambda _: None
    _last: float = field(default=0.0, init=False)

    def get(self, url: str, parameters: Mapping[str, str]) -> bytes | None:
        """Body of the answer, from the cache when it is there; None for 404; SourceError otherwise."""
        try:
            return self._asked(url, parameters, backend="sqlite")
        except (OSError, sqlite3.Error) as error:
            self.tell(
                phrase(
                    "The cache of answers cannot be used ({kind}), so they are asked for again.",
                    kind=type(error).__name__,
                )
            )
            return self._asked(url, parameters, backend="memory")

    def _asked(self, url: str, parameters: Mapping[str, str], *, backend: str) -> bytes | None:
        elsewhere = not self.secret & parameters.keys()  # a redirect would carry the secret to another address
        with self._session(backend) as session:
            try:
                answer = session.get(url, params=parameters, timeout=self.timeout_s, allow_redirects=elsewhere)
            except requests.RequestException as error:
                reason = type(error).__name__  # its text holds the whole address
            else:
                if answer.status_code == _NOTHING:
                    return None
                if answer.status_code in self.accepted:
                    return bytes(answer.content)
                reason = f"HTTP {answer.status_code}"
        raise SourceError(
            "{url}: could not be reached ({reason}). Check the network; on an isolated network use a file of the publisher instead. What was fetched before is kept.",
            url=url,
            reason=reason,
        )

    def pause(self, least_s: float = 0.0) -> None:
        """Wait until the next request may leave: the spacing, or longer."""
        self.sleep(max(self._last + self.interval_s - time.monotonic(), least_s, 0.0))
        self._last = time.monotonic()

    def _session(self, backend: str) -> requests.Session:
        """Cache as sealed JSON; a session lives for one question, so that no connection stays open."""
        # Takes as long to import as requests three times over.
        from requests_cache import CachedSession, SerializerPipeline, Stage, json_serializer  # noqa: PLC0415

        session = CachedSession(
            str(self.cache / "answers"),
            backend=backend,
            serializer=SerializerPipeline([Stage(_Sealed(json_serializer, self.tell))], is_binary=False),
            allowable_codes=_KEPT,
            ignored_parameters=sorted(self.secret),
            filter_fn=lambda answer: answer.status_code == _NOTHING or self.worth_keeping(answer.content),
        )
        adapter = _Spaced(self)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session


@dataclass(frozen=True)
class _Sealed:
    """A serializer whose texts begin with their seal; those that older versions kept begin with a brace."""

    plain: Any
    tell: Callable[[Phrase], None]

    def dumps(self, answer: Any) -> str:
        """The answer as sealed text."""
        text = str(self.plain.dumps(answer))
        return f"{seal('', text.encode())} {text}"

    def loads(self, kept: str) -> Any:
        """The answer in a text; ValueError, which asks again, when it is damaged."""
        mark, _, text = kept.partition(" ")
        if kept.startswith("{"):
            return self.plain.loads(kept)
        if mark != seal("", text.encode()):
            self.tell(phrase("An answer in the cache was damaged, so it is asked for again."))
            raise ValueError(mark)
        return self.plain.loads(text)


class _Spaced(HTTPAdapter):
    """Sends what the cache does not have, after a pause, and reads at most _MAX_BODY bytes of the answer."""

    def __init__(self, client: Polite) -> None:
        self._pause = client.pause
        waiting = _Waiting(
            pause=client.pause, total=client.retries, redirect=0, status_forcelist=_BUSY, raise_on_status=False
        )
        super().__init__(max_retries=waiting)

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """As HTTPAdapter.send; RequestException when the body is too long."""
        self._pause()
        answer = super().send(request, **{**options, "stream": True})
        body = bytearray()
        for part in answer.iter_content(_CHUNK):
            body += part
            if len(body) > _MAX_BODY:
                answer.close()
                raise requests.exceptions.ContentDecodingError("the body is too long")
        answer._content = bytes(body)  # noqa: SLF001  (requests has no other place for a body that was read)
        return answer


class _Waiting(Retry):
    """Waits as long as the server asks (Retry-After), else 1, 3, 7, … seconds."""

    def __init__(self, *, pause: Callable[[float], None], **options: Any) -> None:
        super().__init__(**options)
        self._pause = pause

    def new(self, **options: Any) -> "_Waiting":
        """As Retry.new, which knows only its own parameters."""
        return super().new(pause=self._pause, **options)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait before the next attempt."""
        asked = self.get_retry_after(response) if response is not None else None
        self._pause(min(asked or 2.0 ** len(self.history) - 1.0, _LONGEST_WAIT_S))


def _without_query(record: logging.LogRecord) -> bool:
    """Cut the query from addresses that urllib3 logs: it may hold a secret."""
    if isinstance(record.args, tuple):
        record.args = tuple(part.split("?")[0] if isinstance(part, str) else part for part in record.args)
    return True


for _name in ("urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_without_query)
logging.getLogger("requests_cache").setLevel(logging.INFO)  # its debug lines hold whole addresses
