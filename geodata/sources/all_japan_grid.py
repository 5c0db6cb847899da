"""Substations and lines drawn by OpenStreetMap contributors, as collected by All-Japan-Grid (ODbL)."""

import hashlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..base import text
from ..files.tables import numbers, require_columns
from ..layer import Reading, Step
from .inputs import Inputs, read_geojson, reading

AC_LEVELS_KV = (500.0, 275.0, 220.0, 187.0, 154.0, 132.0, 110.0, 77.0, 66.0)
"""Voltages of the transmission systems of the ten Japanese grid areas."""

HVDC_KV = 250.0
"""Direct-current links (北本, 紀伊水道, 飛騨信濃 stand at 200-250 kV); only 250 is drawn as such."""

_RAILWAY = r"\b(?:dc)?(?:1500|25000)\b"
_LOWEST_GRID_V = 66_000
_LOWEST_V = 1_500
_LOCAL_BELOW_KV = 154.0
_FEEDER_KV = (20.0, 35.0)
"""Classes of 22 and 33 kV (20 and 30 kV by name), on the low side of a substation."""

_INVENTED = "geocoded"


def substations(inputs: Inputs) -> Reading:
    """One point per substation with its highest voltage; railway traction out, invented names blanked."""
    frames = [read_geojson(path, name) for name, path in inputs.files.items()]
    frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
    require_columns(frame, {"name", "voltage", "substation"}, "substations")
    points = gpd.GeoSeries(frame.geometry.representative_point())
    frame = frame.set_geometry(points)
    distinct, merged = _distinct(frame)
    traction = _is_traction(distinct)
    grid = distinct[~traction].reset_index(drop=True)
    invented = _column(grid, "_name_source").eq(_INVENTED)
    voltage_kv = highest_kv(grid["voltage"])
    out = grid.assign(
        substation_id=_ids("s", grid),
        name=grid["name"].mask(invented),
        operator=_column(grid, "operator"),
        voltage_kv=voltage_kv,
        sides_kv=sides_of(grid["voltage"]),
        role=_role(grid),
    )
    return reading(
        pd.DataFrame(out),
        merged,
        Step("dropped", int(traction.sum()), text("鉄道のき電用変電所を除外", "railway traction substations")),
        Step("blanked", int(invented.sum()), text("住所から作られた名称を空欄に", "names invented from an address")),
        Step("kept", int(voltage_kv.isna().sum()), text("電圧不明のまま保持", "voltage unknown, kept as unknown")),
    )


def lines(inputs: Inputs) -> Reading:
    """Lines of 154 kV and over, each once; a voltage that no Japanese system has is unknown."""
    name, path = next(iter(inputs.files.items()))
    frame = read_geojson(path, name)
    require_columns(frame, {"_voltage_kv", "_display_name"}, name)
    pointlike = ~frame.geometry.is_valid
    distinct, merged = _distinct(frame[~pointlike].reset_index(drop=True))
    kv = numbers(distinct["_voltage_kv"])
    odd = ~kv.isin([*AC_LEVELS_KV, HVDC_KV])
    generated = distinct["_display_name"].str.contains(r"\d+(?:\.\d+)?\s*kV|~|～", regex=True, na=True)
    out = distinct.assign(
        line_id=_ids("l", distinct),
        name=distinct["_display_name"].mask(generated),
        voltage_kv=kv.mask(odd),
    )
    return reading(
        pd.DataFrame(out),
        Step("dropped", int(pointlike.sum()), text("長さのない線", "lines without length")),
        merged,
        Step("blanked", int(odd.sum()), text("系統に存在しない電圧を不明に", "voltages that no grid area has")),
        Step("blanked", int(generated.sum()), text("自動生成された線名を空欄に", "generated line names")),
    )


