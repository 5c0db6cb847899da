"""Files of several prefectures as one layer."""

import dataclasses

import geopandas as gpd
import pandas as pd

from ..country.codes import PREFECTURE_CODES
from ..layer import Layer
from .embedded import digest
from .notes import passport_of


def joined(held: Layer, new: Layer) -> Layer:
    """
    The rows of both layers where each covers other prefectures, as one layer that covers them all; else the new one alone.

    Parameters
    ----------
    held, new
        Of one id. A layer without `outside` covers the whole country.

    Returns
    -------
    layer
        Its date names both dates where they differ; it is partial where one of them is.
    """
    before, after = (set(PREFECTURE_CODES) - set(layer.spec.outside) for layer in (held, new))
    if before & after:
        return new
    frame = gpd.GeoDataFrame(pd.concat([held.frame, new.frame], ignore_index=True), crs=held.frame.crs)
    frame[new.spec.key] = [f"{new.spec.id}-{n:07d}" for n in range(1, len(frame) + 1)]
    dates = dict.fromkeys([*held.spec.reference_date.split(" / "), new.spec.reference_date])
    spec = new.spec.model_copy(
        update={
            "fields": {**held.spec.fields, **new.spec.fields},
            "outside": tuple(code for code in PREFECTURE_CODES if code not in before | after),
            "reference_date": " / ".join(dates),
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
