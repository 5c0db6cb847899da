"""In tests of the pages a fault is raised, not told, and the machine is a fresh one unless a test says otherwise."""

import pytest

from geodata import Store


@pytest.fixture(autouse=True)
def faults_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def raised(error: BaseException, _: str) -> None:
        raise error

    monkeypatch.setattr("planner.ui.router.told", raised)


@pytest.fixture(autouse=True)
def fresh_machine(embedded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh machine; what one test measured of it is there for the next."""
    monkeypatch.setenv("PLANNER_DATA_DIR", str(embedded.root))
