"""The files of one layer and version: rows as Parquet, a note beside them, both sealed with the layer's id and version."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from ..errors import IntegrityError
from ..files.kept import seal
from ..files.writing import replacing
from ..layer import LayerSpec

_UNSEALED = {"spec", "retrieved_at", "steps"}
"""What the notes of older versions hold, and nothing else; one damaged place makes no other note into one of these."""


def write(path: Path, layer_id: str, frame: pd.DataFrame, note: Mapping[str, Any]) -> None:
    """Store rows and note (`path`, named after the version) so that `read` notices any damage."""
    key = _key(path, layer_id)
    with replacing(path.with_suffix(".parquet")) as temporary:
        frame.to_parquet(temporary, compression="zstd")
        rows = seal(key, temporary.read_bytes())
    whole = {**note, "rows": rows}
    whole["seal"] = seal(key, _text(whole))
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(whole, ensure_ascii=False, indent=1), "utf-8")


def read(path: Path, spec: LayerSpec) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Rows and note; IntegrityError, OSError or ValueError when they are damaged or belong to another layer."""
    content, note = _verified(path, spec.id)
    reader = gpd.read_parquet if spec.geometry != "none" else pd.read_parquet
    return reader(io.BytesIO(content)), note


def is_sound(path: Path, layer_id: str) -> bool:
    """Whether rows and note are sealed and whole."""
    try:
        _, note = _verified(path, layer_id)
    except (OSError, ValueError, IntegrityError):
        return False
    return sealed(note)


def read_note(path: Path, layer_id: str) -> dict[str, Any]:
    """The note alone; fails as `read` does."""
    note = json.loads(path.read_text("utf-8"))
    if not isinstance(note, dict):
        raise _damaged(path)
    if sealed(note) and note.pop("seal", None) != seal(_key(path, layer_id), _text(note)):
        raise _damaged(path)
    return note


def sealed(note: Mapping[str, Any]) -> bool:
    """Whether a note and its rows can be verified; those that older versions stored cannot."""
    return not set(note) <= _UNSEALED


def _verified(path: Path, layer_id: str) -> tuple[bytes, dict[str, Any]]:
    note = read_note(path, layer_id)
    content = path.with_suffix(".parquet").read_bytes()
    if sealed(note) and note["rows"] != seal(_key(path, layer_id), content):
        raise _damaged(path.with_suffix(".parquet"))
    return content, note


def _key(path: Path, layer_id: str) -> str:
    return f"{layer_id}/{path.stem}"


def _text(note: Mapping[str, Any]) -> bytes:
    return json.dumps(note, ensure_ascii=False, sort_keys=True).encode()


def _damaged(path: Path) -> IntegrityError:
    return IntegrityError("{path}: damaged, or written for something else.", path=path)
