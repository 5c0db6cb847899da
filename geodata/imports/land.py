"""Land of the 1 km cells built from official zips of National Land Numerical Information that a user holds."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import rasterio.features
from rasterio import Affine

from ..base import FloatArray, text
from ..catalogue import catalogue
from ..country.mesh import GRIDS
from ..errors import GeodataError
from ..layer import Layer, Step
from ..passport import Passport
from ..sources.land import BUILT_HA_PER_PERSON, SLOPE_STEP_DEG, STEEP_DEG
from . import Options, read
from .kinds import Lookup

SUB_CELLS = 10
"""Each cell is counted on so many by so many sub-cells, about 93 x 113 m."""

_KIND = re.compile(r"(A09|A10|A12|A13|A16|A29|G04-a)", re.IGNORECASE)
_INDUSTRIAL = {"quasi_industrial", "industrial", "exclusively_industrial"}
_Bool = npt.NDArray[np.bool_]
LAND, PROTECTED, TERRAIN = "land_use_1km", "protected_1km", "terrain_1km"


@dataclass(frozen=True)
class Built:
    """The layers that could be built, and the columns of each that no file gave: unknown."""

    layers: tuple[Layer, ...]
    unknown: Mapping[str, tuple[str, ...]]


def build(files: Sequence[Path], prefectures: Sequence[str], date: str, lookup: Lookup) -> Built:
    """
    Layers of cells in place of the prepared tables, for some prefectures.

    Parameters
    ----------
    files
        Zips of A09, A10, A12, A13, A16, A29 and G04-a, named as the publisher names them.
    prefectures
        Codes of the prefectures that the files cover: outside them the cells stay unknown.
    date
        Date of the data.
    lookup
        Opens land_mesh_1km and, where it is there, population_1km.

    Returns
    -------
    built
        land_use_1km of A12, A13 and more, protected_1km of A10, terrain_1km of G04-a, as far as the files go.

    Raises
    ------
    GeodataError
        If a file is of no known kind, the land mesh is not there, or no cell lies in the prefectures.
    """
    mesh = lookup("land_mesh_1km")
    if mesh is None:
        raise GeodataError("build land: the layer land_mesh_1km is not there. Run `planner data pull land_mesh_1km`.")
    cells = mesh.frame[mesh.frame["pref_code"].isin(list(prefectures))].reset_index(drop=True)
    if cells.empty:
        raise GeodataError(
            "build land: no cell lies in the prefectures {known}. Use two digits, such as 43.",
            known=", ".join(prefectures),
        )
    held: dict[str, list[gpd.GeoDataFrame]] = {}
    for path in files:
        held.setdefault(_code(path), []).append(_rows(path, lookup))
    sheet = _Sheet.over(cells["mesh_code"])
    tables = {TERRAIN: _terrain(held, cells), PROTECTED: _protected(held, cells, sheet)}
    tables[LAND] = _land(held, cells, sheet, tables[TERRAIN], lookup("population_1km"))
    found = {id_: table for id_, table in tables.items() if table is not None}
    layers = tuple(_layer(id_, table, files, date) for id_, table in found.items())
    unknown = {
        layer.spec.id: tuple(name for name in layer.spec.fields if layer.frame[name].isna().all()) for layer in layers
    }
    return Built(layers, unknown)


@dataclass(frozen=True)
class _Sheet:
    """Sub-cells of the rectangle around some cells, north to south, and where each cell lies on it."""

    top: int
    left: int
    shape: tuple[int, int]
    row: npt.NDArray[np.int64]
    col: npt.NDArray[np.int64]

    @classmethod
    def over(cls, codes: pd.Series) -> "_Sheet":
        """The sheet of a column of mesh codes."""
        row, col = GRIDS["1km"].decode(codes)
        top, left = int(row.max()), int(col.min())
        return cls(top, left, (top - int(row.min()) + 1, int(col.max()) - left + 1), top - row, col - left)

    def under(self, frames: Sequence[gpd.GeoDataFrame], chosen: Callable[[gpd.GeoDataFrame], pd.Series]) -> _Bool:
        """Sub-cells whose centre lies in one of the chosen polygons."""
        shapes = [shape for frame in frames for shape in frame.geometry[chosen(frame).to_numpy(dtype=bool)]]
        rows, cols = (n * SUB_CELLS for n in self.shape)
        if not shapes:
            return np.zeros((rows, cols), dtype=bool)
        grid = GRIDS["1km"]
        west, north = 100 + self.left / grid.cols_per_degree, (self.top + 1) / grid.rows_per_degree
        east, south = 1 / (grid.cols_per_degree * SUB_CELLS), 1 / (grid.rows_per_degree * SUB_CELLS)
        burnt = rasterio.features.rasterize(
            shapes, out_shape=(rows, cols), transform=Affine(east, 0, west, 0, -south, north), dtype="uint8"
        )
        return np.asarray(burnt, dtype=bool)

    def pct(self, sub_cells: _Bool) -> FloatArray:
        """Share of each cell that is set, per cent."""
        blocks = sub_cells.reshape(self.shape[0], SUB_CELLS, self.shape[1], SUB_CELLS).mean(axis=(1, 3)) * 100
        return np.asarray(blocks[self.row, self.col])


def _code(path: Path) -> str:
    found = _KIND.search(path.name)
    if found is None:
        raise GeodataError(
            "{path}: expected a zip of A09, A10, A12, A13, A16, A29 or G04-a by its name. Keep the publisher's name.",
            path=path.name,
        )
    return found.group(1).upper()


def _rows(path: Path, lookup: Lookup) -> gpd.GeoDataFrame:
    kind = f"ksj_{_code(path).lower().replace('-', '')}"
    return gpd.GeoDataFrame(read(path, kind, Options(), lookup).layer.frame)


def _in_class(*names: str) -> Callable[[gpd.GeoDataFrame], pd.Series]:
    """Rows whose class, in either edition's column, is one of the names."""

    def chosen(frame: gpd.GeoDataFrame) -> pd.Series:
        columns = [c for c in ("area_class", "area_class_2006", "zoning_class") if c in frame]
        return frame[columns].isin(names).any(axis=1) if columns else pd.Series(data=False, index=frame.index)

    return chosen


