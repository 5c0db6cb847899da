"""One file per page, found here; the first opens the app."""

import importlib
import pkgutil

from ..page import Page

_MODULES = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
PAGES: tuple[Page, ...] = tuple(sorted((module.PAGE for module in _MODULES), key=lambda page: page.place))
"""Every page, in the order of the navigation."""
