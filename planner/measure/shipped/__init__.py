"""Measurements that come with the product, for criteria whose layers have not been pulled: `make starter` writes them."""

import hashlib
import io
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from geodata import Layers

from ...model.tables import Bounded, Why

if TYPE_CHECKING:
    from ..candidates import CandidateSet
    from ..criterion import Criterion

ORIGIN = "shipped"
LICENCES = ("open", "odbl", "cc-by-sa-3.0", "cc-by-sa-4.0")
"""Tables by the licence that they are handed on under; one file each."""

LAND = "land_use_1km"
"""Land of the cells, over which municipalities are measured."""

SITES, MUNICIPALITIES = "sites.csv", "municipalities.csv"
NEAREST = ("id", "name", "kv")
KINDS = ("sites", "municipalities")
_SAME_DEGREES = 1e-6


def fingerprint(criterion: "Criterion") -> str:
    """Hash of what a criterion measures, whatever it is called and however it is scored."""
    asked = json.dumps(criterion.measured_as(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def is_pulled(store: Layers, layer_id: str) -> bool:
    """Whether a layer is there in full: one that has been pulled, or one that comes whole with the product."""
    return store.pulled(layer_id) or (store.has(layer_id) and not store.spec(layer_id).connector)


def shipped_columns(
    candidates: "CandidateSet", criteria: "Iterable[Criterion]", store: Layers
) -> tuple[dict[str, Bounded], dict[str, dict[str, Any]]]:
    """
    Columns that the shipped tables hold for criteria whose layers are not pulled, and the locks of those layers.

    Parameters
    ----------
    candidates
        Listed sites or municipalities, at the places of the tables; other candidates get no column.
    criteria
        Those asked for.
    store
        Where it is seen what has been pulled.

    Returns
    -------
    columns, locks
        By the ids of criteria and of layers. Municipalities without the land of the cells rest on the tables alone, so that
        no column is measured at one point and its neighbour over the ground.
    """
    if candidates.kind not in KINDS:
        return {}, {}
    at_a_point = candidates.kind == "municipalities" and not is_pulled(store, LAND)
    wanted = [c for c in criteria if at_a_point or not all(is_pulled(store, id_) for id_ in c.rests_on())]
    if not wanted or not _same_places(candidates):
        return {}, {}
    columns = {c.id: column for c in wanted if (column := _column(candidates, fingerprint(c))) is not None}
    if not columns:
        return {}, {}
    used = (
        {id_ for c in wanted if c.id in columns for id_ in c.rests_on()}
        | set(candidates.layers)
        | ({LAND} if at_a_point else set())
    )
    return columns, {id_: locks()[id_] for id_ in used if not is_pulled(store, id_)}


@cache
def locks() -> dict[str, dict[str, Any]]:
    """Passports of the layers behind the tables, by id."""
    held = json.loads((files(__name__) / "locks.json").read_text("utf-8"))
    return {id_: {**lock, "origin": ORIGIN} for id_, lock in held.items()}


@cache
def places(kind: str) -> pd.DataFrame:
    """Where the sites of a kind lay when they were measured: lon, lat and accuracy_m by id."""
    if kind == "municipalities":
        return municipalities().assign(accuracy_m=0.0)
    return pd.read_csv(_lines(SITES), dtype={"site_id": "str"}).set_index("site_id")


@cache
def municipalities() -> pd.DataFrame:
    """Name, codes, area (ha) and a point inside each municipality, by its code."""
    held = pd.read_csv(_lines(MUNICIPALITIES), dtype={"muni_code": "str", "pref_code": "str"})
    return held.set_index("muni_code", drop=False)


@cache
def _table() -> pd.DataFrame:
    """Value, bounds, reason and nearest feature by kind, fingerprint and site."""
    found = []
    for licence in LICENCES:
        with as_file(files(__name__) / f"{licence}.parquet") as path:
            found.append(pd.read_parquet(path))
    return pd.concat(found, ignore_index=True).set_index(["kind", "criterion"]).sort_index()


def _column(candidates: "CandidateSet", key: str) -> Bounded | None:
    table = _table()
    if (candidates.kind, key) not in table.index:
        return None
    rows = table.loc[[(candidates.kind, key)]].set_index("site_id").reindex(candidates.table.index)
    value, low, high = (rows[name].to_numpy(dtype=float) for name in ("value", "low", "high"))
    why = rows["why"].fillna(Why.UNKNOWN).to_numpy(dtype=np.int8)
    named = rows[list(NEAREST)].reset_index(drop=True)
    return Bounded(value, low, high, why, named if cast("bool", rows["names"].any()) else None)


def _same_places(candidates: "CandidateSet") -> bool:
    """Whether every candidate lies where the tables say, as exactly."""
    names = ["lon", "lat", "accuracy_m"]
    there = places(candidates.kind).reindex(candidates.table.index)[names].to_numpy(dtype=float)
    return bool((np.abs(there - candidates.table[names].fillna(0).to_numpy(dtype=float)) < _SAME_DEGREES).all())


def _lines(name: str) -> io.StringIO:
    return io.StringIO((files(__name__) / name).read_text("utf-8"))
