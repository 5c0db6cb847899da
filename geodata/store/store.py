"""
The data directory: pull, verify, open. Nothing happens on import.

    files/<sha256>            publishers' files, unchanged
    layers/<id>/<version>.*   what the connectors made of them (Parquet and its passport)
    layers/<id>/current       the version in use; replaced last, so a pull killed at any moment leaves the old one
    imports/<id>/…            the same, for layers that the user brought in
    cache/                    what can be made again

Rows, notes and caches are sealed: what is damaged or lies under another's name is made again, and said.
"""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs

from ..catalogue import catalogue
from ..errors import GeodataError, IntegrityError, LayerMissingError, Phrase, SourceError, phrase
from ..files.writing import reason_of, replacing, sha256_of
from ..layer import Layer, LayerSpec, Reading, Step, locked
from ..passport import LayerLock, Passport
from ..sources import CONNECTORS, REVISION, Inputs
from . import embedded, notes, shelf, validate
from .embedded import digest
from .fetch import Mirror, fetch
from .joining import joined
from .layers import known_spec

ENVIRONMENT_VARIABLE = "PLANNER_DATA_DIR"
Progress = Callable[[str, int, int], None]
Tell = Callable[[Phrase], None]


def default_data_dir() -> Path:
    """$PLANNER_DATA_DIR, or the user's data folder."""
    return Path(
        os.environ.get(ENVIRONMENT_VARIABLE) or platformdirs.user_data_dir("gx-cluster-planner", appauthor=False)
    )


def log(sentence: Phrase) -> None:
    """Say something to whoever listens to the logger `geodata`; to the standard error where nobody does."""
    logging.getLogger("geodata").warning("%s", sentence)


@dataclass(frozen=True)
class Pulled:
    """Outcome of a pull for one layer."""

    layer_id: str
    outcome: Literal["built", "unchanged", "unavailable"]
    message: str
    steps: tuple[Step, ...] = ()


