"""A fault of this program, told as one: a sentence and a file to send, never a traceback and never the user's broken file."""

import platform
import tempfile
import traceback
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from geodata.errors import Phrase, phrase


def told(error: BaseException, doing: str, *, to_visitor: bool = False) -> Phrase:
    """
    The sentence for an error that nobody raised on purpose, after writing a report file that it names.

    `doing` says in one line what was asked for. A disk that takes no report leaves the sentence without one. A visitor of the
    app learns the report's name, not where it lies on the machine.
    """
    path = _reported(error, doing)
    kind = type(error).__name__
    if path is None:
        return phrase("This is a fault of this program ({kind}), not of your input. Tell us what you did.", kind=kind)
    if to_visitor:
        return phrase(
            "This is a fault of this program ({kind}), not of your input. Tell whoever runs it what you did and the name of the report, {name}.",
            kind=kind,
            name=path.name,
        )
    return phrase(
        "This is a fault of this program ({kind}), not of your input. Read {path}, which may quote a value, and send it to us with what you did.",
        kind=kind,
        path=path,
    )


def _reported(error: BaseException, doing: str) -> Path | None:
    lines = [
        f"gx-cluster-planner {version('gx-cluster-planner')}",
        f"python {platform.python_version()} {platform.platform()}",
        datetime.now(UTC).isoformat(timespec="seconds"),
        doing,
        "".join(traceback.format_exception(error)),
    ]
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="planner-fault-", suffix=".txt", delete=False
        ) as stream:
            stream.write("\n".join(lines))
            return Path(stream.name)
    except OSError:
        return None
