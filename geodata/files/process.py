"""
The process in which files of others are read whose library cannot be bounded: `worker`, with limits on memory and time.

It is started when first needed, kept for the next file, and replaced when it dies.
"""

import atexit
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from ..errors import FormatError, Phrase, phrase

MEMORY = 1_400 * 2**20


def ask(request: dict[str, Any], *, title: str | Phrase, path: Path, label: Path | str) -> dict[str, Any]:
    """
    The worker's answer to a request about the file `path`, which is of the kind `title`.

    FormatError, naming `label`, when it is broken or takes more memory or seconds (`request["seconds"]`) than a file may.
    """
    answer = _WORKER.ask({"path": str(path.resolve()), "memory": MEMORY, **request})
    failed = answer.get("failed")
    if failed is None:
        return answer
    detail = str(answer.get("detail", "")).replace(str(path.resolve()), str(label))
    found = {
        "memory": phrase("one that needs more memory than a file may take"),
        "time": phrase("one that takes more than {n} seconds", n=f"{request['seconds']:.0f}"),
    }.get(failed, phrase("a broken one ({error})", error=detail))
    raise FormatError(
        label,
        expected=phrase("{title} file", title=title),
        found=found,
        remedy="Check it, cut it or export it again.",
    )


class _Worker:
    """One process for this one, started when first needed, replaced when it dies; asked by one thread at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The worker's answer; {"failed": "memory"} when it died of the request."""
        with self._lock:
            process = self._running()
            try:
                process.stdin.write(json.dumps(request) + "\n")  # type: ignore[union-attr]
                process.stdin.flush()  # type: ignore[union-attr]
                line = process.stdout.readline()  # type: ignore[union-attr]
                answer: dict[str, Any] = json.loads(line)
            except (OSError, ValueError):
                process.kill()
                self.end()
                return {"failed": "memory"}
            return answer

    def end(self) -> None:
        """Let the process go."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            script = str(Path(__file__).with_name("worker.py"))
            self._process = subprocess.Popen(  # noqa: S603  (our own script)
                [sys.executable, script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
        return self._process


_WORKER = _Worker()
atexit.register(_WORKER.end)
