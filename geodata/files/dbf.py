"""Texts of a Shapefile's table (.dbf): which encoding they are in, and fields cut in the middle of a character."""

import codecs
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import FormatError

_HEADER, _FIELD, _END = 32, 32, 0x0D
_ENCODINGS = ("utf-8", "cp932")
_NAMED = {"utf": "utf-8", "932": "cp932", "jis": "cp932", "ms_kanji": "cp932"}
_PADDING = b" \x00"
_ASCII = 0x80

_Bytes = npt.NDArray[np.uint8]


def text_encoding(dbf: Path, label: Path | str) -> str:
    """
    Encoding of every text field: the one that the .cpg names if the bytes fit it, else UTF-8 if they fit, else cp932.

    A field that ends within a character fits. FormatError when no encoding fits.
    """
    texts = [text for _, field in _text_fields(dbf, label) for text in _distinct(field)]
    for encoding in dict.fromkeys([*_named(dbf.with_suffix(".cpg")), *_ENCODINGS]):
        if all(_whole_bytes(text, encoding) is not None for text in texts):
            return encoding
    raise FormatError(
        label, expected="text in UTF-8 or cp932", found="neither", remedy="Export the Shapefile in UTF-8."
    )


def without_cut_characters(dbf: Path, encoding: str, label: Path | str) -> tuple[bytes, int]:
    """The .dbf with spaces in place of each character that its field cuts, and how many fields did; empty when none."""
    content, cut = np.memmap(dbf, dtype=np.uint8, mode="c"), 0
    for columns, field in _text_fields(dbf, label):
        rows = content[_first_record(content) :][: len(field) * _record_length(content)].reshape(len(field), -1)
        for text in _distinct(field):
            whole = _whole_bytes(text, encoding)
            if whole is None or whole == len(text):
                continue
            padded = np.frombuffer(text.ljust(field.shape[1], b"\x00"), dtype=np.uint8)
            same = (_without_padding(field) == padded).all(axis=1)
            rows[same, columns.start + whole : columns.stop] = ord(" ")
            cut += int(same.sum())
    return content.tobytes() if cut else b"", cut


def _named(cpg: Path) -> list[str]:
    text = cpg.read_text("ascii", errors="replace").strip().lower() if cpg.is_file() else ""
    return [encoding for part, encoding in _NAMED.items() if part in text][:1]


def _text_fields(dbf: Path, label: Path | str) -> Iterator[tuple[slice, _Bytes]]:
    """For each text field its columns within a record and its bytes, one row per record."""
    if not dbf.is_file():
        raise FormatError(label, expected="the .dbf beside the .shp", found="none", remedy="Choose the whole zip.")
    content = np.memmap(dbf, dtype=np.uint8, mode="r") if dbf.stat().st_size else np.zeros(0, dtype=np.uint8)
    first, length = (_first_record(content), _record_length(content)) if len(content) > _HEADER else (0, 0)
    if not _HEADER < first <= len(content) or not length:
        raise FormatError(label, expected="a table in the .dbf", found="a broken one", remedy="Export it again.")
    count = (len(content) - first) // length
    records = content[first : first + count * length].reshape(count, length)
    start = 1
    for at in range(_HEADER, first - _FIELD + 1, _FIELD):
        field = content[at : at + _FIELD]
        if field[0] == _END:
            return
        width = int(field[16]) + (256 * int(field[17]) if chr(field[11]) == "C" else 0)
        if chr(field[11]) == "C" and start + width <= length:
            yield slice(start, start + width), records[:, start : start + width]
        start += width


def _first_record(content: _Bytes) -> int:
    return int(content[8]) + 256 * int(content[9])


def _record_length(content: _Bytes) -> int:
    return int(content[10]) + 256 * int(content[11])


def _distinct(field: _Bytes) -> list[bytes]:
    """The different texts of a field that hold more than ASCII, without padding."""
    foreign = field[(field >= _ASCII).any(axis=1)]
    if not len(foreign):
        return []
    texts = np.unique(np.ascontiguousarray(foreign).view(f"S{field.shape[1]}"))
    return list({bytes(text).rstrip(_PADDING) for text in texts})


def _without_padding(field: _Bytes) -> _Bytes:
    """Bytes of a field with zeros for the padding at its end."""
    padding = np.isin(field, list(_PADDING))
    after = np.cumprod(padding[:, ::-1], axis=1)[:, ::-1].astype(bool)
    return np.where(after, 0, field).astype(np.uint8)


def _whole_bytes(text: bytes, encoding: str) -> int | None:
    """Bytes of the whole characters, fewer than all when the last is cut; None when the text is not in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(text)
    except UnicodeDecodeError:
        return None
    return len(text) - len(decoder.getstate()[0])
