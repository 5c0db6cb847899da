"""What an area already does in a field: specialisation, firms and stages, dependence, relatedness, needs of its plans, and the ripple."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata import Layer, Layers
from geodata.country import crs
from geodata.passport import LayerLock

from ..fields.assumptions import assumptions
from ..fields.chains import chains, coverage, stage_of
from ..fields.concentration import ProductIndex, hhi, largest_share, product_index
from ..fields.field import Field, fields
from ..fields.needs import Needs, needs_of
from ..fields.network import degrees
from ..fields.ripple import Ripple, demand_of, economy_of, indicative_range, ripple
from ..model.assumptions import Assumptions, Range
from .area import Area, municipality_codes
from .field_sectors import LAND, OWN_SECTORS, SECTORS, TOWNS, SectorTable, related_of, sectors_of

FIRMS, OWN_FIRMS, LINKS, TRADE, TABLE = "core_firms", "own_firms", "transactions", "trade", "input_output"
INSTITUTES, HUBS, RECYCLING, CONVERSIONS, ZONES = (
    "research_institutes",
    "ax_hubs",
    "recycling_bases",
    "heavy_conversions",
    "special_zones",
)
PROJECTS, KOSEN = "planned_projects", "kosen"
POINTS = (INSTITUTES, HUBS, RECYCLING, CONVERSIONS)
USED = (SECTORS, OWN_SECTORS, TOWNS, LAND, FIRMS, OWN_FIRMS, LINKS, TRADE, TABLE, *POINTS, ZONES, PROJECTS)
"""Layers that an answer may rest on, in the order they are told."""

SERVICES = {
    "hospitals": 100_000,
    "clinics": 10_000,
    "doctors": 10_000,
    "large_shops": 10_000,
    "primary_schools": 10_000,
}
"""Essential services of the municipalities, each per so many persons."""

NO_LONGER = ("closed", "cancelled")
"""Beginnings of the status of a site that is no firm of the area today."""


@dataclass(frozen=True)
class FieldAnswer:
    """Everything that is known of a field in an area; a part without its layer is empty or NaN."""

    field: Field
    area: Area
    sectors: SectorTable | None
    firms: pd.DataFrame
    chain: pd.DataFrame
    complete: bool
    products: dict[str, ProductIndex]
    supply: tuple[float, float, int]
    degrees: pd.DataFrame
    related: pd.DataFrame
    points: dict[str, pd.DataFrame]
    zones: pd.DataFrame
    ready: dict[str, float]
    services: pd.DataFrame
    projects: pd.DataFrame
    needs: Needs
    own_projects: bool
    amount_oku: float
    ripple: Ripple | None
    indicative: dict[str, Range]
    assumed: Assumptions
    locks: tuple[LayerLock, ...]

    @property
    def public_degrees(self) -> pd.DataFrame:
        """Hub and connector degree without the firms that are private."""
        hidden = set(self.firms.loc[self.firms["private"].eq("yes"), "firm"])
        return self.degrees[~self.degrees.index.isin(hidden)]


def field_answer(
    layers: Layers, field: Field, area: Area, amount_oku: float | None = None, sector: str | None = None
) -> FieldAnswer:
    """
    Look at a field in an area.

    Parameters
    ----------
    layers
        Where layers are opened; what is not there stays unknown.
    field
        One of the 17, or casting and forging.
    area
        A block, prefectures or municipalities.
    amount_oku
        Final demand that sets the ripple going (100m yen); by default what the planned projects invest, where that is known.
    sector
        Sector of an input-output table that it goes to; by default the first that the field's groups name.

    Returns
    -------
    answer
        Each figure with what it rests on, and the locks of the layers.
    """
    held = {id_: layers.layer(id_) for id_ in USED if layers.has(id_)}
    frames = {id_: layer.frame for id_, layer in held.items()}
    assumed = assumptions()
    firms, complete = _firms(layers, frames, held, field, area)
    projects, own = planned_in(layers, area, field)
    needs = needs_of(projects)
    amount = float(amount_oku) if amount_oku is not None else needs.total("capex_oku")[0][1]
    links = _links(frames)
    return FieldAnswer(
        field=field,
        area=area,
        sectors=sectors_of(frames, field, area),
        firms=firms[firms["here"]].reset_index(drop=True),
        chain=coverage(chains()[field.id], firms, firms["here"], complete=complete),
        complete=complete,
        products=_products(frames),
        supply=_supply(links, set(firms.loc[firms["here"], "firm"])),
        degrees=degrees(links, set(firms.loc[firms["here"], "firm"])) if len(links) else pd.DataFrame(),
        related=related_of(frames, area),
        points={id_: _inside(layers, frames[id_], area) for id_ in POINTS if id_ in frames},
        zones=_zones(frames, area),
        ready=_ready(layers, frames, firms, area),
        services=services(layers, area),
        projects=projects,
        needs=needs,
        own_projects=own,
        amount_oku=amount,
        ripple=_ripple(frames, field, amount, sector),
        indicative=indicative_range(assumed, amount) if amount > 0 else {},
        assumed=assumed,
        locks=tuple(held[id_].lock() for id_ in USED if id_ in held),
    )


def _inside(layers: Layers, frame: pd.DataFrame, area: Area) -> pd.DataFrame:
    return pd.DataFrame(frame[area.holds(municipality_codes(layers, frame))]).reset_index(drop=True)


def _firms(
    layers: Layers, frames: dict[str, pd.DataFrame], held: Mapping[str, Layer], field: Field, area: Area
) -> tuple[pd.DataFrame, bool]:
    """Firms of the field, ours and the user's; complete only where the user's table says so."""
    columns = [
        "firm",
        "name",
        "stage",
        "role",
        "status",
        "customer",
        "customer_share_pct",
        "corporate_number",
        "tags",
        "declared_10_billion",
        "private",
        "source",
    ]
    parts = []
    if FIRMS in frames:
        ours = frames[FIRMS][frames[FIRMS]["field"].eq(field.id)]
        status = ours["status"].fillna("").astype("str")
        ours = ours[~status.str.startswith(NO_LONGER)]
        told = ours.assign(firm=ours["operator"], source=ours["source_url"], corporate_number="", private="no")
        parts.append(_with_place(layers, told, area, columns))
    complete = False
    if OWN_FIRMS in frames:
        own = frames[OWN_FIRMS]
        named = own["field"].fillna("").astype("str") if "field" in own else pd.Series("", own.index)
        of_it = own[named.map(lambda text: text.strip() == "" or _is_field(text, field))]
        stages = [stage_of(field.id, str(text)) for text in (of_it["stage"] if "stage" in of_it else [""] * len(of_it))]
        told = of_it.assign(firm=of_it["name"], stage=stages, status="")
        parts.append(_with_place(layers, told, area, columns))
        complete = held[OWN_FIRMS].passport.inventory == "complete"
    together = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*columns, "here"])
    return together.assign(here=together["here"].astype(bool)), complete


def _is_field(text: str, field: Field) -> bool:
    return text.strip().lower() in field.names()


def _with_place(layers: Layers, frame: pd.DataFrame, area: Area, columns: list[str]) -> pd.DataFrame:
    codes = municipality_codes(layers, frame)
    held = {name: frame[name] if name in frame else pd.Series("", frame.index) for name in columns}
    points = frame["geometry"]
    place = {"lon": [point.x for point in points], "lat": [point.y for point in points]}
    return pd.DataFrame({**held, **place, "muni_code": codes, "here": area.holds(codes)})


def _products(frames: dict[str, pd.DataFrame]) -> dict[str, ProductIndex]:
    if TRADE not in frames:
        return {}
    out = {}
    for product, rows in frames[TRADE].groupby("product", sort=False):
        parts = [
            rows[name].to_numpy(float) if name in rows else np.array([np.nan])
            for name in ("import_value", "world_export_value")
        ]
        out[str(product)] = product_index(*parts)
    return out


def _links(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """
    Transactions with a weight: the value where every one has it, else 1 each.

    A partner given by corporate number has the name that the table of firms gives to the number.
    """
    if LINKS not in frames:
        return pd.DataFrame(columns=["supplier", "customer", "weight"])
    rows, own = frames[LINKS], frames.get(OWN_FIRMS, pd.DataFrame())
    if "corporate_number" in own:
        numbered = own[own["corporate_number"].fillna("").ne("")]
        names = dict(zip(numbered["corporate_number"].astype("str"), numbered["name"].astype("str"), strict=True))
        ends = {
            end: rows[end].astype("str").map(lambda text: names.get(text, text)) for end in ("supplier", "customer")
        }
        rows = rows.assign(**ends)
    value = rows["value_oku"] if "value_oku" in rows else pd.Series(np.nan, rows.index)
    return rows.assign(weight=value if value.notna().all() else 1.0)


def _supply(links: pd.DataFrame, inside: set[str]) -> tuple[float, float, int]:
    """HHI and largest share of the suppliers of the area's firms, and their number; no band belongs to it."""
    bought = links[links["customer"].isin(inside)].groupby("supplier")["weight"].sum().to_numpy(float)
    return hhi(bought), largest_share(bought), len(bought)


