"""Made-up lines, hours and flows in the shape of the publishers' files."""

import numpy as np
import pandas as pd

from geodata.country.codes import GRID_AREAS
from geodata.sources.hourly import TECHNOLOGIES

NO_SOLAR = ("tohoku", "chugoku", "shikoku")
REGIONS = ("chugoku", "hokuriku", "kyushu", "okinawa", "shikoku")


def local_line(
    coordinates: list, name: str | None, voltage: str, circuits: str | None, *, invented: bool = False
) -> dict:
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": coordinates},
        "properties": {
            "name": name,
            "voltage": voltage,
            "circuits": circuits,
            "_name_source": "endpoints" if invented else None,
        },
    }


def local(region: str) -> list[dict]:
    """Lines of a region; every region has the same ones and one of its own."""
    west = 141.0 + REGIONS.index(region) / 10
    return [
        local_line([[140.05, 36.05], [140.10, 36.05]], "甲分岐線", "66000", "2"),
        local_line([[140.10, 36.05], [140.15, 36.05]], "甲~乙線", "66000", None, invented=True),
        local_line([[140.0, 36.02], [140.2, 36.02]], "高圧線", "275000", "2"),
        local_line([[west, 36.5], [west, 36.6]], f"{region}線", "110000", "1"),
    ]


def demand_and_solar() -> pd.DataFrame:
    """The areas over a fiscal year and a day, an hour of Tokyo missing; three areas have no solar."""
    hours = pd.date_range("2024-03-31", periods=8_784, freq="h")
    frames = []
    for area in GRID_AREAS:
        daylight = np.clip(np.sin((hours.hour - 6) / 12 * np.pi), 0, None) * 100
        solar = np.full(len(hours), np.nan) if area in NO_SOLAR else daylight
        demand = 1000.0 + 200 * (hours.hour >= 9)
        frames.append(pd.DataFrame({"ts": hours, "area": area, "demand_mw": demand, "solar_mw": solar}))
    table = pd.concat(frames, ignore_index=True)
    return table[~(table["area"].eq("tokyo") & table["ts"].eq(pd.Timestamp("2024-06-01 03:00")))]


def national_mix() -> pd.DataFrame:
    """Half-hours of the fiscal year less its last day."""
    stamps = pd.date_range("2025-04-01", periods=2 * 24 * 364, freq="30min")
    daylight = np.clip(np.sin((stamps.hour - 6) / 12 * np.pi), 0, None) * 1000
    steady = {name: np.full(len(stamps), 100.0) for name in TECHNOLOGIES if name != "solar"}
    return pd.DataFrame({"ts": stamps, "solar": daylight, **steady})


FLOWS = """area,kv,line,positive_direction,days,n_halfhours,min_mw,max_mw,mean_mw,mean_abs_mw,p95_abs_mw,max_abs_mw
東京,275,甲乙線,甲 → 乙,155,7440,-10,500,200,200,400,500
東京,275,甲乙線,乙 → 丙,155,7440,-10,700,200,200,600,700
"""
