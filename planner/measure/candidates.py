"""Candidate sites: the land mesh, municipalities, the site table or the user's own file."""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pydantic import Field

from geodata import GeodataError, Layer, Layers
from geodata.base import FloatArray, Strict
from geodata.country import crs
from geodata.country.mesh import GRIDS, Level
from geodata.country.places import city_of
from geodata.errors import phrase
from geodata.imports.candidates import read_candidates
from geodata.imports.report import Report

from ..errors import PlannerError
from . import shipped

SHORE_M = 5_000.0
"""How far off a municipality's simplified boundary a site may lie, metres; the listed port that is furthest off lies at 3.4 km."""

_SLIVER = 1e-6
"""Share of a circle that may lie off all areas by rounding alone."""

IDENTITY = ["name", "pref_code", "muni_code", "area_ha", "lon", "lat", "accuracy_m"]


class Circle(Strict):
    """Only candidates whose centre lies within a circle."""

    lon: Annotated[float, Field(ge=122, le=154.1)]
    lat: Annotated[float, Field(ge=20, le=46)]
    radius_km: Annotated[float, Field(gt=0, le=3000)]


class CandidateChoice(Strict):
    """Which sites are compared."""

    kind: Literal["mesh", "municipalities", "sites", "file"] = "sites"
    mesh: Literal["1km", "500m"] = "1km"
    path: str | None = Field(None, description="GeoJSON, GeoPackage, zipped Shapefile, CSV or Excel, for kind = file")
    prefectures: tuple[Annotated[str, Field(pattern=r"^\d{2}$")], ...] = Field((), description="Codes; empty = all")
    within: Circle | None = None
    least_land_share: Annotated[float, Field(ge=0, le=1)] = Field(
        0.05, description="Cells with a smaller share of land are no candidates (5 ha of a 1 km cell): an assumption"
    )


@dataclass(frozen=True)
class CandidateSet:
    """
    Sites indexed by unique `site_id`.

    `table` holds name, pref_code, muni_code, area_ha (ha, NaN = unknown), lon, lat (degrees, JGD2011), accuracy_m and
    whatever the source adds; `shapes` are in STORE, absent for mesh cells, whose rectangle follows from the code. `report` is
    what was found on reading the user's own file.
    """

    table: pd.DataFrame
    kind: str
    mesh_level: Level | None = None
    shapes: gpd.GeoSeries | None = None
    layers: tuple[str, ...] = ()
    report: Report | None = None
    around: pd.DataFrame | None = None

    @cached_property
    def points(self) -> gpd.GeoSeries:
        """Centres in WORK metres."""
        return crs.points_in_work(self.table["lon"], self.table["lat"])

    def geometry(self) -> gpd.GeoSeries:
        """Shapes in STORE, indexed like the table."""
        if self.mesh_level is None:
            return self.shapes
        grid = GRIDS[self.mesh_level]
        boxes = grid.boxes(*grid.decode(self.table.index.to_series()))
        return gpd.GeoSeries(boxes, index=self.table.index, crs=crs.STORE)

    def digest(self) -> str:
        """Hash of everything a measure may look at."""
        columns = [c for c in self.table.columns if c in {*IDENTITY, "available_ha"}]
        hashed = pd.util.hash_pandas_object(self.table[columns], index=True).to_numpy()
        return hashlib.sha256(hashed.tobytes()).hexdigest()

    def take(self, positions: np.ndarray) -> "CandidateSet":
        """Some of the sites, in order."""
        shapes = None if self.shapes is None else self.shapes.iloc[positions]
        around = self.around
        if around is not None:
            place = np.full(len(self.table), -1)
            place[positions] = np.arange(len(positions))
            around = around.assign(site=place[around["site"]]).query("site >= 0")
        return dataclasses.replace(self, table=self.table.iloc[positions], shapes=shapes, around=around)


def load_candidates(choice: CandidateChoice, store: Layers) -> CandidateSet:
    """
    Candidates of a scenario, cut to its region.

    Parameters
    ----------
    choice
        Which sites, and where.
    store
        Where sites, cells or municipalities are opened.

    Returns
    -------
    candidates
        Sorted by site_id; positions in degrees, areas in ha.

    Raises
    ------
    PlannerError
        If a file cannot be used, a layer is missing, or no site is left in the region.
    GeodataError
        If a stored layer cannot be read.
    """
    return narrowed(_LOADERS[choice.kind](choice, store), choice)


def narrowed(everything: CandidateSet, choice: CandidateChoice) -> CandidateSet:
    """The candidates in the prefectures and the circle of a choice, sorted by id; PlannerError when none is left."""
    chosen = _chosen(everything, choice.prefectures, choice.within)
    if not len(chosen.table):
        raise PlannerError("candidates: no site is left in that region. Widen the region or choose other candidates.")
    return chosen


