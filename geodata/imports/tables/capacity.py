"""Grid companies' capacity tables: room for generation, never for demand."""

import geopandas as gpd
import pandas as pd

from ...errors import FormatError
from ...files.opening import Member
from ...layer import FieldSpec, Layer
from ..report import Report
from .columns import columns_of, specs_of
from .placing import is_none, joinable, points_of, stem
from .reading import read_table


def capacity(
    members: list[Member], report: Report, substations: Layer | None
) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    """
    Capacity tables of a grid company joined to substations by name and voltage: room for GENERATION, never for demand.

    Only an unambiguous name is joined; what is not joined is listed in the report and left out.
    """
    columns = columns_of("capacity")
    table = read_table(members, columns, report).reindex(columns=[c.name for c in columns if c.name != "remarks"])
    if table[["room_here_mw", "room_upstream_mw", "equipment_mw", "operating_mw"]].isna().all(axis=None):
        raise FormatError(
            report.file,
            expected="a capacity in MW, such as 空容量(当該設備)(MW)",
            found="no such column with a number",
            remedy="Choose the capacity table.",
        )
    report.note("空容量 is room for generation (reverse flow). It says nothing about room for demand.")
    if substations is None:
        raise FormatError(
            report.file,
            expected="the layer substations to join to",
            found="none",
            remedy="Run `planner data pull substations`.",
        )
    known = joinable(substations)
    keys = pd.DataFrame({"key": table["name"].map(stem), "kv": table["voltage_kv"].round()})
    place = keys.merge(known, on=["key", "kv"], how="left")["geometry"]
    only = known.drop_duplicates("key", keep=False).set_index("key")["geometry"]
    by_name = keys["key"].where(keys["kv"].isna()).map(only)
    shapes = points_of([b if is_none(a) else a for a, b in zip(place, by_name, strict=True)])
    lost = pd.Series([is_none(s) for s in shapes], index=table.index)
    report.add(
        "rejected",
        lost,
        "name",
        "a substation of this name and voltage in the layer substations (lines have no place here)",
        table["name"],
    )
    frame = gpd.GeoDataFrame(table, geometry=shapes)
    return gpd.GeoDataFrame(frame[~lost]), specs_of(columns, frame)
