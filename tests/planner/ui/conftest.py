"""In tests of the pages a fault is raised, not told."""

import pytest


@pytest.fixture(autouse=True)
def faults_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def raised(error: BaseException, _: str) -> None:
        raise error

    monkeypatch.setattr("planner.ui.router.told", raised)
