"""Where a load is to stand, and the supply area that it lies in."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata import Layer, Layers
from geodata.country import crs
from geodata.country.codes import grid_area_of

from ..errors import PlannerError
from ..measure.candidates import CandidateChoice, load_candidates
from ..model.assumptions import Range
from ..model.tables import row_of


@dataclass(frozen=True)
class Place:
    """Where the load is to stand; `off_m` is how far it may lie from there."""

    lon: float
    lat: float
    off_m: float = 0.0
    name: str = ""
    muni_code: str = ""
    pref_code: str = ""
    land_yen_m2: Range | None = None


def place_at(layers: Layers, lon: float, lat: float, off_m: float = 0.0) -> Place:
    """A place in degrees, with the codes of the municipality whose inner point is nearest: enough for its supply area."""
    towns = load_candidates(CandidateChoice(kind="municipalities"), layers).table
    metres = np.asarray(crs.geodesic_m(lon, lat, towns["lon"].to_numpy(float), towns["lat"].to_numpy(float)))
    nearest = towns.iloc[int(metres.argmin())]
    return Place(lon, lat, off_m, "", str(nearest["muni_code"]), str(nearest["pref_code"]))


def place_of(layers: Layers, site_id: str) -> Place:
    """A listed candidate site by its id; PlannerError when there is none."""
    table = load_candidates(CandidateChoice(kind="sites"), layers).table
    if site_id not in table.index:
        raise PlannerError(
            "site {site!r}: expected LAT,LON or the id of a listed site such as {known}. See `planner rank --candidates sites`.",
            site=site_id,
            known=str(table.index[0]),
        )
    row = row_of(table, site_id)
    off = float(row["accuracy_m"])
    codes = str(row["muni_code"]), str(row["pref_code"])
    return Place(float(row["lon"]), float(row["lat"]), 0.0 if np.isnan(off) else off, str(row["name"]), *codes)


def area_of(place: Place, held: Mapping[str, Layer]) -> str | None:
    """Supply area of a place; None where its codes or the table are not known."""
    if "grid_areas" not in held or not (place.muni_code or place.pref_code):
        return None
    found = grid_area_of(pd.Series([place.muni_code]), pd.Series([place.pref_code]), held["grid_areas"].frame).iloc[0]
    return found if isinstance(found, str) else None
