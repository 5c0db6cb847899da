"""
The data directory: pull, verify, open. Nothing happens on import.

    files/<sha256>            publishers' files, unchanged
    layers/<id>/<version>.*   what the connectors made of them (Parquet and its passport)
    layers/<id>/current       the version in use; replaced last, so a pull killed at any moment leaves the old one
    imports/<id>/…            the same, for layers that the user brought in
    cache/                    what can be made again
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import platformdirs

from ..base import Text
from ..catalogue import catalogue
from ..errors import GeodataError, LayerMissingError, SourceError
from ..files.writing import replacing, sha256_of
from ..layer import Layer, LayerSpec, Origin, Passport, Step
from ..sources import CONNECTORS, REVISION, Inputs
from . import validate
from .fetch import Mirror, fetch

ENVIRONMENT_VARIABLE = "PLANNER_DATA_DIR"
_IMPORT = "import"
Progress = Callable[[str, int, int], None]


def default_data_dir() -> Path:
    """$PLANNER_DATA_DIR, or the user's data folder."""
    return Path(
        os.environ.get(ENVIRONMENT_VARIABLE) or platformdirs.user_data_dir("gx-cluster-planner", appauthor=False)
    )


@dataclass(frozen=True)
class Pulled:
    """Outcome of a pull for one layer."""

    layer_id: str
    outcome: Literal["built", "unchanged", "unavailable"]
    message: str
    steps: tuple[Step, ...] = ()


