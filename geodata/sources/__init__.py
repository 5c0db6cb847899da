"""One connector per publisher or format, all in one explicit dict. A new one is a module and its line here."""

from collections.abc import Callable

from ..layer import Reading
from . import (
    admin,
    all_japan_grid,
    commuting,
    derived,
    expressway,
    ground,
    hourly,
    land,
    meshes,
    plants,
    points,
    ports,
    prefectures,
    roads,
    ssdse,
    starter,
    topology,
)
from .inputs import Inputs

REVISION = "5"
"""Raised when a connector changes what it makes of the same files, so that stored layers are built again."""

CONNECTORS: dict[str, Callable[[Inputs], Reading]] = {
    "active_fault_points": ground.fault_points,
    "active_faults": ground.faults,
    "admin_municipalities": admin.municipalities,
    "admin_prefectures": admin.prefectures,
    "all_japan_grid_lines": all_japan_grid.lines,
    "all_japan_grid_local_lines": all_japan_grid.local_lines,
    "all_japan_grid_substations": all_japan_grid.substations,
    "commuting_minutes": commuting.minutes,
    "did_cities": ground.cities,
    "elevation_1km": meshes.elevation_1km,
    "expressway_joints": expressway.joints,
    "grid_topology": topology.joined,
    "hourly_shapes": hourly.shapes,
    "industrial_areas": ground.industrial_areas,
    "land_climate": land.climate,
    "land_ground": land.ground,
    "land_mesh_1km": derived.land_mesh_1km,
    "land_mesh_500m": derived.land_mesh_500m,
    "land_people": land.people,
    "land_prices": ground.land_prices,
    "land_protected": land.protected,
    "land_terrain": land.terrain,
    "land_use": land.use,
    "municipal_land": ground.municipal_land,
    "plants_merged": plants.merged,
    "population_mesh": meshes.population,
    "ports_merged": ports.merged,
    "prefecture_hazard": prefectures.hazard,
    "prefecture_series": prefectures.series,
    "roads_national": roads.national,
    "settlement": derived.settlement,
    "solar_municipal": prefectures.solar_by_municipality,
    "specialisation": derived.specialisation,
    "ssdse_a": ssdse.municipalities,
    "ssdse_sectors": ssdse.sectors,
    "starter": starter.table,
    "stations": points.stations,
    "starter_plants": starter.plants,
    "starter_sites": starter.sites,
    "technical_schools": commuting.schools,
    "trunk_flows": hourly.flows,
    "typical_days": hourly.typical_days,
    "universities": points.universities,
    "volcanoes": ground.volcanoes,
    "workforce_projection": commuting.projection,
    "workforce_squares": commuting.squares,
}

__all__ = ["CONNECTORS", "REVISION", "Inputs"]
