"""Registers of certified plants (FIT/FIP 認定情報): every plant with its technology and output."""

from collections.abc import Callable

import geopandas as gpd

from ...base import Text
from ...errors import phrase
from ...files.opening import Member
from ...layer import FieldSpec, Layer
from ..codes import area_codes
from ..report import Report
from .columns import columns_of, specs_of
from .placing import placed, places_from
from .reading import read_table

_TECHNOLOGIES = {
    "太陽光": "solar",
    "solar": "solar",
    "風力": "wind",
    "wind": "wind",
    "水力": "hydro",
    "hydro": "hydro",
    "地熱": "geothermal",
    "geothermal": "geothermal",
    "バイオマス": "biomass",
    "biomass": "biomass",
}
_KW_PER_MW = 1_000.0


def register(
    members: list[Member], report: Report, look: Callable[[str], Layer | None]
) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    """
    Certified plants in the shape of the power-plant layer: technology, MW, whether started; placed by position, address or town.

    Rows of another technology are rejected and listed. A plant whose start is not reported is kept as not operable.
    """
    columns = columns_of("register")
    table = read_table(members, columns, report)
    if "muni_code" in table:
        table["muni_code"] = area_codes(table["muni_code"], report, "muni_code", prefectures=table.get("prefecture"))
    said = table["technology"].fillna("").astype("str")
    found = said.str.lower().str.extract(f"({'|'.join(_TECHNOLOGIES)})", expand=False).map(_TECHNOLOGIES)
    expected = phrase("one of {known}", known=", ".join(_TECHNOLOGIES))
    report.add("rejected", found.isna(), "technology", expected, said)
    kept = table.assign(technology=found)[found.notna()].reset_index(drop=True)
    municipalities = look("municipalities")
    boundaries = None if municipalities is None else municipalities.frame
    frame = placed(kept, None, report, places=places_from(look), municipalities=boundaries)
    started = frame["started"].fillna("").astype("str").str.contains(r"\d", regex=True) if "started" in frame else None
    frame["capacity_mw"] = frame["output_kw"] / _KW_PER_MW
    frame["operable"] = "yes" if started is None else started.map({True: "yes", False: "no"})
    frame = frame.drop(columns=["lon", "lat", "output_kw"], errors="ignore")
    specs = {
        "capacity_mw": FieldSpec(dtype="float", unit="MW", title=Text(ja="出力", en="Capacity")),
        "operable": FieldSpec(dtype="string", title=Text(ja="運転中", en="Operating")),
        "accuracy_m": FieldSpec(dtype="float", unit="m", title=Text(ja="位置の精度", en="Accuracy of the position")),
    }
    return frame, {name: spec for name, spec in (specs_of(columns, frame) | specs).items() if name in frame}
