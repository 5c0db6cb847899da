"""Open a file that somebody else made: bounded, unpacked in a folder of its own, encoding decided strictly."""

import codecs
import gzip
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from ..errors import FormatError, phrase

MAX_BYTES = 500 * 2**20
MAX_UNPACKED = 3 * 2**30
MAX_MEMBERS = 2_000
MAX_RATIO = 200
_UTF8_NAME = 0x800
_LIST_MEMBERS, _LIST_SIZE = 4, 5  # places in zipfile's record of a zip's end
_LONGEST_LIST = 4 * 2**20
_CHUNK = 2**20
_ZIP = b"PK\x03\x04"
ARCHIVES = (".zip", ".gz")
"""Suffixes of what is unpacked before it is read."""
TEXT_TABLES, WORKBOOKS = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm")
"""Suffixes of what is read as a table."""
DATABASES = (".sqlite", ".db")
"""Suffixes of SQLite files."""
MAX_DATABASE = 64 * 2**30
"""Bytes of a database that is given by itself: it is read where it lies, neither unpacked nor held."""


@dataclass(frozen=True)
class Member:
    """One file inside: its name as the publisher wrote it and where it lies now."""

    name: str
    path: Path

    @property
    def suffix(self) -> str:
        """Lower-case ending with the dot."""
        return Path(self.name).suffix.lower()


def readable_size(path: Path, *, label: Path | str | None = None, most: int = MAX_BYTES) -> int:
    """Bytes of an ordinary file; FormatError for a folder, a device, a pipe, an empty file, one above `most`, or none."""
    shown = label or path
    try:
        found = path.stat()
    except (OSError, ValueError) as error:  # a name longer than the file system takes, or with a zero in it
        raise FormatError(shown, expected="a file", found="none", remedy="Check the path.") from error
    if not stat.S_ISREG(found.st_mode):
        raise FormatError(
            shown,
            expected="a file",
            found="a folder" if stat.S_ISDIR(found.st_mode) else "a device or a pipe",
            remedy="Choose a file.",
        )
    if not os.access(path, os.R_OK):
        raise FormatError(shown, expected="a file that may be read", found="no permission", remedy="Ask its owner.")
    if found.st_size == 0:
        raise FormatError(shown, expected="a file with content", found="an empty file", remedy="Check it.")
    if found.st_size > most:
        raise FormatError(
            shown,
            expected=phrase("at most {value}", value=_amount(most)),
            found=_amount(found.st_size),
            remedy="Check it, cut it or export it again.",
        )
    return found.st_size


def _amount(size: int) -> str:
    """Bytes as MB, or as kB below two of them."""
    return f"{size // 2**20} MB" if size >= 2 * 2**20 else f"{size // 2**10} kB"


@contextmanager
def opened(path: Path) -> Iterator[list[Member]]:
    """Files in `path`: itself, or the members of a zip or gzip, unpacked under safe names; FormatError says what is wrong."""
    readable_size(path, most=MAX_DATABASE if path.suffix.lower() in DATABASES else MAX_BYTES)
    with TemporaryDirectory(prefix="planner-import-") as folder:
        yield list(_members(path, Path(folder)))


