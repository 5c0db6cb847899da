"""Leaflet served by the app itself, whatever the base path of the server."""

import streamlit.components.v1 as components
import xstatic.pkg.leaflet

from .maps import Assets


def leaflet() -> Assets:
    """
    Addresses of Leaflet relative to the map's frame.

    Declaring a component is what makes Streamlit serve its folder; it must happen in a script run, hence not on import.
    """
    name = components.declare_component("leaflet", path=xstatic.pkg.leaflet.BASE_DIR).name
    return Assets(script=f"../{name}/leaflet.js", style=f"../{name}/leaflet.css")
