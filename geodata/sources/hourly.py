"""Demand and output hour by hour over one fiscal year, each as a multiple of its own mean: the shape, not the amount."""

from pathlib import Path

import numpy as np
import pandas as pd

from ..base import text
from ..country.codes import GRID_AREAS
from ..errors import FormatError
from ..files.tables import numbers, read_csv
from ..layer import Reading, Step
from .inputs import Inputs, read_parquet, reading

HOURS = 8_760
"""Of a fiscal year of 365 days, from 1 April 00:00 JST."""

TECHNOLOGIES = ("solar", "wind", "hydro", "nuclear", "geothermal", "biomass")
"""Decarbonised sources with an hourly shape; storage is none of them."""

_AREA_YEAR, _NATIONAL_YEAR = "2024-04-01", "2025-04-01"
_FILLED_FROM_DAYS = 28


def shapes(inputs: Inputs) -> Reading:
    """Shapes of demand and solar by area, and of each technology for the country; hours that are missing are filled, and counted."""
    areas = read_parquet(*_file(inputs, "area_demand_solar"), columns={"ts", "area", "demand_mw", "solar_mw"})
    national = read_parquet(*_file(inputs, "national_mix"), columns={"ts", *TECHNOLOGIES})
    columns, filled = {}, 0
    for area in GRID_AREAS:
        rows = areas[areas["area"].eq(area)].set_index("ts")
        for name, column in (("demand", "demand_mw"), ("solar", "solar_mw")):
            if rows[column].notna().any():
                columns[f"{name}_{area}"], missing = _year(rows[column], _AREA_YEAR)
                filled += missing
    hourly = national.set_index("ts")[list(TECHNOLOGIES)].resample("h").mean()
    for technology in TECHNOLOGIES:
        columns[technology], missing = _year(hourly[technology], _NATIONAL_YEAR)
        filled += missing
    wide = pd.DataFrame(columns).clip(lower=0)
    calendar = pd.date_range(_AREA_YEAR, periods=HOURS, freq="h")
    frame = pd.DataFrame({"hour": [f"{n:04d}" for n in range(HOURS)], "month": calendar.month.astype(float)})
    return reading(
        pd.concat([frame, wide / wide.mean()], axis=1),
        Step(
            "added",
            filled,
            text(
                "公表のない時間を同じ時刻の直前28日の平均で補った",
                "hours without a value: mean of the same hour over the 28 days before",
            ),
        ),
    )


def typical_days(inputs: Inputs) -> Reading:
    """The shipped table of mean days by month, drawn out over the year: without weather, weekends or extremes."""
    (path,) = inputs.files.values()
    table = read_csv(path, columns={"month", "clock"})
    calendar = pd.date_range(_AREA_YEAR, periods=HOURS, freq="h")
    keys = pd.MultiIndex.from_frame(table[["month", "clock"]].astype(int))
    values = table.drop(columns=["month", "clock"]).apply(numbers).set_axis(keys)
    drawn = values.loc[list(zip(calendar.month, calendar.hour, strict=True))].reset_index(drop=True)
    frame = pd.DataFrame({"hour": [f"{n:04d}" for n in range(HOURS)], "month": calendar.month.astype(float)})
    return Reading(pd.concat([frame, drawn / drawn.mean()], axis=1))


def flows(inputs: Inputs) -> Reading:
    """What flowed over each named trunk line: 95th percentile and most, MW."""
    name, path = next(iter(inputs.files.items()))
    table = read_csv(path, columns={"area", "kv", "line", "p95_abs_mw", "max_abs_mw"}, name=name)
    kept = pd.DataFrame(
        {
            "line_id": table["area"] + "-" + table["kv"] + "-" + table["line"],
            "name": table["line"],
            "area": table["area"],
            "voltage_kv": numbers(table["kv"]),
            "p95_mw": numbers(table["p95_abs_mw"]),
            "most_mw": numbers(table["max_abs_mw"]),
        }
    )
    once = kept.sort_values("most_mw", ascending=False, kind="stable").drop_duplicates("line_id").sort_index()
    return reading(
        once.reset_index(drop=True),
        Step("merged", len(kept) - len(once), text("区間に分かれた線は最大の区間", "lines in sections: the largest")),
    )


def _file(inputs: Inputs, start: str) -> tuple[Path, str]:
    name, path = next((n, p) for n, p in inputs.files.items() if n.startswith(start))
    return path, name


def _year(series: pd.Series, start: str) -> tuple[np.ndarray, int]:
    """One fiscal year of a series by hour; hours without a value take the mean of the same hour over some days before."""
    hours = pd.date_range(start, periods=HOURS, freq="h")
    year = series[~series.index.duplicated()].reindex(hours).astype(float)
    missing = year.isna()
    if missing.all():
        raise FormatError(
            str(series.name), expected="values from " + start, found="none", remedy="Pull the file again."
        )
    by_clock = year.groupby(hours.hour).transform(
        lambda same: same.fillna(same.rolling(_FILLED_FROM_DAYS, min_periods=1).mean().ffill()).bfill()
    )
    return by_clock.to_numpy(), int(missing.sum())
