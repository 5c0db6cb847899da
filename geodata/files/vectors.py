"""Vector files as people make them: the encoding of their texts is decided here, once for every door."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from ..errors import FormatError, phrase
from .dbf import text_encoding, without_cut_characters
from .drivers import MOST_FEATURES, read_vector
from .opening import Member, encoding_of, without_entities

JSON = (".geojson", ".json", ".topojson")
_PARTS = (".shp", ".shx", ".prj")
_ENDS, _TOLD = 2**16, 80
_CRS_NAME = re.compile(
    rb'"crs"\s*+:\s*+\{\s*+"type"\s*+:\s*+"name"\s*+,\s*+"properties"\s*+:\s*+\{\s*+"name"\s*+:\s*+"((?:[^"\\]|\\.){0,4000}+)"'
)
"""The member that names the system, in the order that every writer has it: at the beginning or at the end of a file."""


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
            _check_crs(member.path, label)
            encoding = encoding_of(member.path, label)
            if encoding != "utf-8":
                source = Path(folder) / f"text{member.suffix}"
                with member.path.open(encoding=encoding) as old, source.open("w", encoding="utf-8") as new:
                    shutil.copyfileobj(old, new)
        elif member.suffix in {".gml", ".xml"}:
            without_entities(member.path, str(label))
        return VectorRows(read_vector(source, suffix=member.suffix, label=label, most=most), encoding)


def _check_crs(path: Path, label: Path | str) -> None:
    """Refuse a GeoJSON that names a coordinate reference system which nobody knows: GDAL would take it for WGS 84."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        ends = [stream.read(_ENDS)]
        stream.seek(max(size - _ENDS, 0))
        ends.append(stream.read(_ENDS))
    for name in {name.decode("utf-8", "replace") for end in ends for name in _CRS_NAME.findall(end)}:
        try:
            CRS.from_user_input(json.loads(f'"{name}"'))
        except (ProjError, ValueError) as error:
            raise FormatError(
                label,
                expected="shapes in a known coordinate reference system",
                found=phrase("others ({error})", error=name[:_TOLD]),
                remedy="Save it in EPSG:6668 or EPSG:4326.",
            ) from error


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
