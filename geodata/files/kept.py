"""Files that can be made again, sealed: one that is damaged, or that belongs under another name, is never used."""

import hashlib
from pathlib import Path

from ..errors import IntegrityError
from .writing import replacing

_HEAD = b"planner kept 1\n"
_SEAL_BYTES = 32


def seal(key: str, content: bytes) -> str:
    """Checksum of a content together with the key under which it is kept."""
    named = hashlib.blake2b(f"{len(key)}:{key}".encode(), digest_size=_SEAL_BYTES)
    named.update(content)
    return named.hexdigest()


def keep(path: Path, key: str, content: bytes) -> None:
    """Write a content and its seal; SourceError when the folder takes no more."""
    with replacing(path) as temporary, temporary.open("wb") as stream:
        stream.write(_HEAD + bytes.fromhex(seal(key, content)))
        stream.write(content)


def kept(path: Path, key: str) -> bytes | None:
    """What `keep` wrote under this key; None when nothing was, IntegrityError when it is damaged or another's."""
    try:
        whole = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise IntegrityError("{path}: cannot be read ({reason}).", path=path, reason=error.strerror) from error
    start = len(_HEAD) + _SEAL_BYTES
    head, content = whole[:start], whole[start:]
    if head != _HEAD + bytes.fromhex(seal(key, content)):
        raise IntegrityError("{path}: damaged, or written for something else.", path=path)
    return content