class Store:
    """Layers of one data directory, with the embedded default behind them; `specs` is the catalogue unless given."""

    def __init__(self, root: Path | None = None, specs: Mapping[str, LayerSpec] | None = None) -> None:
        self.root = root or default_data_dir()
        self.specs = {**catalogue(), **self._imported()} if specs is None else specs

    def spec(self, layer_id: str) -> LayerSpec:
        """Specification of one layer; GeodataError lists the known ids."""
        if layer_id not in self.specs:
            raise GeodataError(
                "layer {layer_id!r}: expected one of {known}. See `planner data list`.",
                layer_id=layer_id,
                known=", ".join(self.specs),
            )
        return self.specs[layer_id]

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
            return _embedded(spec)
        raise LayerMissingError(
            "layer {layer_id} has not been pulled into {root}. Run `planner data pull {layer_id}` (with --mirror FOLDER on an isolated network).",
            layer_id=layer_id,
            root=self.root,
        )

    def has(self, layer_id: str) -> bool:
        """Whether `layer` would succeed."""
        spec = self.spec(layer_id)
        return spec.starter is not None or self._current(spec) is not None

    def pulled(self, layer_id: str) -> bool:
        """Whether the layer has been pulled."""
        return self._current(self.spec(layer_id)) is not None

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
                except GeodataError as error:
                    found = [str(error)]
                report[id_] = broken + found
        return report

    def keep(self, layer: Layer) -> None:
        """
        Store an imported layer beside the catalogue, in place of one of the same id.

        Parameters
        ----------
        layer
            As `geodata.imports.read` makes it.

        Raises
        ------
        GeodataError
            If the catalogue has a layer of this name.
        SourceError
            If the data directory cannot be written.
        """
        id_ = layer.spec.id
        if id_ in catalogue():
            raise GeodataError("layer {id!r}: the catalogue has a layer of this name. Choose another id.", id=id_)
        path = self.root / "imports" / id_ / f"{layer.version}.json"
        with replacing(path.with_suffix(".parquet")) as temporary:
            layer.frame.to_parquet(temporary, compression="zstd")
        note = {
            "spec": layer.spec.model_dump(mode="json"),
            "retrieved_at": layer.retrieved_at,
            "steps": [{**asdict(step), "note": step.note.model_dump()} for step in layer.steps],
        }
        with replacing(path) as temporary:
            temporary.write_text(json.dumps(note, ensure_ascii=False, indent=1), "utf-8")
        with replacing(path.parent / "current") as temporary:
            temporary.write_text(layer.version, "utf-8")
        self.specs = {**self.specs, id_: layer.spec}

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
        self._write(layer.spec, layer.version, layer.frame, layer.steps, layer.retrieved_at, {"passport": passport})

    def _imported(self) -> dict[str, LayerSpec]:
        """Specifications of the layers that were brought in; a damaged one is left out."""
        found = {}
        for pointer in sorted((self.root / "imports").glob("*/current")):
            path = pointer.parent / f"{pointer.read_text('utf-8').strip()}.json"
            try:
                spec = LayerSpec.model_validate(json.loads(path.read_text("utf-8"))["spec"])
            except (OSError, ValueError, KeyError):
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
        if self._current(spec) == self._passport_path(spec, version):
            return Pulled(spec.id, "unchanged", f"already here, version {version}")
        steps = self._build(spec, version)
        return Pulled(spec.id, "built", f"version {version}", steps)

    def _build(self, spec: LayerSpec, version: str) -> tuple[Step, ...]:
        inputs = Inputs(
            files={file.name: self.file(file.sha256) for file in spec.files},
            layers={id_: self.layer(id_) for id_ in spec.inputs},
        )
        reading = CONNECTORS[spec.connector or ""](inputs)
        frame = validate.conform(reading.frame, spec)
        validate.require_valid(frame, spec)
        self._write(spec, version, frame, reading.steps, datetime.now(UTC).isoformat(timespec="seconds"), {})
        return reading.steps

    def _write(  # noqa: PLR0913, PLR0917  (a layer and its note)
        self,
        spec: LayerSpec,
        version: str,
        frame: pd.DataFrame,
        steps: Iterable[Step],
        retrieved_at: str | None,
        more: Mapping[str, Any],
    ) -> None:
        path = self._passport_path(spec, version)
        with replacing(path.with_suffix(".parquet")) as temporary:
            frame.to_parquet(temporary, compression="zstd")
        told = [{**asdict(step), "note": step.note.model_dump()} for step in steps]
        note = {"retrieved_at": retrieved_at, "steps": told, **more}
        with replacing(path) as temporary:
            temporary.write_text(json.dumps(note, ensure_ascii=False, indent=1), "utf-8")
        with replacing(path.parent / "current") as temporary:
            temporary.write_text(version, "utf-8")

    def _open(self, spec: LayerSpec, passport_path: Path) -> Layer:
        try:
            read = gpd.read_parquet if spec.geometry != "none" else pd.read_parquet
            frame = read(passport_path.with_suffix(".parquet"))
            note = json.loads(passport_path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise GeodataError(
                "{passport_path}: the stored layer {layer} cannot be read ({kind}). Run `planner data pull {layer}` again.",
                passport_path=passport_path,
                layer=spec.id,
                kind=type(error).__name__,
            ) from error
        steps = tuple(Step(s["action"], s["count"], Text(**s["note"])) for s in note["steps"])
        built = note.get("passport")
        passport = Passport.model_validate(built) if built else _passport(spec)
        origin: Origin = "imported" if spec.connector == _IMPORT or built else "pulled"
        return Layer(spec, frame, passport, origin, passport_path.stem, note["retrieved_at"], steps)

    def _current(self, spec: LayerSpec) -> Path | None:
        pointer = self._folder(spec) / "current"
        if not pointer.is_file():
            return None
        path = self._passport_path(spec, pointer.read_text("utf-8").strip())
        return path if path.is_file() and path.with_suffix(".parquet").is_file() else None

    def _passport_path(self, spec: LayerSpec, version: str) -> Path:
        return self._folder(spec) / f"{version}.json"

    def _folder(self, spec: LayerSpec) -> Path:
        return self.root / ("imports" if spec.connector == _IMPORT else "layers") / spec.id

    def _version_to_build(self, spec: LayerSpec) -> str:
        upstream = [self._version_in_use(self.spec(id_)) for id_ in spec.inputs]
        return _digest([spec.model_dump(mode="json", exclude={"starter"}), upstream, REVISION])

    def _version_in_use(self, spec: LayerSpec) -> str:
        path = self._current(spec)
        return path.stem if path else _starter_version(spec)

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


def _embedded(spec: LayerSpec) -> Layer:
    starter = spec.starter
    if starter is None:
        raise LayerMissingError("layer {layer} has no embedded default.", layer=spec.id)
    with ExitStack() as opened:
        paths = {name: opened.enter_context(as_file(_starter_file(name))) for name in (starter.file, *starter.beside)}
        reading = CONNECTORS[starter.connector](Inputs(files=paths, layers={}))
    optional = [name for name, field in spec.fields.items() if not field.required]
    frame = reading.frame.reindex(columns=list(dict.fromkeys([*reading.frame.columns, *optional])))
    return Layer(spec, validate.conform(frame, spec), starter, "embedded", _starter_version(spec), None, reading.steps)


def _starter_version(spec: LayerSpec) -> str:
    starter = spec.starter
    names = (starter.file, *starter.beside) if starter else ()
    contents = [hashlib.sha256(_starter_file(name).read_bytes()).hexdigest() for name in names]
    return _digest([contents, spec.model_dump(mode="json"), REVISION])


def _starter_file(name: str) -> Any:
    return files("geodata") / "starter" / name


def _passport(spec: LayerSpec) -> Passport:
    return Passport.model_validate(spec.model_dump(include=set(Passport.model_fields)))


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
