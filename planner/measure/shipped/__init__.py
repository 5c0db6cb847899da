"""Measurements that come with the product, for criteria whose layers have not been pulled: `make starter` writes them."""

import hashlib
import io
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from geodata import LayerLock, Layers
from geodata.catalogue import catalogue

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
GROUND = "ground.parquet"
REGIONS = "regions-{licence}.csv"
NEAREST = ("id", "name", "kv")
KINDS = ("sites", "municipalities")
_SAME_DEGREES = 1e-6


def fingerprint(criterion: "Criterion") -> str:
    """Hash of what a criterion measures, whatever it is called and however it is scored."""
    asked = json.dumps(criterion.measured_as(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def shipped_columns(
    candidates: "CandidateSet", criteria: "Iterable[Criterion]", store: Layers
) -> tuple[dict[str, Bounded], dict[str, LayerLock]]:
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
        By the ids of criteria and of layers. What can be measured is measured, on the small stand-in of a layer too, so that
        a change of that layer is held against the same layer without it.
    """
    wanted = [c for c in criteria if not _can_be_measured(c, store) and not _own(c, store)]
    if candidates.kind not in KINDS or not same_places(candidates):
        return {}, {}
    columns = {c.id: column for c in wanted if (column := _column(candidates, fingerprint(c))) is not None}
    used = {id_ for c in wanted if c.id in columns for id_ in c.rests_on()} | set(candidates.layers)
    if candidates.kind == "municipalities":
        used.add(LAND)
    return columns, {id_: locks()[id_] for id_ in used if not store.has(id_) and id_ in locks()}


def _can_be_measured(criterion: "Criterion", store: Layers) -> bool:
    """Whether `measure` finds anything to measure: any of the layers, and every helper."""
    found = not criterion.layers or any(store.has(id_) for id_ in criterion.layers)
    return found and all(store.has(id_) for id_ in criterion.helper_layers())


def _own(criterion: "Criterion", store: Layers) -> bool:
    """Whether a value would rest on something of the user's own, which no shipped number knows."""
    brought = {id_ for id_ in criterion.rests_on() if store.spec(id_).from_user and store.has(id_)}
    return bool(brought) or not store.private.isdisjoint(criterion.rests_on())


@cache
def locks() -> dict[str, LayerLock]:
    """Passports of the layers behind the tables, by id."""
    held = json.loads((files(__name__) / "locks.json").read_text("utf-8"))
    return {id_: LayerLock(**lock, origin=ORIGIN, title=catalogue()[id_].title) for id_, lock in held.items()}


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
def ground() -> pd.DataFrame:
    """Best cells of the municipalities: mesh_code, muni_code and buildable_ha."""
    with as_file(files(__name__) / GROUND) as path:
        return pd.read_parquet(path)


@cache
def regions() -> pd.DataFrame:
    """Numbers of the 47 prefectures before rounding: layer, key, part, pref_code and value."""
    kinds = {"pref_code": "str", "part": "str"}
    read = [
        pd.read_csv(_lines(REGIONS.format(licence=one)), dtype=kinds, keep_default_na=False, na_values={"value": [""]})
        for one in LICENCES
    ]
    return pd.concat(read, ignore_index=True).astype({"value": float})


@cache
def _tables() -> dict[tuple[str, str], pd.DataFrame]:
    """Value, bounds, reason and nearest feature of each site, by kind and fingerprint."""
    found = []
    for licence in LICENCES:
        with as_file(files(__name__) / f"{licence}.parquet") as path:
            found.append(pd.read_parquet(path))
    together = pd.concat(found, ignore_index=True).groupby(["kind", "criterion"], observed=True)
    return {cast("tuple[str, str]", of): rows.set_index("site_id") for of, rows in together}


def _column(candidates: "CandidateSet", key: str) -> Bounded | None:
    held = _tables().get((candidates.kind, key))
    if held is None:
        return None
    rows = held.reindex(candidates.table.index)
    value, low, high = (rows[name].to_numpy(dtype=float) for name in ("value", "low", "high"))
    why = rows["why"].fillna(Why.UNKNOWN).to_numpy(dtype=np.int8)
    named = rows[list(NEAREST)].reset_index(drop=True)
    return Bounded(value, low, high, why, named if cast("bool", rows["names"].any()) else None)


def same_places(candidates: "CandidateSet") -> bool:
    """Whether every candidate lies where the tables say, as exactly."""
    names = ["lon", "lat", "accuracy_m"]
    there = places(candidates.kind).reindex(candidates.table.index)[names].to_numpy(dtype=float)
    return bool((np.abs(there - candidates.table[names].fillna(0).to_numpy(dtype=float)) < _SAME_DEGREES).all())


def _lines(name: str) -> io.StringIO:
    return io.StringIO((files(__name__) / name).read_text("utf-8"))
