"""Municipalities are measured over their best ground, not at a point."""

import numpy as np

from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.ground import LAND, LEAST_CELLS, ground_of
from planner.measure.run import measure
from planner.scenario.criteria import criteria


def towns(store):
    return load_candidates(CandidateChoice(kind="municipalities"), store)


def test_the_best_ground_is_buildable_and_lies_in_the_municipality(tiny):
    candidates = towns(tiny)
    ground = ground_of(candidates, tiny)
    land = tiny.layer(LAND).frame.set_index("mesh_code")
    cells = ground.cells.table[ground.cells.table.index.str.len() == 8]
    assert (land.loc[cells.index, "muni_code"].to_numpy() == cells["muni_code"].to_numpy()).all()
    assert land.loc[cells.index[cells["muni_code"].eq("09201")], "buildable_ha"].gt(0).all()
    counts = cells["muni_code"].value_counts()
    assert counts.min() >= LEAST_CELLS
    assert counts["09201"] < (land["muni_code"].eq("09201") & land["buildable_ha"].gt(0)).sum()


def test_a_value_lies_between_those_of_its_cells(tiny):
    candidates = towns(tiny)
    found = measure(candidates, [criteria()["interchange_km"], criteria()["relief_m"]], tiny)
    km = found.values["interchange_km"].drop("01695")
    assert (found.low.loc[km.index, "interchange_km"] <= km).all()
    assert (km <= found.high.loc[km.index, "interchange_km"]).all()
    assert found.low.loc["09201", "interchange_km"] < found.high.loc["09201", "interchange_km"]
    assert found.values.loc["09201", "relief_m"] == 0
    assert found.nearest["interchange_km"].loc["09201", "name"]
    assert LAND in {lock.id for lock in found.layers}


def test_no_more_land_counts_than_the_municipality_has(tiny):
    own = tiny.layer(LAND).frame.groupby("muni_code")["buildable_ha"].sum()
    wide = criteria()["buildable_ha"].model_copy(update={"reach_m": 90_000.0})
    found = measure(towns(tiny), [wide], tiny).values["buildable_ha"]
    assert np.allclose(found[own.index], own)


def test_without_land_a_municipality_is_a_point(embedded, tiny):
    assert ground_of(towns(tiny), embedded) is None
