"""Vector files as people make them: the encoding of their texts is decided here, once for every door."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from .dbf import text_encoding, without_cut_characters
from .drivers import MOST_FEATURES, read_vector
from .opening import Member, encoding_of, without_entities

JSON = (".geojson", ".json", ".topojson")
_PARTS = (".shp", ".shx", ".prj")


@dataclass(frozen=True)
class VectorRows:
    """Rows of a file, the encoding of its texts, and how many texts are cut in the middle of a character."""

    frame: pd.DataFrame
    encoding: str
    cut: int = 0


def read_member(member: Member, *, label: Path | str, most: int = MOST_FEATURES) -> VectorRows:
    """Rows of a vector file, its texts decoded; FormatError, naming `label`, as in `read_vector`."""
    if member.suffix == ".shp":
        return _shapefile(member, label, most)
    with TemporaryDirectory(prefix="planner-text-") as folder:
        source, encoding = member.path, ""
        if member.suffix in JSON:
            encoding = encoding_of(member.path, label)
            if encoding != "utf-8":
                source = Path(folder) / f"text{member.suffix}"
                with member.path.open(encoding=encoding) as old, source.open("w", encoding="utf-8") as new:
                    shutil.copyfileobj(old, new)
        elif member.suffix in {".gml", ".xml"}:
            without_entities(member.path, str(label))
        return VectorRows(read_vector(source, suffix=member.suffix, label=label, most=most), encoding)


def _shapefile(member: Member, label: Path | str, most: int) -> VectorRows:
    dbf = _beside(member.path, ".dbf")
    encoding = text_encoding(dbf, label)
    content, cut = without_cut_characters(dbf, encoding, label)
    if not cut:
        return VectorRows(read_vector(member.path, encoding=encoding, label=label, most=most), encoding)
    with TemporaryDirectory(prefix="planner-text-") as folder:
        for suffix in _PARTS:
            part = _beside(member.path, suffix)
            if part.is_file():
                shutil.copyfile(part, Path(folder) / f"text{suffix}")
        (Path(folder) / "text.dbf").write_bytes(content)
        shapes = Path(folder) / "text.shp"
        return VectorRows(read_vector(shapes, encoding=encoding, label=label, most=most), encoding, cut)


def _beside(path: Path, suffix: str) -> Path:
    """Part of a Shapefile, its suffix written small or large."""
    large = path.with_suffix(suffix.upper())
    return large if large.is_file() else path.with_suffix(suffix)
