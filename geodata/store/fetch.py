"""Bring pinned files in: from a mirror folder or the network, verified, then moved into place."""

import csv
import shutil
from pathlib import Path

import pooch

from ..errors import IntegrityError, SourceError
from ..files.writing import replacing, sha256_of
from ..layer import FileSpec

MANIFEST = "MANIFEST.csv"


class Mirror:
    """A folder with a MANIFEST.csv (path, origin, sha256); files are found by hash, wherever they lie in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        manifest = folder / MANIFEST
        if not manifest.is_file():
            raise SourceError(
                "{manifest}: expected a mirror folder with {MANIFEST}, found none. Name the folder that holds it, or leave --mirror out to use the network.",
                manifest=manifest,
                MANIFEST=MANIFEST,
            )
        with manifest.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            absent = {"path", "sha256"} - set(rows.fieldnames or ())
            if absent:
                raise SourceError(
                    "{manifest}: expected columns path, origin, sha256, found no {known}.",
                    manifest=manifest,
                    known=", ".join(absent),
                )
            self._paths = {row["sha256"]: self._inside(row["path"]) for row in rows}

    def find(self, sha256: str) -> Path | None:
        """Path of the file with this hash, when the folder has it."""
        path = self._paths.get(sha256)
        return path if path is not None and path.is_file() else None

    def _inside(self, relative: str) -> Path:
        path = (self.folder / relative).resolve()
        if not path.is_relative_to(self.folder):
            raise SourceError(
                "{value}: {relative!r} leaves the folder. Correct the manifest.",
                value=self.folder / MANIFEST,
                relative=relative,
            )
        return path


def fetch(file: FileSpec, target: Path, mirror: Mirror | None) -> None:
    """Put `file` at `target`; nothing stands there unless it is whole and verified."""
    source = mirror.find(file.sha256) if mirror else None
    if mirror and source is None:
        raise SourceError(
            "{file}: no file with sha256 {sha256} in {folder}. The folder may be of another edition; add the file and its line in MANIFEST.csv.",
            file=file.name,
            sha256=file.sha256[:12],
            folder=mirror.folder,
        )
    if source is None and file.url is None:
        raise SourceError("{file}: this file has no public address. Pull it with --mirror FOLDER.", file=file.name)
    with replacing(target) as temporary:
        if source:
            shutil.copyfile(source, temporary)
        else:
            _download(file, temporary)
        found = sha256_of(temporary)
        if found != file.sha256:
            raise IntegrityError(
                "{file}: sha256 expected {sha256}, found {found}. The publisher may have replaced the file; use a mirror of the pinned edition.",
                file=file.name,
                sha256=file.sha256[:12],
                found=found[:12],
            )


def _download(file: FileSpec, target: Path) -> None:
    try:
        pooch.HTTPDownloader(progressbar=False, timeout=60)(file.url, str(target), None)
    except OSError as error:  # requests' errors are OSErrors
        raise SourceError(
            "{file}: could not be downloaded from {url} ({kind}). Check the network, or pull from a folder with --mirror.",
            file=file.name,
            url=file.url,
            kind=type(error).__name__,
        ) from error