def _sites(_: CandidateChoice, store: Layers) -> CandidateSet:
    layer = store.layer("candidate_sites")
    frame = gpd.GeoDataFrame(layer.frame).set_index("site_id")
    table = pd.DataFrame(frame.drop(columns="geometry")).assign(
        area_ha=frame["total_ha"], lon=frame.geometry.x, lat=frame.geometry.y
    )
    around = _areas_around(table, store)
    return CandidateSet(_ordered(table), "sites", shapes=frame.geometry, layers=("candidate_sites",), around=around)


def _municipalities(_: CandidateChoice, store: Layers) -> CandidateSet:
    if not store.has("municipalities"):
        table = shipped.municipalities().assign(accuracy_m=0.0)
        points = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), index=table.index, crs=crs.STORE)
        return CandidateSet(_ordered(table), "municipalities", shapes=points, layers=("municipalities",))
    frame = gpd.GeoDataFrame(_boundaries(store, "municipalities")).set_index("muni_code", drop=False)
    inner = frame.geometry.representative_point()
    table = pd.DataFrame(frame.drop(columns="geometry")).assign(
        area_ha=frame.geometry.to_crs(crs.WORK).area / 1e4, lon=inner.x, lat=inner.y, accuracy_m=0.0
    )
    return CandidateSet(_ordered(table), "municipalities", shapes=frame.geometry, layers=("municipalities",))


def _mesh(choice: CandidateChoice, store: Layers) -> CandidateSet:
    layer_id = f"land_mesh_{choice.mesh}"
    cells = _boundaries(store, layer_id)
    cells = cells[cells["land_share"] >= choice.least_land_share]
    grid = GRIDS[choice.mesh]
    row, col = grid.decode(cells["mesh_code"])
    lon, lat = grid.centres(row, col)
    towns = _boundaries(store, "municipalities").set_index("muni_code")["name"]
    table = pd.DataFrame(
        {
            "name": cells["muni_code"].map(towns) + " " + cells["mesh_code"],
            "pref_code": cells["pref_code"],
            "muni_code": cells["muni_code"],
            "area_ha": grid.area_ha(row) * cells["land_share"],
            "lon": lon,
            "lat": lat,
            "accuracy_m": 0.0,
            "land_share": cells["land_share"],
        }
    ).set_index(pd.Index(cells["mesh_code"], name="site_id"))
    return CandidateSet(table, "mesh", mesh_level=choice.mesh, layers=(layer_id,))


def _file(choice: CandidateChoice, store: Layers) -> CandidateSet:
    if choice.path is None:
        raise PlannerError("candidates: kind = file needs `path`. Name the file.")
    path = Path(choice.path)
    report = Report(file=path.name, kind="candidates")
    try:
        frame = read_candidates(path, report, municipalities=towns_of(store))
    except GeodataError as error:
        raise PlannerError("{error}", error=error) from error
    inner = frame.geometry.representative_point()
    table = pd.DataFrame(frame.drop(columns="geometry")).assign(lon=inner.x, lat=inner.y)
    if store.has("municipalities"):
        table = _with_places(table, _places_of(inner, store, report), report)
    areas = frame.geometry.to_crs(crs.WORK).area / 1e4
    drawn = frame.geom_type.isin(["Polygon", "MultiPolygon"])
    defaults = {"pref_code": "", "muni_code": "", "accuracy_m": 0.0, "area_ha": areas.where(drawn)}
    table = table.assign(**{name: value for name, value in defaults.items() if name not in table.columns})
    around = _areas_around(table, store)
    return CandidateSet(_ordered(table), "file", shapes=frame.geometry, report=report, around=around)


_LOADERS = {"sites": _sites, "municipalities": _municipalities, "mesh": _mesh, "file": _file}


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    extra = [c for c in table.columns if c not in IDENTITY]
    return table.rename_axis("site_id")[[*IDENTITY, *extra]]


def _boundaries(store: Layers, layer_id: str) -> pd.DataFrame:
    try:
        return store.layer(layer_id).frame
    except GeodataError as error:
        raise PlannerError("these candidates need the layer {layer}: {error}", layer=layer_id, error=error) from error


def towns_of(store: Layers) -> Layer | None:
    """The municipalities, in which a row without coordinates is placed; None where they have not been pulled."""
    return store.layer("municipalities") if store.has("municipalities") else None


