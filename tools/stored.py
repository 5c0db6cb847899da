"""The data directory that a page or a table is measured from."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from geodata import Store
from geodata.sources import CONNECTORS
from geodata.store.store import default_data_dir


def store_with(needed: Iterable[str]) -> Store:
    """The store of PLANNER_DATA_DIR; ends the program with one sentence where a layer that can be pulled has not been."""
    store = Store(Path(os.environ.get("PLANNER_DATA_DIR") or default_data_dir()))
    missing = sorted(id_ for id_ in needed if not store.pulled(id_) and store.spec(id_).connector in CONNECTORS)
    if missing:
        sys.exit(f"layers {', '.join(missing)}: not pulled. Run `planner data pull` first.")
    return store
