"""One sentence per failure: the file, what was expected, what was found, what to do."""

from pathlib import Path


class GeodataError(Exception):
    """Root of everything this package raises on purpose."""


class CRSError(GeodataError):
    """A coordinate reference system is missing, geographic or not the one asked for."""


class IntegrityError(GeodataError):
    """A file is not the file that the catalogue pins."""


class LayerMissingError(GeodataError):
    """A layer has neither been pulled nor an embedded default."""


class SourceError(GeodataError):
    """A source could not be fetched or stored."""


class FormatError(GeodataError):
    """A file does not have the shape that was expected."""

    def __init__(self, path: Path | str, *, expected: str, found: str, remedy: str) -> None:
        super().__init__(f"{path}: expected {expected}, found {found}. {remedy}")
