"""Where data comes from: layers with a passport. Knows nothing of scoring."""

from .errors import GeodataError
from .layer import Layer, LayerSpec
from .store.layers import Layers
from .store.store import Store

__all__ = ["GeodataError", "Layer", "LayerSpec", "Layers", "Store"]
