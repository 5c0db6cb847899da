"""The hourly match beside PyPSA's: one area, one load, one store. `make crosscheck` installs PyPSA and runs it."""

import numpy as np
import pytest

from planner.power.hourly import Storage, balance

pytestmark = pytest.mark.pypsa


def test_pypsa_matches_the_same_share():
    pypsa = pytest.importorskip("pypsa")
    rng = np.random.default_rng(1)
    hours = 24 * 28
    clock = np.arange(hours) % 24
    solar = np.clip(np.sin((clock - 6) / 12 * np.pi), 0, None) * rng.uniform(0.3, 1.0, hours)
    wind = np.clip(np.cumsum(rng.normal(0, 0.05, hours)) + 0.3, 0, 1)
    output, load = 250 * solar + 120 * wind, np.full(hours, 100.0)
    store = Storage(60.0, 240.0, 0.85)
    network = pypsa.Network()
    network.set_snapshots(range(hours))
    network.add("Bus", "site")
    network.add("Generator", "clean", bus="site", p_nom=output.max(), p_max_pu=output / output.max(), marginal_cost=0.0)
    network.add("Generator", "grid", bus="site", p_nom=200.0, marginal_cost=100.0)
    network.add("Load", "load", bus="site", p_set=load)
    way = np.sqrt(store.efficiency)
    network.add(
        "StorageUnit", "battery", bus="site", p_nom=store.power_mw, max_hours=store.energy_mwh / store.power_mw,
        efficiency_store=way, efficiency_dispatch=way, cyclic_state_of_charge=False, state_of_charge_initial=0.0,
    )  # fmt: skip
    network.optimize(solver_name="highs")
    theirs = 1 - network.generators_t.p["grid"].sum() / load.sum()
    ours = balance(output[None], load, store).matched[0]
    assert ours == pytest.approx(theirs, abs=0.005)