def _every(frame: gpd.GeoDataFrame) -> pd.Series:
    return pd.Series(data=True, index=frame.index)


def _terrain(held: Mapping[str, list[gpd.GeoDataFrame]], cells: pd.DataFrame) -> pd.DataFrame | None:
    """Elevation, the relief of the 3 x 3 cells around each, and the slope that it makes over 3 km, as in the prepared table."""
    if "G04-A" not in held:
        return None
    heights = pd.concat(held["G04-A"]).drop_duplicates("mesh_code").set_index("mesh_code")
    row, col = GRIDS["1km"].decode(heights.index.to_series())
    at = pd.MultiIndex.from_arrays([row, col])
    highest, lowest = (pd.Series(heights[f"elevation_{end}_m"].to_numpy(), index=at) for end in ("max", "min"))
    row, col = GRIDS["1km"].decode(cells["mesh_code"])
    around = [pd.MultiIndex.from_arrays([row + dr, col + dc]) for dr in (-1, 0, 1) for dc in (-1, 0, 1)]
    top = np.fmax.reduce([highest.reindex(index).to_numpy() for index in around])
    bottom = np.fmin.reduce([lowest.reindex(index).to_numpy() for index in around])
    mean = heights["elevation_mean_m"].reindex(cells["mesh_code"]).to_numpy()
    relief = np.maximum(top - bottom, 0.0)
    slope = np.degrees(np.arctan(relief / 3_000))
    return pd.DataFrame({"mesh_code": cells["mesh_code"], "elevation_m": mean, "relief_m": relief, "slope_deg": slope})


def _protected(held: Mapping[str, list[gpd.GeoDataFrame]], cells: pd.DataFrame, sheet: _Sheet) -> pd.DataFrame | None:
    if "A10" not in held:
        return None
    strict = sheet.under(held["A10"], _in_class("special_area", "special_protection_area"))
    whole = sheet.under(held["A10"], _every)
    forest = sheet.under(held.get("A13", []), _in_class("protection_forest"))
    return pd.DataFrame(
        {
            "mesh_code": cells["mesh_code"],
            "natpark_strict_pct": sheet.pct(strict),
            "natpark_ordinary_pct": sheet.pct(whole & ~strict),
            "protection_forest_pct": sheet.pct(forest) if "A13" in held else np.nan,
        }
    )


