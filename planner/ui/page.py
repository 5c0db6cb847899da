"""What a page is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """
    One page of the app.

    `id` is its address, `title` its English name in the navigation, `draw` what it shows, `place` where it stands among the
    others; the lowest opens the app.
    """

    id: str
    title: str
    draw: Callable[[], None]
    icon: str | None = None
    place: int = 100
