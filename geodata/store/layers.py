"""What everything that only reads layers needs of a store."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from ..errors import GeodataError, Phrase
from ..layer import Layer, LayerSpec
from ..passport import LayerLock


class Layers(Protocol):
    """Layers by id, opened on request: a data directory is this, and so is one with other layers in front."""

    @property
    def specs(self) -> Mapping[str, LayerSpec]:
        """Specification of every layer that is known, whether or not it can be opened."""

    def spec(self, layer_id: str) -> LayerSpec:
        """Specification of one layer; GeodataError lists the known ids."""

    def has(self, layer_id: str) -> bool:
        """Whether `layer` would succeed."""

    def pulled(self, layer_id: str) -> bool:
        """Whether a layer is there that did not come with the product: pulled, imported or the user's own."""

    def layer(self, layer_id: str) -> Layer:
        """Rows in STORE with their passport; LayerMissingError tells how to get a layer that is not there."""

    def lock(self, layer_id: str) -> LayerLock:
        """What a value that rests on a layer tells of it, without opening its rows; of an absent layer only its name."""

    def versions(self) -> dict[str, str]:
        """Version of every layer that can be opened, without opening it; a changed content has another version."""

    @property
    def private(self) -> frozenset[str]:
        """Ids of layers of one user alone: what is made of them is kept nowhere."""

    def tell(self, sentence: Phrase) -> None:
        """Say to the user what was done about a damaged or unwritable file."""

    def cache_dir(self, name: str) -> Path:
        """Folder for results that can be made again."""


def known_spec(specs: Mapping[str, LayerSpec], layer_id: str) -> LayerSpec:
    """Specification of one layer of `specs`; GeodataError lists the known ids."""
    if layer_id not in specs:
        raise GeodataError(
            "layer {layer_id!r}: expected one of {known}. See `planner data list`.",
            layer_id=layer_id,
            known=", ".join(specs),
        )
    return specs[layer_id]
