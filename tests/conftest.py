"""Stores that tests share: the embedded default alone, and a tiny made-up country pulled from a mirror."""

import os
from pathlib import Path

import pytest
import tiny_country
from hypothesis import settings
from sharing import BrowserInOne

from geodata import Store

# The same examples on every machine, so that a green run stays green; PLANNER_EXPLORE=1 looks for new ones.
settings.register_profile("same", deadline=None, derandomize=not os.environ.get("PLANNER_EXPLORE"))
settings.load_profile("same")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> BrowserInOne:
    return BrowserInOne(config, log)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A fresh machine: nothing pulled. Tests only read it, so that what one measures is there for the next."""
    return Store(tmp_path_factory.mktemp("embedded"))


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the tiny country's files."""
    folder = tmp_path_factory.mktemp("mirror")
    tiny_country.build(folder)
    return folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, mirror: Path) -> Store:
    """The tiny country, pulled."""
    store = Store(tmp_path_factory.mktemp("tiny"), tiny_country.build(mirror))
    store.pull(mirror=mirror)
    return store
