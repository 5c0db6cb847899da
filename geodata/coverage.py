"""How much of the country a layer holds, against sourced national totals."""

from importlib.resources import files
from pathlib import Path

import pandas as pd

from .errors import GeodataError
from .files.tables import check_csv, numbers, read_csv
from .store.layers import Layers

COMPLETE_FROM = 0.8
"""Below this share a sum over the layer is only a lower bound and a surplus is unknown (our threshold)."""

TEMPLATES = {
    "plants": "Plants of your own list, e.g. from FIT/FIP 認定情報: one row per plant, MW, degrees.",
    "demand_room": "Demand room by substation: a band or MW, years to connect, date, source.",
    "estates": "Industrial estates and plots: one row each.",
    "prefecture_table": "Any numbers by prefecture, such as 職業×都道府県 or METI's regional 2040 tables.",
    "occupation_people": "Employed persons by municipality and major class of occupation: one row per municipality and class.",
    "school_seats": "Technical high schools, kosen and universities with seats a year: one row each.",
    "planned_projects": "Planned investments: industry, workers or a size such as 300 MW, first year, municipality.",
    "sector_table": "Employees by area and sector of the JSIC: one row per area and sector.",
    "firms": "Firms: corporate number, field, stage, role, municipality, largest customer: one row each.",
    "transactions": "Transactions between firms: supplier, customer, value: one row each.",
    "trade": "Trade of a product: country, imports of Japan, its exports to the world: one row per product and country.",
    "input_output": "Input-output table: one cell a row, regions and sectors from and to, output, value added and employees among them.",
    "ax_hubs": "Hubs of manufacturing AI (製造AX拠点): what, reach, plants, municipality: one row each.",
    "capacity_totals": "National or area totals by technology, e.g. from 電力調査統計: one row per technology, MW.",
}
"""Empty tables that a user fills in, by name."""


def template(name: str) -> str:
    """Header of a template; GeodataError lists the known ones."""
    if name not in TEMPLATES:
        raise GeodataError("template {name!r}: expected one of {known}.", name=name, known=", ".join(TEMPLATES))
    return (files("geodata") / "templates" / f"{name}.csv").read_text("utf-8")


def power_plants(store: Layers, *, plants: Path | None = None, totals: Path | None = None) -> pd.DataFrame:
    """
    Capacity held by the plant layer against the national total, by technology.

    Parameters
    ----------
    store
        Where the layers power_plants and capacity_totals are opened.
    plants
        CSV in the shape of the template `plants` that is counted besides the layer.
    totals
        CSV in the shape of the template `capacity_totals` instead of the embedded totals.

    Returns
    -------
    table
        Indexed by technology: held_mw, total_mw, share (NaN without a total), enough (share >= 0.8), definition,
        as_of, source_url.

    Raises
    ------
    FormatError
        If a CSV lacks a column or is not UTF-8.
    """
    layer = store.layer("power_plants").frame
    idle = layer["technology"].eq("nuclear") & ~layer["decarbonised"]
    held = layer[~idle].groupby("technology")["capacity_mw"].sum()
    if plants is not None:
        check_csv(plants)
        own = read_csv(plants, columns={"technology", "capacity_mw"})
        held = held.add(numbers(own["capacity_mw"]).groupby(own["technology"]).sum(), fill_value=0.0)
    known = _totals(totals) if totals else store.layer("capacity_totals").frame.set_index("technology")
    table = known.assign(held_mw=held.reindex(known.index).fillna(0.0))
    table["share"] = table["held_mw"] / table["total_mw"]
    table["enough"] = table["share"] >= COMPLETE_FROM
    return table[["held_mw", "total_mw", "share", "enough", "definition", "as_of", "source_url"]]


def _totals(path: Path) -> pd.DataFrame:
    columns = ["technology", "total_mw", "definition", "as_of", "source_url"]
    check_csv(path)
    table = read_csv(path, columns=set(columns))
    return table.assign(total_mw=numbers(table["total_mw"])).set_index("technology")[columns[1:]]
