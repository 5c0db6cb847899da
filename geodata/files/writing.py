"""Files that appear whole or not at all, several together where they belong together; what a kill left behind is swept."""

import hashlib
import os
import platform
import re
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path

from ..errors import SourceError

_SAFE_AGE_S = 24 * 3600.0
_HOST = f"{zlib.crc32(platform.node().encode()):08x}"
_OURS = re.compile(r"\.?planner-(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-")


def sha256_of(path: Path) -> str:
    """Hash of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a temporary path that becomes `target` only when the block succeeds."""
    with replacing_all(target) as (temporary,):
        yield temporary


@contextmanager
def replacing_all(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """Yield a temporary path for each target; they become the targets together, only when the block succeeds."""
    with ExitStack() as undone:
        temporaries = tuple(_temporary(target, undone) for target in targets)
        try:
            yield temporaries
            for temporary in temporaries:
                temporary.chmod(0o644)
            _move(temporaries, targets, undone)
        except OSError as error:
            raise SourceError(
                "{target}: could not be written ({value}). Free some space or choose another folder; nothing was changed.",
                target=error.filename2 or targets[0],
                value=error.strerror or error,
            ) from error


def reason_of(error: SourceError) -> str:
    """Why something could not be written, in the system's words."""
    cause = error.__cause__
    return str(getattr(cause, "strerror", None) or type(cause).__name__)


def temporary_folder() -> Path:
    """A folder among the system's temporary files, for this process: swept by a later one when nobody removes it."""
    place = Path(tempfile.gettempdir())
    sweep(place)
    return Path(tempfile.mkdtemp(prefix=_mark()[1:], dir=place))


@cache
def sweep(folder: Path) -> None:
    """Remove what processes that are no more left in a folder; once per process and folder."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        mark = _OURS.match(entry.name)
        if mark and _abandoned(entry, mark["host"], int(mark["pid"])):
            _remove(Path(entry.path))


def _mark() -> str:
    """How the names of our temporary files begin: the machine and the process that owns them."""
    return f".planner-{_HOST}-{os.getpid()}-"


def _temporary(target: Path, undone: ExitStack) -> Path:
    """An empty file beside the target, removed at the end with what a library put beside it, such as a journal."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=_mark(), suffix=target.suffix)
        os.close(handle)
    except OSError as error:
        raise SourceError(
            "{target}: cannot write there ({strerror}). Choose another folder.", target=target, strerror=error.strerror
        ) from error
    for end in ("", "-journal", "-wal", "-shm"):
        undone.callback(_remove, Path(name + end))
    return Path(name)


def _move(temporaries: Sequence[Path], targets: Sequence[Path], undone: ExitStack) -> None:
    """Rename one after the other; where one cannot be renamed, those before it are again what they were."""
    with ExitStack() as back:
        for temporary, target in zip(temporaries, targets, strict=True):
            if target is not targets[-1]:
                back.callback(_way_back(target, undone))
            temporary.replace(target)
        back.pop_all()


def _way_back(target: Path, undone: ExitStack) -> Callable[[], object]:
    """The call that makes a target again what it is now."""
    if not target.exists():
        return partial(_remove, target)
    held = _temporary(target, undone)
    held.unlink()
    try:
        held.hardlink_to(target)
    except OSError:  # a file system without links
        shutil.copyfile(target, held)
    return partial(held.replace, target)


def _abandoned(entry: os.DirEntry[str], host: str, pid: int) -> bool:
    """Whether the owner is gone: known on this machine, elsewhere after a day."""
    if host == _HOST and os.name == "posix" and not _runs(pid):
        return True
    try:
        return time.time() - entry.stat(follow_symlinks=False).st_mtime > _SAFE_AGE_S and pid != os.getpid()
    except OSError:
        return False


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it runs for somebody else
        return True
    return True


def _remove(path: Path) -> None:
    """Take away a file or folder as far as that can be done."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
