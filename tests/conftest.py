"""Stores that tests share: the embedded default alone, and a tiny made-up country pulled from a mirror."""

from pathlib import Path

import pytest
import tiny_country
from hypothesis import settings

from geodata import Store

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def embedded(tmp_path: Path) -> Store:
    """A fresh machine: nothing pulled."""
    return Store(tmp_path / "data")


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
