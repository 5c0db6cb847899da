"""Ask a public server politely: one request at a time, spaced, retried, cached on disk, and one sentence when it cannot be reached."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import requests

from ..errors import SourceError
from .writing import replacing

_BUSY = frozenset({429, 500, 502, 503, 504})
_NOTHING = 404
_MAX_BODY = 20 * 2**20


@dataclass
class Polite:
    """
    A client with a cache.

    `secret` names query parameters that never reach the cache, a log or an error. A 404 is an answer: nothing there.
    """

    cache: Path
    interval_s: float = 0.5
    timeout_s: float = 20.0
    retries: int = 3
    accepted: frozenset[int] = frozenset({200})
    secret: frozenset[str] = frozenset()
    sleep: Callable[[float], None] = time.sleep
    _last: float = field(default=0.0, init=False)

    def get(self, url: str, parameters: dict[str, str]) -> bytes | None:
        """Body of the answer, from the cache when it is there; None for 404; SourceError otherwise."""
        path = self.cache / hashlib.sha256(repr((url, sorted(self._shown(parameters).items()))).encode()).hexdigest()
        if path.is_file():
            return path.read_bytes() or None
        body = self._asked(url, parameters)
        with replacing(path) as temporary:
            temporary.write_bytes(body or b"")
        return body

    def _asked(self, url: str, parameters: dict[str, str]) -> bytes | None:
        reason = ""
        for attempt in range(self.retries + 1):
            self.sleep(
                max(self._last + self.interval_s - time.monotonic(), 0.0) + (2.0**attempt - 1.0 if attempt else 0.0)
            )
            self._last = time.monotonic()
            try:
                answer = requests.get(url, params=parameters, timeout=self.timeout_s, stream=True)
                body = answer.raw.read(_MAX_BODY + 1, decode_content=True)
            except requests.RequestException as error:
                reason = type(error).__name__
                continue
            if answer.status_code == _NOTHING:
                return None
            if answer.status_code in self.accepted and len(body) <= _MAX_BODY:
                return bytes(body)
            reason = f"HTTP {answer.status_code}"
            if answer.status_code not in _BUSY:
                break
        raise SourceError(
            "{url}: could not be reached ({reason}). Check the network; on an isolated network use a file of the publisher instead. What was fetched before is kept.",
            url=url,
            reason=reason,
        )

    def _shown(self, parameters: dict[str, str]) -> dict[str, str]:
        return {k: "" if k in self.secret else v for k, v in parameters.items()}
