"""A visitor's own files: kept in the session's folder, read once by content, seen by nobody else."""

import hashlib
import re
import shutil
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from geodata import GeodataError, Layer
from geodata.files.writing import temporary_folder
from geodata.store.joining import joined

T = TypeVar("T")
_KEPT_RESULTS = 4
_UNSAFE = re.compile(r"[^\w.\-]+")
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Upload:
    """A file that the visitor gave: the name it came with, where it lies in the session's folder, its SHA-256."""

    name: str
    path: Path
    digest: str


@dataclass
class OwnFiles:
    """Files of one visitor and everything that was read from them or rests on them."""

    sites: list[Upload] = field(default_factory=list)
    features: list[Upload] = field(default_factory=list)
    layers: dict[str, Layer] = field(default_factory=dict)
    doors: dict[str, int] = field(default_factory=dict)
    folder: Path | None = None
    readings: dict[tuple[str, ...], Any] = field(default_factory=dict)
    measured: dict[str, Any] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)

    def keep(self, name: str, content: bytes) -> Upload:
        """Write a file into the session's folder, once per content; of its name only letters, digits and dots stay."""
        if self.folder is None:
            self.folder = temporary_folder()
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        digest = hashlib.sha256(content).hexdigest()
        plain = _UNSAFE.sub("_", Path(name).name)[-_LONGEST_NAME:].lstrip(".")
        path = self.folder / digest[:16] / (plain or "file")
        if not path.is_file():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        return Upload(name, path, digest)

    def read(self, path: Path, reading: tuple[str, ...], reader: Callable[[], T]) -> T:
        """What `reader` makes of a file, or the error it raised: once per content and kind of reading."""
        key = (str(path), *reading)
        if key not in self.readings:
            try:
                self.readings[key] = reader()
            except GeodataError as error:
                self.readings[key] = error
        found = self.readings[key]
        if isinstance(found, GeodataError):
            raise found
        return cast("T", found)

    def forget(self, upload: Upload) -> None:
        """Take a file away, with everything that was read from it or rests on it."""
        self.sites = [held for held in self.sites if held.path != upload.path]
        self.features = [held for held in self.features if held.path != upload.path]
        self.readings = {key: read for key, read in self.readings.items() if key[0] != str(upload.path)}
        self.forget_results()
        upload.path.unlink(missing_ok=True)

    def brought(self) -> dict[str, Layer]:
        """Layers by the id that criteria use; files for one place that the catalogue keeps are put together."""
        of_each: dict[str, list[Layer]] = {}
        for layer in self.layers.values():
            of_each.setdefault(layer.spec.id, []).append(layer)
        return {id_: joined(layers) if len(layers) > 1 else layers[0] for id_, layers in of_each.items()}

    def forget_layer(self, layer_id: str) -> None:
        """Take a layer away, with everything that rests on it."""
        self.layers.pop(layer_id, None)
        self.readings = {key: read for key, read in self.readings.items() if layer_id not in key}
        self.forget_results()

    def forget_results(self) -> None:
        """Take away what rests on any of the files."""
        self.measured.clear()
        self.results.clear()

    def shown(self, sentence: str) -> str:
        """A sentence with the visitor's own names of files in place of ours."""
        if self.folder is None:
            return sentence
        return re.sub(re.escape(str(self.folder)) + r"[\\/]+[0-9a-f]{16}[\\/]+", "", sentence)


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Names by key, a repeated one with its number: widgets tell their options apart by what they show."""
    alike = {name: [key for key, other in names.items() if other == name] for name in names.values()}
    return {
        key: f"{name} ({alike[name].index(key) + 1})" if len(alike[name]) > 1 else name for key, name in names.items()
    }


def names_of(uploads: Sequence[Upload]) -> dict[str, str]:
    """Name of each file by its path."""
    return told_apart({str(upload.path): upload.name for upload in uploads})


def recent(held: dict[str, Any], key: str, make: Callable[[], T]) -> T:
    """What is held under a key, made when it is not; the oldest goes when there are too many."""
    if key not in held:
        held[key] = make()
        while len(held) > _KEPT_RESULTS:
            del held[next(iter(held))]
    return cast("T", held[key])
