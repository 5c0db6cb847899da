"""Land, roads and prices of the made-up country: a plain in the west, wooded hills in the east, a road along 36.02 N."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

ROWS, COLUMNS = range(4320, 4344), range(3200, 3216)
WITHOUT_ROW = (4343, 3207)
PLAIN_UNTIL = 3210
"""Cells of columns before it are open plain, those from it on wooded hills."""


def code(row: int, col: int) -> str:
    return f"{row // 80:02d}{col // 80:02d}{row % 80 // 10}{col % 80 // 10}{row % 10}{col % 10}"


def tables() -> dict[str, bytes]:
    """CSV files by name."""
    index = "prefecture_code,index_2016,index_2022,index_2025,index_2026\n8,100,110,120,121\n9,100,100,100,90\n"
    did = "DIDid,code,municipality,did_no,population\n0820101,08201,甲市,1,120000\n0820102,08201,甲市,2,5000\n0999901,09999,無い市,1,9\n"
    volcanoes = (
        "volcano_number,volcano_name,lat,lon,last_year,elevation_m\n"
        "1,Ko-san,36.15,140.15,1707,900\n2,Sea Mount,36.1,141.5,,-300\n"
    )
    ssds = (
        "municipality_code,municipality,total_ha,habitable_ha,building_land_ha,cultivated_ha,lv_2023\n"
        "08201,甲市,9900,8000,1200,3000,30000\n08202,乙町,9800,1000,,300,\n"
    )
    named = {
        "industrial_land_price_index_prefecture.csv": index,
        "did_2015.csv": did,
        "volcanoes_gvp_2025.csv": volcanoes,
        "municipality_land_ssds.csv": ssds,
    }
    return {name: text.encode() for name, text in named.items()}


def parquets() -> dict[str, pd.DataFrame]:
    """Parquet files by name."""
    edges, nodes = roads()
    return {
        "mesh1km_land.parquet": cells(),
        "climate_era5_1km.parquet": climate(),
        "road_edges_osm_2021.parquet": edges,
        "road_nodes_osm_2021.parquet": nodes,
        "land_price_l01_2022_points.parquet": prices(),
        "active_faults_gem.parquet": faults(),
        "osm_industrial_areas_2021.parquet": works(),
    }


def cells() -> pd.DataFrame:
    """The western plain: open land, half of it farmland zone; the eastern hills: forest in a national park."""
    places = [
        (r, c) for r in ROWS for c in COLUMNS if (r, c) != WITHOUT_ROW and not (r >= ROWS[12] and c >= COLUMNS[8])
    ]
    plain = np.array([c < PLAIN_UNTIL for _, c in places])
    town = np.array([r == ROWS[6] and c == COLUMNS[3] for r, c in places])
    zero = np.zeros(len(places))
    names = (
        *("water", "wildlife_special", "natpark_ordinary", "urban_promotion", "urban_control"),
        *("zone_quasi_industrial", "zone_industrial", "zone_exclusive_industrial"),
    )
    return pd.DataFrame(
        {
            "mesh_code": [code(r, c) for r, c in places],
            "municipality_code": [
                "09201" if r >= ROWS[12] else "08201" if c < COLUMNS[8] else "08202" for r, c in places
            ],
            **dict.fromkeys(names, zero),
            "land": zero + 100,
            "forest": np.where(plain, 5, 95),
            "agri_land_zone": np.where(plain, 50, 0),
            "protection_forest": np.where(plain, 0, 40),
            "natpark_strict": np.where(plain, 0, 80),
            "did2015": np.where(town, 90, 0),
            "open_land": np.where(plain, 95, 5),
            "open_free": np.where(plain, 45, 5),
            "open_free_radius_m": np.where(plain, 400, 50),
            "elev_m": np.where(plain, 35, 400),
            "relief3km_m": np.where(plain, 0, 300),
            "slope1km_deg": np.where(plain, 0.5, 9.0),
            "avs30_mean": np.where(town, np.nan, np.where(plain, 200.0, 600.0)),
            "avs30_min": np.where(town, np.nan, np.where(plain, 180.0, 500.0)),
            "pop2015": np.where(town, 6000.0, np.where(plain, 100.0, 0.0)),
            "pop2050": np.where(town, 4000.0, np.where(plain, 50.0, 0.0)),
        }
    )


def climate() -> pd.DataFrame:
    table = pd.DataFrame({"mesh_code": cells()["mesh_code"]})
    return table.assign(t_annual_c=14.0, t_jan_c=3.0, t_aug_c=26.0, months_below_10c=5)


def roads() -> tuple[pd.DataFrame, pd.DataFrame]:
    """1,002 junctions in a row along 36.02 N, the last stretch one way towards the east; a second piece of two, cut off."""
    n = 1002
    lon = np.linspace(140.0, 140.2, n)
    nodes = pd.DataFrame(
        {
            "node": range(n + 2),
            "lon": [*lon, 140.1, 140.11],
            "lat": [36.02] * n + [36.15, 36.15],
            "component_size": [n] * n + [2, 2],
        }
    )
    edges = pd.DataFrame({"from_node": [*range(n - 1), n], "to_node": [*range(1, n), n + 1]})
    oneway = [0] * (n - 2) + [1, 0]
    return edges.assign(cls=2, oneway=oneway, connector=0, length_m=18), nodes


def prices() -> pd.DataFrame:
    rows = [
        (140.03, 36.03, "08201", "009", "工業地", "001", 20000),
        (140.12, 36.15, "09201", "009", "工業地", "001", 10000),
        (140.05, 36.05, "08201", "000", "住宅地", "001", 50000),
        (14.05, 36.05, "08201", "000", "住宅地", "002", 50000),
    ]
    names = ["lon", "lat", "municipality_code", "use_code", "use", "serial", "price_yen_m2"]
    return pd.DataFrame(rows, columns=names).assign(year=2022, address="某所")


def faults() -> gpd.GeoDataFrame:
    lines = [shapely.LineString([(140.15, 36.0), (140.15, 36.2)]), shapely.LineString([(141, 36), (141, 37)])]
    table = {"fault_no": [0, 1], "slip_type": ["Reverse", None], "name": ["乙断層", None], "land_share": [1.0, 0.0]}
    return gpd.GeoDataFrame({**table, "length_km": [22.0, 111.0]}, geometry=lines, crs=4326)


def works() -> gpd.GeoDataFrame:
    shapes = [
        shapely.box(140.03, 36.03, 140.035, 36.035),
        shapely.Polygon([(140, 36), (140.01, 36.01), (140.01, 36), (140, 36.01)]),
    ]
    return gpd.GeoDataFrame({"area_ha": [25.0, 1.0]}, geometry=shapes, crs=4326)