def _with_places(table: pd.DataFrame, found: dict[str, pd.Series], report: Report) -> pd.DataFrame:
    """Codes by position where the file states none; stated ones stay, that of a ward as its city's, and a contradiction is told."""
    blank = pd.Series("", index=table.index)
    prefecture, town = table.get("pref_code", blank), table.get("muni_code", blank)
    city = town.map(lambda code: city_of(code) if code else "")
    report.add("repaired", city.ne(town), "muni_code", "the code of a city (that of one of its wards was read)", town)
    prefecture = prefecture.mask(prefecture.eq(""), city.str[:2])
    for name, stated in (("pref_code", prefecture), ("muni_code", city)):
        other = stated.ne("") & found[name].ne("") & stated.ne(found[name])
        report.add("noted", other, name, "the code of the municipality where the site lies", stated)
    prefecture = prefecture.mask(prefecture.eq(""), found["pref_code"])
    here = city.eq("") & found["pref_code"].eq(prefecture)
    return table.assign(pref_code=prefecture, muni_code=city.mask(here, found["muni_code"]))


def _places_of(points: gpd.GeoSeries, store: Layers, report: Report) -> dict[str, pd.Series]:
    """Codes of the municipality that holds each point or, off the simplified coast, of the nearest within SHORE_M; "" beyond."""
    places = store.layer("municipalities").frame
    shapes = gpd.GeoSeries(places["geometry"].array, crs=crs.STORE).to_crs(crs.WORK)
    tree = shapely.STRtree(np.asarray(shapes.array))
    at = np.asarray(points.to_crs(crs.WORK).array)
    (site, place), metres = tree.query_nearest(at, max_distance=SHORE_M, return_distance=True)
    found = pd.DataFrame({"place": place, "metres": metres}, index=site).sort_values("place", kind="stable")
    first = found[~found.index.duplicated()].sort_index()
    codes = (
        places[["pref_code", "muni_code"]]
        .take(first["place"].to_numpy(dtype=np.intp))
        .set_index(points.index[first.index])
    )
    shore = pd.Series(first["metres"].to_numpy(), index=codes.index).reindex(points.index)
    report.add(
        "repaired",
        shore.gt(0),
        "muni_code",
        phrase(
            "a place inside a municipality (the nearest one within {limit:g} km was taken; the boundaries are simplified at the coast)",
            limit=SHORE_M / 1e3,
        ),
        codes["muni_code"].reindex(points.index) + shore.map(" ({:.0f} m)".format),
    )
    report.add("noted", shore.isna(), "muni_code", phrase("a place within {limit:g} km of Japan", limit=SHORE_M / 1e3))
    return {name: codes[name].reindex(points.index).fillna("") for name in ("pref_code", "muni_code")}


def _areas_around(table: pd.DataFrame, store: Layers) -> pd.DataFrame | None:
    """The municipalities to which each site of inexact position may truly belong, its own among them; None without any."""
    off = table["accuracy_m"].fillna(0).to_numpy(float)
    inexact = np.flatnonzero(off > 0)
    if not (len(inexact) and store.has("municipalities")):
        return None
    places = gpd.GeoDataFrame(store.layer("municipalities").frame)
    tree = shapely.STRtree(np.asarray(places.geometry.to_crs(crs.WORK).array))
    points = np.asarray(crs.points_in_work(table["lon"].iloc[inexact], table["lat"].iloc[inexact]).array)
    reach = _reach_of_areas(points, off[inexact] * (1 + crs.WORK_DISTORTION), tree)
    site, place = tree.query(points, predicate="dwithin", distance=reach)
    near = places[["pref_code", "muni_code"]].take(place).assign(site=inexact[site])
    own = table[["pref_code", "muni_code"]].iloc[inexact].assign(site=inexact)
    return pd.DataFrame(pd.concat([near, own], ignore_index=True).drop_duplicates())


def _reach_of_areas(points: npt.NDArray[np.object_], off: FloatArray, tree: shapely.STRtree) -> FloatArray:
    """
    How far from each point an area may lie that holds, or off the coast is the nearest to, some place within `off` of it.

    All in metres. A place off the coast has the nearest area within SHORE_M, and the area nearest to the point is at most
    `off` farther from that place than from the point.
    """
    disc = shapely.buffer(points, off)
    site, area = tree.query(disc, predicate="intersects")
    land = np.bincount(site, shapely.area(shapely.intersection(disc[site], tree.geometries[area])), len(points))
    inland = land >= shapely.area(disc) * (1 - _SLIVER)
    nearest = shapely.distance(points, tree.geometries[tree.nearest(points)])
    return np.asarray(np.where(inland, off, off + np.minimum(nearest + off, SHORE_M)))


def _chosen(candidates: CandidateSet, prefectures: Sequence[str], within: Circle | None) -> CandidateSet:
    keep = np.ones(len(candidates.table), dtype=bool)
    if prefectures:
        keep &= candidates.table["pref_code"].isin(prefectures).to_numpy()
    if within is not None:
        lon, lat = candidates.table["lon"].to_numpy(), candidates.table["lat"].to_numpy()
        keep &= crs.geodesic_m(lon, lat, within.lon, within.lat) <= within.radius_km * 1000
    order = np.flatnonzero(keep)
    return candidates.take(order[np.argsort(candidates.table.index.to_numpy()[order].astype(str), kind="stable")])
