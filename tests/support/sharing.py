"""How the tests are shared out among processes."""

from xdist.scheduler import LoadScopeScheduling


class BrowserInOne(LoadScopeScheduling):
    """
    Every test goes to the next free process, but those of the browser, first of all, to one: browser and servers start once.

    The mark `xdist_group` would say the same, but pytest-xdist 3.8 loses it under pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "tests/browser" if nodeid.startswith("tests/browser/") else nodeid
