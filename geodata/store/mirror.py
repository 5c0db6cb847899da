"""A folder that another machine can pull from: the publishers' files and a manifest, on a stick or a share."""

import csv
import shutil
from pathlib import Path

from ..errors import SourceError
from ..files.writing import replacing
from .fetch import MANIFEST
from .store import Store

_COLUMNS = ("path", "origin", "reference_date", "licence", "attribution", "sha256", "bytes")


def write_mirror(store: Store, folder: Path) -> int:
    """
    Copy every publisher's file of the pulled layers to a folder with a MANIFEST.csv.

    Parameters
    ----------
    store
        Whose layers are copied.
    folder
        Made when it is not there; files of the same content are written over.

    Returns
    -------
    count
        How many files the folder holds.

    Raises
    ------
    SourceError
        If nothing has been pulled, or the folder cannot be written.
    """
    rows = {}
    for spec in store.specs.values():
        if not store.pulled(spec.id):
            continue
        for file in spec.files:
            name = f"files/{file.sha256[:8]}-{file.name}"
            source = store.file(file.sha256)
            with replacing(folder / name) as temporary:
                shutil.copyfile(source, temporary)
            values = (
                name,
                file.url or "",
                spec.reference_date,
                spec.licence,
                spec.attribution,
                file.sha256,
                source.stat().st_size,
            )
            rows[file.sha256] = dict(zip(_COLUMNS, values, strict=True))
    if not rows:
        raise SourceError(
            "{root}: nothing has been pulled, so there is nothing to mirror. Run `planner data pull` first.",
            root=store.root,
        )
    with replacing(folder / MANIFEST) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, _COLUMNS)
        writer.writeheader()
        writer.writerows(rows.values())
    return len(rows)
