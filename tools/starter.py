"""
Measure every criterion at the listed sites and at all municipalities, and write the tables that the product comes with: `make starter`.

Only layers that may be handed on are used: one file per licence. A criterion that rests on terms still to be checked, or on two
licences that share no file, stays out and is unknown until its layers are pulled.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from stored import store_with

from geodata import Store
from geodata.country.codes import prefectures
from planner.context.region import FIGURES, numbers
from planner.measure.candidates import CandidateChoice, CandidateSet, load_candidates
from planner.measure.criterion import Criterion
from planner.measure.ground import best_cells
from planner.measure.run import measure
from planner.measure.shipped import GROUND, KINDS, LAND, LICENCES, MUNICIPALITIES, NEAREST, REGIONS, SITES, fingerprint
from planner.model.tables import Measurements
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.scenario.merge import scenario_from_profile
from planner.scenario.profiles import profiles

OUT = Path(__file__).parents[1] / "planner" / "measure" / "shipped"
STARTER = Path(__file__).parents[1] / "geodata" / "starter"
UNCHECKED = ("to check", "check J-SHIS", "GVP")
"""Words of a licence whose terms are still to be checked before its values are handed on."""

_DEGREE_DIGITS = 7


def asked() -> dict[str, Criterion]:
    """Every criterion as the catalogue and the profiles ask for it, by its fingerprint."""
    plans = [bind(scenario_from_profile(id_)).criteria.values() for id_ in profiles()]
    every = [*criteria().values(), *(criterion for plan in plans for criterion in plan)]
    return {fingerprint(criterion): criterion for criterion in every}


def licence_of(layers: Iterable[str], store: Store) -> str | None:
    """The licence that values made of some layers are handed on under; None where they cannot be, or are the user's own."""
    specs = [store.spec(id_) for id_ in layers]
    texts = [spec.licence for spec in specs]
    if any(spec.from_user for spec in specs) or any(word in text for text in texts for word in UNCHECKED):
        return None
    shared = [text.lower() for text in texts if "CC-BY-SA" in text]
    needed = {*shared, *(["odbl"] if any("ODbL" in text for text in texts) else [])}
    return "open" if not needed else needed.pop() if len(needed) == 1 else None


def resting(criterion: Criterion, store: Store) -> tuple[str, ...]:
    """Layers that a value rests on: without the optional ones of a user's own that are not there, where a fresh clone cannot measure."""
    stands_in = all(store.spec(id_).starter for id_ in (*criterion.layers, *criterion.helper_layers()))
    own = () if stands_in else criterion.optional_layers()
    return tuple(
        id_ for id_ in criterion.rests_on() if id_ not in own or store.has(id_) or not store.spec(id_).from_user
    )


def rows_of(measured: Measurements, criterion: Criterion, kind: str) -> pd.DataFrame:
    """One row per site."""
    id_ = criterion.id
    parts = {name: getattr(measured, name)[id_] for name in ("low", "high", "why")}
    rows = pd.DataFrame({"value": measured.values[id_], **parts}).rename_axis("site_id").reset_index()
    named = measured.nearest.get(id_)
    known = {name: (np.nan if named is None else named[name].to_numpy()) for name in NEAREST}
    return rows.assign(**known, names=named is not None, kind=kind, criterion=fingerprint(criterion))


def tables(store: Store) -> tuple[dict[str, list[pd.DataFrame]], set[str], dict[str, CandidateSet]]:
    """Rows by licence, the layers behind them, and the candidates by kind."""
    found: dict[str, list[pd.DataFrame]] = defaultdict(list)
    used: set[str] = set()
    places = {kind: load_candidates(CandidateChoice.model_validate({"kind": kind}), store) for kind in KINDS}
    for kind, candidates in places.items():
        used |= set(candidates.layers)
        ground = (LAND,) if kind == "municipalities" else ()
        for criterion in asked().values():
            layers = (*resting(criterion, store), *ground)
            licence = licence_of(layers, store)
            if licence is None:
                sys.stdout.write(f"{kind}: {criterion.id} stays out\n")
                continue
            found[licence].append(rows_of(measure(candidates, [criterion], store), criterion, kind))
            used |= set(layers)
    return found, used, places


def regional(store: Store) -> tuple[dict[str, pd.DataFrame], set[str]]:
    """Numbers of the prefectures that a fresh clone cannot tell, by licence, and the layers behind them."""
    with TemporaryDirectory() as folder:
        told = set(numbers(Store(Path(folder)), prefectures().index[0])["key"])
    every = pd.concat([numbers(store, code) for code in prefectures().index], ignore_index=True)
    rows = every[~every["key"].isin(told)]
    licences = {id_: licence_of([id_], store) for id_ in rows["layer"].unique()}
    return {one: rows[rows["layer"].map(licences).eq(one)] for one in LICENCES}, {
        i for i, one in licences.items() if one
    }


def typical_days(store: Store) -> pd.DataFrame:
    """Mean days by month of the hourly shapes: what stands in until they are pulled."""
    frame = store.layer("hourly_profiles").frame
    shapes = [name for name in frame.columns if name not in {"hour", "month"}]
    keyed = frame.assign(month=frame["month"].astype(int), clock=frame["hour"].astype(int) % 24)
    return keyed.groupby(["month", "clock"])[shapes].mean().round(4).reset_index()


def write(store: Store) -> None:
    """Write tables, locks and places."""
    typical_days(store).to_csv(STARTER / "hourly_profiles.csv", index=False, lineterminator="\n")
    found, used, places = tables(store)
    of_prefectures, behind = regional(store)
    used |= behind
    for licence, part in of_prefectures.items():
        part.to_csv(OUT / REGIONS.format(licence=licence), index=False, lineterminator="\n", float_format="%.10g")
    for licence in LICENCES:
        rows = pd.concat(found[licence], ignore_index=True)
        order = rows.sort_values(["kind", "criterion", "site_id"], ignore_index=True)
        texts = {
            name: order[name].astype("str").where(order[name].notna()).astype("category") for name in ("id", "name")
        }
        table = order.assign(**texts, kv=order["kv"].astype(float), why=order["why"].astype("int8"))
        table.to_parquet(OUT / f"{licence}.parquet", compression="zstd", compression_level=19, index=False)
    told = {id_: store.lock(id_).model_dump(exclude={"origin", "title"}) for id_ in sorted(used)}
    (OUT / "locks.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    cells = best_cells(store.layer(LAND).frame)[["mesh_code", "muni_code", "buildable_ha"]]
    cells.sort_values(["muni_code", "mesh_code"]).to_parquet(
        OUT / GROUND, compression="zstd", compression_level=19, index=False
    )
    names = ["lon", "lat"]
    where = places["sites"].table[[*names, "accuracy_m"]].fillna({"accuracy_m": 0})
    where.round(_DEGREE_DIGITS).to_csv(OUT / SITES, lineterminator="\n")
    towns = places["municipalities"].table[["muni_code", "name", "pref_code", "area_ha", *names]]
    written = towns.round({"area_ha": 2, "lon": _DEGREE_DIGITS, "lat": _DEGREE_DIGITS})
    written.to_csv(OUT / MUNICIPALITIES, index=False, lineterminator="\n")


def main() -> None:
    """Write the tables from the data directory, whose layers must all have been pulled."""
    needed = {id_ for criterion in asked().values() for id_ in criterion.rests_on()} | {LAND, "prefectures"}
    needed |= {figure.layer for figure in FIGURES}
    write(store_with(needed))


if __name__ == "__main__":
    main()
