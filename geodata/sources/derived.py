"""Layers made from other layers: the land mesh, and people spread over it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..base import text
from ..country import crs
from ..country.mesh import GRIDS, Grid, Level
from ..layer import Reading, Step
from ..spatial.quotient import location_quotients
from .inputs import Inputs, reading

_PAIRS_AT_ONCE = 200_000
_SETTLEMENT_CELLS = 5
_SPECIALISATION_REACH_M = 20_000.0
_SPREAD = {
    "persons_15_64",
    "employees_manufacturing",
    "employees_ict",
    "employees_research",
    "establishments_manufacturing",
    "employees_transport",
    "employees_farming",
}
"""People are gathered in squares of 5 x 5 cells of 1 km."""


def land_mesh_1km(inputs: Inputs) -> Reading:
    """Third-order cells that hold land."""
    return _land_mesh(inputs, "1km")


def land_mesh_500m(inputs: Inputs) -> Reading:
    """Half cells that hold land."""
    return _land_mesh(inputs, "500m")


def _land_mesh(inputs: Inputs, level: Level) -> Reading:
    """Each land cell with its share of land and the municipality that holds most of it."""
    grid = GRIDS[level]
    places = inputs.layer("municipalities").frame
    shapes, owner = shapely.get_parts(np.asarray(places["geometry"].array), return_index=True)
    pieces = pd.concat([_shares(grid, shapes[part], owner[part]) for part in _batches(grid, shapes)])
    by_owner = pieces.groupby(["row", "col", "owner"])["share"].sum().reset_index()
    total = by_owner.groupby(["row", "col"])["share"].sum()
    largest = by_owner.sort_values(["row", "col", "share", "owner"], ascending=[True, True, False, True])
    cells = largest.drop_duplicates(["row", "col"]).reset_index(drop=True)
    share = total.loc[pd.MultiIndex.from_frame(cells[["row", "col"]])].to_numpy()
    out = pd.DataFrame(
        {
            "mesh_code": grid.encode(cells["row"].to_numpy(), cells["col"].to_numpy()),
            "muni_code": places["muni_code"].to_numpy()[cells["owner"]],
            "pref_code": places["pref_code"].to_numpy()[cells["owner"]],
            "land_share": np.clip(share, 0.0, 1.0),
        }
    )
    shared = len(by_owner) - len(cells)
    note = text(
        "複数市町村にまたがるセルは最大面積の市町村に", "cells over several municipalities go to the largest part"
    )
    return reading(out, Step("assigned", shared, note))


def _batches(grid: Grid, shapes: np.ndarray) -> list[np.ndarray]:
    west, south, east, north = shapely.bounds(shapes).T
    (row0, col0), (row1, col1) = grid.locate(west, south), grid.locate(east, north)
    pairs = np.cumsum((row1 - row0 + 1) * (col1 - col0 + 1))
    return np.split(np.arange(len(shapes)), np.flatnonzero(np.diff(pairs // _PAIRS_AT_ONCE)) + 1)


def _shares(grid: Grid, shapes: np.ndarray, owner: np.ndarray) -> pd.DataFrame:
    """Share of each touched cell that each polygon covers (areas in degrees: the ratio is what counts)."""
    shape, row, col = _touching_boxes(grid, shapes)
    shapely.prepare(shapes)
    boxes = grid.boxes(row, col)
    hit = np.flatnonzero(shapely.intersects(shapes[shape], boxes))
    shape, row, col, boxes = shape[hit], row[hit], col[hit], boxes[hit]
    share = np.ones(len(hit))
    edge = np.flatnonzero(~shapely.contains_properly(shapes[shape], boxes))
    share[edge] = shapely.area(shapely.intersection(shapes[shape[edge]], boxes[edge])) / shapely.area(boxes[edge])
    table = pd.DataFrame({"row": row, "col": col, "owner": owner[shape], "share": share})
    return table[table["share"] > 0]


def _touching_boxes(grid: Grid, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    west, south, east, north = shapely.bounds(shapes).T
    (row0, col0), (row1, col1) = grid.locate(west, south), grid.locate(east, north)
    rows, cols = row1 - row0 + 1, col1 - col0 + 1
    shape = np.repeat(np.arange(len(shapes)), rows * cols)
    offset = np.arange(len(shape)) - np.repeat(np.cumsum(rows * cols) - rows * cols, rows * cols)
    return shape, row0[shape] + offset // cols[shape], col0[shape] + offset % cols[shape]


def settlement(inputs: Inputs) -> Reading:
    """
    People of each municipality spread evenly over its land, as points of about 5 km.

    An assumption: mountains count like towns. It is better than one point per municipality (up to 60 km wide)
    and worse than the census mesh, which replaces it where a user has it.
    """
    grid = GRIDS["1km"]
    mesh = inputs.layer("land_mesh_1km").frame
    people = inputs.layer("municipal_statistics").frame.set_index("muni_code")
    row, col = grid.decode(mesh["mesh_code"])
    lon, lat = grid.centres(row, col)
    land = mesh["land_share"].to_numpy() * grid.area_ha(row)
    cells = pd.DataFrame(
        {
            "muni_code": mesh["muni_code"],
            "block": (row // _SETTLEMENT_CELLS) * 10_000 + col // _SETTLEMENT_CELLS,
            "land": land,
            "lon": lon * land,
            "lat": lat * land,
        }
    )
    points = cells.groupby(["muni_code", "block"], as_index=False).sum()
    share = points["land"] / points.groupby("muni_code")["land"].transform("sum")
    counts = [name for name in inputs.layer("municipal_statistics").spec.fields if name in _SPREAD]
    spread = people[counts].reindex(points["muni_code"]).reset_index(drop=True).mul(share, axis=0)
    lost = sorted(set(people.index) - set(points["muni_code"]))
    places = gpd.points_from_xy(points["lon"] / points["land"], points["lat"] / points["land"], crs=crs.STORE)
    out = gpd.GeoDataFrame(
        {
            "point_id": points["muni_code"] + "-" + points["block"].astype(str),
            "muni_code": points["muni_code"],
            **{name: spread[name] for name in counts},
        },
        geometry=places,
    )
    absent = out["persons_15_64"].isna()
    return reading(
        pd.DataFrame(out[~absent]),
        Step("dropped", len(lost), text("面のない市町村の統計", "statistics of municipalities without a polygon")),
        Step("dropped", int(absent.sum()), text("統計のない地点", "points without statistics")),
    )


def specialisation(inputs: Inputs) -> Reading:
    """
    Location quotient of each division within 20 km of each municipality, over Japan.

    People of the municipalities whose inner points lie that near are put together, so that a small town is read with the
    labour market around it. A suppressed cell counts for nobody; where such cells could hold more than 2 % of the people
    within the circle, the quotients there are unknown.
    """
    rows = inputs.layer("sector_employees").frame
    counts = rows.pivot_table(index="area_code", columns="sector", values="employees", dropna=False, observed=False)
    people = inputs.layer("municipal_statistics").frame.set_index("muni_code")["employees"]
    places = inputs.layer("municipalities").frame.set_index("muni_code")
    counts = counts[counts.index.isin(places.index)]
    inner = shapely.point_on_surface(np.asarray(places["geometry"].reindex(counts.index).array))
    near = _near(shapely.get_x(inner), shapely.get_y(inner))
    around = near @ counts.fillna(0.0).to_numpy(float)
    total = near @ people.reindex(counts.index).fillna(0.0).to_numpy(float)
    found = location_quotients(around, total)
    columns = {f"lq_{letter.lower()}": found[:, k] for k, letter in enumerate(counts.columns)}
    out = pd.DataFrame({"muni_code": counts.index.astype("str"), **columns})
    unknown = int(np.isnan(found).all(axis=1).sum())
    note = text("秘匿が多く不明のまま", "kept unknown, too much being suppressed")
    return reading(out, Step("kept", unknown, note))


def _near(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Which places lie within the reach of which, as ones and zeros, shape (n, n)."""
    near = [crs.geodesic_m(x, y, lon, lat) <= _SPECIALISATION_REACH_M for x, y in zip(lon, lat, strict=True)]
    return np.asarray(near, float)
