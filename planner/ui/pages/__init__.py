"""One file per page; the first of the list opens the app."""

from . import compare, data, explore, method, region, robust, screen, site

PAGES = (
    explore.PAGE,
    screen.PAGE,
    compare.PAGE,
    robust.PAGE,
    site.PAGE,
    region.PAGE,
    data.PAGE,
    method.PAGE,
)
