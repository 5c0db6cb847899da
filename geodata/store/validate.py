"""Checks of a frame against its specification; all problems of a layer at once."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..country import crs
from ..country.codes import JAPAN_BOUNDS
from ..errors import FormatError, phrase
from ..layer import FieldSpec, LayerSpec

_KIND = {"point": "Point", "line": "LineString", "polygon": "Polygon"}


def problems(frame: pd.DataFrame, spec: LayerSpec) -> list[str]:
    """What is wrong with `frame`, one sentence each; empty when it fits `spec`."""
    found = list(_field_problems(frame, spec))
    if spec.geometry != "none":
        found += _geometry_problems(frame, spec)
    return found


def require_valid(frame: pd.DataFrame, spec: LayerSpec) -> None:
    """Raise FormatError naming every problem."""
    if found := problems(frame, spec):
        raise FormatError(
            phrase("layer {layer}", layer=spec.id),
            expected="rows that fit its catalogue entry",
            found="; ".join(found),
            remedy="The publisher may have changed the file; nothing was stored.",
        )


def conform(frame: pd.DataFrame, spec: LayerSpec) -> pd.DataFrame:
    """Columns of the catalogue only, in its order and types, sorted by the key."""
    dtypes = {"string": "str", "float": "float64", "integer": "int64", "boolean": "bool"}
    columns = list(spec.fields) + (["geometry"] if spec.geometry != "none" else [])
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise FormatError(
            phrase("layer {layer}", layer=spec.id),
            expected=phrase("columns {known}", known=", ".join(columns)),
            found=phrase("no column {known}", known=", ".join(missing)),
            remedy="Check that the file is the one named in the catalogue.",
        )
    out = frame[columns].astype({name: dtypes[field.dtype] for name, field in spec.fields.items()})
    ordered = out.sort_values(spec.key, kind="stable").reset_index(drop=True)
    return gpd.GeoDataFrame(ordered) if spec.geometry != "none" else ordered


def _field_problems(frame: pd.DataFrame, spec: LayerSpec) -> Iterator[str]:
    if frame[spec.key].duplicated().any():
        yield f"{spec.key} is not unique ({frame.loc[frame[spec.key].duplicated(), spec.key].iloc[0]!r} twice)"
    for name, field in spec.fields.items():
        column = frame[name]
        if field.required and column.isna().any():
            yield f"{name} is missing in {int(column.isna().sum())} rows"
        yield from _range_problems(name, field, column)


def _range_problems(name: str, field: FieldSpec, column: pd.Series) -> Iterator[str]:
    for limit, outside in ((field.minimum, np.less), (field.maximum, np.greater)):
        if limit is not None:
            bad = column[outside(column.to_numpy(dtype=float), limit)]
            if len(bad):
                yield f"{name} holds {bad.iloc[0]:g} {field.unit or ''}, beyond {limit:g} ({len(bad)} rows)"
    if field.pattern is not None:
        bad = column[~column.str.fullmatch(field.pattern).fillna(value=True).astype(bool)]
        if len(bad):
            yield f"{name} holds {bad.iloc[0]!r}, not {field.pattern} ({len(bad)} rows)"


def _geometry_problems(frame: pd.DataFrame, spec: LayerSpec) -> Iterator[str]:
    series = gpd.GeoDataFrame(frame).geometry
    if series.crs is None or not series.crs.equals(crs.STORE):
        yield f"coordinates are in {series.crs.name if series.crs else 'no CRS'}, not {crs.STORE.name}"
        return
    shapes = np.asarray(series.array)
    if (empty := int((shapely.is_missing(shapes) | shapely.is_empty(shapes)).sum())) > 0:
        yield f"{empty} rows have no geometry"
    kinds = series.geom_type.str.removeprefix("Multi")
    if (wrong := kinds[kinds != _KIND[spec.geometry]]).any():
        yield f"geometry is {wrong.iloc[0]}, not {spec.geometry}"
    if (invalid := int((~shapely.is_valid(shapes)).sum())) > 0:
        yield f"{invalid} geometries are invalid"
    west, south, east, north = series.total_bounds
    if west < JAPAN_BOUNDS[0] or south < JAPAN_BOUNDS[1] or east > JAPAN_BOUNDS[2] or north > JAPAN_BOUNDS[3]:
        yield (
            f"coordinates span {west:.2f}-{east:.2f} E {south:.2f}-{north:.2f} N, "
            "beyond Japan (longitude and latitude swapped?)"
        )
