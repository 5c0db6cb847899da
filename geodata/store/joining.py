"""Files of several prefectures as one layer."""

import dataclasses
from collections.abc import Iterable, Sequence

import geopandas as gpd
import pandas as pd

from ..base import Text
from ..country.codes import PREFECTURE_CODES
from ..layer import FieldSpec, Layer, LayerSpec
from .embedded import digest
from .notes import passport_of

COVERS = "covers"
"""Column that says which prefectures the file of a row covers."""

_FIELD = FieldSpec(dtype="string", title=Text(ja="ファイルが覆う都道府県", en="Prefectures that the file covers"))


def covered(spec: LayerSpec) -> frozenset[str]:
    """Prefectures that a layer covers; all of them where it leaves none out."""
    return frozenset(PREFECTURE_CODES) - set(spec.outside)


def joined(layers: Sequence[Layer]) -> Layer:
    """
    Files of one id as one layer: each takes the place of those before it that share a prefecture with it.

    Parameters
    ----------
    layers
        In the order in which they came; one that is joined already counts as its files. A file without `outside` covers the
        whole country.

    Returns
    -------
    layer
        Each row says which prefectures its file covers. Dates, licences and attributions of the files stand beside each other;
        it is partial where one of them is.
    """
    whole = _marked(layers[0])
    for layer in layers[1:]:
        whole = _beside(whole, _marked(layer))
    return whole


def _marked(layer: Layer) -> Layer:
    if COVERS in layer.frame:
        return layer
    spec = layer.spec.model_copy(update={"fields": {**layer.spec.fields, COVERS: _FIELD}})
    frame = layer.frame.assign(**{COVERS: ",".join(sorted(covered(layer.spec)))})
    return dataclasses.replace(layer, spec=spec, frame=frame)


def _beside(held: Layer, new: Layer) -> Layer:
    sets = {text: frozenset(text.split(",")) for text in held.frame[COVERS].unique()}
    stays = held.frame[COVERS].map({text: codes.isdisjoint(covered(new.spec)) for text, codes in sets.items()})
    if not stays.any():
        return new
    frame = gpd.GeoDataFrame(pd.concat([held.frame[stays], new.frame], ignore_index=True), crs=held.frame.crs)
    frame[new.spec.key] = [f"{new.spec.id}-{n:07d}" for n in range(1, len(frame) + 1)]
    covers = frozenset().union(*map(frozenset, (text.split(",") for text in frame[COVERS].unique())))
    both = held.spec, new.spec
    spec = new.spec.model_copy(
        update={
            "fields": {**held.spec.fields, **new.spec.fields},
            "outside": tuple(code for code in PREFECTURE_CODES if code not in covers),
            **{
                name: _each(getattr(one, name) for one in both) for name in ("licence", "attribution", "reference_date")
            },
            "inventory_note": Text(
                ja=_each(one.inventory_note.ja for one in both), en=_each(one.inventory_note.en for one in both)
            ),
            "inventory": "complete" if held.spec.inventory == new.spec.inventory == "complete" else "partial",
        }
    )
    return dataclasses.replace(
        new,
        spec=spec,
        frame=frame,
        passport=passport_of(spec),
        version=digest([held.version, new.version]),
        steps=(*held.steps, *new.steps),
    )


def _each(texts: Iterable[str]) -> str:
    """Texts once each, one after the other."""
    return " / ".join(dict.fromkeys(part for text in texts for part in text.split(" / ")))
