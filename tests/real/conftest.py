import pytest
from realdata import MIRROR

from geodata import Store


@pytest.fixture(scope="session")
def national(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """All layers, pulled once a process."""
    store = Store(tmp_path_factory.mktemp("national"))
    assert {outcome.outcome for outcome in store.pull(mirror=MIRROR)} == {"built"}
    return store
