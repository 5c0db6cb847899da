"""Who could commute where: people in squares of about 5 km, minutes by car between these, their number in later years, schools."""

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse.csgraph import dijkstra

from ..base import FloatArray, IntArray, text
from ..country import crs
from ..country.mesh import GRIDS
from ..files.tables import numbers, read_csv
from ..layer import Reading, Step
from ..spatial.roads import ACCESS_KPH, FURTHEST_M, RoadGraph, road_graph
from .inputs import Inputs, read_parquet, reading

LONGEST_MIN = 75.0
"""Longest way that the layer of minutes holds."""

PAIR = 10_000_000
"""A pair is the code of the square where people live times this, plus that of the square where they work."""

RESIDENTS = (
    "persons_15_64",
    "employed",
    "unemployed",
    "unemployed_women",
    "outside_labour_force",
    "outside_labour_force_women",
    "high_school_students",
)
WORKERS = (
    "employees_manufacturing",
    "employees_construction",
    "employees_ict",
    "employees_research",
    "employees_transport",
)

INSIDE_MIN = 10.0
"""Longest way inside a square of about 5 km, whose middle is at most 4 km off, on the lesser roads: an assumption."""

_AT_ONCE = 64
_YEARS = (2025, 2030, 2035, 2040, 2045)
_WORKING_AGES = range(4, 14)
AGES = {"age_15_29_pct": range(4, 7), "age_30_44_pct": range(7, 10), "age_45_64_pct": range(10, 14)}
"""Bands of age and the groups of five years that they hold."""

_KOSEN = (120.0, 184.0, 280.0)
_UNIVERSITY = np.array([0.5, 1.0, 1.5])