def _land(
    held: Mapping[str, list[gpd.GeoDataFrame]],
    cells: pd.DataFrame,
    sheet: _Sheet,
    terrain: pd.DataFrame | None,
    people: Layer | None,
) -> pd.DataFrame | None:
    """Shares of land use; a column whose files are not there is unknown, and so is what follows from it."""
    if "A13" not in held:
        return None
    forest = sheet.under(held["A13"], _every)
    land = 100 * cells["land_share"].to_numpy()

    def share(code: str, chosen: Callable[[gpd.GeoDataFrame], pd.Series]) -> FloatArray:
        return sheet.pct(sheet.under(held[code], chosen)) if code in held else np.full(len(cells), np.nan)

    farmland, did = share("A12", _in_class("farmland_area")), share("A16", _every)
    forest_pct = np.minimum(sheet.pct(forest), land)
    open_pct = land - forest_pct
    cell_ha = GRIDS["1km"].area_ha(GRIDS["1km"].decode(cells["mesh_code"])[0])
    shown = np.maximum(land, 1.0)
    free_pct = np.full(len(cells), np.nan)
    if {"A10", "A12"} <= set(held):
        bound = sheet.under(held["A12"], _in_class("farmland_area"))
        bound |= sheet.under(held["A10"], _in_class("special_area", "special_protection_area"))
        free_pct = np.minimum(sheet.pct(~(forest | bound)), open_pct)
    table = {
        "mesh_code": cells["mesh_code"],
        "muni_code": cells["muni_code"],
        "land_pct": land,
        "forest_pct": forest_pct,
        "farmland_zone_pct": farmland,
        "did_pct": did,
        "urban_promotion_pct": share("A09", _in_class("urbanisation_promotion_area")),
        "urban_control_pct": share("A09", _in_class("urbanisation_control_area")),
        "industrial_zone_pct": share("A29", _in_class(*_INDUSTRIAL)),
        "open_pct": open_pct,
        "open_free_pct": free_pct,
        "open_free_ha": free_pct * cell_ha / 100,
        "forest_of_land_pct": np.minimum(100 * forest_pct / shown, 100),
        "open_of_land_pct": np.minimum(100 * open_pct / shown, 100),
        "conversion_pct": np.minimum(100 * (forest_pct + farmland) / shown, 100),
    }
    return pd.DataFrame({**table, **_buildable(table, cell_ha, terrain, people)})


def _buildable(
    table: Mapping[str, FloatArray], cell_ha: FloatArray, terrain: pd.DataFrame | None, people: Layer | None
) -> dict[str, FloatArray]:
    """What can be built on, as in the prepared table; without terrain or towns unknown, without residents nothing is proven."""
    slope = np.full(len(cell_ha), np.nan) if terrain is None else terrain["slope_deg"].to_numpy()
    outside = np.maximum(table["open_pct"] - table["did_pct"], 0) * cell_ha / 100
    least = np.zeros(len(cell_ha))
    if people is not None:
        residents = people.frame.set_index("mesh_code")["persons_2015"].reindex(table["mesh_code"]).to_numpy()
        rural = residents * (1 - table["did_pct"] / 100)
        least = np.nan_to_num(np.maximum(outside - BUILT_HA_PER_PERSON * rural, 0))
    parts = {
        "buildable_low": np.where(slope + SLOPE_STEP_DEG < STEEP_DEG, least, 0.0),
        "buildable": np.where(slope < STEEP_DEG, outside, 0.0),
        "buildable_high": np.where(slope - SLOPE_STEP_DEG < STEEP_DEG, table["open_pct"] * cell_ha / 100, 0.0),
    }
    unknown = np.isnan(slope) | np.isnan(outside)
    whole = np.maximum(table["land_pct"], 1.0) * cell_ha / 100
    found = {f"{name}_ha": np.where(unknown, np.nan, ha) for name, ha in parts.items()}
    return found | {f"{name}_pct": np.minimum(100 * found[f"{name}_ha"] / whole, 100) for name in parts}


def _layer(id_: str, table: pd.DataFrame, files: Sequence[Path], date: str) -> Layer:
    spec = catalogue()[id_]
    names = ", ".join(path.name for path in files)
    passport = Passport(
        licence="KSJ terms (attribution)",
        attribution=f"国土交通省 国土数値情報 を加工 ({names})",
        reference_date=date,
        status="estimated",
        inventory=spec.inventory,
        inventory_note=text(f"利用者の公式ファイルから作成: {names}", f"built from the user's official files: {names}"),
    )
    frame = table.reindex(columns=list(spec.fields)).sort_values("mesh_code").reset_index(drop=True)
    contents = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)
    version = hashlib.sha256(contents + passport.model_dump_json().encode()).hexdigest()[:16]
    lacking = [name for name in spec.fields if frame[name].isna().all()]
    step = Step(
        "kept",
        len(lacking),
        text(f"不明のままの列: {', '.join(lacking)}", f"columns kept unknown: {', '.join(lacking)}"),
    )
    return Layer(spec, frame, passport, "imported", version, datetime.now(UTC).isoformat(timespec="seconds"), (step,))
