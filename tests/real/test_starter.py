"""The tables that come with the product equal a fresh measurement of the national data."""

from importlib.resources import files

import pandas as pd
import pytest
from realdata import MARKS, MIRROR

from geodata import Store
from planner.context.region import numbers
from planner.measure import shipped
from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.run import measure
from planner.scenario.criteria import criteria

TRIED = (
    "buildable_ha",
    "open_cell_pct",
    "residents_2015",
    "industrial_price",
    "port_min",
    "available_ha",
    "estates_count",
    "manufacturing_establishments",
)
MOST_BYTES = 4_000_000

pytestmark = MARKS


@pytest.mark.parametrize("kind", shipped.KINDS)
def test_the_shipped_table_equals_a_fresh_measurement(national, tmp_path, kind):
    choice = CandidateChoice.model_validate({"kind": kind})
    asked = [criteria()[id_] for id_ in TRIED]
    fresh = measure(load_candidates(choice, national), asked, national)
    bare = Store(tmp_path)
    kept = measure(load_candidates(choice, bare), asked, bare)
    for part in ("values", "low", "high", "why"):
        pd.testing.assert_frame_equal(getattr(fresh, part), getattr(kept, part), check_dtype=False)
    assert (
        fresh.nearest["industrial_price"]["id"].fillna("").tolist()
        == kept.nearest["industrial_price"]["id"].fillna("").tolist()
    )
    used = {lock.id: lock for lock in kept.layers if lock.origin == shipped.ORIGIN}
    assert used
    for lock in fresh.layers:
        assert lock.id not in used or lock.version == used[lock.id].version


def test_the_shipped_numbers_of_regions_equal_fresh_ones(tmp_path):
    kept = shipped.regions()
    store = Store(tmp_path)
    store.pull([*kept["layer"].unique(), "prefectures"], mirror=MIRROR)
    fresh = pd.concat([numbers(store, code) for code in ("01", "16", "43")])
    both = fresh.merge(kept, on=["layer", "key", "part", "pref_code"], suffixes=("", "_kept"))
    assert len(both) == kept["pref_code"].isin(["01", "16", "43"]).sum()
    assert both["value"].to_numpy() == pytest.approx(both["value_kept"].to_numpy(), rel=1e-9, nan_ok=True)


def test_the_tables_are_small():
    held = files("planner.measure.shipped")
    assert sum(len(entry.read_bytes()) for entry in held.iterdir() if entry.is_file()) < MOST_BYTES