def decoded(content: bytes, label: Path | str) -> tuple[str, str]:
    """Text and its encoding: UTF-8 (with or without BOM) when it is valid, else cp932; FormatError when neither."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding), "utf-8" if encoding == "utf-8-sig" else encoding
        except UnicodeDecodeError:
            continue
    raise FormatError(label, expected="text in UTF-8 or cp932", found="neither", remedy="Save it as CSV UTF-8.")


def encoding_of(path: Path, label: Path | str) -> str:
    """As `decoded` for a large file: only the name of its encoding, found without holding the text."""
    for encoding in ("utf-8", "cp932"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FormatError(label, expected="text in UTF-8 or cp932", found="neither", remedy="Save it in UTF-8.")


def without_entities(path: Path, label: str) -> None:
    """Read a whole XML document once, keeping nothing; FormatError when it declares a type or entities, or is no XML."""
    parser = XMLParser(target=_Nothing(), forbid_dtd=True)
    parser.parser.DefaultHandlerExpand = None  # no call for each piece of text
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                parser.feed(chunk)
        parser.close()
    except DefusedXmlException as error:
        raise FormatError(
            label,
            expected="XML without DOCTYPE and ENTITY",
            found="a declaration of one",
            remedy="Use the publisher's own file.",
        ) from error
    except (ParseError, ValueError) as error:  # ValueError: an encoding that the parser does not know
        raise FormatError(
            label, expected="well-formed XML in UTF-8", found=str(error), remedy="Download it again."
        ) from error


class _Nothing:
    """What the parser builds: no tree, so that any size of document takes the same memory."""

    def close(self) -> None:
        """End of the document."""


def _members(path: Path, folder: Path) -> Iterator[Member]:
    magic = _magic(path)
    if magic[:2] == b"\x1f\x8b":
        yield _gunzipped(path, folder)
    elif magic == _ZIP and path.suffix.lower() not in WORKBOOKS:
        yield from _nested(path, _unzipped(path, folder, path), folder)
    elif path.suffix.lower() == ".zip":
        raise FormatError(path, expected="a zip file", found="another or a truncated file", remedy="Download it again.")
    else:
        yield Member(path.name, path)


def _magic(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(len(_ZIP))


def _nested(path: Path, members: Iterable[Member], folder: Path) -> Iterator[Member]:
    """The members, and in place of each zip among them what it holds; a zip within that one stays closed."""
    held = list(members)
    count, size = len(held), sum(member.path.stat().st_size for member in held)
    for number, member in enumerate(held):
        if member.suffix != ".zip" or _magic(member.path) != _ZIP:
            yield member
            continue
        inside = folder / f"zip{number}"
        inside.mkdir()
        for inner in _unzipped(member.path, inside, path):
            count, size = count + 1, size + inner.path.stat().st_size
            if count > MAX_MEMBERS or size > MAX_UNPACKED:
                raise FormatError(
                    path,
                    expected="an ordinary archive",
                    found="archives within it that unpack without end",
                    remedy="Do not use this file.",
                )
            yield Member(f"{member.name}/{inner.name}", inner.path)


def _gunzipped(path: Path, folder: Path) -> Member:
    name = path.name.removesuffix(".gz")
    target = folder / f"0{Path(name).suffix}"
    try:
        with gzip.open(path) as source, target.open("wb") as sink:
            written = 0
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > min(MAX_UNPACKED, MAX_RATIO * path.stat().st_size):
                    raise FormatError(
                        path,
                        expected="an ordinary gzip",
                        found="one that unpacks without end",
                        remedy="Do not use this file.",
                    )
                sink.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(
            path,
            expected="a gzip file",
            found=phrase("a broken one ({error})", error=error),
            remedy="Download it again.",
        ) from error
    return Member(name, target)


def _unzipped(path: Path, folder: Path, label: Path) -> Iterator[Member]:
    """Members under numbered names, so that no name of the archive reaches the file system."""
    try:
        with open_archive(path, label) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            check_archive(path, infos, label=label)
            stems: dict[str, int] = {}
            for info in infos:
                name = _name(info)
                stem = stems.setdefault(name.rpartition(".")[0], len(stems))
                target = folder / f"{stem}{Path(name).suffix.lower()}"
                with archive.open(info) as source, target.open("wb") as sink:
                    left = info.file_size
                    while chunk := source.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise FormatError(
                                label,
                                expected="members of the size declared",
                                found=phrase("a larger {name!r}", name=name),
                                remedy="Do not use this file.",
                            )
                        sink.write(chunk)
                yield Member(name, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise FormatError(
            label,
            expected="a zip file",
            found=phrase("a broken or locked one ({error})", error=error),
            remedy="Download it again.",
        ) from error


def open_archive(path: Path, label: Path | str) -> zipfile.ZipFile:
    """A zip whose list of members is short enough to be held; FormatError otherwise."""
    with path.open("rb") as stream:
        end = zipfile._EndRecData(stream)  # type: ignore[attr-defined]  # noqa: SLF001  (where ZipFile finds the list, too)
    if end and end[_LIST_SIZE] > _LONGEST_LIST:
        raise FormatError(
            label,
            expected="an ordinary archive",
            found=phrase("{n} members", n=end[_LIST_MEMBERS]),
            remedy="Do not use this file.",
        )
    return zipfile.ZipFile(path)


def check_archive(path: Path, infos: list[zipfile.ZipInfo], *, label: Path | str, most: int = MAX_UNPACKED) -> None:
    """FormatError for an archive of too many members, of more than `most` bytes, packed too tightly, or that climbs out."""
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or unpacked > min(most, max(MAX_RATIO * path.stat().st_size, 10 * 2**20)):
        raise FormatError(
            label,
            expected="an ordinary archive",
            found=phrase("{n} members of {unpacked} bytes", n=len(infos), unpacked=unpacked),
            remedy="Do not use this file.",
        )
    for info in infos:
        name = _name(info)
        if (
            stat.S_ISLNK(info.external_attr >> 16)
            or name.startswith(("/", "\\"))
            or ".." in Path(name.replace("\\", "/")).parts
        ):
            raise FormatError(
                label,
                expected="members inside the archive's own folder",
                found=phrase("{name!r}", name=name),
                remedy="Do not use this file.",
            )


def _name(info: zipfile.ZipInfo) -> str:
    """Member name; without the UTF-8 flag Japanese archives mean cp932."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp932")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename
