"""Demand room: the user's table of bands or MW."""

import geopandas as gpd
import numpy as np
import pandas as pd

from ...errors import phrase
from ...files.opening import Member
from ...layer import FieldSpec, Layer
from ..report import Report
from .columns import columns_of, specs_of
from .placing import placed
from .reading import read_table

_BANDS_MW = {
    "31-100": (31, 100),
    "101-200": (101, 200),
    "201-300": (201, 300),
    "301-1000": (301, 1000),
    "1001-": (1001, np.inf),
}


def demand(
    members: list[Member], report: Report, substations: Layer | None
) -> tuple[gpd.GeoDataFrame, dict[str, FieldSpec]]:
    """Demand room from the template: a band or MW, years to connect, date; by position, else by substation name."""
    columns = columns_of("demand")
    table = read_table(members, columns, report)
    band = table.get("band_mw", pd.Series("", index=table.index)).fillna("").astype("str").str.normalize("NFKC")
    band = band.str.replace(r"MW|[,\s]", "", regex=True).str.replace(r"[〜~–—ー]", "-", regex=True)
    ends = band.map(_BANDS_MW)
    report.add(
        "blanked", ends.isna() & band.ne(""), "band_mw", phrase("one of {known}", known=", ".join(_BANDS_MW)), band
    )
    low, high = (ends.map(lambda pair, end=end: pair[end] if isinstance(pair, tuple) else np.nan) for end in (0, 1))
    stated = table.get("room_mw", pd.Series(np.nan, index=table.index))
    table["room_to_mw"] = stated.fillna(high.astype("float64"))
    table["room_mw"] = stated.fillna(low.astype("float64"))
    frame = placed(table, substations, report)
    specs = specs_of(columns, frame)
    return frame.drop(columns=["lon", "lat"], errors="ignore"), {
        k: v for k, v in specs.items() if k not in {"lon", "lat"}
    }
