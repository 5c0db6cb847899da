"""Towns and their positions, which bring an address nearer than its municipality."""

import geopandas as gpd

from ...country import crs
from ...files.opening import Member
from ...layer import FieldSpec
from ..codes import area_codes
from ..report import Report
from .address_dictionary import dictionary_towns, is_dictionary
from .columns import columns_of, specs_of
from .reading import read_table


def town_positions(members: list[Member], report: Report) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    """Towns by municipality: code, name and a point; a row without one of them is listed and left out. From a table or a dictionary."""
    columns = columns_of("town_positions")
    if is_dictionary(members):
        table = dictionary_towns(members, report)
    else:
        table = read_table(members, columns, report)
        table["muni_code"] = area_codes(table["muni_code"], report, "muni_code")
    lost = table[["muni_code", "lon", "lat"]].isna().any(axis="columns")
    report.add("rejected", lost, "", "a code, a name and a position", table["name"])
    kept = table[~lost]
    points = gpd.points_from_xy(kept["lon"], kept["lat"], crs=crs.STORE)
    specs = {name: spec for name, spec in specs_of(columns, kept).items() if spec.unit is None}
    return gpd.GeoDataFrame(kept[list(specs)], geometry=points), specs
