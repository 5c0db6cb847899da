"""A store with some layers in front of it."""

from collections.abc import Mapping

from .. import Layer, Store
from ..errors import Phrase


class OverlaidStore(Store):
    """A store with some layers in front of it."""

    def __init__(self, base: Store, front: Mapping[str, Layer]) -> None:
        super().__init__(base.root, {**base.specs, **{id_: layer.spec for id_, layer in front.items()}})
        self._base, self._front = base, front

    @property
    def private(self) -> frozenset[str]:
        """Ids of the layers in front, here and behind."""
        return self._base.private | frozenset(self._front)

    def tell(self, sentence: Phrase) -> None:
        """Said by the store behind."""
        self._base.tell(sentence)

    def layer(self, layer_id: str) -> Layer:
        """Layer in front, else that of the store behind."""
        return self._front[layer_id] if layer_id in self._front else self._base.layer(layer_id)

    def has(self, layer_id: str) -> bool:
        """Whether `layer` would succeed."""
        return layer_id in self._front or self._base.has(layer_id)

    def versions(self) -> dict[str, str]:
        """Version of every layer; that of a layer in front follows its content."""
        return self._base.versions() | {id_: layer.version for id_, layer in self._front.items()}
