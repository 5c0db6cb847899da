"""Where data comes from: layers with a passport. Knows nothing of scoring."""

from .errors import GeodataError
from .layer import Layer, LayerSpec
from .passport import LayerLock
from .store.layers import Layers
from .store.store import Store

__all__ = ["GeodataError", "Layer", "LayerLock", "LayerSpec", "Layers", "Store"]
