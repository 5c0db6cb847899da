"""Tables of the 1 km cells: land use, terrain, ground, people and climate, held against the land mesh."""

import numpy as np
import pandas as pd

from ..base import FloatArray, text
from ..country.mesh import GRIDS
from ..errors import FormatError, GeodataError, phrase
from ..layer import Reading, Step
from .inputs import Inputs, read_parquet, reading

_SHARES = {
    "land_pct": "land",
    "water_pct": "water",
    "forest_pct": "forest",
    "farmland_zone_pct": "agri_land_zone",
    "did_pct": "did2015",
    "urban_promotion_pct": "urban_promotion",
    "urban_control_pct": "urban_control",
    "open_pct": "open_land",
    "open_free_pct": "open_free",
}
_INDUSTRIAL_ZONES = ("zone_quasi_industrial", "zone_industrial", "zone_exclusive_industrial")
_PROTECTED = {
    "natpark_strict_pct": "natpark_strict",
    "natpark_ordinary_pct": "natpark_ordinary",
    "protection_forest_pct": "protection_forest",
    "wildlife_special_pct": "wildlife_special",
}
_TERRAIN = {"elevation_m": "elev_m", "relief_m": "relief3km_m", "slope_deg": "slope1km_deg"}
_GROUND = {"avs30_m_s": "avs30_mean", "avs30_least_m_s": "avs30_min"}
_PEOPLE = {"persons_2015": "pop2015", "persons_2050": "pop2050"}
_CLIMATE = {
    "temperature_c": "t_annual_c",
    "january_c": "t_jan_c",
    "august_c": "t_aug_c",
    "months_below_10c": "months_below_10c",
}
STEEP_DEG, SLOPE_STEP_DEG = 4.0, 0.7
"""A cell whose mean slope over 3 km reaches this does not count as buildable (about 7 %), and what one step of the elevation makes of a slope: assumptions."""

BUILT_HA_PER_PERSON = 0.05
"""Land under the houses, yards and roads of one resident outside the densely inhabited districts: an assumption."""

_ELSEWHERE = 0.02


def use(inputs: Inputs) -> Reading:
    """Shares of each cell by land use, and what of it can be built on."""
    table, *steps = _cells(inputs, [*_SHARES.values(), *_INDUSTRIAL_ZONES, "slope1km_deg", "pop2015", *_EXTRA])
    shares = {name: table[column].astype(float) for name, column in _SHARES.items()}
    cell_ha = GRIDS["1km"].area_ha(GRIDS["1km"].decode(table["mesh_code"])[0])
    land = np.maximum(shares["land_pct"], 1.0)
    out = pd.DataFrame(
        {
            "mesh_code": table["mesh_code"],
            "muni_code": table["municipality_code"],
            **shares,
            "industrial_zone_pct": np.minimum(table[list(_INDUSTRIAL_ZONES)].astype(float).sum(axis=1), 100.0),
            "clear_radius_m": table["open_free_radius_m"].astype(float),
            "forest_of_land_pct": np.minimum(100 * shares["forest_pct"] / land, 100.0),
            "open_of_land_pct": np.minimum(100 * shares["open_pct"] / land, 100.0),
            "conversion_pct": np.minimum(100 * (shares["forest_pct"] + shares["farmland_zone_pct"]) / land, 100.0),
            "open_free_ha": shares["open_free_pct"] * cell_ha / 100,
            **_buildable(table, shares, cell_ha),
        }
    )
    for name in ("buildable_low", "buildable", "buildable_high"):
        out[f"{name}_pct"] = np.minimum(1e4 * out[f"{name}_ha"] / (land * cell_ha), 100.0)
    return reading(out, *steps)


_EXTRA = ("municipality_code", "open_free_radius_m")