def local_lines(inputs: Inputs) -> Reading:
    """Lines of 66 to 132 kV of the five areas that are drawn with them, each once; those of 154 kV and over are in `lines`."""
    frames = [read_geojson(path, name) for name, path in inputs.files.items()]
    frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
    require_columns(frame, {"name", "voltage", "circuits", "_name_source"}, "lines")
    frame = gpd.GeoDataFrame(frame[frame.geometry.is_valid]).reset_index(drop=True)
    distinct, merged = _distinct(frame)
    kv = highest_kv(distinct["voltage"])
    local = kv.between(_LOWEST_GRID_V / 1000, _LOCAL_BELOW_KV, inclusive="left")
    kept = distinct[local].reset_index(drop=True)
    invented = kept["_name_source"].notna()
    out = kept.assign(
        line_id=_ids("l", kept),
        name=kept["name"].mask(invented),
        voltage_kv=kv[local].to_numpy(),
        circuits=numbers(kept["circuits"]),
    )
    return reading(
        pd.DataFrame(out),
        merged,
        Step(
            "dropped",
            int((~local).sum()),
            text("154 kV以上または電圧不明の線", "lines of 154 kV and over, or of unknown voltage"),
        ),
        Step("blanked", int(invented.sum()), text("自動生成された線名を空欄に", "generated line names")),
    )


def sides_of(voltage: pd.Series) -> pd.Series:
    """The sides of a substation, highest first, in kV (`275;66`), from tags such as `275000;66000`; missing where none is known."""
    levels = pd.to_numeric(voltage.astype("str").str.findall(r"\d+").explode(), errors="coerce") / 1000
    sides = levels[levels.isin(AC_LEVELS_KV) | levels.between(*_FEEDER_KV)].sort_values(ascending=False)
    joined: pd.Series = sides.map("{:g}".format).groupby(level=0).agg(lambda found: ";".join(dict.fromkeys(found)))
    return joined.reindex(voltage.index)


def highest_kv(voltage: pd.Series) -> pd.Series:
    """Highest voltage of tags such as `275000;66000`, in kV; unknown unless it is a Japanese transmission level."""
    levels = pd.to_numeric(voltage.astype("str").str.findall(r"\d+").explode(), errors="coerce")
    grid = levels.where((levels / 1000).isin([*AC_LEVELS_KV, HVDC_KV])).groupby(level=0).max()
    local = levels.where(levels.between(_LOWEST_V, _LOWEST_GRID_V, inclusive="left")).groupby(level=0).max()
    return (grid.fillna(local) / 1000).reindex(voltage.index).astype("float64")


def _role(frame: gpd.GeoDataFrame) -> pd.Series:
    """What a substation is for, as tagged; one with a railway's voltage on a side feeds trains."""
    railway = frame["voltage"].astype("str").str.contains(_RAILWAY, regex=True, na=False)
    role = frame["substation"].astype("str").replace("", pd.NA).mask(railway, "traction")
    said: pd.Series = role.where(frame["substation"].notna() | railway)
    return said


def _is_traction(frame: gpd.GeoDataFrame) -> pd.Series:
    railway_only = {1.5, 20.0, 25.0}
    traction: pd.Series = (
        frame["substation"].eq("traction")
        | highest_kv(frame["voltage"]).isin(railway_only)
        | frame["voltage"].astype("str").str.fullmatch(r"dc\d+")
    )
    return traction


def _distinct(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Step]:
    """Features drawn in several regional files, once; the row that says most is kept."""
    said = frame.notna().sum(axis=1)
    shapes = pd.Series(shapely.to_wkb(shapely.normalize(np.asarray(frame.geometry.array))), index=frame.index)
    order = said.sort_values(ascending=False, kind="stable").index
    keep = order[~shapes.loc[order].duplicated().to_numpy()].sort_values()
    note = text("複数の地域ファイルに重複する地物を統合", "features repeated across regional files")
    return frame.loc[keep].reset_index(drop=True), Step("merged", len(frame) - len(keep), note)


def _ids(prefix: str, frame: gpd.GeoDataFrame) -> list[str]:
    wkb = shapely.to_wkb(shapely.normalize(np.asarray(frame.geometry.array)))
    return [f"{prefix}{hashlib.sha256(shape).hexdigest()[:12]}" for shape in wkb]


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame.columns else pd.Series(pd.NA, index=frame.index, dtype="str")
