"""What an area already does, sector by sector: location quotients, density and relatedness, of the divisions or of the user's own groups."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.base import FloatArray

from ..fields.field import Field, fields
from ..fields.specialisation import advantage, density_per_km2, location_quotients, proximity, relatedness
from .area import Area

SECTORS, OWN_SECTORS, TOWNS, LAND = "sector_employees", "own_sectors", "municipal_statistics", "municipal_land"


@dataclass(frozen=True)
class SectorTable:
    """
    Persons by area and sector.

    `table` has a row per sector: employees here, location quotient, share of the area's people, at home (1, 0, NaN), relatedness and
    its percentile among `compared` prefectures; `own` says that it is the user's, so that quotients are against the whole of that
    table; `unknown` are its cells without a number; `density` are employees of the field per km² habitable.
    """

    table: pd.DataFrame
    own: bool
    of_field: tuple[str, ...]
    density: float
    compared: int
    unknown: int

    @property
    def layer(self) -> str:
        """Layer that it was told from."""
        return OWN_SECTORS if self.own else SECTORS


def sectors_of(frames: dict[str, pd.DataFrame], field: Field, area: Area) -> SectorTable | None:
    """Quotients of the area, from the user's table where it has the area, else from the divisions of the municipalities."""
    own = _counts(frames.get(OWN_SECTORS))
    if own is not None and bool(area.holds(pd.Series(own.index)).any()):
        groups = [sector for sector in field.sectors if sector in own.columns]
        return _told(
            own, None, area, tuple(groups or [d for d in field.divisions if d in own.columns]), frames, own=True
        )
    counts = _counts(frames.get(SECTORS))
    if counts is None:
        return None
    totals = frames[TOWNS].set_index("muni_code")["employees"].reindex(counts.index) if TOWNS in frames else None
    return _told(counts, totals, area, field.divisions, frames, own=False)


def related_of(frames: dict[str, pd.DataFrame], area: Area) -> pd.DataFrame:
    """Every field by the relatedness of its sectors to what the area does, the most related first."""
    rows = []
    for one in fields().values():
        found = sectors_of(frames, one, area)
        if found is None or not found.of_field:
            continue
        of_it = found.table.loc[list(found.of_field)]
        rows.append(
            (
                one.id,
                float(of_it["relatedness"].mean()),
                float(of_it["percentile"].mean()),
                float(of_it["quotient"].max()),
            )
        )
    table = pd.DataFrame(rows, columns=["field", "relatedness", "percentile", "quotient"])
    return table.sort_values("percentile", ascending=False, kind="stable").reset_index(drop=True)


def _counts(frame: pd.DataFrame | None) -> pd.DataFrame | None:
    """Employees by area and sector; of a table with two-digit groups, those alone."""
    if frame is None or not len(frame):
        return None
    sector = frame["sector"].astype("str")
    groups = sector.str.isdigit()
    rows = frame[groups] if groups.any() else frame
    wide = rows.pivot_table(
        index="area_code", columns="sector", values="employees", dropna=False, observed=True, aggfunc="first"
    )
    wide.index = wide.index.astype("str")
    return wide.astype(float)


def _told(  # noqa: PLR0913  (what a table is told from)
    counts: pd.DataFrame,
    totals: pd.Series | None,
    area: Area,
    of_field: tuple[str, ...],
    frames: dict[str, pd.DataFrame],
    *,
    own: bool,
) -> SectorTable:
    inside = area.holds(pd.Series(counts.index)).to_numpy(bool)
    whole_areas = counts.index.str.len() == 2  # noqa: PLR2004  (prefectures)
    if own and whole_areas.any() and (~whole_areas).any():
        counts, inside = _one_level(counts, inside, whole_areas)
        totals = None
    people = counts.sum(axis=1) if totals is None else totals.fillna(counts.sum(axis=1))
    here = counts[inside].sum(axis=0, min_count=1).to_numpy(float)
    whole = np.nansum(counts.to_numpy(float), axis=0)
    quotient = location_quotients(here[None, :], np.array([people[inside].sum()]), whole)[0]
    if inside.all():
        quotient = np.full_like(quotient, np.nan)  # nothing to compare with
    near = proximity(advantage(location_quotients(counts.to_numpy(float), people.to_numpy(float))))
    others = _compared(counts, people)
    density, rank = _related_to(quotient, near, others)
    table = pd.DataFrame(
        {
            "employees": here,
            "share_pct": 100 * here / people[inside].sum(),
            "quotient": quotient,
            "at_home": advantage(quotient),
            "relatedness": density,
            "percentile": rank,
        },
        index=pd.Index(counts.columns.astype("str"), name="sector"),
    )
    return SectorTable(
        table,
        own,
        of_field,
        _density(
            frames,
            counts.index[inside],
            float(table.loc[list(of_field), "employees"].sum(min_count=1)) if of_field else np.nan,
        ),
        len(others[0]),
        int(counts.isna().to_numpy().sum()),
    )


def _one_level(counts: pd.DataFrame, inside: np.ndarray, whole_areas: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Prefectures or municipalities alone, so that nobody counts twice: the level at which the area is told."""
    keep = ~whole_areas if (inside & ~whole_areas).any() and not (inside & whole_areas).any() else whole_areas
    return counts[keep], inside[keep]


def _compared(counts: pd.DataFrame, people: pd.Series) -> tuple[FloatArray, FloatArray]:
    """Employees and people of the prefectures: what an area is compared with."""
    by = counts.index.str[:2]
    return (
        counts.groupby(by).sum(min_count=1).to_numpy(float),
        people.groupby(by).sum().to_numpy(float),
    )


def _related_to(
    quotient: FloatArray, near: FloatArray, others: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Relatedness of each sector in the area, and the share of prefectures that have less of it, %."""
    density = relatedness(advantage(quotient[None, :]), near)[0]
    among = relatedness(advantage(location_quotients(*others)), near)
    known = ~np.isnan(among)
    with np.errstate(invalid="ignore", divide="ignore"):
        rank = 100 * (among < density[None, :]).sum(axis=0) / known.sum(axis=0)
    return density, np.where(np.isnan(density), np.nan, rank)


def _density(frames: dict[str, pd.DataFrame], told: pd.Index, employees: float) -> float:
    """Employees per km² habitable of the municipalities or prefectures that tell them."""
    if LAND not in frames:
        return float("nan")
    land = frames[LAND]
    code = land["muni_code"].astype("str")
    hectares = land.loc[code.isin(told) | code.str[:2].isin(told), "habitable_ha"].sum(min_count=1)
    return float(density_per_km2(np.array([employees]), np.array([hectares]))[0])