def square_of(row: IntArray, col: IntArray) -> IntArray:
    """Codes of 7 digits (JIS X 0410, five times the third mesh) of the squares that hold cells of 1 km."""
    second = GRIDS["1km"].encode(row, col).astype("U6").astype(np.int64)
    return np.asarray(second * 10 + row % 10 // 5 * 2 + col % 10 // 5 + 1, dtype=np.int64)


def squares(inputs: Inputs) -> Reading:
    """Statistics of each municipality spread over its squares by where people lived in 2015; over land where nobody did."""
    cells = _cells(inputs).merge(inputs.layer("population_1km").frame, on="mesh_code", how="left")
    people = inputs.layer("municipal_statistics").frame.set_index("muni_code")
    lived = cells["persons_2015"].fillna(0.0)
    empty = lived.groupby(cells["muni_code"]).transform("sum").eq(0)
    weight = lived.where(~empty, cells["land"])
    points = _gathered(cells.assign(weight=weight), ["muni_code", "square"])
    points = points[points["weight"] > 0]
    share = points["weight"] / points.groupby("muni_code")["weight"].transform("sum")
    counts = people[[*RESIDENTS, *WORKERS]].reindex(points["muni_code"]).reset_index(drop=True)
    absent = counts["persons_15_64"].isna()
    codes = points[["muni_code", "square"]].reset_index(drop=True)
    out = gpd.GeoDataFrame(
        {"point_id": codes["muni_code"] + "-" + codes["square"].astype(str), **codes}
        | dict(counts.mul(share.to_numpy(), axis=0)),
        geometry=gpd.points_from_xy(points["lon"], points["lat"], crs=crs.STORE),
    )
    return reading(
        pd.DataFrame(out[~absent]),
        Step("dropped", int(absent.sum()), text("統計のない地点", "points without statistics")),
        Step("assigned", int(cells[empty]["muni_code"].nunique()), text("2015年に住民がいないため陸地で配った市町村", "municipalities without residents in 2015: spread over land")),
    )  # fmt: skip


def minutes(inputs: Inputs) -> Reading:
    """Minutes by car from each square with people to each square with land, up to LONGEST_MIN; both ends at a junction."""
    cells = _cells(inputs)
    homes = inputs.layer("workforce_squares").frame
    at = homes.assign(lon=homes.geometry.map(lambda p: p.x), lat=homes.geometry.map(lambda p: p.y))
    weighted = at.assign(weight=at["persons_15_64"].fillna(0.0) + 1e-6)
    lived = _gathered(weighted, ["square"]).set_index("square")
    land = _gathered(cells.assign(weight=cells["land"]), ["square"]).set_index("square")
    places = lived.combine_first(land)[["lon", "lat"]]
    graph = road_graph(inputs.layer("roads_national").frame)
    found = graph.tree.query(np.column_stack(crs.to_work(places["lon"], places["lat"])))
    metres, node = (np.asarray(part) for part in found)
    on = metres <= FURTHEST_M
    gate = pd.DataFrame({"node": node, "access": metres / (ACCESS_KPH / 3.6)}, index=places.index).loc[on]
    table = _pairs(graph, gate, gate.index.isin(lived.index))
    note = text(
        "道路網から10 kmより遠い角（道路での所要時間は不明）",
        "squares farther than 10 km from the roads: no minutes by road",
    )
    return reading(table, Step("dropped", int((~on).sum()), note))  # fmt: skip


def _pairs(graph: RoadGraph, gate: pd.DataFrame, home: np.ndarray) -> pd.DataFrame:
    """Pairs of squares with the minutes between them; `gate` has the junction of each square and the seconds to it."""
    start, everywhere = gate[home], gate["node"].to_numpy()
    code, access = gate.index.to_numpy(np.int64), gate["access"].to_numpy()
    found = []
    for k in range(0, len(start), _AT_ONCE):
        some = start.iloc[k : k + _AT_ONCE]
        nodes, back = np.unique(some["node"], return_inverse=True)
        seconds = dijkstra(graph.seconds, indices=nodes, limit=LONGEST_MIN * 60)[back][:, everywhere]
        whole = (seconds + some["access"].to_numpy()[:, None] + access) / 60
        own = some.index.to_numpy(np.int64)[:, None] == code
        whole = np.where(own, np.minimum(whole, INSIDE_MIN), whole)
        origin, target = np.nonzero(whole <= LONGEST_MIN)
        pair = some.index.to_numpy(np.int64)[origin] * PAIR + code[target]
        found.append(pd.DataFrame({"pair": pair, "minutes": whole[origin, target]}))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame({"pair": [], "minutes": []})


def _cells(inputs: Inputs) -> pd.DataFrame:
    """Cells of the land mesh with their square, place and hectares of land."""
    grid, mesh = GRIDS["1km"], inputs.layer("land_mesh_1km").frame
    row, col = grid.decode(mesh["mesh_code"])
    lon, lat = grid.centres(row, col)
    land = mesh["land_share"].to_numpy() * grid.area_ha(row)
    return mesh[["mesh_code", "muni_code"]].assign(square=square_of(row, col), lon=lon, lat=lat, land=land)


def _gathered(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sum of `weight` and weighted mean place of the rows of each group."""
    weight = rows["weight"]
    sums = (
        rows[by]
        .assign(weight=weight, lon=rows["lon"] * weight, lat=rows["lat"] * weight)
        .groupby(by, as_index=False)
        .sum()
    )
    some = sums["weight"].where(sums["weight"] > 0)
    return sums.assign(lon=sums["lon"] / some, lat=sums["lat"] / some)


def projection(inputs: Inputs) -> Reading:
    """Persons aged 15-64 of later years in % of 2020: by municipality until 2045, 2050 at the pace of the prefecture."""
    name, path = next((n, p) for n, p in inputs.files.items() if n.startswith("municipality_ipss"))
    columns = [f"pop_{year}" for year in (2020, *_YEARS)]
    table = read_csv(path, columns={"area_code", "sex", "age_index", *columns}, name=name)
    both = table[table["sex"].eq("total")]
    persons = _of_ages(both, _WORKING_AGES, columns)
    bands = {name: _of_ages(both, ages, ["pop_2020"])["pop_2020"] for name, ages in AGES.items()}
    index = persons.div(persons["pop_2020"].where(persons["pop_2020"] > 0), axis=0) * 100
    known = inputs.layer("municipal_statistics").frame["muni_code"]
    out = index.reindex(known).rename_axis("muni_code").reset_index()
    later = _last_step(inputs)
    fields = {f"index_{year}": out[f"pop_{year}"] for year in _YEARS}
    fields["index_2050"] = out["pop_2045"] * out["muni_code"].str[:2].map(later)
    fields |= {
        name: out["muni_code"].map(band / persons["pop_2020"].where(persons["pop_2020"] > 0) * 100)
        for name, band in bands.items()
    }
    table = pd.DataFrame({"muni_code": out["muni_code"], **fields})
    held = table["index_2045"].notna()
    return reading(
        table[held],
        Step(
            "dropped", int((~held).sum()), text("推計のない市町村（福島県など）", "municipalities without a projection")
        ),
    )


def _of_ages(table: pd.DataFrame, groups: range, columns: list[str]) -> pd.DataFrame:
    """Persons of some groups of age by municipality; unknown where a group is missing."""
    rows = table[table["age_index"].isin([str(k) for k in groups])]
    return rows[columns].apply(numbers).groupby(rows["area_code"]).sum(min_count=len(groups))


def _last_step(inputs: Inputs) -> pd.Series:
    """Population of 2050 against 2045 by prefecture, all ages."""
    name, path = next((n, p) for n, p in inputs.files.items() if n.startswith("prefecture_ipss"))
    table = read_csv(path, columns={"pref_code", "year", "population_persons"}, name=name)
    persons = table.assign(persons=numbers(table["population_persons"])).pivot_table(
        index="pref_code", columns="year", values="persons"
    )
    return persons["2050"] / persons["2045"]


def schools(inputs: Inputs) -> Reading:
    """
    Kosen, and universities with engineering or informatics, with how many finish each year: an estimate, since no seats are known.

    A kosen has the mean quota of the 51 national ones (9,400 in 2012). A university has its departments' part of the graduates of
    its prefecture.
    """
    name, path = next((n, p) for n, p in inputs.files.items() if n.startswith("university_departments"))
    table = read_parquet(path, name, columns={"school_code", "level", "jis_code", "is_engineering", "is_informatics"})
    first = table[table["level"].eq("faculty") & table["jis_code"].notna()]
    technical = first["is_engineering"] | first["is_informatics"]
    whole = first.groupby(first["jis_code"].str[:2]).size()
    graduates = inputs.layer("prefecture_series").frame.set_index("pref_code")["university_graduates"]
    colleges = inputs.layer("universities").frame
    pref = colleges["muni_code"].str[:2]
    own = colleges["school_code"].map(technical.groupby(first["school_code"]).sum())
    finish = (own / pref.map(whole) * pref.map(graduates)).to_numpy(float)
    kosen = inputs.layer("kosen").frame
    return Reading(
        pd.concat(
            [
                _school(kosen, "school_id", "kosen", np.broadcast_to(_KOSEN, (len(kosen), 3))),
                _school(colleges, "school_code", "university", finish[:, None] * _UNIVERSITY),
            ],
            ignore_index=True,
        )
    )


def _school(frame: pd.DataFrame, key: str, level: str, finish: FloatArray) -> pd.DataFrame:
    low, middle, high = finish.T
    rows = frame[["name", "muni_code", "accuracy_m", "geometry"]]
    return rows.assign(
        school_id=level + "-" + frame[key], level=level, graduates_low=low, graduates=middle, graduates_high=high
    )