def _zones(frames: dict[str, pd.DataFrame], area: Area) -> pd.DataFrame:
    """Special zones that hold the area or a part of it."""
    if ZONES not in frames:
        return pd.DataFrame()
    rows = frames[ZONES]
    codes = rows["area_code"].astype("str")
    whole = codes.str.len().eq(2) & codes.isin(area.prefectures)
    part = codes.str.len().gt(2) & area.holds(codes)
    return pd.DataFrame(rows[whole | part]).reset_index(drop=True)


def _ready(layers: Layers, frames: dict[str, pd.DataFrame], firms: pd.DataFrame, area: Area) -> dict[str, float]:
    """
    What layers tell of the readiness for manufacturing AI: NaN unknown.

    plants: those that take part in the hubs of the area; vendors: location quotient of information and communications; kosen: their
    number; hub: hubs in the area; caught: firms of the field within the reach of a hub; base: casting and forging firms on the list.
    """
    told = sectors_of(frames, fields()["digital"], area)
    out = {"plants": np.nan, "hub": np.nan, "caught": np.nan, "kosen": np.nan, "base": np.nan}
    out["vendors"] = float(told.table["quotient"].get("G", np.nan)) if told is not None else np.nan
    if layers.has(KOSEN):
        out["kosen"] = float(len(_inside(layers, layers.layer(KOSEN).frame, area)))
    if FIRMS in frames:
        ours = frames[FIRMS]
        out["base"] = float(len(_inside(layers, pd.DataFrame(ours[ours["field"].eq("casting-forging")]), area)))
    if HUBS in frames:
        hubs = frames[HUBS]
        out["hub"] = float(len(_inside(layers, hubs, area)))
        out["plants"] = float(hubs["plants"].sum(min_count=1)) if "plants" in hubs else np.nan
        out["caught"] = float(_caught(hubs, firms))
    return out