def _buildable(table: pd.DataFrame, shares: dict[str, pd.Series], cell_ha: FloatArray) -> dict[str, pd.Series]:
    """Open land outside steep cells, ha: all of it at most, without towns, and without the houses of residents at least."""
    slope = table["slope1km_deg"].astype(float)
    outside_towns = (shares["open_pct"] - shares["did_pct"]).clip(lower=0.0) * cell_ha / 100
    rural = table["pop2015"].astype(float) * (1 - shares["did_pct"] / 100)
    least = (outside_towns - BUILT_HA_PER_PERSON * rural).clip(lower=0.0)
    return {
        "buildable_low_ha": least.where(slope + SLOPE_STEP_DEG < STEEP_DEG, 0.0),
        "buildable_ha": outside_towns.where(slope < STEEP_DEG, 0.0),
        "buildable_high_ha": (shares["open_pct"] * cell_ha / 100).where(slope - SLOPE_STEP_DEG < STEEP_DEG, 0.0),
    }


def protected(inputs: Inputs) -> Reading:
    """Shares of each cell under the protection that is in hand; what is absent here may be protected by other law."""
    return _columns(inputs, _PROTECTED)


def terrain(inputs: Inputs) -> Reading:
    """Elevation, relief within 3 km and mean slope, from a heightmap in steps of about 36 m."""
    return _columns(inputs, _TERRAIN)


def ground(inputs: Inputs) -> Reading:
    """Mean and least velocity of shear waves in the upper 30 m; cells without one are left out."""
    return _columns(inputs, _GROUND)


def people(inputs: Inputs) -> Reading:
    """Residents in 2015 and projected for 2050."""
    return _columns(inputs, _PEOPLE)


def climate(inputs: Inputs) -> Reading:
    """Mean temperatures and the number of months below 10 C."""
    return _columns(inputs, _CLIMATE)


def _columns(inputs: Inputs, columns: dict[str, str]) -> Reading:
    table, *steps = _cells(inputs, list(columns.values()))
    values = {name: table[column].astype(float) for name, column in columns.items()}
    out = pd.DataFrame({"mesh_code": table["mesh_code"], **values})
    known = out.notna().all(axis=1)
    note = text("値のないセルを除外（不明）", "cells without a value left out: unknown")
    return reading(out[known], *steps, Step("dropped", int((~known).sum()), note))


def _cells(inputs: Inputs, columns: list[str]) -> tuple[pd.DataFrame, Step, Step]:
    """Rows of the land mesh, and how many cells either side lacks; FormatError for a table of another grid."""
    name, path = next(iter(inputs.files.items()))
    table = read_parquet(path, name, columns={"mesh_code", *columns})
    _require_numbers(table[[c for c in columns if c != "municipality_code"]], name)
    mesh = inputs.layer("land_mesh_1km").frame
    table = table.assign(mesh_code=table["mesh_code"].astype("str"))
    try:
        GRIDS["1km"].decode(table["mesh_code"])
    except GeodataError as error:
        raise _of_another_grid(name, phrase("{error}", error=error)) from error
    held = table["mesh_code"].isin(mesh["mesh_code"])
    if (~held).mean() > _ELSEWHERE:
        found = phrase("{n} of {total} rows in cells without land", n=int((~held).sum()), total=len(table))
        raise _of_another_grid(name, found)
    lacking = int((~mesh["mesh_code"].isin(table["mesh_code"])).sum())
    return (
        table[held],
        Step("dropped", int((~held).sum()), text("陸地メッシュにないセル", "cells that the land mesh lacks")),
        Step("kept", lacking, text("表にない陸地のセル（北方領土と海岸の端）は不明", _LACKING)),
    )


_LACKING = "land cells that the table lacks (the northern islands and slivers of coast): unknown"


def _require_numbers(table: pd.DataFrame, name: str) -> None:
    wrong = [column for column in table if not pd.api.types.is_numeric_dtype(table[column])]
    if wrong:
        raise FormatError(
            name,
            expected=phrase("numbers in {column}", column=wrong[0]),
            found=phrase("text such as {found!r}", found=table[wrong[0]].iloc[0]),
            remedy="Use the table of the edition that the catalogue pins.",
        )


def _of_another_grid(name: str, found: object) -> FormatError:
    return FormatError(
        name,
        expected="rows of the 1 km grid squares of Japan (JIS X 0410)",
        found=phrase("{found}", found=found),
        remedy="The table may be of another grid or edition.",
    )