class Store:
    """
    Layers of one data directory, with the embedded default behind them; `specs` is the catalogue unless given.

    `tell` hears in one sentence what was done about a damaged or unwritable file that stops nothing; each is said once.
    """

    def __init__(
        self, root: Path | None = None, specs: Mapping[str, LayerSpec] | None = None, tell: Tell = log
    ) -> None:
        self.root = root or default_data_dir()
        self._tell, self._told = tell, set[Phrase]()
        self._made_again: dict[str, Layer] = {}
        self.specs = {**catalogue(), **self._imported()} if specs is None else specs

    @property
    def private(self) -> frozenset[str]:
        """Ids of layers of the session's own: what rests on them is not kept in the data directory."""
        return frozenset()

    def tell(self, sentence: Phrase) -> None:
        """Say once what was done about a fault that stops nothing."""
        if sentence not in self._told:
            self._told.add(sentence)
            self._tell(sentence)

    def spec(self, layer_id: str) -> LayerSpec:
        """Specification of one layer; GeodataError lists the known ids."""
        return known_spec(self.specs, layer_id)

    def layer(self, layer_id: str) -> Layer:
        """
        Open a layer: the pulled one, else the embedded default.

        Parameters
        ----------
        layer_id
            Id in the catalogue, or of a layer that was imported.

        Returns
        -------
        layer
            Rows in STORE with their passport; `origin` says where they came from.

        Raises
        ------
        LayerMissingError
            If it has neither been pulled nor an embedded default; the message tells how to get it.
        GeodataError
            If nobody knows the id, or the stored rows cannot be read.
        """
        spec = self.spec(layer_id)
        passport_path = self._current(spec)
        if passport_path is not None:
            return self._open(spec, passport_path)
        if spec.starter is not None:
            return embedded.layer(spec)
        if spec.from_user:
            raise LayerMissingError(
                "layer {layer_id} comes from a file of your own. Run `planner data import FILE --as KIND`; `planner data kinds` lists them.",
                layer_id=layer_id,
            )
        raise LayerMissingError(
            "layer {layer_id} has not been pulled into {root}. Run `planner data pull {layer_id}` (with --mirror FOLDER on an isolated network).",
            layer_id=layer_id,
            root=self.root,
        )

    def has(self, layer_id: str) -> bool:
        """Whether `layer` would succeed; False for an id that nobody knows."""
        spec = self.specs.get(layer_id)
        return spec is not None and (spec.starter is not None or self._current(spec) is not None)

    def pulled(self, layer_id: str) -> bool:
        """Whether the layer has been pulled."""
        return self._current(self.spec(layer_id)) is not None

    def lock(self, layer_id: str) -> LayerLock:
        """What a value that rests on a layer tells of it, without opening its rows; of an absent layer only its name."""
        spec = self.spec(layer_id)
        path = self._current(spec)
        if path is None:
            return embedded.layer(spec).lock() if spec.starter else LayerLock.absent(spec.id, spec.title)
        try:
            return locked(spec, *notes.origin_of(spec, shelf.read_note(path, spec.id)), path.stem)
        except (OSError, ValueError, IntegrityError):
            return self.layer(layer_id).lock()

    def versions(self) -> dict[str, str]:
        """Version of every layer that can be opened, without opening it."""
        return {id_: self._version_in_use(spec) for id_, spec in self.specs.items() if self.has(id_)}

    def cache_dir(self, name: str) -> Path:
        """Folder for results that can be made again."""
        return self.root / "cache" / name

    def pull(
        self, layer_ids: Iterable[str] = (), *, mirror: Path | None = None, progress: Progress | None = None
    ) -> list[Pulled]:
        """
        Fetch, verify and build layers. A named layer that cannot be had raises; in a pull of everything it is unavailable.

        Parameters
        ----------
        layer_ids
            With whatever they are made from; all that are not `on_request` when none is named.
        mirror
            Folder with a MANIFEST.csv to read instead of the network.
        progress
            Called with a layer id, how many are done and how many there are; at the end with an empty id.

        Returns
        -------
        outcomes
            One per layer, inputs first: built, unchanged or unavailable, with the steps of the connector.

        Raises
        ------
        IntegrityError
            If a file is not the one that the catalogue pins.
        SourceError
            If a file of a named layer cannot be fetched, or the mirror has no manifest.
        FormatError
            If a file does not have the shape that its connector expects; the layer in use stays.
        """
        folder = Mirror(mirror) if mirror else None
        named = [self.spec(id_).id for id_ in layer_ids]
        for id_ in named:
            if self.spec(id_).from_user and not self.has(id_):
                self.layer(id_)
        everything = [id_ for id_, spec in self.specs.items() if not spec.on_request]
        wanted = [id_ for id_ in self._with_inputs(named or everything) if self.spec(id_).connector in CONNECTORS]
        outcomes = []
        for number, id_ in enumerate(wanted):
            if progress:
                progress(id_, number, len(wanted))
            try:
                outcomes.append(self._pull_one(self.spec(id_), folder))
            except SourceError as error:
                if named:
                    raise
                outcomes.append(Pulled(id_, "unavailable", str(error)))
        if progress:
            progress("", len(wanted), len(wanted))
        return outcomes

    def check(self) -> dict[str, list[str]]:
        """Problems of each pulled layer: files that changed on disk, rows that do not fit the catalogue."""
        report = {}
        for id_, spec in self.specs.items():
            if self.pulled(id_):
                broken = [
                    f"{file.name} is missing or changed on disk; pull the layer again"
                    for file in spec.files
                    if not self._has_file(file.sha256, verify=True)
                ]
                try:
                    layer = self.layer(id_)
                    found = validate.problems(layer.frame, spec)
                    if not shelf.is_sound(self._passport_path(spec, layer.version), id_):
                        found.append("it has no checksum that fits; pull or import the layer again")
                except GeodataError as error:
                    found = [str(error)]
                report[id_] = broken + found
        return report

    def keep(self, layer: Layer) -> Layer:
        """
        Store an imported layer beside the catalogue, in place of one of the same id.

        In a place that the catalogue keeps for files of the user's own, files of other prefectures are put together, and the
        new one takes the place of those that share a prefecture with it.

        Parameters
        ----------
        layer
            As `geodata.imports.read` makes it.

        Returns
        -------
        kept
            What is stored now.

        Raises
        ------
        GeodataError
            If the catalogue has a layer of this name that is no place for a file, or a place for another kind of shapes.
        SourceError
            If the data directory cannot be written.
        """
        id_ = layer.spec.id
        if id_ in catalogue():
            layer = self._in_its_place(layer, catalogue()[id_])
        path = self.root / "imports" / id_ / f"{layer.version}.json"
        spec = layer.spec.model_dump(mode="json")
        shelf.write(path, id_, layer.frame, {"spec": spec, **notes.note(layer.retrieved_at, layer.steps)})
        with replacing(path.parent / "current") as temporary:
            temporary.write_text(layer.version, "utf-8")
        self.specs = {**self.specs, id_: layer.spec}
        return layer

    def _in_its_place(self, layer: Layer, place: LayerSpec) -> Layer:
        """A layer with what the place of the catalogue holds of other prefectures."""
        if not place.from_user:
            raise GeodataError("layer {id!r}: the catalogue has a layer of this name. Choose another id.", id=place.id)
        if place.geometry != layer.spec.geometry:
            raise GeodataError(
                "layer {id!r}: expected shapes of {wanted}, found {found}. Choose another id or file.",
                id=place.id,
                wanted=place.geometry,
                found=layer.spec.geometry,
            )
        try:
            return joined([self.layer(place.id), layer]) if self.has(place.id) else joined([layer])
        except GeodataError as error:  # what is there is damaged; the new file takes its place
            self.tell(phrase("{error}", error=error))
            return joined([layer])

    def replace(self, layer: Layer) -> None:
        """
        Put a layer that the user built in place of the catalogue's, until it is pulled again.

        Parameters
        ----------
        layer
            Rows of a catalogue layer with the passport of the files that they were built from.

        Raises
        ------
        SourceError
            If the data directory cannot be written.
        """
        passport = layer.passport.model_dump(mode="json", include=set(Passport.model_fields))
        self._write(layer.spec, layer.version, Reading(layer.frame, layer.steps), built=passport)

    def _imported(self) -> dict[str, LayerSpec]:
        """Specifications of the layers that were brought in; a damaged one is left out, and said."""
        found = {}
        for pointer in sorted((self.root / "imports").glob("*/current")):
            id_ = pointer.parent.name
            try:
                spec = LayerSpec.model_validate(
                    shelf.read_note(pointer.parent / f"{_named(pointer)}.json", id_)["spec"]
                )
            except (OSError, ValueError, KeyError, IntegrityError):
                self.tell(
                    phrase(
                        "layer {layer}: its stored files are damaged, so it is left out. Import the file again.",
                        layer=id_,
                    )
                )
                continue
            found[spec.id] = spec
        return found

    def _pull_one(self, spec: LayerSpec, mirror: Mirror | None) -> Pulled:
        for file in spec.files:
            if not self._has_file(file.sha256, verify=False):
                fetch(file, self.file(file.sha256), mirror)
        missing = [id_ for id_ in spec.inputs if not self.has(id_)]
        if missing:
            raise SourceError(
                "layer {layer} is made from {known}, which could not be pulled.",
                layer=spec.id,
                known=", ".join(missing),
            )
        version = self._version_to_build(spec)
        if self._is_sound(spec, version):
            return Pulled(spec.id, "unchanged", f"already here, version {version}")
        for file in spec.files:
            if not self._has_file(file.sha256, verify=True):
                self.tell(phrase("{file}: damaged on disk, so it is fetched again.", file=file.name))
                fetch(file, self.file(file.sha256), mirror)
        reading = self._made(spec)
        self._write(spec, version, reading)
        return Pulled(spec.id, "built", f"version {version}", reading.steps)

    def _is_sound(self, spec: LayerSpec, version: str) -> bool:
        """Whether this version is in use, sealed and whole."""
        pointer = self._folder(spec) / "current"
        named = pointer.is_file() and _named(pointer) == version
        return named and shelf.is_sound(self._passport_path(spec, version), spec.id)

    def _made(self, spec: LayerSpec) -> Reading:
        """Rows as the connector makes them of the publisher's files."""
        inputs = Inputs(
            files={file.name: self.file(file.sha256) for file in spec.files},
            layers={id_: self.layer(id_) for id_ in spec.inputs},
        )
        reading = CONNECTORS[spec.connector or ""](inputs)
        frame = validate.conform(reading.frame, spec)
        validate.require_valid(frame, spec)
        return Reading(frame, reading.steps)

    def _write(
        self,
        spec: LayerSpec,
        version: str,
        reading: Reading,
        built: Mapping[str, Any] | None = None,
    ) -> None:
        path = self._passport_path(spec, version)
        note = notes.note(notes.now(), reading.steps)
        shelf.write(path, spec.id, reading.frame, {**note, "passport": built} if built else note)
        with replacing(path.parent / "current") as temporary:
            temporary.write_text(version, "utf-8")

    def _open(self, spec: LayerSpec, passport_path: Path) -> Layer:
        if spec.id in self._made_again:
            return self._made_again[spec.id]
        try:
            frame, note = shelf.read(passport_path, spec)
            steps = notes.steps_of(note)
        except (OSError, ValueError, KeyError, TypeError, IntegrityError) as error:
            if not self._can_be_made_again(spec, passport_path.stem):
                again = "Import the file again" if spec.from_user else "Run `planner data pull {layer}` again"
                raise GeodataError(
                    "{passport_path}: the stored layer {layer} cannot be read ({kind}). {again}.",
                    passport_path=passport_path,
                    layer=spec.id,
                    kind=type(error).__name__,
                    again=phrase(again, layer=spec.id),
                ) from error
            self._made_again[spec.id] = self._make_again(spec, passport_path)
            return self._made_again[spec.id]
        passport, origin = notes.origin_of(spec, note)
        return Layer(spec, frame, passport, origin, passport_path.stem, note["retrieved_at"], steps)

    def _can_be_made_again(self, spec: LayerSpec, version: str) -> bool:
        """Whether the publisher's files are here, whole, and would give this version."""
        return (
            spec.connector in CONNECTORS
            and all(self._has_file(file.sha256, verify=True) for file in spec.files)
            and all(self.has(id_) for id_ in spec.inputs)
            and version == self._version_to_build(spec)
        )

    def _make_again(self, spec: LayerSpec, passport_path: Path) -> Layer:
        """A damaged layer from the publisher's files; where the disk takes nothing, for this process alone."""
        reading = self._made(spec)
        self.tell(
            phrase(
                "layer {layer}: its stored rows were damaged, so they were made again from the publisher's files.",
                layer=spec.id,
            )
        )
        try:
            self._write(spec, passport_path.stem, reading)
            frame, _ = shelf.read(passport_path, spec)
        except SourceError as error:
            self.tell(
                phrase(
                    "layer {layer}: it could not be stored again ({reason}).", layer=spec.id, reason=reason_of(error)
                )
            )
            frame = reading.frame
        return Layer(spec, frame, notes.passport_of(spec), "pulled", passport_path.stem, notes.now(), reading.steps)

    def _current(self, spec: LayerSpec) -> Path | None:
        """Note of the version in use; where the pointer to it is damaged, of the version that a pull would build."""
        pointer = self._folder(spec) / "current"
        if not pointer.is_file() or (spec.from_user and spec == catalogue().get(spec.id)):
            return None  # the second: a place that nothing has filled, or only with what is damaged
        path = self._passport_path(spec, _named(pointer))
        if path.is_file() or spec.connector not in CONNECTORS:
            return path
        version = self._version_to_build(spec)
        self.tell(
            phrase(
                "layer {layer}: what names its version was damaged; version {version} is used. Pull the layer again.",
                layer=spec.id,
                version=version,
            )
        )
        return self._passport_path(spec, version)

    def _passport_path(self, spec: LayerSpec, version: str) -> Path:
        return self._folder(spec) / f"{version}.json"

    def _folder(self, spec: LayerSpec) -> Path:
        return self.root / ("imports" if spec.from_user else "layers") / spec.id

    def _version_to_build(self, spec: LayerSpec) -> str:
        upstream = [self._version_in_use(self.spec(id_)) for id_ in spec.inputs]
        return digest([spec.model_dump(mode="json", exclude={"starter"}), upstream, REVISION])

    def _version_in_use(self, spec: LayerSpec) -> str:
        path = self._current(spec)
        return path.stem if path else embedded.version(spec)

    def file(self, sha256: str) -> Path:
        """Where a publisher's file of this hash lies once pulled."""
        return self.root / "files" / sha256

    def _has_file(self, sha256: str, *, verify: bool) -> bool:
        path = self.file(sha256)
        return path.is_file() and (not verify or sha256_of(path) == sha256)

    def _with_inputs(self, layer_ids: list[str]) -> list[str]:
        needed = set(layer_ids)
        for id_, spec in reversed(list(self.specs.items())):
            if id_ in needed:
                needed.update(spec.inputs)
        return [id_ for id_ in self.specs if id_ in needed]


def _named(pointer: Path) -> str:
    """Version that a pointer names; whatever a damaged one holds."""
    return pointer.read_text("utf-8", errors="replace").strip()