def _caught(hubs: pd.DataFrame, firms: pd.DataFrame) -> int:
    """Firms within the reach of a hub; a hub without a stated reach catches none."""
    if "reach_km" not in hubs or not len(firms):
        return 0
    lon, lat = firms["lon"].to_numpy(float), firms["lat"].to_numpy(float)
    inside = np.zeros(len(firms), dtype=bool)
    for hub, reach in zip(hubs["geometry"], hubs["reach_km"].to_numpy(float), strict=True):
        inside |= np.asarray(crs.geodesic_m(hub.x, hub.y, lon, lat)) <= 1000 * reach
    return int(inside.sum())


def services(layers: Layers, area: Area) -> pd.DataFrame:
    """Essential services per so many persons of the municipalities that tell them, beside Japan; empty without their statistics."""
    if not layers.has(TOWNS):
        return pd.DataFrame()
    towns = layers.layer(TOWNS).frame
    if not set(SERVICES) <= set(towns):
        return pd.DataFrame()
    here = towns[area.holds(towns["muni_code"])]
    rows = []
    for name, per in SERVICES.items():
        each = [
            per * part[name].sum(min_count=1) / part.loc[part[name].notna(), "persons"].sum(min_count=1)
            for part in (here, towns)
        ]
        rows.append((name, float(here[name].sum(min_count=1)), per, *map(float, each), int(here[name].isna().sum())))
    return pd.DataFrame(rows, columns=["service", "count", "per", "here", "japan", "unknown"])


def planned_in(layers: Layers, area: Area, field: Field | None = None) -> tuple[pd.DataFrame, bool]:
    """
    Planned investments in an area, and whether they are those of the user's table.

    Without such a table they are the sites that are planned on our own list, of one field or of all.
    """
    columns = ["name", "industry", "jobs", "size", "start_year", "power_mw", "water_m3_day", "site_ha", "capex_oku"]
    if layers.has(PROJECTS):
        return _inside(layers, layers.layer(PROJECTS).frame, area).reindex(columns=columns), True
    if not layers.has(FIRMS):
        return pd.DataFrame(columns=columns), False
    ours = layers.layer(FIRMS).frame
    planned = ours["status"].fillna("").astype("str").str.startswith("planned")
    if field is not None:
        planned &= ours["field"].eq(field.id)
    rows = _inside(layers, pd.DataFrame(ours[planned]), area)
    told = rows.assign(industry="field-" + rows["field"].astype("str"), start_year=rows["year"])
    return told.reindex(columns=columns), False


def _ripple(frames: dict[str, pd.DataFrame], field: Field, amount: float, sector: str | None) -> Ripple | None:
    if TABLE not in frames or not amount > 0:
        return None
    economy = economy_of(frames[TABLE])
    known = [name for name in (*field.sectors, *field.divisions) if name in economy.sectors]
    chosen = sector or (known[0] if known else economy.sectors[0])
    return ripple(economy, demand_of(economy, {chosen: amount}))
