"""Layers with some others in front of them."""

from collections.abc import Mapping
from pathlib import Path

from ..errors import Phrase
from ..layer import Layer, LayerSpec
from ..passport import LayerLock
from .layers import Layers, known_spec


class OverlaidStore:
    """Layers with some others in front of them."""

    def __init__(self, base: Layers, front: Mapping[str, Layer]) -> None:
        self._base, self._front = base, front
        self.specs = {**base.specs, **{id_: layer.spec for id_, layer in front.items()}}

    @property
    def private(self) -> frozenset[str]:
        """Ids of the layers in front, here and behind."""
        return self._base.private | frozenset(self._front)

    def tell(self, sentence: Phrase) -> None:
        """Said by the store behind."""
        self._base.tell(sentence)

    def spec(self, layer_id: str) -> LayerSpec:
        """Specification of one layer; GeodataError lists the known ids."""
        return known_spec(self.specs, layer_id)

    def has(self, layer_id: str) -> bool:
        """Whether `layer` would succeed."""
        return layer_id in self._front or self._base.has(layer_id)

    def pulled(self, layer_id: str) -> bool:
        """Whether it is a layer in front, or pulled behind."""
        return layer_id in self._front or self._base.pulled(layer_id)

    def layer(self, layer_id: str) -> Layer:
        """Layer in front, else the one behind."""
        return self._front[layer_id] if layer_id in self._front else self._base.layer(layer_id)

    def lock(self, layer_id: str) -> LayerLock:
        """Lock of the layer in front, else of the one behind."""
        return self._front[layer_id].lock() if layer_id in self._front else self._base.lock(layer_id)

    def versions(self) -> dict[str, str]:
        """Version of every layer; that of a layer in front follows its content."""
        return self._base.versions() | {id_: layer.version for id_, layer in self._front.items()}

    def cache_dir(self, name: str) -> Path:
        """Folder for results that can be made again, that of the layers behind."""
        return self._base.cache_dir(name)
