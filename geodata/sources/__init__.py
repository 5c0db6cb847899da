"""One connector per publisher or format, all in one explicit dict. A new one is a module and its line here."""

from collections.abc import Callable

from ..layer import Reading
from . import admin, all_japan_grid, derived, expressway, meshes, plants, points, ports, prefectures, ssdse, starter
from .inputs import Inputs

REVISION = "2"
"""Raised when a connector changes what it makes of the same files, so that stored layers are built again."""

CONNECTORS: dict[str, Callable[[Inputs], Reading]] = {
    "admin_municipalities": admin.municipalities,
    "admin_prefectures": admin.prefectures,
    "all_japan_grid_lines": all_japan_grid.lines,
    "all_japan_grid_substations": all_japan_grid.substations,
    "elevation_1km": meshes.elevation_1km,
    "expressway_joints": expressway.joints,
    "land_mesh_1km": derived.land_mesh_1km,
    "land_mesh_500m": derived.land_mesh_500m,
    "plants_merged": plants.merged,
    "population_mesh": meshes.population,
    "ports_merged": ports.merged,
    "prefecture_hazard": prefectures.hazard,
    "prefecture_series": prefectures.series,
    "settlement": derived.settlement,
    "solar_municipal": prefectures.solar_by_municipality,
    "ssdse_a": ssdse.municipalities,
    "starter": starter.table,
    "stations": points.stations,
    "starter_plants": starter.plants,
    "starter_sites": starter.sites,
    "universities": points.universities,
}

__all__ = ["CONNECTORS", "REVISION", "Inputs"]
